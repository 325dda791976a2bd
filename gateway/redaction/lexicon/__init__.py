"""Words and names: which words are common, and which common words are names too.

Made by `tools/build_lexicon.py` from SCOWL (Copyright 2000-2018 by Kevin Atkinson and others, see `LICENCE.txt`), the
name lists of the United States Census of 1990 (public domain), those of `faker` for other countries (MIT, see
`LICENCE.txt`) and Unicode's confusables; `field.txt`, `never.txt` and
`also_names.txt` were written for this project.
"""

import gzip
from collections.abc import KeysView
from functools import cache
from importlib.resources import files
from typing import Final

UNLISTED: Final = 100
"""The size of a word that no list has; listed ones have SCOWL's, 10 for the most common to 80."""
_RARE_SURNAME: Final = 12_000
_WELL_KNOWN: Final = 1_000
_FIELD: Final = 35
_PLACE: Final = 36


class Lexicon:
    """Looks words up, in small letters. Built once."""

    def __init__(self) -> None:
        self._sizes: dict[str, int] = {}
        for line in gzip.decompress(_bytes("words.txt.gz")).decode().splitlines():
            size, _, listed = line.partition(" ")
            self._sizes.update(dict.fromkeys(listed.split(), int(size)))
        for word in [*_words("field.txt"), *_words("proper.txt")]:
            self._sizes[word] = min(_FIELD, self._sizes.get(word, UNLISTED))
        self._places = _places()
        for word in self._places:
            self._sizes.setdefault(word, _PLACE)
        self._never = frozenset(_words("never.txt"))
        self._given = _ranks("given_names.txt")
        self._surnames = _ranks("surnames.txt")
        self._world_given = frozenset(_words("world_given.txt"))
        self._world_surnames = frozenset(_words("world_surnames.txt"))
        self._also = frozenset(_words("also_names.txt"))
        self._abbreviations = frozenset(_words("abbreviations.txt"))

    def size(self, word: str) -> int:
        """How common a word is: SCOWL's size, or `UNLISTED`."""
        return self._sizes.get(word, UNLISTED)

    @property
    def words(self) -> KeysView[str]:
        """Every word that is listed."""
        return self._sizes.keys()

    def is_abbreviation(self, word: str) -> bool:
        """Whether the word, written in capitals, is a short form of something."""
        return word in self._abbreviations

    def names(self) -> frozenset[str]:
        """Every name in some list."""
        return frozenset(self._given) | frozenset(self._surnames) | self._world_given | self._world_surnames

    @property
    def places(self) -> frozenset[str]:
        """The towns that `is_place` knows."""
        return self._places

    def is_place(self, word: str) -> bool:
        """Whether the word is a town of a court or prison of England and Wales."""
        return word in self._places

    def is_never_a_name(self, word: str) -> bool:
        """Whether documents of this field write the word with a capital although it names nobody."""
        return word in self._never and word not in self._also

    def is_well_known(self, word: str) -> bool:
        """Whether the word is one of the most usual given names of English-speaking countries."""
        return self._given.get(word, _WELL_KNOWN) < _WELL_KNOWN

    def is_given(self, word: str) -> bool:
        """Whether the word is a given name in some list."""
        return word in self._given or word in self._also or word in self._world_given

    def is_surname(self, word: str) -> bool:
        """Whether the word is a surname in some list, and not one of its rarest."""
        listed = self._surnames.get(word, _RARE_SURNAME) < _RARE_SURNAME
        return listed or word in self._also or word in self._world_surnames

    def is_name(self, word: str) -> bool:
        """Whether the word is a name in some list."""
        return self.is_given(word) or self.is_surname(word)


def confusables() -> dict[int, str]:
    """Letters of other scripts to the ASCII letter or digit that they look like."""
    rows = (line.split() for line in _bytes("confusables.txt").decode().splitlines())
    return {int(code, 16): plain for code, plain in rows}


@cache
def lexicon() -> Lexicon:
    """The lexicon, read on first use."""
    return Lexicon()


def _bytes(name: str) -> bytes:
    return (files(__name__) / name).read_bytes()


def _words(name: str) -> list[str]:
    lines = _bytes(name).decode().splitlines()
    return [word for line in lines if not line.startswith("#") for word in line.split()]


def _places() -> frozenset[str]:
    """Towns and prisons of one word."""
    phrases = [line for name in ("courts.txt", "prisons.txt") for line in _bytes(name).decode().splitlines()]
    return frozenset(phrase.lower() for phrase in phrases if phrase.isalpha())


def _ranks(name: str) -> dict[str, int]:
    return {word: int(rank) for word, rank in (line.split() for line in _bytes(name).decode().splitlines())}


@cache
def _cues() -> dict[str, frozenset[str]]:
    kinds: dict[str, frozenset[str]] = {}
    for section in _bytes("cues.txt").decode().split("\n[")[1:]:
        kind, _, rest = section.partition("]")
        kinds[kind] = frozenset(rest.partition("\n")[2].split())
    return kinds


def words_of_cue(kind: str) -> frozenset[str]:
    """The words of one kind in `cues.txt`."""
    return _cues()[kind]


FUNCTION_WORDS: Final = frozenset(_words("function.txt"))
"""Words of speech that are some list's names, and hardly ever are names there."""
