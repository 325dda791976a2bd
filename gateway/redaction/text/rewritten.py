"""A text of which some ranges are read otherwise, with every place mapped back."""

from bisect import bisect_right
from collections.abc import Iterable

Replacement = tuple[int, int, str]
"""A range of a text, and what is read in its place."""


def replaced(text: str, changes: Iterable[Replacement]) -> str:
    """`text` with each range replaced; the ranges are in order and apart."""
    parts: list[str] = []
    last = 0
    for start, end, new in changes:
        parts += (text[last:start], new)
        last = end
    return "".join([*parts, text[last:]])


class RewrittenText:
    """`text` is what is read; `place` gives the range of the original for a range of it.

    `changed` are the ranges of `text` that stand otherwise in the original, in order.
    """

    __slots__ = ("_pieces", "_starts", "changed", "text")

    def __init__(self, original: str, changes: Iterable[Replacement]) -> None:
        """The reading of `original` with each range replaced; the ranges are in order and apart."""
        parts: list[str] = []
        self._pieces: list[tuple[int, int, int, bool]] = []
        self.changed: list[tuple[int, int]] = []
        length = last = 0
        for start, end, new in [*changes, (len(original), len(original), "")]:
            if last < start:
                self._pieces.append((length, last, start, True))
                parts.append(original[last:start])
                length += start - last
            if new:
                self._pieces.append((length, start, end, False))
                parts.append(new)
            if start < end:
                self.changed.append((length, length + len(new)))
            length += len(new)
            last = end
        self.text = "".join(parts)
        self._starts = [at for at, *_ in self._pieces]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """The range of the original that the non-empty range `start:end` of the reading stands for."""
        return self._back(start)[0], self._back(end - 1)[1]

    def _back(self, at: int) -> tuple[int, int]:
        first, start, end, straight = self._pieces[bisect_right(self._starts, at) - 1]
        if straight:
            place = start + at - first
            return place, place + 1
        return start, end
