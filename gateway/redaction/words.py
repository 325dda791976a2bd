"""The words of a reading as the rules for names see them: how each is written, how common it is, what stands before."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import regex  # type: ignore[import-untyped]  # it ships no types

from gateway.redaction.lexicon import UNLISTED, Lexicon

_WORD: Final = regex.compile(
    r"(?<![\p{L}\p{M}\d_@/.#])\p{L}[\p{L}\p{M}]*(?:['-]\p{L}[\p{L}\p{M}]*)*(?![\d_@/])"
)
_ASCII_WORD: Final = re.compile(
    r"(?<![a-zA-Z\d_@/.#])[a-zA-Z]+(?:['-][a-zA-Z]+)*(?![\d_@/])",
)
"""The same in a text without other letters, for which Python's own `re` is quicker."""
_LINE: Final = re.compile(r"[^\n\r\t|]+")
_ENDINGS: Final = ("'s", "'ll", "'ve", "'re", "'d", "'m", "n't", "'")
_STARTS: Final = frozenset('.!?:;•*#>"([{=–—…')
_MOSTLY: Final = 0.6
_FEW: Final = 3


@dataclass(slots=True)
class Word:
    """A word at `start:end`, written as `text`; `base` in small letters without its ending."""

    start: int
    end: int
    text: str
    base: str
    size: int
    capital: bool
    shouted: bool
    first: bool
    gap: str
    dotted: bool

    @property
    def initial(self) -> bool:
        """Whether it is one capital letter, as in "J. Smith"."""
        return len(self.text) == 1 and self.capital and (self.dotted or self.text not in "AI")


class Line:
    """The words of one line or cell, and how the whole is written."""

    __slots__ = ("lower", "shouted", "titled", "words")

    def __init__(self, words: list[Word]) -> None:
        self.words = words
        capitals = sum(word.capital for word in words if word.text != "I" and not word.text.startswith("I'"))
        shouted = sum(word.shouted for word in words)
        self.lower = capitals == 0 and len(words) >= _FEW
        self.shouted = len(words) >= _FEW and shouted >= _MOSTLY * len(words)
        long = [word for word in words if len(word.text) > _FEW]
        self.titled = len(long) >= _FEW and sum(word.capital for word in long) >= _MOSTLY * len(long)


def lines_of(text: str, lexicon: Lexicon) -> Iterator[Line]:
    """The lines of `text` that have words."""
    form = _ASCII_WORD if text.isascii() else _WORD
    for line in _LINE.finditer(text):
        words: list[Word] = []
        last = line.start()
        for match in form.finditer(text, line.start(), line.end()):
            gap = text[last : match.start()]
            dotted = text.startswith(".", match.end())
            words.append(_word(match[0], match.start(), gap, lexicon, opens=not words, dotted=dotted))
            last = match.end()
        if words:
            yield Line(words)


def _word(text: str, start: int, gap: str, lexicon: Lexicon, *, opens: bool, dotted: bool) -> Word:
    base, cut = _base(text.lower())
    text = text[: len(text) - cut]
    return Word(
        start=start,
        end=start + len(text),
        text=text,
        base=base,
        size=size_of(base, lexicon),
        capital=text[0].isupper()
        or ("-" in text and any(part[:1].isupper() for part in text.split("-")[1:])),
        shouted=len(text) > 1 and text.isupper(),
        first=opens or (gap != " " and _starts(gap)),
        gap=gap,
        dotted=dotted,
    )


def _starts(gap: str) -> bool:
    """Whether a sentence or an item of a list may begin behind the signs."""
    return not _STARTS.isdisjoint(gap) or "- " in gap or "* " in gap


def _base(lower: str) -> tuple[str, int]:
    """The word without the ending of a possessive or contraction, and how long that is."""
    for ending in _ENDINGS if "'" in lower else ():
        if lower.endswith(ending) and len(lower) > len(ending):
            return lower[: -len(ending)], len(ending)
    return lower, 0


def size_of(base: str, lexicon: Lexicon) -> int:
    """How common a word is; of one that is put together, how common its rarest part."""
    size = lexicon.size(base)
    if size < UNLISTED or not ("-" in base or "'" in base):
        return size
    parts = [part for part in base.replace("'", "-").split("-") if part]
    return max((lexicon.size(part) for part in parts if len(part) > 1), default=UNLISTED)
