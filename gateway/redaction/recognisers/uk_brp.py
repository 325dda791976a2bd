"""UK_BRP: biometric residence permits: R or Z, a letter, a digit or X, six digits
(UKHomeOffice/brp_enquiry_forms).
"""

from gateway.redaction.recognisers.identifier import ALONE, WEAK, Identifier

UK_BRP = Identifier(
    type="UK_BRP",
    forms={
        r"(?<![A-Z0-9])[RZ][A-Z][ -]?X[ -]?\d{2}[ -]?\d{4}(?!\d)": ALONE,
        r"(?<![A-Z0-9])[RZ][A-Z][ -]?\d[ -]?\d{2}[ -]?\d{4}(?!\d)": WEAK,
    },
    labels="BRP, BRC, biometric residence permit, residence permit",
    digits=(5, 7),
    context="permit, biometric, residence, residence card, card number, immigration",
    least=6,
    examples=("BRP RZ9041773",),
)
