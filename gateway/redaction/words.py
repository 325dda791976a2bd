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
_CAPITAL: Final = regex.compile(r"\p{Lu}(?<!(?<![\p{L}\d])I(?![\p{L}\d]))")
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
    """The words of one line or cell, and how the whole is written; `plain` says that the text has no capitals."""

    __slots__ = ("lower", "shouted", "titled", "words")

    def __init__(self, words: list[Word], *, plain: bool) -> None:
        self.words = words
        capitals = sum(word.capital for word in words if word.text != "I" and not word.text.startswith("I'"))
        shouted = sum(word.shouted for word in words)
        self.lower = capitals == 0 and (plain or len(words) >= _FEW)
        self.shouted = len(words) >= _FEW and shouted >= _MOSTLY * len(words)
        long = [word for word in words if len(word.text) > _FEW]
        self.titled = len(long) >= _FEW and sum(word.capital for word in long) >= _MOSTLY * len(long)


def lines_of(text: str, lexicon: Lexicon) -> Iterator[Line]:
    """The lines of `text` that have words."""
    pattern = _ASCII_WORD if text.isascii() else _WORD
    known: dict[str, _Form] = {}
    # In a text without capitals a line of one word is in small letters too, but a text of one word says nothing.
    plain = _CAPITAL.search(text) is None and text.count(" ") >= _FEW
    for line in _LINE.finditer(text):
        words: list[Word] = []
        last = line.start()
        for match in pattern.finditer(text, line.start(), line.end()):
            gap = text[last : match.start()]
            written = match[0]
            form = known.get(written)
            if form is None:
                form = known[written] = _form(written, lexicon)
            bare, base, size, capital, shouted = form
            start = match.start()
            first = not words or (gap != " " and _starts(gap))
            dotted = text.startswith(".", match.end())
            end = start + len(bare)
            words.append(Word(start, end, bare, base, size, capital, shouted, first, gap, dotted))
            last = match.end()
        if words:
            yield Line(words, plain=plain)


_Form = tuple[str, str, int, bool, bool]
"""A word without its ending, the same in small letters, its size, whether it has a capital, and only such."""


def _form(text: str, lexicon: Lexicon) -> _Form:
    base, cut = _base(text.lower())
    text = text[: len(text) - cut]
    capital = text[0].isupper() or ("-" in text and any(part[:1].isupper() for part in text.split("-")[1:]))
    return text, base, size_of(base, lexicon), capital, len(text) > 1 and text.isupper()


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
