"""Text in bytes: compressed, in another encoding, under one key, or written with the digits of another base.

Data that is no text by chance is no text by any of these either: only what comes out as letters, digits and the signs
of a name, a number or an address is taken for one.
"""

import bz2
import lzma
import re
import string
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Final

from gateway.redaction.lexicon import UNLISTED, lexicon

Replaced = tuple[int, int, str]

_MOST: Final = 20_000
"""Bytes that are taken out of compressed ones: small data can hold gigabytes."""
_WORDS: Final = frozenset((string.ascii_letters + string.digits + " .,@'_+-\n").encode())
_SHORTEST: Final = 6
"""Bytes of which fewer are text by chance."""
_SHORTEST_KEYED: Final = 9
_SHORTEST_UNKNOWN: Final = 12
"""Of fewer bytes some key makes a text by chance."""
_UPPER, _LOWER, _DIGITS = string.ascii_uppercase, string.ascii_lowercase, string.digits
_STANDARD: Final = _UPPER + _LOWER + _DIGITS + "+/"
_BASES: Final = (
    "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz",  # Bitcoin's base58
    _DIGITS + _UPPER + _LOWER,
    _DIGITS + _LOWER + _UPPER,
    _UPPER + _LOWER + _DIGITS,
    _DIGITS + _LOWER,
    _DIGITS,
)
_SIXES: Final = (
    "./" + _DIGITS + _UPPER + _LOWER,  # crypt(3)
    "+-" + _DIGITS + _UPPER + _LOWER,  # xxencode
    _DIGITS + _UPPER + _LOWER + "+/",
)
"""Alphabets of six bits a letter beside base64's own."""
_TOKEN: Final = re.compile(r"(?<![\w+/=-])[\w+/-]{9,200}(?![\w+/=-])")
_POSTCODE: Final = re.compile(r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}")
_IN_FOURS: Final = re.compile(r"(?<![\w+/=-])(?:[A-Za-z0-9+/]{4} ){2,40}[A-Za-z0-9+/]{2,4}={0,2}(?![\w+/=-])")
_HEX_IN_FOURS: Final = re.compile(r"(?<![\w])(?:[0-9A-Fa-f]{4} ){2,60}(?:[0-9A-Fa-f]{2}){1,2}(?![\w])")
_PUNYCODE: Final = re.compile(r"xn--([a-z0-9-]{2,59})", re.IGNORECASE)
_MIXED: Final = re.compile(r"[A-Za-z]\d|\d[A-Za-z]|[a-z][A-Z]|\d{17}")
_THIRTY_TWO: Final = re.compile(r"(?:[a-z2-7]+|[A-Z2-7]+|[0-9a-v]+|[0-9A-V]+)\Z")
_UU_START: Final = re.compile(r"(?<!\S)[#-M](?=[!-`]{3,60}(?![a-z]))")
_UU_LINE: Final = re.compile(r"[ -`]+")
_HEX: Final = re.compile(r"(?:[0-9a-fA-F]{2}){6,}\Z")


def unpacked(data: bytes) -> bytes | None:
    """What was compressed, by any of the usual ways, if anything was."""
    if len(data) < _SHORTEST:
        return None
    for head, open_ in _PACKERS:
        if data.startswith(head):
            try:
                return open_(data)
            except (zlib.error, OSError, ValueError, EOFError, lzma.LZMAError):
                continue
    return None


def _inflated(bits: int) -> Callable[[bytes], bytes]:
    return lambda data: zlib.decompressobj(bits).decompress(data, _MOST)


def _unzipped(data: bytes) -> bytes:
    return bz2.BZ2Decompressor().decompress(data, _MOST)


def _unpacked_lzma(data: bytes) -> bytes:
    return lzma.LZMADecompressor(memlimit=2**26).decompress(data, _MOST)


_PACKERS: Final[tuple[tuple[bytes, Callable[[bytes], bytes]], ...]] = (
    (b"\x1f\x8b", _inflated(31)),
    (b"x", _inflated(15)),
    (b"BZh", _unzipped),
    (b"\xfd7zXZ", _unpacked_lzma),
    (b"\x5d\x00", _unpacked_lzma),
    (b"", _inflated(-15)),
)


def text_in(data: bytes) -> str | None:
    """The text in bytes that are none as they stand: compressed, EBCDIC, or under a key of one byte."""
    plain = unpacked(data)
    if plain is not None and len(plain) >= _SHORTEST:
        with suppress(UnicodeError):
            text = plain.decode("utf-8")
            if all(char.isprintable() or char in "\n\r\t" for char in text) and _is_mostly_words(text):
                return text
    ebcdic = data.decode("cp500").encode("ascii", "replace")
    if _is_words(ebcdic, _SHORTEST):
        return ebcdic.decode()
    if len(data) >= _SHORTEST_KEYED:
        # The first byte may be the key, as where pages hide addresses.
        keyed = [bytes(byte ^ data[0] for byte in data[1:])]
        if len(data) >= _SHORTEST_UNKNOWN:
            keyed += [bytes(byte ^ key for byte in data) for key in _keys(data)]
        for new in keyed:
            if _is_words(new, _SHORTEST_KEYED) and _says(new):
                return new.decode()
    return None


