"""Lists of words: which words are common, and which of them are names; which letters look like others; what stays.

Made by `tools/build_lexicon.py` from SCOWL (Copyright 2000-2018 by Kevin Atkinson and others, see `LICENCE.txt`), the
ranks of names in `names-dataset` 3.3.1 (Philippe Remy, Apache License 2.0), and Unicode's confusables. `field_words`
are words of the documents of `name_model` that no list of names has; the other lists were written for this project.
"""

import gzip
from functools import cache
from importlib.resources import files
from typing import Final, Literal

NameUse = Literal["usual", "rare", "never"]
ELEMENTS: Final = "[CHKNOPS]|Na|Cl|Ca|Fe|Mg"
"""The elements of usual formulas, as an expression."""
FILE_ENDINGS: Final = "docx?|pdf|jpe?g|png|xlsx?|csv|txt|py|html?|json|zip|mp[34]|wav|msg|eml|pptx?"
"""What the names of files end in, as an expression."""


def is_common(word: str) -> bool:
    """Whether a word in small letters is one of an English dictionary of the usual size, or a common one of Welsh."""
    return word in common_words()


def common_words() -> frozenset[str]:
    """The words of SCOWL up to size 60 and common ones of Welsh, in small letters without accents; read once."""
    return _words("words")


def name_use(word: str) -> NameUse | None:
    """The frequency with which a word of a dictionary or of this field, in small letters, is a name; else None."""
    if word in _words("usual_names"):
        return "usual"
    if word in _words("rare_names"):
        return "rare"
    return "never" if is_common(word) or word in _words("field_words") else None


def confusables() -> dict[int, str]:
    """Letters of other scripts to the ASCII letter or digit that they look like."""
    return {int(code, 16): plain for code, plain in map(str.split, phrases("confusables"))}


def phrases(name: str) -> list[str]:
    """The lines of one of the lists."""
    lines = _bytes(f"{name}.txt").decode().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


@cache
def groups() -> frozenset[str]:
    """Nationalities, peoples, religions and languages that are hardly ever a person's name, in small letters."""
    return frozenset(word for line in phrases("groups") for word in line.split())


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(gzip.decompress(_bytes(f"{name}.txt.gz")).decode().split())


def _bytes(name: str) -> bytes:
    return (files(__name__) / name).read_bytes()
