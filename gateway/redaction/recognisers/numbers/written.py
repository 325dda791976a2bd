"""A value as it is written, in whatever groups, signs or misread letters, and what looks like one and stays."""

import re
from itertools import pairwise
from typing import Final

from gateway.redaction.lexicon import is_common
from gateway.redaction.recognisers.numbers.labels import label_heads
from gateway.redaction.recognisers.numbers.words import MONTH
from gateway.redaction.text.normalised import WORD

_MAX_LENGTH: Final = 60
_LETTERS: Final = 5
_SHORT: Final = 3
_FEW: Final = 2
_GAP: Final = re.compile(
    r"[^\w\n\t|£$€%;&<>]{0,5}(?:_{1,2}[^\w\n|£$€%]{0,2})?(?:\n[^\w\n|£$€%#*]{0,6}){0,2}(?:cont[a-z]{0,6}\W{1,3})?"
)
"""What may stand within a value: signs, with spaces around them, and a line's end or an empty line."""
_JOINING: Final = ("-", "/")
"""Between capitals before the digits of a code, which may be words: SCH-TAB-0418."""
_DAY: Final = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH_NUMBER: Final = r"(?:0?[1-9]|1[0-2])"
_TIME: Final = r"(?:[01]?\d|2[0-3])(?:[:.][0-5]\d(?:[:.][0-5]\d)?(?: ?[ap]\.?m\.?)?| ?[ap]\.?m\.?)"
_MOMENT: Final = r"[T _-][0-2]\d:?[0-5]\d(?::?[0-5]\d(?:[.,]\d{1,9})?)?(?:Z|[+-][01]\d:?[0-5]\d)?"
"""The time of an ISO 8601 date."""
DATE: Final = re.compile(
    r"(?<![^\W_])(?:(?:0?[1-9]|[12]\d|3[01])([./ -])(?:0?[1-9]|1[0-2])\1(?:(?:19|20)\d{2}|\d{2})"
    rf"|(?:19|20)\d{{2}}(?:[/-]|\. ?)(?:0?[1-9]|1[0-2])(?:[/-]|\. ?)(?:0?[1-9]|[12]\d|3[01])(?:{_MOMENT})?"
    rf"|(?:19|20)\d{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]){_MOMENT}"
    r"|(?:19|20)\d{2}-(?:W[0-5]\d(?:-[1-7])?|[0-3]\d{2})"
    rf"|(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?(?: of)?[ -]{MONTH}(?:,?[ -](?:(?:19|20)\d{{2}}|\d{{2}}))?"
    rf"|{MONTH}[ -](?:(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?(?:,? (?:19|20)\d{{2}})?|(?:19|20)\d{{2}})"
    rf"|{_TIME})(?![^\W_]|[/:.-]\d)",
    re.IGNORECASE,
)
"""A date or a time."""
_ENDED: Final = re.compile(r"\.\s| - ")
"""What ends a value before letters."""
_LINE_TIME: Final = re.compile(r"\d{1,2}:\d\d|(?:19|20)\d\d-\d\d-\d\d")
"""With which a line of a log begins."""
_POINT: Final = re.compile(r"\d{1,2}(?:\.\d{1,2}){0,3}[.)]?[ \t]+[^\W\d_]{2,}")
_DATES_ONLY: Final = re.compile(
    rf"(?:(?:{DATE.pattern.replace(chr(92) + '1', '[./ -]')}|{_DAY}/{_MONTH_NUMBER}(?!\d))[\s,-]*)+",
    re.IGNORECASE,
)
_YEARS: Final = re.compile(r"(?:(?:19|20)\d{2}(?:\s?[/-]\s?\d{2}(?!\d))?\W*){1,4}")
_SUM: Final = re.compile(r"(?:[£$€]|\b(?:gbp|eur|usd))\s?\Z", re.IGNORECASE)
_HASH: Final = re.compile(
    r"(?<![^\W_])(?:(?i:[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|[\da-f]{32,64})"
    r"|(?=[\da-f]*(?:\d[a-f]+\d|[a-f]\d+[a-f]))[\da-f]{7,40}|[0-7][0-9A-HJKMNP-TV-Z]{25})(?![^\W_])"
)
"""UUIDs, what names a version of a file, in small letters, and ULIDs."""
_COLOUR: Final = re.compile(r"(?=.*[a-f])[\da-f]{6}", re.IGNORECASE)
_AMOUNT: Final = re.compile(r"(?:\d{1,3}(?:,\d{3})+(?:\.\d\d)?|\d{1,6}\.\d\d)(?![\w]|[.,/-]\d| ?[/-] ?\w)")
_HOUR: Final = r"(?:(?:[01]?\d|2[0-3])[:.]|(?:[01]\d|2[0-3]))[0-5]\d"
_TIMES: Final = re.compile(
    rf"{_HOUR} ?[-/–] ?{_HOUR}|\d+x\d+(?:x\d+)?"
    r"|[A-Z]{1,4}\d{1,3}[A-Z]?(?:(?:, | and ){1,2}[A-Z]{1,4}\d{1,3}[A-Z]?)+"
)
"""From an hour to another, sizes, and forms in a row: "C100, C1A"."""
_TIMETABLE: Final = re.compile(r"(?:(?:[01]\d|2[0-3])[0-5]\d[ ,-]{0,3}){3,}")
_PUBLIC_LINE: Final = re.compile(r"0(?:80[08]|3\d\d)(?:[ -]?\d){6,7}")
"""Freephone numbers and those of bodies, which are no person's (Ofcom's numbering plan)."""
_VOWEL: Final = re.compile("[aeiouy]")


