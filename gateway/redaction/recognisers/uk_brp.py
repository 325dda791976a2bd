"""UK_BRP: biometric residence permits: R or Z, a letter, a digit or X, six digits
(UKHomeOffice/brp_enquiry_forms).
"""

from gateway.redaction.recognisers.identifier import ALONE, WEAK, Identifier, patterns


class UkBrp(Identifier):
    """Beside a word of permits; trusted alone with its X."""

    ENTITY = "UK_BRP"
    LEAST = 6
    FORMS = patterns(
        {
            r"(?<![A-Z0-9])[RZ][A-Z][ -]?X[ -]?\d{2}[ -]?\d{4}(?!\d)": ALONE,
            r"(?<![A-Z0-9])[RZ][A-Z][ -]?\d[ -]?\d{2}[ -]?\d{4}(?!\d)": WEAK,
        }
    )
    CONTEXT = (
        "brp",
        "brc",
        "permit",
        "biometric",
        "residence",
        "residence card",
        "card number",
        "immigration",
    )
