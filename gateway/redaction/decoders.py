"""What hides a value within a text, and what it says: entities, escapes, encodings, signs within words, leet.

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

from gateway.redaction.base85 import base85
from gateway.redaction.counted_out import counted_out
from gateway.redaction.framed import framed
from gateway.redaction.in_order import in_order
from gateway.redaction.letters_apart import doubled, joined_strings, letters_apart, phonetic
from gateway.redaction.lexicon import UNLISTED, lexicon
from gateway.redaction.markup import markup
from gateway.redaction.number_codes import number_codes
from gateway.redaction.other_alphabets import other_alphabets
from gateway.redaction.packed import packed, text_in, uuencoded

Replaced = tuple[int, int, str]

_ENTITY: Final = regex.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,31}\d{0,2});")
_PERCENT: Final = regex.compile(r"(?:%[0-9A-Fa-f]{2})+")
_ESCAPE: Final = regex.compile(
    r"(?:\\{1,8}(?:u[0-9a-fA-F]{4}|u\{[0-9a-fA-F]{1,6}\}|x[0-9a-fA-F]{2}|U[0-9a-fA-F]{8}))+"
)
"""With several backslashes where JSON stands in JSON."""
_ONE_ESCAPE: Final = regex.compile(r"\\[uxU]\{?([0-9a-fA-F]+)\}?")
_STYLED: Final = re.compile(r"(?:\\[0-9a-fA-F]{6} ?){3,}+")
_OCTAL: Final = re.compile(r"(?:\\{1,2}[01][0-7]{2}){3,}+")
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
_LEET: Final = regex.compile(
    r"(?<![\p{L}\d@$_./#-])(?:\p{L}|[0134578@$](?=\p{L}{2}))[\p{L}0134578@$!]{0,30}[0134578@$!]"
    r"\p{L}[\p{L}0134578@$!]{0,30}+(?![\d@_/])"
)
# What is looked at closer: most text is ruled out.
_WITH_SIGN: Final = re.compile(r"(?<!\S)[^\s0134578@$!]*+[0134578@$!]\S*")
_ADDRESS: Final = re.compile(r"[\w.+-]@[\w-]+\.\w")
_MAYBE_CODES: Final = re.compile(r"(?:\d{2,3}[ ,;]{1,2}){4}\d{2}")
_LEET_LETTERS: Final = str.maketrans("0134578@$!", "oieastbasi")
_BASE64: Final = re.compile(
    # A word of small letters, or with a capital in front, is passed over as a whole.
    r"(?<![A-Za-z0-9+/_=-])={0,2}(?![A-Za-z][a-z]*+(?![A-Za-z0-9+/_=-]))[A-Za-z0-9+/_-]{6,}+(?:\r?\n[A-Za-z0-9+/_-]{8,}+){0,200}+={0,2}(?![A-Za-z0-9+/_=-])"
)
_BASE32: Final = re.compile(
    r"(?<![A-Za-z0-9=])(?:[A-Z2-7]{16,}+|(?=[a-z]{0,40}\d)[a-z2-7]{16,}+|[0-9A-V]{16,}+)={0,6}(?![A-Za-z0-9=])"
)
_HEX: Final = re.compile(
    r"(?<![0-9A-Za-z])(?:0x)?(?:(?:[0-9a-fA-F]{2}){5,}+|"
    r"[0-9a-fA-F]{2}(?:[ :-][0-9a-fA-F]{2}(?![0-9A-Za-z])){4,}+)(?![0-9A-Za-z])"
)
_BINARY: Final = regex.compile(r"(?<![01])[01]{8}(?:[ ,]?[01]{8}){2,}+(?![01])")
_CODES: Final = re.compile(
    r"(?<![\d.])(?:(?:3[2-9]|[4-9]\d|1[01]\d|12[0-6])[ ,;]{1,2}){4,200}(?:3[2-9]|[4-9]\d|1[01]\d"
    r"|12[0-6])(?![\d.])"
)
_NUMBERS: Final = regex.compile(r"\d+")
_PRINTABLE: Final = 0.9
_LETTERS: Final = 0.6
_SEPARATE: Final = regex.compile(r"(?<=\p{Ll})(?=\p{Lu})")
_LEAST_DECODED: Final = 4
_SHORT: Final = 8
"""Characters of base64 that need no sign of padding to be taken for it."""
_COMMON: Final = 70


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
        for form, base in ((_STYLED, 16), (_OCTAL, 8)):
            for match in form.finditer(text):
                codes = match[0].replace("\\", " ").split()
                yield match.start(), match.end(), "".join(_char(int(code, base)) for code in codes)
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
    listed = lexicon()
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
        if listed.size(first) > _COMMON and listed.size(second) > _COMMON:
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


def _leet(text: str) -> Iterator[Replaced]:
    """Digits and signs for letters within a word, where no identifier has them: "Sm1th"."""
    for run in _WITH_SIGN.finditer(text):
        if "@" in run[0] and _ADDRESS.search(run[0]):
            continue  # an address is read as one
        for match in _LEET.finditer(text, *run.span()):
            word = match[0]
            if len(word) >= _LEAST_DECODED and sum(map(str.isalpha, word)) >= _LETTERS * len(word):
                yield match.start(), match.end(), word.translate(_LEET_LETTERS)


def _base64(text: str) -> Iterator[Replaced]:
    for match in _BASE64.finditer(text):
        token = match[0]
        if _may_be_encoded(token):
            yield from next(
                filter(None, (list(_decoded(match, read)) for read in _base64_readings(token))), ()
            )


def _base64_readings(token: str) -> Iterator[Callable[[], bytes]]:
    """As it stands, with the URL's signs, back to front, and in groups with hyphens between them."""
    compact = "".join(token.split()).strip("=")
    plain = compact.replace("-", "+").replace("_", "/")
    for written in dict.fromkeys((plain, plain[::-1], compact.replace("-", ""))):
        yield partial(base64.b64decode, written + "=" * (-len(written) % 4))


