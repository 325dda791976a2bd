"""Reads a long text in parts: in pieces, since no other thread of the process runs while `re` searches, and in windows.

Most identifiers can be only in the surroundings of some places of a text, and most of the text is elsewhere.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Any, Final

_PIECE: Final = 100_000
"""Characters; the slowest of our forms reads them in 20 ms."""
_OVERLAP: Final = 10_000
"""Far more than what any form that is searched for matches."""


def may_stand_in(form: Any, text: str) -> bool:
    """Whether `form`, of `re` or `regex`, matches in `text`; where it looks ahead, perhaps although it does not."""
    pieces = range(0, max(1, len(text)), _PIECE)
    return any(form.search(text, start, start + _PIECE + _OVERLAP) for start in pieces)


def words_in(form: re.Pattern[str], text: str) -> Iterator[str]:
    """What `form` matches in `text`, in order; it must match no blank, and look at nothing beside."""
    for start, end in between_blanks(text):
        yield from form.findall(text, start, end)


def between_blanks(text: str) -> Iterator[tuple[int, int]]:
    """Pieces of a text, each of which ends at a blank, so that none cuts a word."""
    start = 0
    while start < len(text):
        end = text.find(" ", start + _PIECE)
        end = len(text) if end < 0 else end
        yield start, end
        start = end


_FURTHER: Final = 30
"""How much further a window may reach, to end where a word ends."""
_REST_OF_WORD: Final = re.compile(rf"\S{{0,{_FURTHER}}}")
_APART: Final = "\x00"
"""Between windows: in no reading, and in no form of an identifier."""


class Windows:
    """The windows of one text, joined; `text` is read in their place, `place` maps back."""

    __slots__ = ("_at", "_starts", "text")

    def __init__(self, text: str, windows: list[tuple[int, int]]) -> None:
        self._starts = [start for start, _ in windows]
        self._at = list(accumulate((end - start + 1 for start, end in windows), initial=0))
        self.text = _APART.join([text[start:end] for start, end in windows])

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where the range `start:end` of a window stands in the text."""
        window = bisect_right(self._at, start) - 1
        moved = self._starts[window] - self._at[window]
        return start + moved, end + moved


def around(text: str, places: Iterable[int], reach: int) -> list[tuple[int, int]]:
    """The ranges up to `reach` characters around the ordered places, in whole words and without overlap."""
    merged: list[tuple[int, int]] = []
    for at in places:
        if merged and at + reach <= merged[-1][1]:
            continue
        stop, first = max(0, at - reach - _FURTHER), max(0, at - reach)
        space = max(text.rfind(blank, stop, first) for blank in " \n\t")
        start = stop if space < 0 else space + 1
        rest = _REST_OF_WORD.match(text, min(len(text), at + reach))
        end = rest.end() if rest else at + reach
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
