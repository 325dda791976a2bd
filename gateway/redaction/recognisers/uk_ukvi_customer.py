"""UK_UKVI_CUSTOMER: UKVI customer numbers: KX and eight digits or so."""

from gateway.redaction.recognisers.identifier import ALONE, Identifier

UK_UKVI_CUSTOMER = Identifier(
    type="UK_UKVI_CUSTOMER",
    forms={r"(?<![A-Z0-9])KX[ -]?\d{2,4}[ -]?\d{4,6}(?!\d)": ALONE},
    labels="UKVI(?: customer)?",
    digits=(5, 8),
    context="ukvi, customer, evisa, account",
    least=6,
    examples=("UKVI KX99041773",),
)
