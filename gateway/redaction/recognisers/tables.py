"""Tables in plain text: in Markdown, with bars or tabs, and of comma-separated values. Prose with commas is none."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import groupby
from typing import Final, TypeVar

Head = TypeVar("Head")
SIGNS: Final = "|\t,"
_RULE: Final = re.compile(r"\|?[ :]*-[-:| ]*")
_MIN_ROWS: Final = {"|": 2, "\t": 2, ",": 4}
"""How many lines, with that of the heads, make a table: commas stand in prose too."""
_HEAD_WORDS: Final = 5
_QUOTED: Final = re.compile(r'[ ]?"(?:[^"\n]|"")*"(?=[ ]?(?:,|\r?$))', re.MULTILINE)
_ROUND: Final = " \t*_\"'"
Line = tuple[int, int]


def beneath(text: str, head_of: Callable[[str], Head | None]) -> Iterator[tuple[Head, int, int]]:
    """Every cell beneath a head that `head_of` knows, by the head's text in small letters, with what that gave."""
    for sign in SIGNS:
        if sign not in text:
            continue
        for count, rows in groupby(_lines(text), key=partial(_signs, text, sign)):
            lines = list(rows)
            if count and len(lines) >= _MIN_ROWS[sign]:
                yield from _cells_beneath(text, sign, lines, head_of)


def _signs(text: str, sign: str, line: Line) -> int:
    """How many signs part the cells of a line; a comma within quotation marks parts none."""
    start, end = line
    if sign == "," and '"' in text[start:end]:
        return sum(1 for _ in _cells(text, sign, start, end)) - 1
    return text.count(sign, start, end)


def _may_head(cell: str) -> bool:
    """Whether a cell is short as heads are, without a value, and no end of a sentence."""
    short = 0 < len(cell.split()) < _HEAD_WORDS
    return short and cell[-1] not in ".;:!?" and not any(map(str.isdigit, cell))


def _lines(text: str) -> Iterator[Line]:
    at = 0
    for line in text.split("\n"):
        yield at, at + len(line)
        at += len(line) + 1


def _cells_beneath(
    text: str, sign: str, lines: list[Line], head_of: Callable[[str], Head | None]
) -> Iterator[tuple[Head, int, int]]:
    columns: dict[int, Head] = {}
    for at, (start, end) in enumerate(lines):
        if not columns:
            heads = [text[slice(*cell)].lower() for cell in _cells(text, sign, start, end)]
            if sign == "," and (at or not all(map(_may_head, heads))):
                return  # the first line of such a table has its heads
            columns = {
                number: head
                for number, cell in enumerate(heads)
                if _may_head(cell) and (head := head_of(cell)) is not None
            }
        elif not _RULE.fullmatch(text, start, end):
            for number, cell in enumerate(_cells(text, sign, start, end)):
                if number in columns:
                    yield columns[number], *cell


def _cells(text: str, sign: str, start: int, end: int) -> Iterator[Line]:
    """The cells of a line without the white space and emphasis around them; empty ones keep their column."""
    while start <= end:
        quoted = _QUOTED.match(text, start, end) if sign == "," else None
        stop = text.find(sign, quoted.end() if quoted else start, end)
        stop = end if stop < 0 else stop
        cell = text[start:stop]
        left_edge = start + len(cell) - len(cell.lstrip(_ROUND))
        yield left_edge, max(left_edge, start + len(cell.rstrip(_ROUND + "\r")))
        start = stop + 1
