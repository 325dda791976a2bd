"""From how likely each word is part of a person's reference to findings: a value whole, with all of its groups."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from gateway.redaction.text.findings import REFERENCE, WEAK_RANK, Finding

_RANK: Final = 0.4
"""Below all that knows the form or the label."""
_SURE: Final = 0.5
"""From here on a word is part of a reference."""
_BESIDE: Final = 0.1
"""From here on it is one beside such a word, or behind a label."""
_BETWEEN: Final = re.compile(r"[^\w\n]{0,3}(?:\n[^\w\n]{0,3})?|_")
"""What stands between two groups of one value."""
_SYMBOLS: Final = 4
"""Digits and letters that a value has at least."""


def references(text: str, words: Sequence[tuple[int, int]], likely: Sequence[float]) -> Iterator[Finding]:
    """The values of a text; `likely` says of each of its `words` how likely it is part of one."""
    value: list[tuple[int, int]] = []
    highest = 0.0
    for (start, end), sure in zip([*words, (len(text), len(text))], [*likely, 0.0], strict=True):
        if value and (sure < _BESIDE or not _BETWEEN.fullmatch(text, value[-1][1], start)):
            if _is_value([text[slice(*word)] for word in value]):
                rank = _RANK if highest >= _SURE else WEAK_RANK
                yield Finding(value[0][0], value[-1][1], REFERENCE, rank)
            value, highest = [], 0.0
        if sure >= _BESIDE:
            value.append((start, end))
            highest = max(highest, sure)


def _is_value(words: Sequence[str]) -> bool:
    """Whether it is long enough to stand for somebody; said in words, it has several."""
    written = "".join(words)
    return len(written) >= _SYMBOLS and (len(words) > 1 or any(map(str.isdigit, written)))
