"""UK_PASSPORT: nine characters (ICAO 9303): nine digits on British passports, two letters and seven digits on some."""

from gateway.redaction.recognisers.identifier import WEAK, Identifier

UK_PASSPORT = Identifier(
    type="UK_PASSPORT",
    forms={
        r"(?<![A-Z0-9])(?:\d{9}|\d{3}[ -]\d{3}[ -]\d{3}|\d{4} \d{5}|[A-Z]{2}[ -]?\d{7})(?![A-Z0-9])": WEAK
    },
    labels="passport",
    digits=(6, 9),
    context="hmpo, travel document, surrender, identity",
    least=7,
    examples=("passport number 900417733",),
)
