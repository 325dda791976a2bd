"""A number that nothing names: digits too many for a count, or letters and digits that are no word, measure or form.

An identifier often has no label ("came with T4821KQ", "41/7719203/25 closed"), and a form that no recogniser knows.
"""

import re
from collections.abc import Iterator
from typing import Final

from gateway.redaction.lexicon import ELEMENTS, FILE_ENDINGS
from gateway.redaction.recognisers.numbers.written import DATE, HASH, is_of_a_thing, is_public, stays
from gateway.redaction.text.findings import REFERENCE, Finding

_SCORE: Final = 0.4
"""Below all that knows the form or the label."""
_RUN: Final = re.compile(
    r"(?<![^\W_])(?<!\\)(?<![\d£$€][.,](?=\d))(?<![\w@.]@)(?:[^\W_]{1,12}[/_:#=.\\-]{1,2})?"
    r"(?=[^\W_]*\d)[^\W_]{1,34}(?:[/_.\\-][^\W_]{1,24}){0,6}(?![^\W_]|[@%]|://|,\d{3})"
)
_GROUPS: Final = re.compile(
    r"(?<![\w£$€.,/-])\d{2,6}(?:(?P<by>[ ·-])\d{2,6})(?:(?P=by)\d{2,6}){0,4}(?![\w%]|[.,/-]\d)"
)
_FOUR: Final = re.compile(r"\d(?:[^\s\d]{0,4}\d){3}")
_PIECE: Final = re.compile(r"\S{4,}")
_ESCAPED: Final = re.compile(r"\\u[0-9a-f]{4}|=[0-9A-F]{2}=[0-9A-F]{2}", re.IGNORECASE)
_NO_CODE: Final = re.compile(
    r"\d+(?:\.\d+)?e[+-]?\d+|\d{1,4}(?:\.\d{1,4}){2,}(?:[-+_.][\w.+-]*)?|\d+\.\d+(?:[-+_]?[a-z]+\d*)|10\.\d{4,9}/.*"
    r"|(?:ss?|rr?|regs?|arts?|paras?|pts?|sch|ch|cl|pp?|nn?)\.?\d.*|0[bx][\da-f]+"
    r"|(?:19|20)\d\d/\d{1,4}(?:/[a-z]+/\d{1,4}[a-z]?)+|\d{1,3}(?:_\d{3})+|[a-z]{1,6}-?[1-9]000"
    rf"|(?-i:(?:(?:{ELEMENTS})\d{{0,2}}){{2,}}|[A-Z]{{2,4}}\.\d{{4}})",
    re.IGNORECASE,
)
"""Numbers with an exponent, versions, the identifiers of papers; sections, rules and pages; instruments; numbers as
programs write them; models of things; formulas; forms of the Home Office."""
_ENCODED: Final = re.compile(r"(?:25){0,3}[\da-f]{2}", re.IGNORECASE)
"""What stands behind the sign of percent-encoding, which may be encoded again."""
_AMOUNT: Final = re.compile(r"(?:\w{1,64}: )?[\d.]{1,64}")
"""A number of JSON, with the name of its member."""
_LABEL: Final = re.compile(r"(?:[^\W_]+[:#=]|[^\W\d_]{5,}[/_.\\-]){1,2}")
_DIGITS_ALONE: Final = 7
_DIGITS_GROUPED: Final = 9
_MIXED: Final = 6
_MIXED_DIGITS: Final = 4
_LONG_GROUP: Final = 3
_LONG_OF_TWO: Final = 5
_MEASURE: Final = re.compile(
    r"[\dx.,/:+-]*\d(?:k?cal|[mk]?g|mcg|[mck]?l|ml|[cmk]?m|mph|kg|bpm|hrs?|mins?|secs?|days?|weeks?|months?|years?|yrs?"
    r"|st|nd|rd|th|p|px|pt|r?em|v[hw]|ms|c|f|k|m|bn|am|pm|s|w|v|kwh?|gb|mb|cc|x)(?:[-/–][\d.:]+[a-z]{0,4})?"
    r"|(?:v|ver|rev)\d+(?:\.\d+)*|\d+x\d+(?:x\d+)?[a-z]{0,2}|(?:19|20)\d{2}(?:[/-]\d{1,4})?(?:[a-z]|q\d)?|(?:mid|late|early)-?\d{4}s"
    r"|(?:gbp|eur|usd|fy|q\d|iso|cp|covid|http|www|utf|sha|md|win|ios|rfc|cve|pm|dsm|icd)[-_/]?\d[\d.,/-]*[a-z]?"
    r"|\d+(?:[./:-]\d+)?",
    re.IGNORECASE,
)
"""Measures, ordinals, versions, sizes, years, sums."""
_PARTED: Final = re.compile(r"\d{1,4}(?:\.\d+)+|(?:19|20)\d{2}[/-]\d{1,4}")
"""Paragraphs, addresses of computers, instruments by year."""
_COUNTED: Final = "0123456789101112131415161718192021222324"
_COLOUR: Final = re.compile(r"#[\da-f]{6}(?:[\da-f]{2})?", re.IGNORECASE)
_MOMENT_REACH: Final = 24
_FILE: Final = re.compile(rf"\.(?:{FILE_ENDINGS})\Z", re.IGNORECASE)


