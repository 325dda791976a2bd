"""The sentences of a text, and the words of each by which two sentences are compared."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final

_END: Final = re.compile(r"[.!?][)’”\"'*]*(?=\s+[\[(“‘\"'*A-Z0-9£])|\n+|\|")
_SHORT: Final = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|No|Nos|s|ss|v|vs|e\.g|i\.e|etc|para|paras|art|reg|cf|approx|c|ref|tel|a\.m|p\.m)"
    r"|(?<![A-Za-z])[A-Z])\.$",
    re.IGNORECASE,
)
_MARK: Final = re.compile(
    r"[ \t]*(?:[-*•#>]+[ \t]+|\(?\d{1,3}(?:\.\d{1,3})*[.)]?[ \t]+|\([a-z]{1,3}\)[ \t]+)*"
)
_WORD: Final = re.compile(r"[^\W_]+(?:[’'][^\W_]+)?")
_FOLDER: Final = Path(__file__).parent
_COMMON: Final = frozenset((_FOLDER / "common_words.txt").read_text("utf-8").split())
_IRREGULAR: Final = dict(
    pair.split("/") for pair in (_FOLDER / "irregular_words.txt").read_text("utf-8").split()
)
_ENDINGS: Final = (
    *("ations", "ation", "ments", "ment", "ingly", "edly", "ings", "ing"),
    *("ies", "ied", "ers", "ed", "es", "er", "ly", "s", "e", "y"),
)
_MIN_STEM: Final = 3
_MAX_STEM_LENGTH: Final = 6
"""Longer ones are cut, so that "complaint" and "complained" are one."""


@dataclass(frozen=True)
class Sentence:
    """A sentence from `start` to `end`, and its words."""

    start: int
    end: int
    text: str

    @cached_property
    def stems(self) -> frozenset[str]:
        """Its content words, each without its ending."""
        return stems_of(self.text)


def sentences_of(text: str) -> Iterator[Sentence]:
    """Sentences, items of lists, lines and cells of tables; without marks of lists in front."""
    start = 0
    for match in _END.finditer(text):
        ends_line = match[0][0] in "\n|"
        if not ends_line and _SHORT.search(text, max(start, match.start() - 8), match.start() + 1):
            continue
        yield from _sentence(text, start, match.start() if ends_line else match.end())
        start = match.end()
    yield from _sentence(text, start, len(text))


def _sentence(text: str, start: int, end: int) -> Iterator[Sentence]:
    mark = _MARK.match(text, start, end)
    start = start if mark is None else mark.end()
    piece = text[start:end]
    if piece.strip():
        start += len(piece) - len(piece.lstrip())
        end = start + len(piece.strip())
        yield Sentence(start, end, text[start:end])


def stems_of(text: str) -> frozenset[str]:
    """The content words of a text, each without its ending."""
    words = (match[0].casefold().replace("’", "'").removesuffix("'s") for match in _WORD.finditer(text))
    return frozenset(_stem(word) for word in words if word not in _COMMON)


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    word = _IRREGULAR.get(word, word)
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _MIN_STEM:
            stem = word[: -len(ending)]
            stem = stem[:-1] if len(stem) > _MIN_STEM and stem[-1] == stem[-2] else stem
            return stem[:_MAX_STEM_LENGTH]
    return word[:_MAX_STEM_LENGTH]