def value_at(text: str, at: int, last: int, *, usual: int) -> tuple[int, int] | None:
    """The groups of digits and letters from `at`, up to a word, a date or, with `usual` digits, a gap."""
    end = start = at
    digits = 0
    while token := WORD.match(text, at, min(last, start + _MAX_LENGTH)):
        word = token[0]
        digits_here = sum(map(str.isdigit, word))
        before_digits = not digits and start < end and text[end:at] in _JOINING and word.isupper()
        if not digits_here and not before_digits and not _is_part(word, first=not digits):
            break
        if digits and word.lower() in label_heads() and text[at - 1].isspace():
            break  # another label
        if not digits_here and len(word) > _FEW and "\n" in text[end:at]:
            break  # what goes on in the next line does so with a digit, or with its last letters
        if digits and text.startswith(", ", end) and text[end - 2 : end].isalnum():
            break  # single signs may have a comma and a space between them, "A, B, 1, 2"
        if _starts_point(text, end, at) if digits_here else digits and _ENDED.match(text, end):
            break
        if end > start and digits >= usual and _ends(text[end:at], word, digits_here):
            break
        digits += digits_here
        end = token.end()
        gap = _GAP.match(text, end, last)
        if gap is None or (gap[0] == "," and not word.isdecimal()):
            break
        at = gap.end()
    return (start, end) if start < end else None


def _starts_point(text: str, end: int, at: int) -> bool:
    """Whether a sentence ends at `end`, or a point of a list begins at `at`, "2.6 He said"."""
    gap = text[end:at]
    if "\n" not in gap:
        return gap.startswith(". ")
    time = (gap.endswith(("[", "(")) and DATE.match(text, at)) or _LINE_TIME.match(text, at)
    stop = gap.startswith(".") and not gap.startswith("..")
    return bool(time or stop or _POINT.match(text, at))


def stays(text: str, start: int, end: int, *, dates: bool = False) -> bool:
    """Whether what stands at `start:end` is a date (unless `dates`), a year, a measure, a sum or a count."""
    value = text[start:end]
    if not dates and (is_date(value) or _YEARS.fullmatch(value)):
        return True
    if _SUM.search(text, max(0, start - 5), start) or _AMOUNT.match(text, start):
        return True
    if _TIMETABLE.fullmatch(value) and (hours := re.findall(r"\d+", value)) == sorted(hours):
        return True
    if text[start - 1 : start] == "#" and _COLOUR.fullmatch(value):
        return True
    return _HASH.fullmatch(value) is not None or _TIMES.fullmatch(value) is not None or _is_count(value)


def _is_count(value: str) -> bool:
    """Whether somebody counts: 1 2 3 4 5, or answers: 1 A 2 C 3 B 4 A."""
    words = WORD.findall(value)
    numbers = [int(word) for word in words if word.isdecimal()]
    rest = [word for word in words if not word.isdecimal()]
    return (
        len(numbers) > _SHORT
        and len(rest) in (0, len(numbers) - 1, len(numbers))
        and all(len(word) == 1 for word in rest)
        and all(after == before + 1 for before, after in pairwise(numbers))
    )


def is_date(value: str) -> bool:
    """Whether it is a date, or several."""
    return _DATES_ONLY.fullmatch(value) is not None


def is_public(value: str) -> bool:
    """Whether it is the number of a service."""
    return _PUBLIC_LINE.fullmatch(value) is not None


def _is_part(word: str, *, first: bool) -> bool:
    """Whether a word without digits can be a part of a number: capitals, a letter, or two or three that are no word."""
    if len(word) == 1:
        return word != "a" or not first
    if word.isupper() or (word.endswith("l") and word[:-1].isupper()):
        return len(word) <= _LETTERS and not is_common(word.lower())
    short = len(word) <= _SHORT and word.islower()
    return short and not (first or is_common(word) or _VOWEL.search(word))


def _ends(gap: str, word: str, digits: int) -> bool:
    """Whether a value that has its digits ends at a gap."""
    return not gap.strip(' \t\n,:()"') if digits else len(word) > 1
