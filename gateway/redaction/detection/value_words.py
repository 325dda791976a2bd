"""The words of a text that values can begin with, and the words that a name is written as in other words."""

import re
from collections.abc import Callable, Iterator, KeysView, Sequence
from functools import partial
from itertools import islice
from typing import Final

from gateway.redaction.text.long_search import words_in
from gateway.redaction.text.normalised import WORD, Word, words_of

TOKEN: Final = re.compile(r"\w{2,80}")
_MAX_WORDS: Final = 200
"""Of one value: each character of an identifier may be one."""
_MIN_PLURAL_LENGTH: Final = 4
"""Letters of a word that may end in the `s` of a plural."""


def words_among(text: str, firsts: KeysView[str]) -> Iterator[tuple[Word, Callable[[], Iterator[Word]]]]:
    """Each word of `text` that is one of `firsts`, and the words from it on, read as far as they are asked for."""
    if not text.isascii():
        words = words_of(text)
        for at, word in enumerate(words):
            if word[2] in firsts:
                yield word, partial(_words_at, words, at)
        return
    lower = text.lower()
    hits = firsts & set(words_in(WORD, lower))
    for match in WORD.finditer(lower) if hits else ():
        if match[0] in hits:
            yield (*match.span(), match[0]), partial(_words_from, lower, match.start())


def _words_at(words: Sequence[Word], first: int) -> Iterator[Word]:
    """From the word `first` on; `islice` would count up to it."""
    return (words[at] for at in range(first, min(first + _MAX_WORDS, len(words))))


def _words_from(lower: str, start: int) -> Iterator[Word]:
    return ((*match.span(), match[0]) for match in islice(WORD.finditer(lower, start), _MAX_WORDS))


def without_ending(word: str) -> Iterator[str]:
    """A word as it stands, without digits and underscores at its ends, and without the ending of a plural."""
    bare = word.strip("0123456789_")
    yield from (word, bare)
    if bare.endswith("s") and len(bare) >= _MIN_PLURAL_LENGTH:
        yield from (bare[:-1], bare.removesuffix("es"))


def user_names(given: str, family: str) -> Iterator[str]:
    """How user names and files write a name: "jsmith", "smithj"."""
    if given and len(family) > 2:
        yield from (given[0] + family, family + given[0])
