"""UK_COUNCIL_TAX_REF: council tax accounts: seven to twelve digits, sometimes a letter, as each council has them."""

from gateway.redaction.recognisers.identifier import WEAK, Identifier, patterns


class UkCouncilTaxRef(Identifier):
    """Only beside a word of the tax or the council."""

    ENTITY = "UK_COUNCIL_TAX_REF"
    LEAST = 7
    FORMS = patterns(
        {
            r"(?<![A-Z0-9])\d(?:[ -]?\d){6,11}(?:[ -]?[A-Z])?(?![A-Z0-9])": WEAK,
        }
    )
    CONTEXT = (
        "council tax",
        "ctax",
        "council account",
        "council debt",
        "council",
        "liability order",
        "c tax",
        "bailiffs",
    )
