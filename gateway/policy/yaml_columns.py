"""Lines of YAML that do not begin where those beside them do."""

import re
from collections.abc import Iterator
from typing import Final, Literal

Kind = Literal["entries", "fields", "text"]

_HYPHENS: Final = re.compile(r"\s*((?:-[ \t]+)*)")
_FIELD: Final = re.compile(r"""(?:"[^"]*"|'[^']*'|[^\s#"'\[{-][^:#]*?)\s*:(?:\s|$)""")


def not_beside(text: str, number: int) -> str | None:
    """For the line of this number (from 1): in which column it begins, and in which the entries or fields begin that it
    probably belongs with; None where there is none before it, or they begin in the same.
    """
    lines = text.split("\n")
    line = lines[number - 1] if number <= len(lines) else ""
    kind, column = _begins(line)
    places = [(place, other) for other, place, of in _open_columns(lines[: number - 1]) if kind == of]
    if kind == "text":
        places = [(_first(one), other) for other, one in enumerate(lines[: number - 1], 1) if _counts(one)][
            -1:
        ]
    if not line.strip() or not places or any(place == column for place, _ in places):
        return None
    place, other = min(places, key=lambda one: abs(one[0] - column))
    words = {"entries": "the entries", "fields": "the fields", "text": "the text"}[kind]
    return (
        f"this line does not begin in the same column as {words} beside it: it begins in column {column}, and line"
        f" {other} in column {place}"
    )


def columns_apart(text: str, number: int) -> str:
    """In which columns the line and the one before it begin, where they differ; nothing where they do not."""
    lines = [*text.split("\n")[:number]]
    before = next((one for one in reversed(lines[:-1]) if _counts(one)), "")
    mine, other = _first(lines[-1]), _first(before)
    return "" if mine == other or not before else f" (column {mine}, and {other} in the line before)"


def _begins(line: str) -> tuple[Kind, int]:
    column = _first(line)
    if line.lstrip().startswith("- ") or line.strip() == "-":
        return "entries", column
    return ("fields" if _FIELD.match(line.lstrip()) else "text"), column


def _open_columns(lines: list[str]) -> Iterator[tuple[int, int, Kind]]:
    """Of what is not closed yet, the innermost first: the line, the column, and what begins there."""
    closed_from = 10**9
    for number in range(len(lines), 0, -1):
        line = lines[number - 1]
        if not _counts(line):
            continue
        for column, kind in reversed(list(_columns(line))):
            if column < closed_from:
                yield number, column, kind
        closed_from = min(closed_from, _first(line))


def _columns(line: str) -> Iterator[tuple[int, Kind]]:
    match = _HYPHENS.match(line)
    start, end = match.span(1) if match else (0, 0)
    for place in range(start, end):
        if line[place] == "-":
            yield place + 1, "entries"
    if _FIELD.match(line, end):
        yield end + 1, "fields"


def _counts(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _first(line: str) -> int:
    return len(line) - len(line.lstrip()) + 1
