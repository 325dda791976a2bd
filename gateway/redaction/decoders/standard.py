"""The standard ways in which apps and people encode a text, and what it says: docs/threat-model.md lists them.

Each decoder yields ranges with what is read in their place. Their expressions take linear time.
"""

import base64
import binascii
import html
import quopri
import re
import string
import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final
from urllib.parse import unquote

import regex  # type: ignore[import-untyped]  # it ships no types

from gateway.redaction.lexicon import ELEMENTS, is_common
from gateway.redaction.text.rewritten import Replacement

_ENTITY: Final = regex.compile(r"&(?:#\d{1,7};?|#[xX][0-9a-fA-F]{1,6};?|[A-Za-z]{2,31}\d{0,2};)")
_PERCENT: Final = regex.compile(r"(?:%[0-9A-Fa-f]{2})+")
_ESCAPE: Final = regex.compile(
    r"(?:\\{1,8}(?:u[0-9a-fA-F]{4}|u\{[0-9a-fA-F]{1,6}\}|x[0-9a-fA-F]{2}|U[0-9a-fA-F]{8}))+"
)
"""With several backslashes where JSON stands in JSON."""
_ONE_ESCAPE: Final = regex.compile(r"\\[uxU]\{?([0-9a-fA-F]+)\}?")
_CONTROL_ESCAPE: Final = regex.compile(r"\\[nrt](?=\W|\p{Lu}|\d|$)|(?<=[A-Za-z0-9+/]{16})(?:\\r)?\\n")
_QUOTED: Final = regex.compile(
    r"(?:=[0-9A-F]{2}){2,}|(?<=\p{L})=[89A-F][0-9A-F](?=\p{L})|(?<=\w)=\r?\n(?=\w)"
)
_INLINE: Final = regex.compile(
    r"(?:</?(?:b|i|u|em|strong|span|font|mark|small|big|code|tt|s|del|ins|su[bp]|a|abbr|wbr)"
    r"(?: [^<>\n]{0,80})?/?>){1,6}"
    r"|(?<=[\p{L}\d])<!--[^<>\n]{0,80}-->(?=[\p{L}\d])",
    regex.IGNORECASE,
)
"""Tags that change a word's look only."""
_PARTING: Final = regex.compile(r"(?<=[\p{L}\d.])(?:</?[A-Za-z][^<>\n]{0,80}>){1,6}(?=[\p{L}\d+(@])")
"""A run that has any other tag ends a word, a cell or a line."""
_EMPHASIS: Final = regex.compile(r"(?<=[\p{L}\d] ?)[*~`]{1,3}(?= ?[\p{L}\d])|(?<=[\p{L}\d])\\(?=[.@_*+-])")
"""Markdown's marks within a word or a number, and its escapes."""
_UNDERSCORE: Final = re.compile(r"(?<=[^\W_])_(?=\d)|(?<=\d)_(?=[^\W\d_])")
_HYPHENED: Final = regex.compile(r"(?<=\p{L}{2})-[ \t]{0,2}\r?\n[ \t>]{0,6}(?=\p{Ll}{2})")
_BROKEN_NUMBER: Final = regex.compile(
    r"(?<=\d)[ \t]{0,3}-\r?\n[ \t>]{0,6}(?=\d)|(?<=\b[A-Z]{1,2}\d[A-Z\d]? ?\d)\r?\n(?=[A-Z]{2}\b)"
)
"""Without a hyphen two lines that end and begin with digits are mostly rows."""
_MISREAD: Final = re.compile(
    r"[OIlS](?:(?=\d)(?:(?<=\d[OIlS])|(?<=\d[./-][OIlS])|(?<![^\W_][OI])(?<=[OI]))|(?<=\d[OIl])(?:(?=[A-Z])|(?![^\W_])))"
)
_FORMULA: Final = re.compile(rf"(?<![^\W_])(?:{ELEMENTS}|\d)*$")
"""What stands before a letter in the formula of a substance: C6H12O6."""
_DIGITS: Final = str.maketrans("OIlS", "0115")
# Where no property of Unicode is needed, Python's own `re` takes a fifth to a half of the time.
_SPACED: Final = re.compile(
    r"(?<![^\W_])[^\W_](?:([ .\-_*·/|,]|[^\x00-\x7f\w\s])(?:[^\W_])(?![^\W_]))"
    r"(?:\1(?:[ ]{0,3}|\1{0,2})[^\W_](?![^\W_])){2,60}"
)
_BASE64: Final = re.compile(
    # A word of small letters, or with a capital in front, is passed over as a whole.
    r"(?<![A-Za-z0-9+/_=-])={0,2}(?![A-Za-z][a-z]*+(?![A-Za-z0-9+/_=-]))[A-Za-z0-9+/_-]{6,}+(?:\r?\n[A-Za-z0-9+/_-]{4,}+)*+={0,2}(?![A-Za-z0-9+/_=-])"
)
_LINE: Final = re.compile(r"[^\r\n]+")
_HEX: Final = re.compile(
    r"(?<![0-9A-Za-z])(?:0x)?(?:(?:[0-9a-fA-F]{2}){5,}+|"
    r"[0-9a-fA-F]{2}(?:[ :-][0-9a-fA-F]{2}(?![0-9A-Za-z])){4,}+)(?![0-9A-Za-z])"
)
_LETTERS: Final = 0.6
_CERTAIN: Final = 16
"""Characters that other data hardly ever decodes to, whatever they are."""
_SEPARATE: Final = regex.compile(r"(?<=\p{Ll})(?=\p{Lu})")
_MIN_DECODED: Final = 4
_SHORT: Final = 8
"""Characters of base64 that need no sign of padding to be taken for it."""


