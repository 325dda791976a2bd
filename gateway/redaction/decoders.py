"""The standard ways in which apps and people encode a text, and what it says: docs/threat-model.md lists them.

Each decoder yields ranges with what is read in their place. Their expressions take linear time.
"""

import base64
import binascii
import html
import quopri
import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, Final
from urllib.parse import unquote

import regex  # type: ignore[import-untyped]  # it ships no types

from gateway.redaction.lexicon import is_common
from gateway.redaction.reading import Replaced

_ENTITY: Final = regex.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,31}\d{0,2});")
_PERCENT: Final = regex.compile(r"(?:%[0-9A-Fa-f]{2})+")
_ESCAPE: Final = regex.compile(
    r"(?:\\{1,8}(?:u[0-9a-fA-F]{4}|u\{[0-9a-fA-F]{1,6}\}|x[0-9a-fA-F]{2}|U[0-9a-fA-F]{8}))+"
)
"""With several backslashes where JSON stands in JSON."""
_ONE_ESCAPE: Final = regex.compile(r"\\[uxU]\{?([0-9a-fA-F]+)\}?")
_CONTROL_ESCAPE: Final = regex.compile(r"\\[nrt](?=\W|\p{Lu}|\d|$)")
_QUOTED: Final = regex.compile(r"(?:=[0-9A-F]{2}){2,}|(?<=\p{L})=[0-9A-F]{2}(?=\p{L})|(?<=\w)=\r?\n(?=\w)")
_WITHIN: Final = regex.compile(
    r"(?<=[\p{L}\d])(?:[*_~`|^]{1,3}|(?:</?[A-Za-z][^<>\n]{0,40}>){1,4}|<!--[^<>\n]{0,40}-->|\\)(?=[\p{L}\d])"
)
_INLINE: Final = re.compile(
    r"</?(?:b|i|u|em|strong|span|font|mark|small|big|code|tt|s|del|ins|su[bp]|a|abbr|wbr)(?: [^<>\n]{0,80})?/?>"
    r"|<!--[^<>\n]{0,80}-->|(?<=[^\W_])(?:\{\}|\\[,;!])(?=[^\W_]| \d)"
    r"|(?<=\d)[*~`]{1,3}(?= ?\d)|(?<=\d )[*~`]{1,3}(?=\d)",
    re.IGNORECASE,
)
_MARKED: Final = re.compile(r"[<\\*~`]|\{\}")
_AROUND: Final = regex.compile(r"(?<=\p{L})(?:\*{1,3}|~~|`|__)(?=\p{L})")
_HYPHENED: Final = regex.compile(r"(?<=\p{L}{2})-[ \t]{0,2}\r?\n[ \t>]{0,6}(?=\p{Ll}{2})")
_BROKEN: Final = regex.compile(
    r"(?<![\p{L}'-])(\p{Lu}\p{Ll}{1,14})\r?\n[ \t>]{0,6}([a-z]{2,15})(?![\p{L}'-])"
)
_BROKEN_NUMBER: Final = regex.compile(
    r"(?<=\d)[ \t]{0,3}-?\r?\n[ \t>]{0,6}(?=\d)|(?<=\d)\r?\n(?=[A-Z]{2}\b)|(?<=[A-Z]\d{1,9})-?\r?\n[ \t>]{0,6}(?=\d)"
)
_LINE_CUT: Final = re.compile(r"\n[ \t>]{0,6}[^\W\d_A-Z]")
_NUMBER_CUT: Final = re.compile(r"\n(?:[ \t>]{0,6}\d|[A-Z]{2})")
_BEFORE_END, _AFTER_END, _HYPHEN_REACH = 20, 20, 5
# Where no property of Unicode is needed, Python's own `re` takes a fifth to a half of the time.
_SPACED: Final = re.compile(
    r"(?<![^\W_])[^\W_](?:([ .\-_*·/|,]|[^\x00-\x7f\w\s])(?:[^\W_])(?![^\W_]))"
    r"(?:\1(?:[ ]{0,3}|\1{0,2})[^\W_](?![^\W_])){2,60}"
)
_BASE64: Final = re.compile(
    # A word of small letters, or with a capital in front, is passed over as a whole.
    r"(?<![A-Za-z0-9+/_=-])={0,2}(?![A-Za-z][a-z]*+(?![A-Za-z0-9+/_=-]))[A-Za-z0-9+/_-]{6,}+(?:\r?\n[A-Za-z0-9+/_-]{8,}+){0,200}+={0,2}(?![A-Za-z0-9+/_=-])"
)
_HEX: Final = re.compile(
    r"(?<![0-9A-Za-z])(?:0x)?(?:(?:[0-9a-fA-F]{2}){5,}+|"
    r"[0-9a-fA-F]{2}(?:[ :-][0-9a-fA-F]{2}(?![0-9A-Za-z])){4,}+)(?![0-9A-Za-z])"
)
_PRINTABLE: Final = 0.9
_LETTERS: Final = 0.6
_SEPARATE: Final = regex.compile(r"(?<=\p{Ll})(?=\p{Lu})")
_LEAST_DECODED: Final = 4
_SHORT: Final = 8
"""Characters of base64 that need no sign of padding to be taken for it."""


def _entities(text: str) -> Iterator[Replaced]:
    if "&" in text:
        for match in _ENTITY.finditer(text):
            new = html.unescape(match[0])
            if new != match[0]:
                yield match.start(), match.end(), new


def _percent(text: str) -> Iterator[Replaced]:
    if "%" in text:
        for match in _PERCENT.finditer(text):
            yield match.start(), match.end(), unquote(match[0], errors="replace")


