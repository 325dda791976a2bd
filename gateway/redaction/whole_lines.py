"""Lines that are no language as they stand, but are one when each letter is turned (ROT13) or read back to front."""

import codecs
from collections.abc import Callable, Iterator
from typing import Final

import regex  # type: ignore[import-untyped]  # it ships no types

from gateway.redaction.lexicon import UNLISTED, lexicon

_LINE: Final = regex.compile(r"[^\n]+")
_WORD: Final = regex.compile(r"[A-Za-z]{2,}")
_FEWEST: Final = 3
_FOREIGN: Final = 0.55
_ENGLISH: Final = 0.7
_GLANCE: Final = 32
"""Words, from all over a line, that are looked at first."""
_PLAINLY_NOT: Final = 0.25
"""A share of foreign words among those that rules a line out."""


def turned_lines(text: str) -> list[tuple[int, int, str, bool]]:
    """Each line that has to be turned: its range, the line as it reads, and whether it is read back to front."""
    return list(_turned(text))


def _turned(text: str) -> Iterator[tuple[int, int, str, bool]]:
    for line in _LINE.finditer(text):
        words = _WORD.findall(line[0])
        if len(words) < _FEWEST or _unlisted(words[:: len(words) // _GLANCE + 1]) < _PLAINLY_NOT:
            continue
        if _unlisted(words) < _FOREIGN:
            continue
        for turn, backwards in _TURNS:
            turned = turn(line[0])
            if 1 - _unlisted(_WORD.findall(turned)) >= _ENGLISH:
                yield line.start(), line.end(), turned, backwards
                break


def _rot13(line: str) -> str:
    return codecs.encode(line, "rot13")


def _backwards(line: str) -> str:
    return line[::-1]


_TURNS: Final[tuple[tuple[Callable[[str], str], bool], ...]] = ((_rot13, False), (_backwards, True))


def _unlisted(words: list[str]) -> float:
    listed = lexicon()
    return sum(listed.size(word.lower()) == UNLISTED for word in words) / len(words) if words else 1.0
