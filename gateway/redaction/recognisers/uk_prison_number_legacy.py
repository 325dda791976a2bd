"""UK_PRISON_NUMBER_LEGACY: prison numbers before 2009: two letters, four to six digits."""

from gateway.redaction.recognisers.identifier import WEAK, Identifier, patterns


class UkPrisonNumberLegacy(Identifier):
    """Only beside a word of prison."""

    ENTITY = "UK_PRISON_NUMBER_LEGACY"
    LEAST = 4
    FORMS = patterns(
        {
            r"(?<![A-Z0-9])[A-Z]{2}[ -]?\d{4,6}(?![A-Z0-9])": WEAK,
        }
    )
    CONTEXT = (
        "prison",
        "lids",
        "legacy",
        "hmps",
        "prison number",
        "discharge book",
        "old no",
        "old number",
        "prison record",
        "prison file",
    )
