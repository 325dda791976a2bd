"""UK_WARRANT_NUMBER: warrants and warrant cards: letters and four to ten digits, as each court and force has them."""

from gateway.redaction.recognisers.identifier import WEAK, Identifier

UK_WARRANT_NUMBER = Identifier(
    type="UK_WARRANT_NUMBER",
    forms={
        r"(?<![A-Z0-9/])[A-Z]{0,3}[ /-]?(?!(?:19|20)\d{2}(?!\d))\d(?:[ /-]?\d){3,9}[A-Z]?(?![A-Z0-9/])": WEAK
    },
    labels="warrant(?: card)?{n:}, warrant card",
    digits=(4, 9),
    context="warrant, bench warrant, distress",
    least=4,
    examples=("warrant number W990417",),
)
