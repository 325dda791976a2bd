"""From how likely each word is part of a person's number, address or date of birth to findings: a value whole."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from gateway.redaction.text.findings import PART_RANK, REFERENCE, WEAK_RANK, Finding

_ADDRESS, _BIRTH = "UK_ADDRESS", "DATE_OF_BIRTH"
VALUES: Final = frozenset([REFERENCE, _ADDRESS, _BIRTH])
_RANK: Final = 0.4
"""Below all that knows the form or the label."""
_SURE: Final = 0.45
"""From here on a word is part of a value."""
_BESIDE: Final = 0.1
"""From here on it is one beside such a word, or behind a label."""
_BETWEEN: Final = re.compile(r"[^\w\n]{0,3}(?:\n[^\w\n]{0,3})?|_")
"""What stands between two groups of one value; over the end of a line only what is sure goes on."""
_SYMBOLS: Final = 4
"""Digits and letters that a value has at least."""
_PARTS: Final = 3
_DIGITS: Final = 6
"""Parts of a date of birth, or digits where it is written as one: a day and a month alone are nobody's. Of an address
without a number the words.
"""


def values(
    text: str, label: str, words: Sequence[tuple[int, int]], likely: Sequence[float]
) -> Iterator[Finding]:
    """The values of a text; `likely` says of each of its `words` how likely it is part of one of type `label`."""
    value: list[tuple[int, int]] = []
    highest = 0.0
    for (start, end), sure in zip([*words, (len(text), len(text))], [*likely, 0.0], strict=True):
        gap = _BETWEEN.fullmatch(text, value[-1][1], start) if value else None
        if value and (gap is None or sure < (_SURE if "\n" in gap[0] else _BESIDE)):
            whole = _is_value(label, [text[slice(*word)] for word in value])
            if whole and highest >= _SURE:
                yield Finding(value[0][0], value[-1][1], label, _RANK)
            elif label == REFERENCE:
                yield Finding(value[0][0], value[-1][1], label, WEAK_RANK if whole else PART_RANK)
            value, highest = [], 0.0
        if sure >= _BESIDE:
            value.append((start, end))
            highest = max(highest, sure)


def _is_value(label: str, words: Sequence[str]) -> bool:
    """Whether it is long enough to stand for somebody; said in words, it has several."""
    written = "".join(words)
    digits = sum(map(str.isdigit, written))
    if label == _BIRTH:
        return len(words) >= _PARTS or digits >= _DIGITS
    if label == _ADDRESS and not digits:
        return len(words) >= _PARTS
    return len(written) >= _SYMBOLS and (len(words) > 1 or digits > 0)
