"""UK_PORT_REFERENCE: port references: the port's letters, a slash, five to eight digits."""

from gateway.redaction.recognisers.identifier import WEAK, Identifier, patterns


class UkPortReference(Identifier):
    """Beside a word of arrival."""

    ENTITY = "UK_PORT_REFERENCE"
    LEAST = 5
    FORMS = patterns(
        {
            r"(?<![A-Z0-9])[A-Z]{2,3}\d? ?/ ?\d{5,8}(?: ?/ ?\d{1,2})?(?!\d)": WEAK,
        }
    )
    CONTEXT = (
        "port",
        "port reference",
        "port ref",
        "landing",
        "immigration",
        "on arrival",
        "stamped",
        "handwritten",
        "is81",
        "airport",
        "cid",
    )
