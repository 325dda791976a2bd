"""Identifiers: references, registration marks, telephone numbers, addresses; compared without their signs."""

import re
from collections.abc import Iterator
from typing import Final

from gateway.evidence.facts import NEAR_DIGIT, Fact, Key, TakenRanges

_ADDRESS: Final = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"
    r"|\bhttps?://[^\s<>()\"’]{1,2000}[^\s<>()\"’.,;:]|\bwww\.[^\s<>()]{1,2000}[\w/]"
)
_ADDRESS_SIGN: Final = re.compile(r"@|https?:|www\.")
_POSTCODE: Final = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b")
_NINO: Final = re.compile(r"\b[A-Z]{2}\s?\d{2}\s?\d{2}\s?\d{2}\s?[A-D]\b")
_PARTED: Final = re.compile(
    r"(?<![\w£€$.,/-])(?:\+\d{1,3}\s?|\(0\d{2,4}\)\s?)?\d[\d -]{6,18}\d(?![\w%]|[.,]\d)"
)
_MIXED: Final = re.compile(
    r"(?<![\w£$€@./-])(?=[\w/-]{0,40}\d)(?=[\w/-]{0,40}[A-Z])[A-Z\d]{1,30}(?:[/-][A-Z\d]{1,30}){0,6}(?![\w@]|[/-]\w)"
)
_SLASHED: Final = re.compile(r"(?<![\w£€$/-])\d+(?:[/-]\d+){1,4}(?![\w/-])")
_LONG: Final = re.compile(r"(?<![\w£€$.,])\d{6,20}(?![\w%]|[.,]\d)")
_SIGNS: Final = re.compile(r"[^a-z0-9]")
_MIN_DIGITS: Final = 7
_MAX_DIGITS: Final = 16
_ORDINAL: Final = re.compile(r"\d+(?:ST|ND|RD|TH|S|K|M|AM|PM|P)|[A-Z]{1,3}\d", re.IGNORECASE)


def identifiers_of(text: str, taken: TakenRanges) -> Iterator[Fact]:
    """What has no other meaning than to name one thing."""
    for pattern in (_ADDRESS, _NINO, _POSTCODE, _PARTED, _MIXED, _SLASHED, _LONG):
        for match in taken.matches(pattern, _ADDRESS_SIGN if pattern is _ADDRESS else NEAR_DIGIT):
            if pattern is _PARTED and not _MIN_DIGITS <= sum(map(str.isdigit, match[0])) <= _MAX_DIGITS:
                continue
            if pattern is _MIXED and (_ORDINAL.fullmatch(match[0]) and len(match[0]) < _MIN_DIGITS - 2):
                continue
            if pattern is _SLASHED and sum(map(str.isdigit, match[0])) < _MIN_DIGITS - 2:
                continue
            taken.take(*match.span())
            key: Key = ("id", _SIGNS.sub("", match[0].casefold()))
            yield Fact(*match.span(), "identifier", (key,), ((key,),))
