"""What stands around the digits of a text: most identifiers can be nowhere else, and most text is elsewhere."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from typing import Final

_WORD_WITH_DIGIT: Final = re.compile(r"(?<!\S)[^\s\d]*+\d\S*")
_DIGIT: Final = re.compile(r"\d")
_REACH: Final = 10
"""Characters before and after a word with a digit that may belong to its identifier: `QUILP 802149 TF9ZZ`."""
_FURTHER: Final = 30
"""How much further a window may reach, to end where a word ends."""
_REST_OF_WORD: Final = re.compile(rf"\S{{0,{_FURTHER}}}")
_APART: Final = "\x00"
"""Between windows: in no reading, and in no form of an identifier."""


class Windows:
    """The windows of one text, joined; `text` is read in their place, `place` maps back."""

    __slots__ = ("_at", "_starts", "text")

    def __init__(self, text: str, windows: list[tuple[int, int]]) -> None:
        self._starts = [start for start, _ in windows]
        self._at: list[int] = []
        at = 0
        for start, end in windows:
            self._at.append(at)
            at += end - start + 1
        self.text = _APART.join([text[start:end] for start, end in windows])

    def place(self, at: int) -> int:
        """Where the character `at` of the windows stands in the text."""
        window = bisect_right(self._at, at) - 1
        return self._starts[window] + at - self._at[window]


def windows_of(text: str) -> list[tuple[int, int, int]]:
    """The windows of `text`, in order and apart, each with the number of its digits."""
    merged: list[tuple[int, int]] = []
    for word in _WORD_WITH_DIGIT.finditer(text):
        start = _start_of_word(text, max(0, word.start() - _REACH))
        end = _end_of_word(text, min(len(text), word.end() + _REACH))
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return [(start, end, len(_DIGIT.findall(text, start, end))) for start, end in merged]


def around(text: str, places: Iterable[int], reach: int) -> list[tuple[int, int]]:
    """What stands up to `reach` characters around the places, which are in order, in whole words; apart."""
    merged: list[tuple[int, int]] = []
    for at in places:
        start = _start_of_word(text, max(0, at - reach))
        end = _end_of_word(text, min(len(text), at + reach))
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _start_of_word(text: str, at: int) -> int:
    stop = max(0, at - _FURTHER)
    space = max(text.rfind(" ", stop, at), text.rfind("\n", stop, at), text.rfind("\t", stop, at))
    return stop if space < 0 else space + 1


def _end_of_word(text: str, at: int) -> int:
    match = _REST_OF_WORD.match(text, at)
    return match.end() if match else at
