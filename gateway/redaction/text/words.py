"""The words of a text, folded in case and accents, with their places."""

import re
from typing import Final

from gateway.redaction.text.normalised import fold

WORD: Final = re.compile(r"[^\W_]+")
Word = tuple[int, int, str]
"""Where a word starts and ends, and the word, folded."""


def words_of(text: str) -> list[Word]:
    """The words of `text`, with their places."""
    if text.isascii():
        return [(*match.span(), match[0]) for match in WORD.finditer(text.lower())]
    return [(*match.span(), fold(match[0])) for match in WORD.finditer(text)]
