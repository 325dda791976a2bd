"""UK_PRISON_NUMBER: prison (NOMS) numbers: letter, four digits, two letters (prison-api, NomsIdSequence)."""

from gateway.redaction.recognisers.identifier import ALONE, WEAK, Identifier, patterns


class UkPrisonNumber(Identifier):
    """Trusted alone in one piece, or in capitals; "a 2024 to" needs a context word."""

    ENTITY = "UK_PRISON_NUMBER"
    LEAST = 4
    FORMS = patterns(
        {
            r"(?<![A-Z0-9])[A-Z]\d{4}[A-Z]{2}(?![A-Z0-9])": 0.6,
            r"(?<![A-Z0-9])(?-i:[A-Z]-?\d{4}-?[A-Z]{2})(?![A-Z0-9])": ALONE,
            r"(?<![A-Z0-9])(?-i:[A-HJ-Z] (?!19|20)\d{4} [A-Z]{2})(?![A-Z0-9])": ALONE,
            r"(?<![A-Z0-9])[A-Z][ -]?\d{4}[ -]?[A-Z]{2}(?![A-Z0-9])": WEAK,
        }
    )
    CONTEXT = ("prison", "noms", "nomis", "prisoner", "adjudication")
