"""Reads a long text in parts: in pieces, since no other thread of the process runs while `re` searches, and in windows.

Most identifiers can be only in the surroundings of some places of a text, and most of the text is elsewhere.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, Final

from gateway.redaction.text.rewritten import RewrittenText

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


def joined_windows(text: str, windows: Sequence[tuple[int, int]]) -> RewrittenText:
    """The windows of a text alone, in order and apart."""
    edges = [0, *chain.from_iterable(windows), len(text)]
    gaps = enumerate(zip(edges[::2], edges[1::2], strict=True))
    return RewrittenText(
        text, ((start, end, _APART if 0 < at < len(windows) else "") for at, (start, end) in gaps)
    )


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
