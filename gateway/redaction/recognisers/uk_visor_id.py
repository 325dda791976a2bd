"""UK_VISOR_ID: ViSOR and MAPPS nominals: year, slash, seven digits."""

from gateway.redaction.recognisers.identifier import WEAK, Identifier, patterns


class UkVisorId(Identifier):
    """Beside a word of the system."""

    ENTITY = "UK_VISOR_ID"
    LEAST = 9
    FORMS = patterns(
        {
            r"(?<![\d/])\d{2} ?/ ?\d{7}(?![\dA-Z/])": WEAK,
        }
    )
    CONTEXT = (
        "visor",
        "mapps",
        "nominal",
        "mosovo",
        "panel",
        "mappa",
    )
