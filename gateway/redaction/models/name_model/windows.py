"""Cutting a text into windows of word pieces: as many as the name model reads at once, ending where a text pauses."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

MAX_PIECES: Final = 126
"""Word pieces of a window: a name is known by a sentence or two, and attention to more costs more."""
_SHARED: Final = 24
"""Word pieces that two windows share where no sentence ends between them."""
_LINE, _SENTENCE, _WORD, _NOWHERE = 0, 15, 60, 200
"""What may end at the end of a window; by how many pieces it may miss its best length for a better end."""


def windows_of(text: str, offsets: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, int, int]]:
    """The windows of a text whose word pieces stand at `offsets`.

    Each has its first piece and its end, and the first and the end of those that are judged in it: a piece that two
    windows share is judged where more stands around it.
    """
    spans = list(_spans(text, offsets))
    middles = [(after + before) // 2 for (_, before), (after, _) in pairwise(spans)]
    judged = pairwise([0, *middles, len(offsets)])
    for (start, end), (first, last) in zip(spans, judged, strict=True):
        yield start, end, first, last


def _spans(text: str, offsets: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    count = len(offsets)
    start = 0
    while count - start > MAX_PIECES:
        windows = -(-(count - start) // MAX_PIECES)
        end, pause = _best_end(text, offsets, start, start + (count - start) // windows)
        yield start, end
        start = end if pause <= _SENTENCE else max(start + 1, _word_start(offsets, end - _SHARED))
    yield start, count


def _best_end(text: str, offsets: Sequence[tuple[int, int]], start: int, target: int) -> tuple[int, int]:
    """Where a window that begins at `start` ends best, and what ends there."""
    first = max(start + 2 * _SHARED, target - MAX_PIECES // 3)
    ends = range(first, start + MAX_PIECES + 1)
    pauses = [_pause(text, offsets, end) for end in ends]
    best = min(range(len(ends)), key=lambda at: abs(ends[at] - target) + pauses[at])
    return ends[best], pauses[best]


def _pause(text: str, offsets: Sequence[tuple[int, int]], end: int) -> int:
    """What ends before the piece `end`."""
    between = text[offsets[end - 1][1] : offsets[end][0]]
    if "\n" in between:
        return _LINE
    if not between:
        return _NOWHERE
    return _SENTENCE if text[offsets[end - 1][1] - 1] in ".!?;" else _WORD


def _word_start(offsets: Sequence[tuple[int, int]], at: int) -> int:
    """The first piece of the word in which the piece `at` stands, if that is near."""
    for first in range(at, max(0, at - _SHARED), -1):
        if offsets[first - 1][1] < offsets[first][0]:
            return first
    return at
