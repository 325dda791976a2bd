"""How each word is written, which the vocabulary of the name model, in small letters, does not say.

The model is given it beside each word piece, in the place of BERT's token types.
"""

from collections.abc import Sequence
from typing import Final

import regex  # type: ignore[import-untyped]  # it ships no types

NO_WORD, SMALL, CAPITAL, FIRST, CAPITALS, MIXED, SMALL_JOINED, CAPITAL_JOINED = range(8)
SPELLINGS: Final = 8

_WORD: Final = regex.compile(r"[\p{L}\p{M}]+")
_JOINING: Final = frozenset("/.#@_\\-'’")
_OPENING: Final = frozenset(" \t\"'“”‘’()[]*_>|")
_ENDING: Final = frozenset(".!?:;•·–—-\n\r|#")
_REACH: Final = 8


def spellings_of(text: str, offsets: Sequence[tuple[int, int]]) -> list[int]:
    """For each word piece at `offsets` of `text`, how the word is written in which it stands."""
    kinds = bytearray(len(text))
    for match in _WORD.finditer(text, concurrent=False):  # each word is found at once
        start, end = match.span()
        kinds[start:end] = bytes([_spelling(text, start, match[0])]) * (end - start)
    return [kinds[start] if start < end else NO_WORD for start, end in offsets]


def _spelling(text: str, start: int, word: str) -> int:
    joined = start > 0 and text[start - 1] in _JOINING and start > 1 and not text[start - 2].isspace()
    joined = joined or (start > 0 and text[start - 1] in "/#@_\\")
    if word == word.lower():
        return SMALL_JOINED if joined else SMALL
    if len(word) > 1 and word == word.upper():
        return CAPITALS
    if word[1:] != word[1:].lower():
        return MIXED
    if joined:
        return CAPITAL_JOINED
    return FIRST if _begins(text, start) else CAPITAL


def _begins(text: str, start: int) -> bool:
    """Whether a sentence, a line or a cell begins at `start`, so that a capital says little."""
    for at in range(start - 1, max(-1, start - _REACH), -1):
        if text[at] in _ENDING:
            return True
        if text[at] not in _OPENING:
            return False
    return start < _REACH
