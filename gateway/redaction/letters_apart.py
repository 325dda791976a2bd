"""Values whose letters stand apart or double: "J. o. h. n", `["J", "o"]`, "{J}{o}", "'Jo' + 'hn'", "JJoohhnn".

Each yields ranges with what is read in their place, in linear time.
"""

import re
from collections.abc import Iterator
from typing import Final

Replaced = tuple[int, int, str]

_MAYBE: Final = re.compile(
    r"(?<![^\W_])[^\W_](?:[^\w]|_){1,6}[^\W_](?:[^\w]|_){1,6}[^\W_](?:[^\w]"
    r"|_){1,6}[^\W_](?![^\W_])"
)
_APART: Final = re.compile(
    r"(?<![^\W_])[^\W_]((?:[^\w]|_){1,6}?)(?=[^\W_](?![^\W_]))[^\W_](?:(?:\1"
    r"|\1[^\w]{1,2}\1)[^\W_](?![^\W_])){3,80}"
)
_QUOTED: Final = re.compile(
    r"(['\"])[ \t]{0,3}(?:\+|\|\||&"
    r"|\.)[ \t]{0,3}(?:\\?\r?\n[ \t]{0,12})?\1(?=[^\s'\"])"
)
_DOUBLED: Final = re.compile(r"(?<![^\W_])(?:([^\W_]|[.@+_-])\1(?!\1)|([^\W_])\2\2\2){4,80}(?![^\W_])")
_WORD: Final = (
    "alpha|alfa|bravo|charlie|delta|echo|foxtrot|golf|hotel|india|juliett?|kilo|lima|mike|november|oscar|papa|quebec|"
    "romeo|sierra|tango|uniform|victor|whiske?y|x-?ray|yankee|zulu"
)
"""The NATO alphabet."""
_PHONETIC: Final = re.compile(
    rf"(?<![^\W_])(?:{_WORD})(?:[ ,.-]{{1,2}}(?:{_WORD})(?![^\W_])){{3,40}}", re.IGNORECASE
)
_FEWEST: Final = 4


def letters_apart(text: str) -> Iterator[Replaced]:
    """Single letters or digits with the same signs between them all."""
    if not _MAYBE.search(text):
        return
    for match in _APART.finditer(text):
        sign = match[1]
        if sign.isspace() and "\n" not in sign and "\t" not in sign and len(sign) == 1:
            continue  # what single spaces part is read by a decoder of its own
        parts = match[0].split(sign)
        joined = "".join(part if part.strip() else " " for part in parts)
        if sum(map(str.isalnum, joined)) > _FEWEST:
            yield match.start(), match.end(), " ".join(joined.split())


def joined_strings(text: str) -> Iterator[Replaced]:
    """The ends of strings that a program puts together."""
    if "'" in text or '"' in text:
        for match in _QUOTED.finditer(text):
            yield match.start(), match.end(), ""


def doubled(text: str) -> Iterator[Replaced]:
    """Words of which every letter stands twice."""
    for match in _DOUBLED.finditer(text):
        if len(set(match[0])) > _FEWEST // 2:
            yield match.start(), match.end(), match[0][::2]


def phonetic(text: str) -> Iterator[Replaced]:
    """Letters by their words in the NATO alphabet."""
    for match in _PHONETIC.finditer(text):
        letters = [word[0] for word in re.findall(r"[A-Za-z](?:[a-z]+|-ray)", match[0])]
        yield match.start(), match.end(), "".join(letters).capitalize()
