"""UK_PRISON_NUMBER_LEGACY: prison numbers before 2009: two letters, four to six digits."""

from gateway.redaction.recognisers.identifier import WEAK, Identifier

UK_PRISON_NUMBER_LEGACY = Identifier(
    type="UK_PRISON_NUMBER_LEGACY",
    forms={r"(?<![A-Z0-9])[A-Z]{2}[ -]?\d{4,6}(?![A-Z0-9])": WEAK},
    labels="lids, old prison{n}, legacy prison{n}",
    digits=(3, 6),
    context=(
        "prison, legacy, hmps, prison number, discharge book, old no, old number, prison record, prison file"
    ),
    least=4,
    examples=("LIDS number ZQ9041",),
)
