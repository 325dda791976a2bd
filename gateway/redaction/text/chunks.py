"""Cutting a text into pieces that a model can read in bounded time and memory."""

import re
from collections.abc import Iterator
from typing import Final

_PIECE: Final = 4000
"""Characters that are read at once: bounds memory, and a small model looks no further than a sentence anyway."""
_UNBROKEN: Final = 120
"""Longest run without white space that is read whole: spaCy's tokeniser takes quadratic time on such runs."""
_SIGNS: Final = re.compile(r"[^\w\s]{4,}")
_RUN: Final = re.compile(rf"\S{{{_UNBROKEN}}}(?=\S)")
_BREAKS: Final = tuple(re.compile(pattern) for pattern in (r"\n\s{0,20}\n", r"\n", r"[.!?] ", r"\s"))
"""Where a piece may end, best first: paragraph, line, sentence, word."""


def pieces_of(text: str, longest: int = _PIECE) -> Iterator[tuple[int, str]]:
    """`text` in pieces with their places; runs of signs are blank in them."""
    text = _SIGNS.sub(lambda run: " " * len(run[0]), text)
    start = 0
    for cut in [*(run.end() for run in _RUN.finditer(text)), len(text)]:
        while start < cut:
            end = cut if cut - start <= longest else _break(text, start, start + longest)
            yield start, text[start:end]
            start = end


def _break(text: str, start: int, end: int) -> int:
    """The best place to end a piece, in the second half of `start:end`."""
    middle = (start + end) // 2
    for pattern in _BREAKS:
        ends = [match.end() for match in pattern.finditer(text, middle, end)]
        if ends:
            return ends[-1]
    return end
