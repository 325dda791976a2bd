"""Searches a long text in pieces: while `re` searches, no other thread of the process runs."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, Final

_PIECE: Final = 100_000
"""Characters; the slowest of our forms reads them in 20 ms."""
_OVERLAP: Final = 10_000
"""Far more than what any form that is searched for matches."""


def may_stand_in(form: Any, text: str) -> bool:
    """Whether `form`, of `re` or `regex`, matches in `text`; where it looks ahead, perhaps although it does not."""
    if len(text) <= _PIECE:
        return form.search(text) is not None
    pieces = range(0, len(text), _PIECE)
    return any(form.search(text, start, start + _PIECE + _OVERLAP) for start in pieces)


def words_in(form: re.Pattern[str], text: str) -> Iterable[str]:
    """What `form` matches in `text`, in order; it must match no blank, and look at nothing beside."""
    if len(text) <= _PIECE:
        words: list[str] = form.findall(text)
        return words
    return chain.from_iterable(form.findall(text, start, end) for start, end in between_blanks(text))


def between_blanks(text: str) -> Iterator[tuple[int, int]]:
    """Pieces of a text, each of which ends at a blank, so that none cuts a word."""
    start = 0
    while start < len(text):
        end = text.find(" ", start + _PIECE)
        end = len(text) if end < 0 else end
        yield start, end
        start = end
