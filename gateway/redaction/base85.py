"""Ascii85, base85, Z85 and uuencoded words: printable signs of which four or five stand for three or four bytes."""

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from typing import Final

Replaced = tuple[int, int, str]

_TOKEN: Final = re.compile(r"(?<!\S)['\"]?([!-~]{8,400})(?!\S)")
_SIGN: Final = re.compile(r"[!#$%&()*+;<=>?@^`{|}~\"\[\]\\,:]")
_LINK: Final = re.compile(r"://|^www\.|^[\w.+-]+@[\w-]+(?:\.[\w-]+)+$|^\W*[A-Za-z'-]+\W*$|^[\d.,:/£$%()-]+$")
"""What people and programs write: links, addresses, a word between signs, numbers."""
_ALLOWED: Final = re.compile(r"[A-Za-z0-9 @./'+,:-]+")
_FEWEST: Final = 6
_FEW_SIGNS: Final = 5
"""Of so many characters one may be a sign."""
_OURS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~"
_Z85: Final = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#"
_FROM_Z85: Final = str.maketrans(_Z85, _OURS)


def _ascii85(token: str) -> bytes:
    return base64.a85decode(token, adobe=token.startswith("<~"))


def _z85(token: str) -> bytes:
    return base64.b85decode(token.translate(_FROM_Z85)).rstrip(b"\0")


def _uu(token: str) -> bytes:
    return binascii.a2b_uu(token)


_DECODERS: Final[tuple[Callable[[str], bytes], ...]] = (_ascii85, base64.b85decode, _z85, _uu)


def base85(text: str) -> Iterator[Replaced]:
    """The text that a word of letters and signs stands for, if it is nothing but letters and digits."""
    for match in _TOKEN.finditer(text):
        token = match[1].rstrip("'\"")
        for candidate in (token, token.rstrip(".,;:)")) if _may_be_encoded(token) else ():
            new = _decoded(candidate)
            if new:
                yield match.start(1), match.start(1) + len(candidate), new
                break


def _may_be_encoded(token: str) -> bool:
    inner = token[1:-1]
    return _SIGN.search(inner) is not None and _LINK.search(token) is None


def _decoded(token: str) -> str:
    for decode in _DECODERS:
        try:
            new = decode(token).decode("ascii").rstrip("\0")
        except (binascii.Error, ValueError):
            continue
        signs = sum(not char.isalnum() and char != " " for char in new)
        if len(new) >= _FEWEST and _ALLOWED.fullmatch(new) and signs <= max(1, len(new) // _FEW_SIGNS):
            return new
    return ""
