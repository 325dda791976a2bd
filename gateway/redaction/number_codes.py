"""Letters written as the numbers of their code: 0x4A, U+004A, 4Ah, chr(74), &#74, 112, 1001010."""

import re
from collections.abc import Iterator
from typing import Final

Replaced = tuple[int, int, str]

_GAP: Final = r"[ ,;+|\t]{1,3}"
_MAYBE: Final = re.compile(
    r"(?:0x|u\+|%u|\\'|\\char|char\(|chr\(|&#|[0-9a-f]h\b"
    r"|\d{2,8}[ ,;+|\t-]{1,3}\d{2,8}[ ,;+|\t-]{1,3}\d{2,8})",
    re.IGNORECASE,
)
_ITEM: Final = (
    (
        re.compile(
            rf"(?<![^\W_])0x[0-9a-f]{{2,4}}(?:{_GAP}0x[0-9a-f]{{2,4}}){{3,200}}(?![^\W_])", re.IGNORECASE
        ),
        16,
        r"0x([0-9a-f]+)",
    ),
    (
        re.compile(r"U\+[0-9a-f]{4,5}(?:[ ,;+|\t]{0,3}U\+[0-9a-f]{4,5}){3,200}(?![^\W_])", re.IGNORECASE),
        16,
        r"U\+([0-9a-f]+)",
    ),
    (
        re.compile(rf"(?<![^\W_])[0-9a-f]{{2}}h(?:{_GAP}[0-9a-f]{{2}}h){{3,200}}(?![^\W_])", re.IGNORECASE),
        16,
        r"([0-9a-f]{2})h",
    ),
    (re.compile(r"chr\(\d{2,5}\)(?:[ .,;+&|]{0,4}chr\(\d{2,5}\)){3,200}", re.IGNORECASE), 10, r"(\d+)"),
    (re.compile(r"%u[0-9a-f]{4}(?:%u[0-9a-f]{4}){3,200}", re.IGNORECASE), 16, r"%u([0-9a-f]{4})"),
    (re.compile(r"\\'[0-9a-f]{2}(?:\\'[0-9a-f]{2}){3,200}", re.IGNORECASE), 16, r"'([0-9a-f]{2})"),
    (re.compile(r"\\char ?\d{2,5}(?:\s?\\char ?\d{2,5}){3,200}"), 10, r"(\d+)"),
    (
        re.compile(
            r"(?:n?char|ascii|ord)\(\d{2,5}\)(?:[ .,;+&|]{0,4}n?char\(\d{2,5}\)){3,200}", re.IGNORECASE
        ),
        10,
        r"(\d+)",
    ),
    (re.compile(r"&#\d{2,5}(?:&#\d{2,5}){3,200}(?![\d;])"), 10, r"(\d+)"),
    (re.compile(rf"(?<![\d.])[01]{{7,8}}(?:{_GAP}[01]{{7,8}}){{3,200}}(?![\d.])"), 2, r"([01]+)"),
    (
        re.compile(
            rf"(?<![\d.])(?:0[4-7]\d|1[0-7]\d)(?:{_GAP}(?:0[4-7]\d"
            rf"|1[0-7]\d)){{3,200}}(?![\d.])"
        ),
        8,
        r"([0-7]{3})",
    ),
    (
        re.compile(rf"(?<![^\W_])[2-7][0-9a-f](?:{_GAP}[2-7][0-9a-f]){{7,200}}(?![^\W_])", re.IGNORECASE),
        16,
        r"([2-7][0-9a-f])",
    ),
)
_DECIMAL: Final = re.compile(
    rf"(?<![\d.])(?:3[2-9]|[4-9]\d|1[01]\d|12[0-6])(?:{_GAP}(?:3[2-9]|[4-9]\d|1[01]\d"
    rf"|12[0-6])){{7,200}}(?![\d.])"
)
_PLACES: Final = re.compile(r"(?<![\d-])(?:[1-9]|1\d|2[0-6])(?:-(?:[1-9]|1\d|2[0-6])){6,60}(?!\d|-\d)")
"""Letters by their places in the alphabet."""
_DIGITS_ONLY: Final = re.compile(r"(?:(?:4[358]|49|5[0-7]|32)[ ,;+|\t]{0,3})+")
"""Digits, and what stands between them, by their numbers in ASCII."""
_FIRST: Final = ord("a") - 1
_ALLOWED: Final = re.compile(r"[\w @./'+-]+")


def number_codes(text: str) -> Iterator[Replaced]:
    """The text that a run of numbers stands for, where it is made of letters, digits and what stands between them."""
    if not _MAYBE.search(text):
        return
    for form, base, item in _ITEM:
        for match in form.finditer(text):
            codes = [
                int(code, base) for code in re.findall(item, match[0], re.IGNORECASE) if _is_in(code, base)
            ]
            new = "".join(chr(code) for code in codes if code <= 0x10FFFF)
            if base > 10 and _DIGITS_ONLY.fullmatch(match[0]):
                continue  # read as decimal below
            if _ALLOWED.fullmatch(new):
                yield match.start(), match.end(), new
    for match in _DECIMAL.finditer(text):
        new = "".join(chr(int(code)) for code in re.findall(r"\d+", match[0]))
        if _ALLOWED.fullmatch(new):
            yield match.start(), match.end(), new
    for match in _PLACES.finditer(text):
        yield match.start(), match.end(), "".join(chr(_FIRST + int(place)) for place in match[0].split("-"))


def _is_in(code: str, base: int) -> bool:
    return base > 8 or all(int(digit) < base for digit in code)
