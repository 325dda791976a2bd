"""The reading of a text: what a recogniser sees, with each place mapped back to the original.

Zero-width and other invisible characters are left out, control characters are spaces. Other spaces, dashes, quotes,
digits and letters are written as their plain ones (Unicode NFKC, UAX #15; `Default_Ignorable_Code_Point` of UAX #44),
and marks on ASCII letters and digits that don't form a letter of their own are dropped. Only the reading changes: what
is redacted is always the original.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from string import ascii_lowercase, ascii_uppercase
from typing import Final

from gateway.redaction.lexicon import confusables
from gateway.redaction.text.rewritten import Replacement, RewrittenText

_PLAIN: Final = "\t\n\r" + "".join(map(chr, range(0x20, 0x7F)))
_ODD_RUN: Final = re.compile(r"[^\t\n\r\x20-\x7e]+")
_BEYOND_ASCII: Final = re.compile(r"[^\x00-\x7f]+")
_ODD_CLUSTER: Final = re.compile(r"[\x20-\x7e]?[^\t\n\r\x20-\x7e]+")
_REWRITTEN: Final = "\x01"
_IGNORABLE_MARKS: Final = frozenset(
    {0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180F, 0x2800, 0x3164, 0xFFA0}
    | {*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)}
)
_QUOTES: Final = dict.fromkeys(map(ord, "‘’‛ʼ′＇`´"), "'") | dict.fromkeys(map(ord, "“”„‟″＂«»"), '"')
_MAX_MARKS: Final = 2
"""Vietnamese has letters with two marks."""
_DASHES: Final = frozenset("‐‑‒–—―−﹘﹣－⁃")
_SMALL_CAPITALS: Final = "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡxʏᴢ"
_ALPHABETS: Final = (0x1F150, 0x1F170, 0x1F1E6)
"""Letters in black circles, in black squares and as regional indicators, which NFKC leaves as they are."""
_FANCY: Final = dict(zip(_SMALL_CAPITALS, ascii_lowercase, strict=True)) | {
    chr(first + at): letter for first in _ALPHABETS for at, letter in enumerate(ascii_uppercase)
}
_LOOKALIKES: Final = confusables() | dict(zip(map(ord, "ктмнпвиετκηωґЌТН"), "ktmhnbuetknwrKTH", strict=True))
_OTHER_WORD: Final = re.compile(r"(?<![^\W_])[^\W_]*[^\W\x00-\u024f][^\W_]*")
"""A word with a letter beyond the Latin ones."""


def _without_lookalikes(match: re.Match[str]) -> str:
    """The word in Latin letters, if it has such or looks as if it had no others."""
    word = match[0]
    latin = [_LOOKALIKES.get(ord(char), char) if ord(char) > _LATIN else char for char in word]
    if any(ord(char) > _LATIN for char in latin):
        return word
    sure = any(char.isascii() for char in word) or all(ord(char) in _SURE for char in word)
    return "".join(latin) if sure else word


_LATIN: Final = 0x24F
_SURE: Final = frozenset(confusables())


def _is_left_out(char: str) -> bool:
    return unicodedata.category(char) in ("Cf", "Cs", "Co") or ord(char) in _IGNORABLE_MARKS


def _is_mark(char: str) -> bool:
    return unicodedata.combining(char) > 0 or unicodedata.category(char) == "Me"


def _plain(char: str) -> str:
    """The plain writing of one character: nothing, one character or several."""
    if unicodedata.category(char) in ("Zs", "Zl", "Zp", "Cc"):
        return "\n" if char in "\u2028\u2029\x85\x0b\x0c" else " "
    if char in _FANCY:
        return _FANCY[char]
    if _is_left_out(char):
        return ""
    if char in _DASHES:
        return "-"
    decimal = unicodedata.digit(char, None)
    if decimal is not None:
        return str(decimal)
    return _QUOTES.get(ord(char)) or unicodedata.normalize("NFKC", char)


class _OneForOne(dict[int, str]):
    """For `str.translate`: the plain character, or a marker where the length would change."""

    def __missing__(self, code: int) -> str:
        plain = _plain(chr(code))
        self[code] = _REWRITTEN if _is_mark(chr(code)) or len(plain) != 1 else plain
        return self[code]


_TABLE: Final = _OneForOne()


class NormalisedText(RewrittenText):
    """`text` is what is read of `original`."""

    __slots__ = ("original",)

    def __init__(self, original: str) -> None:
        self.original = original
        text = _ODD_RUN.sub(lambda run: run[0].translate(_TABLE), original)
        if _REWRITTEN in text:
            super().__init__(original, _changes(original))
        else:
            super().__init__(text, ())
        if not self.text.isascii():
            self.text = _OTHER_WORD.sub(_without_lookalikes, self.text)


def _changes(original: str) -> Iterator[Replacement]:
    """What is read for each character that is not plain, with the marks that follow it."""
    for match in _ODD_CLUSTER.finditer(original):
        first, last = match.span()
        cuts = [at for at in range(first, last) if at == first or not _is_mark(original[at])]
        for start, end in pairwise([*cuts, last]):
            yield start, end, _plain_cluster(original[start:end])


def _plain_cluster(cluster: str) -> str:
    if len(cluster) == 1:
        return _plain(cluster)
    base = _plain(cluster[0])
    if not base:
        return ""
    marks = "".join(mark for mark in cluster[1:] if not _is_left_out(mark))
    # No letter of any language has a mark that strikes it through or encloses it.
    if len(marks) > _MAX_MARKS or any(
        unicodedata.combining(mark) == 1 or unicodedata.category(mark) == "Me" for mark in marks
    ):
        marks = ""
    composed = unicodedata.normalize("NFKC", base + marks)
    if base in _PLAIN:
        return "".join(char for char in composed if not unicodedata.combining(char))
    return composed


def fold(text: str) -> str:
    """`text` without case and accents."""
    return (text if text.isascii() else _BEYOND_ASCII.sub(_folded, text)).lower()


def _folded(run: re.Match[str]) -> str:
    decomposed = unicodedata.normalize("NFKD", run[0].casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def lowered(text: str) -> str:
    """`text` in small letters, place for place; one capital alone, the Turkish `İ`, has a longer small form."""
    return text.replace("İ", "i").lower()


WORD: Final = re.compile(r"[^\W_]+")
Word = tuple[int, int, str]
"""Where a word starts and ends, and the word, folded."""


def words_of(text: str) -> list[Word]:
    return [
        (*word.span(), word[0] if word[0].isascii() else fold(word[0]))
        for word in WORD.finditer(lowered(text))
    ]
