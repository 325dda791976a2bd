"""A fact: a run of text with a value that can be compared, whatever form it is written in."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Kind = Literal[
    "name", "date", "time", "number", "sum", "percentage", "identifier", "citation", "court", "quotation"
]
Key = tuple[str | int | Decimal, ...]
"""A value, with what kind of value it is in front."""
Range = tuple[int, int]
_REACH = 60
"""Characters before and after what a match must have in it."""
_BLANK = re.compile(r"\s")
NEAR_DIGIT = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Fact:
    """What stands from `start` to `end`.

    `says` are the keys by which it is found where it stands in the material. `asks` are those by which it is looked up
    where it stands in the answer: groups, of which the first that has a key in the material counts. `about` are the
    words that a number counts, or the place of a court.
    """

    start: int
    end: int
    kind: Kind
    says: tuple[Key, ...]
    asks: tuple[tuple[Key, ...], ...]
    about: tuple[str, ...] = ()


class TakenRanges:
    """What of a text is read already, so that no part of a date is a number too."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lower = f"\n{_lowered(text)}"  # so that a sign stands before the first word too
        self._marks = bytearray(len(text))
        self._around: dict[tuple[re.Pattern[str], int], list[Range]] = {}

    def free(self, start: int, end: int) -> bool:
        """Whether nothing of the range is taken."""
        return self._marks.find(1, start, end) < 0

    def take(self, start: int, end: int) -> None:
        """Mark the range."""
        self._marks[start:end] = b"\x01" * (end - start)

    def matches(
        self, pattern: re.Pattern[str], near: re.Pattern[str] | None = None, before: int = _REACH
    ) -> Iterator[re.Match[str]]:
        """The matches that are free, each marked before the next is looked at, unless the caller passes over it.

        `near` is what each match has in it, in small letters, and is quick to find: the pattern is tried around that
        only, from so many characters `before`.
        """
        for start, end in [(0, len(self._text))] if near is None else self._stretches(near, before):
            for match in pattern.finditer(self._text, start, end):
                if self.free(*match.span()):
                    yield match

    def _stretches(self, near: re.Pattern[str], before: int) -> list[Range]:
        if (near, before) not in self._around:
            self._around[near, before] = list(_around(near, self._lower, before))
        return self._around[near, before]


def _around(near: re.Pattern[str], text: str, before: int) -> Iterator[Range]:
    """The stretches of the text around what `near` finds, apart; each ends where a word ends."""
    start = end = -1
    for match in near.finditer(text):
        if match.start() - before > end:
            if end >= 0:
                yield start, end
            start = max(0, match.start() - before)
        if match.end() + _REACH > end:
            blank = _BLANK.search(text, match.end() + _REACH)
            end = len(text) if blank is None else blank.start()
    if end >= 0:
        yield start, end


def _lowered(text: str) -> str:
    """The text in small letters, of the same length."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(small if len(small := letter.lower()) == 1 else letter for letter in text)


def alternatives(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first."""
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))
