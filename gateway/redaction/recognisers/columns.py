"""Tables in plain text: cells between bars, tabs, commas, semicolons or wide spaces, beneath a line of heads."""

import re
from collections.abc import Callable, Iterator
from typing import Final, TypeVar

Head = TypeVar("Head")
SIGNS: Final = ("|", "\t", ",", ";", "  ")
"""What parts cells; two spaces or more part those that are aligned."""
_SPACES: Final = "  "
_WIDE: Final = re.compile(r" {2,}")
_RULE: Final = re.compile(r"[-:| ]+")


def beneath(text: str, head_of: Callable[[str], Head | None]) -> Iterator[tuple[Head, int, int]]:
    """Every cell beneath a head that `head_of` knows, by the head's text in small letters, with what that gave."""
    columns: dict[int, Head] = {}
    sign, width, at = "", 0, 0
    lines = text.split("\n")
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        if not columns or _gaps(line, sign) != width:
            sign, columns = _heads(line, below, head_of)
            width = _gaps(line, sign) if sign else 0
        elif _RULE.fullmatch(line) is None:
            for column, (start, end) in enumerate(_cells(text, sign, at, at + len(line))):
                if column in columns:
                    yield columns[column], start, end
        at += len(line) + 1


def _gaps(line: str, sign: str) -> int:
    return len(_WIDE.findall(line.strip())) if sign == _SPACES else line.count(sign)


def _heads(line: str, below: str, head_of: Callable[[str], Head | None]) -> tuple[str, dict[int, Head]]:
    """The sign between the cells of a line of heads, and what is known of its columns."""
    for sign in SIGNS:
        if sign in line and _gaps(line, sign) == _gaps(below, sign):
            heads = [line[start:end].lower() for start, end in _cells(line, sign, 0, len(line))]
            columns = {at: head for at, cell in enumerate(heads) if (head := head_of(cell)) is not None}
            if columns and len(heads) > 1:
                return sign, columns
    return "", {}


def _cells(text: str, sign: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The cells of a line without the white space and emphasis around them; empty ones keep their column."""
    if sign == _SPACES:
        line = text[start:end]
        start, end = start + len(line) - len(line.lstrip()), start + len(line.rstrip())
    while start <= end:
        gap = _WIDE.search(text, start, end) if sign == _SPACES else None
        stop = (gap.start() if gap else -1) if sign == _SPACES else text.find(sign, start, end)
        stop = end if stop < 0 else stop
        cell = text[start:stop]
        left = len(cell) - len(cell.lstrip(" \t*_\"'"))
        yield start + left, start + len(cell.rstrip(" \t\r*_\"'")) if left < len(cell) else start + left
        start = gap.end() if gap else stop + 1
