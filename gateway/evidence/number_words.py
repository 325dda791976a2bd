"""Numbers in words, up to a hundred and with hundred, thousand or million behind them."""

from typing import Final

from gateway.evidence.facts import alternatives

_UNITS: Final = (
    *(
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
    ),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
NUMBERS: Final = {
    **{word: number for number, word in enumerate(_UNITS)},
    **{word: 10 * number for number, word in enumerate(_TENS, 2)},
}
"""What one word is worth."""
NUMBER_WORD: Final = (
    rf"(?:(?:{alternatives(_TENS)})[-\s](?:{alternatives(_UNITS[1:10])})\b|(?:{alternatives(NUMBERS)})\b)"
)
"""A pattern, to be used without regard to case."""


def number_of_words(words: str) -> int:
    """What a text that `NUMBER_WORD` matches is worth."""
    return sum(NUMBERS[word] for word in words.lower().replace("-", " ").split())