def _may_be_encoded(token: str) -> bool:
    """Whether a token mixes letters as no word does: not a word, a name of code or a path."""
    if (
        token.isdigit()
        or (len(token) < _SHORT and not token.endswith("="))
        or (token.isalpha() and (token.islower() or token.istitle()))
    ):
        return False
    return not all(
        lexicon().size(part.lower()) < UNLISTED for part in regex.split(r"[^A-Za-z]+", token) if len(part) > 1
    )


def _base32(text: str) -> Iterator[Replaced]:
    for match in _BASE32.finditer(text):
        token = match[0].rstrip("=").upper()
        padded = token + "=" * (-len(token) % 8)
        yield from list(_decoded(match, partial(base64.b32decode, padded))) or _decoded(
            match, partial(base64.b32hexdecode, padded)
        )


def _hex(text: str) -> Iterator[Replaced]:
    for match in _HEX.finditer(text):
        digits = regex.sub(r"^0x|[ :-]", "", match[0])
        if not digits.isdigit() or " " not in match[0]:
            yield from _decoded(match, partial(bytes.fromhex, digits), least=_LEAST_HEX)


_LEAST_HEX: Final = 5


def _binary(text: str) -> Iterator[Replaced]:
    for match in _BINARY.finditer(text):
        bits = regex.sub(r"[ ,]", "", match[0])
        data = bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits) - 7, 8))
        yield from _decoded(match, partial(bytes, data), least=3)


def _codes(text: str) -> Iterator[Replaced]:
    """Letters by their numbers in ASCII; with a small letter among them, since scores are numbers too."""
    if not _MAYBE_CODES.search(text):
        return
    for match in _CODES.finditer(text):
        new = "".join(chr(int(number)) for number in _NUMBERS.findall(match[0]))
        if any(map(str.islower, new)) and sum(map(str.isalpha, new)) >= _PRINTABLE * len(
            new.replace(" ", "x")
        ):
            yield match.start(), match.end(), new


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
        beneath = text_in(data)
        if beneath is not None:
            yield match.start(), match.end(), beneath
        return
    printable = sum(char.isprintable() or char in "\n\r\t" for char in new)
    letters = sum(char.isalnum() or char.isspace() for char in new)
    if len(new) >= least and printable == len(new) and letters >= _LETTERS * len(new):
        yield match.start(), match.end(), new
    elif (beneath := text_in(data)) is not None:
        yield match.start(), match.end(), beneath


DECODERS: Final[tuple[Callable[[str], Iterator[Replaced]], ...]] = (
    _entities,
    _percent,
    _escapes,
    _quoted_printable,
    _signs,
    _breaks,
    _spaced,
    _leet,
    _base64,
    _base32,
    _hex,
    _binary,
    _codes,
    letters_apart,
    joined_strings,
    doubled,
    phonetic,
    number_codes,
    base85,
    packed,
    uuencoded,
    markup,
    counted_out,
    in_order,
    other_alphabets,
    framed,
)