def _is_mostly_words(text: str) -> bool:
    return sum(char.isalnum() or char.isspace() for char in text) >= len(text) * 3 // 5


def _keys(data: bytes) -> Iterator[int]:
    """Keys under which all is ASCII: text differs in its lower seven bits only."""
    if len({byte & 0x80 for byte in data}) == 1 and len(set(data)) > len(data) // 4:
        high = data[0] & 0x80
        yield from range(high or 1, high + 0x80)


def _is_words(data: bytes, shortest: int) -> bool:
    return len(data) >= shortest and _WORDS.issuperset(data)


def _says(data: bytes) -> bool:
    """Whether letters are written as words are, or most of it is digits."""
    text = data.decode("ascii", "replace")
    if _POSTCODE.fullmatch(text):
        return True
    digits = sum(map(str.isdigit, text))
    if digits >= len(text) // 2:
        return sum(map(str.isalpha, text)) <= 3
    words = re.findall(r"[A-Za-z]+", text)
    usual = all(word.islower() or word.isupper() or word.istitle() for word in words)
    return usual and sum(map(len, words)) >= len(text) * 3 // 5 and max(map(len, words)) > 2


def packed(text: str) -> Iterator[Replaced]:
    """Tokens that mix letters and digits as no word does, and are text in some base."""
    for match in _TOKEN.finditer(text):
        token = match[0]
        if _MIXED.search(token) and not _is_ordinary(token):
            new = next(filter(None, _readings(token)), None)
            if new is not None:
                yield match.start(), match.end(), new
    for match in _IN_FOURS.finditer(text):
        compact = match[0].replace(" ", "").rstrip("=")
        new = _words(_bits(compact, _STANDARD, 6)) if _MIXED.search(compact) else None
        if new is not None:
            yield match.start(), match.end(), new
    for match in _HEX_IN_FOURS.finditer(text):
        new = _words(bytes.fromhex(match[0].replace(" ", "")))
        if new is not None:
            yield match.start(), match.end(), new
    if "xn--" in text:
        for match in _PUNYCODE.finditer(text):
            with suppress(UnicodeError):
                yield match.start(), match.end(), match[1].encode().decode("punycode")


def _is_ordinary(token: str) -> bool:
    words = re.findall(r"[A-Z]?[a-z]+|[A-Z]+", token)
    listed = lexicon()
    return (
        not token.isdigit()
        and all(listed.size(word.lower()) < UNLISTED for word in words if len(word) > 2)
        and any(len(word) > 2 for word in words)
    )


def _readings(token: str) -> Iterator[str | None]:
    if _HEX.match(token):
        yield _words(bytes.fromhex(token[::-1]))
        yield _beneath(bytes.fromhex(token))
    for alphabet in _BASES:
        if set(token) <= set(alphabet):
            yield _words(_in_base(token, alphabet))
    if _THIRTY_TWO.match(token):
        upper = token.upper()
        for alphabet in (_UPPER + "234567", _DIGITS + "ABCDEFGHIJKLMNOPQRSTUV"):
            if set(upper) <= set(alphabet):
                yield _words(_bits(upper, alphabet, 5))
    for alphabet in _SIXES:
        if set(token) <= set(alphabet):
            yield _words(_bits(token, alphabet, 6))
            yield _words(_bits(token[1:], alphabet, 6))


def _words(data: bytes) -> str | None:
    return data.decode() if _is_words(data, _SHORTEST) and _says(data) else None


def _beneath(data: bytes) -> str | None:
    return None if _is_words(data, 1) else text_in(data)


def _in_base(token: str, alphabet: str) -> bytes:
    number = 0
    for char in token:
        number = number * len(alphabet) + alphabet.index(char)
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def _bits(token: str, alphabet: str, width: int) -> bytes:
    number = 0
    for char in token:
        number = number << width | alphabet.index(char)
    spare = len(token) * width % 8
    return (number >> spare).to_bytes(len(token) * width // 8, "big").rstrip(b"\x00")


def uuencoded(text: str) -> Iterator[Replaced]:
    """Lines of uuencode, whose first sign says how many bytes follow."""
    at = 0
    while match := _UU_START.search(text, at):
        at = match.end()
        count = ord(match[0]) - 32
        length = -(-count // 3) * 4
        line = text[match.end() : match.end() + length]
        if len(line) < length or not _UU_LINE.fullmatch(line):
            continue
        data = _uu(count, line)
        if _is_words(data, 4) and (len(data) >= _SHORTEST or sum(map(bytes.isdigit, _single(data))) > 1):
            yield match.start(), match.end() + length, data.decode()
            at = match.end() + length


def _single(data: bytes) -> Iterator[bytes]:
    return (data[at : at + 1] for at in range(len(data)))


def _uu(count: int, line: str) -> bytes:
    number = 0
    for char in line:
        number = number << 6 | (ord(char) - 32) & 0x3F
    return number.to_bytes(len(line) * 6 // 8, "big")[:count]
