"""UK_PRISON_NUMBER: prison (NOMS) numbers: letter, four digits, two letters (prison-api, NomsIdSequence)."""

from gateway.redaction.recognisers.identifier import ALONE, WEAK, Identifier

UK_PRISON_NUMBER = Identifier(
    type="UK_PRISON_NUMBER",
    forms={
        r"(?<![A-Z0-9])[A-Z]\d{4}[A-Z]{2}(?![A-Z0-9])": 0.6,
        r"(?<![A-Z0-9])(?-i:[A-Z]-?\d{4}-?[A-Z]{2})(?![A-Z0-9])": ALONE,
        r"(?<![A-Z0-9])(?-i:[A-HJ-Z] (?!19|20)\d{4} [A-Z]{2})(?![A-Z0-9])": ALONE,
        r"(?<![A-Z0-9])[A-Z][ -]?\d{4}[ -]?[A-Z]{2}(?![A-Z0-9])": WEAK,
    },
    labels="noms(?: ?id)?, nomsid, nomis(?: ?id)?, nomisid, prison{n:}, prisoner{n:}, inmate{n}",
    digits=(3, 4),
    context="prison, noms, nomis, prisoner, adjudication",
    least=4,
    examples=("NOMS T4821KQ",),
)
