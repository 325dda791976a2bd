"""Dates and times of day, by what they mean: "3 March 2026", "03/03/26" and "the 3rd of March" are one day."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from gateway.evidence.facts import NEAR_DIGIT, Fact, Key, TakenRanges, alternatives
from gateway.evidence.number_words import NUMBER_WORD, number_of_words

_MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_MONTH_NUMBERS: Final = {
    **{month: number for number, month in enumerate(_MONTHS, 1)},
    **{month[:3]: number for number, month in enumerate(_MONTHS, 1)},
    "sept": 9,
}
_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTH: Final = rf"(?:{alternatives(_MONTH_NUMBERS)})\b\.?"
_WEEKDAY: Final = rf"(?:{alternatives(_WEEKDAYS)}|mon|tues?|wed|thurs?|fri|sat|sun)"
_YEAR: Final = r"(?:19|20)\d\d\b"
_BEFORE: Final = rf"(?:\b{_WEEKDAY},?\s+(?:the\s+)?)?"
_DAY_MONTH: Final = re.compile(
    rf"{_BEFORE}\b(?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?:\s+day)?\s*[-–]?\s*(?:of\s+)?(?P<month>{_MONTH})"
    rf"(?:,?\s*[-–]?\s*(?P<year>{_YEAR}|'\d\d\b))?",
    re.IGNORECASE,
)
_MONTH_DAY: Final = re.compile(
    rf"{_BEFORE}\b(?P<month>{_MONTH})\s+(?:the\s+)?(?P<day>[0-3]?\d)(?:st|nd|rd|th)?\b(?![:.]\d|%)"
    rf"(?:,?\s+(?P<year>{_YEAR}))?",
    re.IGNORECASE,
)
_MONTH_YEAR: Final = re.compile(rf"\b(?P<month>{_MONTH}),?\s+(?:of\s+)?(?P<year>{_YEAR})", re.IGNORECASE)
_ISO: Final = re.compile(rf"\b(?P<year>{_YEAR})-(?P<month>[01]\d)-(?P<day>[0-3]\d)(?!\d)")
_NUMERIC: Final = re.compile(
    r"(?<![\d/.-])(?P<day>[0-3]?\d)(?P<sep>[/.-])(?P<month>[0-3]?\d)(?P=sep)(?P<year>(?:19|20)?\d\d)(?![\d/-]|\.\d)"
)
_ALONE_MONTH: Final = re.compile(rf"(?:{alternatives(one.title() for one in _MONTHS if one != 'may')})\b")
_ALONE_WEEKDAY: Final = re.compile(rf"(?:{alternatives(one.title() for one in _WEEKDAYS)})\b")
_ALONE_YEAR: Final = re.compile(r"(?<![\w£$€.,/-])(?:19[2-9]\d|20[0-4]\d)(?![\w%/-]|[.,]\d)")

_AM_PM: Final = r"(?P<half>a\.?m\b\.?|p\.?m\b\.?)"
_CLOCK: Final = re.compile(
    rf"(?<![\d:./£-])(?P<hour>[01]?\d|2[0-4])(?P<sep>[:.])(?P<minute>[0-5]\d)(?![\d:/%]|\.\d)\s*{_AM_PM}?",
    re.IGNORECASE,
)
_HOUR: Final = re.compile(rf"(?<![\d:./£-])(?P<hour>1[0-2]|0?[1-9])\s*{_AM_PM}", re.IGNORECASE)
_MILITARY: Final = re.compile(
    r"\b(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)\s*(?:hrs|hours)\b", re.IGNORECASE
)
_SPOKEN: Final = re.compile(
    rf"\b(?:(?P<part>half past|quarter past|quarter to)\s+(?P<hour>1[0-2]|[1-9]|{NUMBER_WORD})\b"
    rf"|(?P<sharp>1[0-2]|[1-9]|{NUMBER_WORD})\s+o[’']clock)",
    re.IGNORECASE,
)
_NAMED: Final = re.compile(r"\b(?:(?:12\s+)?(?P<noon>noon|midday)|(?:12\s+)?midnight)\b", re.IGNORECASE)
_BEFORE_TIME: Final = re.compile(
    r"\b(?:at|by|from|until|till|to|around|about|before|after)\s+$", re.IGNORECASE
)
_MAX_WORDS_BEFORE: Final = 12
_NEAR_MONTH: Final = re.compile(alternatives(month[:3] for month in _MONTHS))
_NEAR_SPOKEN: Final = re.compile(r"past|quarter|clock")
_NEAR_NAMED: Final = re.compile(r"noon|mid(?:day|night)")
_NEAR_HALF: Final = re.compile(r"[ap]\.?m\b")
_PARTS: Final = {"half past": 30, "quarter past": 15, "quarter to": -15}
_NOON: Final = 720


def dates_of(text: str, taken: TakenRanges) -> Iterator[Fact]:
    """Whole dates, then those without a year or day, weekdays and years that stand alone."""
    patterns = (
        (_ISO, NEAR_DIGIT),
        (_NUMERIC, NEAR_DIGIT),
        (_DAY_MONTH, _NEAR_MONTH),
        (_MONTH_DAY, _NEAR_MONTH),
    )
    for pattern, near in patterns:
        for match in taken.matches(pattern, near):
            day = _day(match)
            if day is not None:
                taken.take(*match.span())
                yield day
    for match in taken.matches(_MONTH_YEAR, _NEAR_MONTH):
        taken.take(*match.span())
        year, month = int(match["year"]), _month(match["month"])
        yield _fact(match, (("ym", year, month), ("y", year), ("m", month)), (("ym", year, month),))
    for match in taken.matches(_ALONE_MONTH):
        taken.take(*match.span())
        month = _month(match[0])
        yield _fact(match, (("m", month),), (("m", month),))
    for match in taken.matches(_ALONE_WEEKDAY):
        taken.take(*match.span())
        number = _WEEKDAYS.index(match[0].lower())
        yield _fact(match, (("wd", number),), (("wd", number),))
    for match in taken.matches(_ALONE_YEAR, NEAR_DIGIT):
        taken.take(*match.span())
        year = int(match[0])
        yield _fact(match, (("y", year), ("n", year)), (("y", year), ("n", year)))


def _fact(match: re.Match[str], says: tuple[Key, ...], asks: tuple[Key, ...]) -> Fact:
    return Fact(*match.span(), "date", says, (asks,))


def _month(text: str) -> int:
    return int(text) if text.isdigit() else _MONTH_NUMBERS[text.lower().rstrip(".")]


def _day(match: re.Match[str]) -> Fact | None:
    day, month, year = int(match["day"]), _month(match["month"]), match["year"]
    if month > 12 >= day:  # as Americans write it
        day, month = month, day
    try:
        when = date(_year(year) if year else 2000, month, day)
    except ValueError:
        return None
    says: tuple[Key, ...] = (("md", month, day), ("m", month))
    if not year:
        return Fact(*match.span(), "date", (*says, ("md only", month, day)), ((("md", month, day),),))
    whole: Key = ("ymd", when.year, month, day)
    says = (*says, whole, ("ym", when.year, month), ("y", when.year), ("wd", when.weekday()))
    return Fact(*match.span(), "date", says, ((whole,), (("md only", month, day),)))


def _year(text: str) -> int:
    digits = text.lstrip("'")
    if len(digits) == 4:
        return int(digits)
    return int(digits) + (2000 if int(digits) < 50 else 1900)


def times_of(text: str, taken: TakenRanges) -> Iterator[Fact]:
    """Times of day; one that may be of the morning or the afternoon is both."""
    for match in taken.matches(_CLOCK, NEAR_DIGIT):
        if (
            match["sep"] == "."
            and not match["half"]
            and not _BEFORE_TIME.search(text, max(0, match.start() - _MAX_WORDS_BEFORE), match.start())
        ):
            continue
        yield _time(match, taken, int(match["hour"]) * 60 + int(match["minute"]), match["half"])
    for match in taken.matches(_HOUR, _NEAR_HALF):
        yield _time(match, taken, int(match["hour"]) * 60, match["half"])
    for match in taken.matches(_MILITARY, NEAR_DIGIT):
        yield _time(match, taken, int(match["hour"]) * 60 + int(match["minute"]), "24")
    for match in taken.matches(_SPOKEN, _NEAR_SPOKEN):
        said = match["hour"] or match["sharp"]
        hour = int(said) if said.isdigit() else number_of_words(said)
        if 1 <= hour <= 12:
            yield _time(match, taken, hour * 60 + _PARTS.get((match["part"] or "").lower(), 0), None)
    for match in taken.matches(_NAMED, _NEAR_NAMED):
        yield _time(match, taken, _NOON if match["noon"] else 0, "24")


def _time(match: re.Match[str], taken: TakenRanges, minutes: int, half: str | None) -> Fact:
    taken.take(*match.span())
    if half and half[0] in "aApP":
        minutes = minutes % _NOON + (_NOON if half[0] in "pP" else 0)
    either = half is None and minutes < 13 * 60
    keys: tuple[Key, ...] = (("t", minutes % 1440), *((("t", (minutes + _NOON) % 1440),) if either else ()))
    return Fact(*match.span(), "time", keys, (keys,))
