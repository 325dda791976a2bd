"""UK_GMC_NUMBER: doctors' GMC references: seven digits, sometimes after a C (NHS Data Dictionary)."""

from gateway.redaction.recognisers.identifier import WEAK, Identifier, patterns


class UkGmcNumber(Identifier):
    """Only beside a word of doctors."""

    ENTITY = "UK_GMC_NUMBER"
    LEAST = 7
    FORMS = patterns(
        {
            r"(?<![A-Z0-9])C?\d{3}[ -]?\d{4}(?!\d)": WEAK,
        }
    )
    CONTEXT = (
        "gmc",
        "general medical council",
    )