def _unescaped(escapes: re.Match[str]) -> str:
    codes = [int(code, 16) for code in _ONE_ESCAPE.findall(escapes[0])]
    chars = "".join(chr(code) for code in codes if code <= sys.maxunicode)
    return chars.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _unquoted(quoted: re.Match[str]) -> str:
    data = quopri.decodestring(quoted[0].encode())
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _nothing(_mark: re.Match[str]) -> str:
    return ""


_FORMS: Final[tuple[tuple[str, Any, Callable[[re.Match[str]], str]], ...]] = (
    ("&", _ENTITY, lambda entity: html.unescape(entity[0])),
    ("%", _PERCENT, lambda encoded: unquote(encoded[0], errors="replace")),
    ("\\", _ESCAPE, _unescaped),
    ("\\", _CONTROL_ESCAPE, lambda escape: "\n" if escape[0].endswith("n") else " "),
    ("=", _QUOTED, _unquoted),
    ("<", _INLINE, _nothing),
    ("<", _PARTING, lambda _tags: " | "),
    ("", _EMPHASIS, _nothing),
    ("_", _UNDERSCORE, lambda _sign: " "),
    ("\n", _HYPHENED, _nothing),
    ("\n", _BROKEN_NUMBER, _nothing),
)
"""The sign that a text must have, what is then looked for, and what is read in its place."""


def _by_forms(text: str) -> Iterator[Replacement]:
    for sign, form, read in _FORMS:
        for match in form.finditer(text) if sign in text else ():
            yield match.start(), match.end(), read(match)


def _misread(text: str) -> Iterator[Replacement]:
    """Letters that a scanner has read beside digits, in place of digits: "A55O1FH", "W4I8 LKB"."""
    for match in _MISREAD.finditer(text):
        before = _FORMULA.search(text, max(0, match.start() - 20), match.start())
        if before is None or sum(map(str.isalpha, before[0])) < 2:
            yield match.start(), match.end(), match[0].translate(_DIGITS)


def _spaced(text: str) -> Iterator[Replacement]:
    """Letters with the same sign between them all: "J o h n   S m i t h"."""
    for match in _SPACED.finditer(text):
        sign = match[1]
        words = [part.replace(sign, "").replace(" ", "") for part in regex.split(r"[ ]{2,}", match[0])]
        joined = " ".join(words)
        letters = sum(map(str.isalpha, joined))
        if joined in string.digits:
            continue  # somebody counts
        if letters >= _MIN_DECODED or sum(map(str.isdigit, joined)) >= _MIN_DECODED:
            yield match.start(), match.end(), _SEPARATE.sub(" ", joined)


def _base64(text: str) -> Iterator[Replacement]:
    """In its own signs or the URL's, over several lines."""
    for match in _BASE64.finditer(text):
        for start, end in _blocks(match):
            new = decoded_base64(text[start:end]) if _may_be_encoded(text[start:end]) else None
            if new is not None:
                yield start, end, new
                break


def _blocks(match: re.Match[str]) -> Iterator[tuple[int, int]]:
    """What may be one encoded text: all of it, or its lines of the same length with what is left of the last."""
    yield match.span()
    lines = [(line.start(), line.end()) for line in _LINE.finditer(match.string, *match.span())]
    longest = max((end - start for start, end in lines), default=0)
    whole = [at for at, (start, end) in enumerate(lines) if end - start == longest]
    if len(lines) > 1:
        first, last = whole[0], whole[-1]
        yield lines[first][0], lines[min(last + 1, len(lines) - 1)][1]
        yield lines[first][0], lines[last][1]


def decoded_base64(token: str) -> str | None:
    """The text that `token` is in base64, or None."""
    normalised = "".join(token.split()).strip("=").replace("-", "+").replace("_", "/")
    return _text_of(lambda: base64.b64decode(normalised + "=" * (-len(normalised) % 4), validate=True))


def _may_be_encoded(token: str) -> bool:
    """Whether a token mixes letters as no word does: not a word, a name of code or a path."""
    if (
        token.isdigit()
        or (len(token) < _SHORT and not token.endswith("="))
        or (token.isalpha() and (token.islower() or token.istitle()))
    ):
        return False
    return not all(is_common(part.lower()) for part in regex.split(r"[^A-Za-z]+", token) if len(part) > 1)


def _hex(text: str) -> Iterator[Replacement]:
    for match in _HEX.finditer(text):
        digits = regex.sub(r"^0x|[ :-]", "", match[0])
        if not digits.isdigit() or " " not in match[0]:
            new = _text_of(partial(bytes.fromhex, digits), least=5)
            if new is not None:
                yield match.start(), match.end(), new


def _text_of(decode: Callable[[], bytes], least: int = _MIN_DECODED) -> str | None:
    """The text that the bytes are, if they are one."""
    try:
        data = decode()
        wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
        half = "utf-16-le" if not any(data[1::2]) else "utf-16-be" if not any(data[::2]) else "utf-8"
        text = data.decode("utf-16" if wide else half)
    except (binascii.Error, ValueError):
        return None
    printable = all(char.isprintable() or char in "\n\r\t" for char in text)
    letters = sum(char.isalnum() or char.isspace() for char in text)
    certain = len(text) >= _CERTAIN or letters >= _LETTERS * len(text)
    return text if len(text) >= least and printable and certain else None


DECODERS: Final[tuple[Callable[[str], Iterator[Replacement]], ...]] = (
    _by_forms,
    _misread,
    _spaced,
    _base64,
    _hex,
)
