"""Words that are a known name in disguise: digits for letters, numbered, back to front, in ROT13, in the plural."""

import codecs
import re
from collections.abc import Iterator
from typing import Final

TOKEN: Final = re.compile(r"[\w@$!]{2,80}")
_DIGITS: Final = "0123456789_"
_LEET: Final = (str.maketrans("0134578@$!", "oieastbasi"), str.maketrans("0134578@$!", "oleastbasl"))
_SIGNS: Final = frozenset("0134578@$!")
_SHORTEST: Final = 4
"""Letters of a word that is cut or turned letter by letter: of a shorter one something else is made too often."""


def undisguised(word: str) -> Iterator[str]:
    """What a word in small letters, without accents, may stand for."""
    bare = word.strip(_DIGITS)
    if bare != word and len(bare) >= _SHORTEST:
        yield bare
    if not _SIGNS.isdisjoint(word):
        for letters in _LEET:
            yield word.translate(letters)
    word = bare
    yield word[::-1]
    if len(word) < _SHORTEST:
        return
    yield codecs.encode(word, "rot13")
    if word.endswith("s"):
        yield word[:-1]
        yield word.removesuffix("es")


def written_together(given: str, family: str) -> Iterator[str]:
    """How user names and files write a name: "jsmith", "smithj"."""
    if given and len(family) > 2:
        yield given[0] + family
        yield family + given[0]
