"""Letters, or the numbers of letters, one after the other in one frame: `<c v='J'/><c v='o'/>`, `ChrW(74) & ChrW(111)`.

Whatever the frame is: what stands between two neighbours is the same all the way, however a program or a person
dressed it.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from gateway.redaction.other_alphabets import is_pronounceable

Replaced = tuple[int, int, str]

_SINGLE: Final = re.compile(r"(?<![^\W_])[^\W_](?![^\W_])")
_NUMBER: Final = re.compile(
    r"(?<![0-9A-Za-z])(?:0[xob])?(?:[0-9a-fA-F]{4}|[0-9a-fA-F]{2,3}|[01]{7,8})(?![0-9A-Za-z])"
)
_JOINED: Final = re.compile(r"(?:0x[0-9a-fA-F]{2}){4,200}")
_LONGEST: Final = 24
_FEWEST: Final = 5
_PLAIN: Final = frozenset([" ", ", ", "\n", ".", "-", "/", ",", "\t", "; ", " | "])
"""What stands between letters and numbers for many reasons; other decoders read these."""
_PREFIXES: Final = frozenset(["0o", "0b"])
_TEXT: Final = re.compile(r"[A-Za-z0-9 @.'+_-]+")
_LEAST_DIGITS: Final = 5


def framed(text: str) -> Iterator[Replaced]:
    """Each such run with what it says."""
    for run in _strided(text, list(_SINGLE.finditer(text))):
        new = _chars(text, run)
        if (
            sum(map(str.isdigit, new)) >= _LEAST_DIGITS
            or "@" in new
            or is_pronounceable(new.replace(" ", ""))
        ):
            yield run[0].start(), run[-1].end(), new
    for run in _runs(text, list(_NUMBER.finditer(text))):
        decoded = _decoded([match[0] for match in run], text[run[0].end() : run[1].start()])
        if decoded is not None:
            yield run[0].start(), run[-1].end(), decoded
    if "0x" in text:
        for match in _JOINED.finditer(text):
            yield match.start(), match.end(), bytes.fromhex(match[0].replace("0x", "")).decode("latin-1")


def _strided(text: str, items: Sequence[re.Match[str]]) -> Iterator[list[re.Match[str]]]:
    """The runs of every item, every second and every third: a frame may have single letters of its own."""
    if len(items) >= _FEWEST:
        for stride in (1, 2, 3):
            for first in range(stride):
                yield from _runs(text, items[first::stride])


def _runs(text: str, items: Sequence[re.Match[str]]) -> Iterator[list[re.Match[str]]]:
    """The runs of items with the same between them, or twice the same with a space in its middle."""
    run: list[re.Match[str]] = []
    frame = ""
    for item in items:
        gap = text[run[-1].end() : item.start()] if run else ""
        if run and len(run) > 1 and gap in (frame, f"{frame} {frame}"):
            run.append(item)
            continue
        if len(run) >= _FEWEST:
            yield run
        if run and 0 < len(gap) <= _LONGEST and (gap not in _PLAIN or item[0][:2] in _PREFIXES):
            run, frame = [run[-1], item], gap
        else:
            run = [item]
    if len(run) >= _FEWEST:
        yield run


def _chars(text: str, run: Sequence[re.Match[str]]) -> str:
    shortest = min(after.start() - before.end() for before, after in pairwise(run))
    new = run[0][0]
    for before, after in pairwise(run):
        new += (" " if after.start() - before.end() > shortest else "") + after[0]
    return new


def _decoded(codes: Sequence[str], frame: str) -> str | None:
    """The text of the codes in the base that they are written in."""
    bare = [re.sub(r"^0[xob]", "", code) for code in codes]
    lower = frame.lower()
    if codes[0].startswith("0b") or all(len(code) in (7, 8) and set(code) <= {"0", "1"} for code in bare):
        base = 2
    elif codes[0].startswith("0o"):
        base = 8
    elif (
        codes[0].startswith("0x") or "x" in lower[-3:] or "u" in lower[-2:] or not all(map(str.isdigit, bare))
    ):
        base = 16
    else:
        base = 10
    try:
        new = "".join(chr(int(code, base)) for code in bare)
    except (ValueError, OverflowError):
        return None
    return new if _TEXT.fullmatch(new) else None