def _escapes(text: str) -> Iterator[Replaced]:
    if "\\" in text:
        for match in _ESCAPE.finditer(text):
            new = "".join(_char(int(code, 16)) for code in _ONE_ESCAPE.findall(match[0]))
            yield (
                match.start(),
                match.end(),
                new.encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
            )
        for match in _CONTROL_ESCAPE.finditer(text):
            yield match.start(), match.end(), " "


def _char(code: int) -> str:
    return chr(code) if code <= 0x10FFFF else ""


def _quoted_printable(text: str) -> Iterator[Replaced]:
    if "=" in text:
        for match in _QUOTED.finditer(text):
            yield (
                match.start(),
                match.end(),
                quopri.decodestring(match[0].encode()).decode("utf-8", "replace"),
            )


def _signs(text: str) -> Iterator[Replaced]:
    """Marks of Markdown and HTML within a word; an underscore parts words, the others do not."""
    if _MARKED.search(text):
        for match in _INLINE.finditer(text):
            yield match.start(), match.end(), ""
    for match in _WITHIN.finditer(text):
        if match[0] == "_":
            yield match.start(), match.end(), " "
        elif match[0] not in ("|", "\\", "^"):
            yield match.start(), match.end(), ""


def _breaks(text: str) -> Iterator[Replaced]:
    """Words and numbers that a line's end cuts in two."""
    if "\n" not in text:
        return
    # What may be broken is looked for at the ends of lines only.
    hyphened: list[tuple[int, int]] = []
    broken: list[tuple[int, int]] = []
    for cut in _LINE_CUT.finditer(text):
        before = text[max(0, cut.start() - _HYPHEN_REACH) : cut.start()].rstrip("\r")
        near = (max(0, cut.start() - _BEFORE_END), cut.end() + _AFTER_END)
        if "-" in before:
            hyphened.append(near)
        elif before[-1:].islower():
            broken.append(near)
    for match in _at(_HYPHENED, text, hyphened):
        yield match.start(), match.end(), ""
    for match in _at(_BROKEN, text, broken):
        first, second = match[1].lower(), match[2].lower()
        if not is_common(first) and not is_common(second):
            yield match.end(1), match.start(2), ""
    numbers = [
        (max(0, cut.start() - _BEFORE_END), cut.end() + 1)
        for cut in _NUMBER_CUT.finditer(text)
        if text[max(0, cut.start() - _HYPHEN_REACH) : cut.start()].rstrip(" \t\r-")[-1:].isdigit()
    ]
    for match in _at(_BROKEN_NUMBER, text, numbers):
        yield match.start(), match.end(), ""


def _at(form: Any, text: str, places: Iterable[tuple[int, int]]) -> Iterator[Any]:
    """What the form matches within the places, which may overlap; none twice."""
    last = 0
    for start, end in places:
        for match in form.finditer(text, max(start, last), end):
            last = match.end()
            yield match


def _spaced(text: str) -> Iterator[Replaced]:
    """Letters with the same sign between them all: "J o h n   S m i t h"."""
    for match in _SPACED.finditer(text):
        sign = match[1]
        words = [part.replace(sign, "").replace(" ", "") for part in regex.split(r"[ ]{2,}", match[0])]
        joined = " ".join(words)
        letters = sum(map(str.isalpha, joined))
        if letters >= _LEAST_DECODED or sum(map(str.isdigit, joined)) >= _LEAST_DECODED:
            yield match.start(), match.end(), _SEPARATE.sub(" ", joined)


def _base64(text: str) -> Iterator[Replaced]:
    for match in _BASE64.finditer(text):
        token = match[0]
        if _may_be_encoded(token):
            yield from next(
                filter(None, (list(_decoded(match, read)) for read in _base64_readings(token))), ()
            )


def _base64_readings(token: str) -> Iterator[Callable[[], bytes]]:
    """As it stands, and with the URL's signs."""
    compact = "".join(token.split()).strip("=")
    written = compact.replace("-", "+").replace("_", "/")
    yield partial(base64.b64decode, written + "=" * (-len(written) % 4))


def _may_be_encoded(token: str) -> bool:
    """Whether a token mixes letters as no word does: not a word, a name of code or a path."""
    if (
        token.isdigit()
        or (len(token) < _SHORT and not token.endswith("="))
        or (token.isalpha() and (token.islower() or token.istitle()))
    ):
        return False
    return not all(is_common(part.lower()) for part in regex.split(r"[^A-Za-z]+", token) if len(part) > 1)


def _hex(text: str) -> Iterator[Replaced]:
    for match in _HEX.finditer(text):
        digits = regex.sub(r"^0x|[ :-]", "", match[0])
        if not digits.isdigit() or " " not in match[0]:
            yield from _decoded(match, partial(bytes.fromhex, digits), least=_LEAST_HEX)


_LEAST_HEX: Final = 5


def _decoded(match: Any, decode: Callable[[], bytes], *, least: int = _LEAST_DECODED) -> Iterator[Replaced]:
    """The text that the bytes are, if they are one."""
    try:
        data = decode()
    except (binascii.Error, ValueError):
        return
    try:
        wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
        half = "utf-16-le" if not any(data[1::2]) else "utf-16-be" if not any(data[::2]) else "utf-8"
        new = data.decode("utf-16" if wide else half)
    except ValueError:
        return
    printable = sum(char.isprintable() or char in "\n\r\t" for char in new)
    letters = sum(char.isalnum() or char.isspace() for char in new)
    if len(new) >= least and printable == len(new) and letters >= _LETTERS * len(new):
        yield match.start(), match.end(), new


DECODERS: Final[tuple[Callable[[str], Iterator[Replaced]], ...]] = (
    _entities,
    _percent,
    _escapes,
    _quoted_printable,
    _signs,
    _breaks,
    _spaced,
    _base64,
    _hex,
)
