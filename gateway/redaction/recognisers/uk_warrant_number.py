"""UK_WARRANT_NUMBER: warrants and warrant cards: letters and four to ten digits, as each court and force has them."""

from gateway.redaction.recognisers.identifier import WEAK, Identifier, patterns


class UkWarrantNumber(Identifier):
    """Only beside the word."""

    ENTITY = "UK_WARRANT_NUMBER"
    LEAST = 4
    FORMS = patterns(
        {
            r"(?<![A-Z0-9/])[A-Z]{0,3}[ /-]?\d(?:[ /-]?\d){3,9}[A-Z]?(?![A-Z0-9/])": WEAK,
        }
    )
    CONTEXT = (
        "warrant",
        "bench warrant",
        "distress",
    )