def unlabelled_numbers(text: str) -> Iterator[Finding]:
    """Every long number and code of `text` as `UK_REFERENCE`, unless the text is a number of data."""
    for start, end in () if _AMOUNT.fullmatch(text) else _find(text):
        yield Finding(start, end, REFERENCE, _SCORE)


def _find(text: str) -> Iterator[tuple[int, int]]:
    for match in _runs(text):
        label = _LABEL.match(match[0])
        start = match.start() + (label.end() if label else 0)
        file = _FILE.search(text, start, match.end())
        end = file.start() if file else match.end()
        encoded = _ENCODED.match(text, start, end) if text[start - 1 : start] == "%" else None
        if _is_code(text[encoded.end() if encoded else start : end]) and _is_free(text, start, end):
            yield start, end
    for match in _GROUPS.finditer(text):
        groups = list(map(len, re.findall(r"\d+", match[0])))
        least = _LONG_GROUP if len(groups) > 2 else _LONG_OF_TWO
        if sum(groups) >= _DIGITS_GROUPED and max(groups) >= least and _is_free(text, *match.span()):
            yield match.span()


def _runs(text: str) -> Iterator[re.Match[str]]:
    """The runs of four digits or more that no space parts."""
    for piece in _PIECE.finditer(text):
        if _FOUR.search(piece[0]):
            yield from (match for match in _RUN.finditer(text, *piece.span()) if _FOUR.search(match[0]))


def _is_code(run: str) -> bool:
    """Whether letters and digits are mixed as in no word, or digits are many."""
    if _ESCAPED.search(run) or HASH.search(run) or _NO_CODE.fullmatch(run):
        return False
    digits = sum(map(str.isdigit, run))
    symbols = sum(map(str.isalnum, run))
    if digits < symbols:
        return digits >= _MIXED_DIGITS and symbols >= _MIXED and not _MEASURE.fullmatch(run)
    counted = run in _COUNTED and run.startswith(("0123", "1234"))
    return digits >= _DIGITS_ALONE and not (counted or _PARTED.fullmatch(run))


def _is_free(text: str, start: int, end: int) -> bool:
    return not (
        _COLOUR.fullmatch(text, start - (text[start - 1 : start] == "#"), end)
        or is_public(text[start:end])
        or _in_moment(text, start)
        or stays(text, start, end)
        or is_of_a_thing(text, start)
    )


def _in_moment(text: str, start: int) -> bool:
    """Whether a date with a time begins here or ends after it has begun before: "2026-05-11T10:30"."""
    first = max(0, start - _MOMENT_REACH)
    return any(
        date.start() <= start < date.end() for date in DATE.finditer(text, first, start + _MOMENT_REACH * 3)
    )
