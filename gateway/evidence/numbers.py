"""Sums, percentages and other numbers, with their units: "£1,250", "1250 pounds" and "£1.25k" are one sum."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from gateway.evidence.facts import Fact, Key, TakenRanges, alternatives
from gateway.evidence.number_words import NUMBER_WORD, NUMBERS, number_of_words
from gateway.evidence.sentences import stems_of

_DIGITS: Final = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_NUMBER: Final = rf"(?P<number>{_DIGITS}|{NUMBER_WORD}|\ba(?=\s+(?:hundred|thousand|million)))"
_SCALE: Final = r"(?P<scale>\s?(?:k|bn)\b|\s?m\b|\s+(?:hundred|thousand|million|billion)\b)?"
_SCALES: Final = {"hundred": 100, "k": 1000, "thousand": 1000, "m": 10**6, "million": 10**6, "bn": 10**9}
_SUM: Final = re.compile(rf"(?:£|€|\$|\bGBP\s?|\bEUR\s?)\s?{_NUMBER}{_SCALE}(?:p\b)?", re.IGNORECASE)
_SUM_AFTER: Final = re.compile(
    rf"(?<![\w.,£€$/-]){_NUMBER}{_SCALE}\s*(?P<unit>pounds?\b(?!\s+(?:of\s+weight|in\s+weight))|quid\b|GBP\b|euros?\b|"
    r"dollars?\b|pence\b|p\b)",
    re.IGNORECASE,
)
_PERCENT: Final = re.compile(
    rf"(?<![\w.,]){_NUMBER}\s?(?:%|per\s?cent\b|percentage\s+points?\b)", re.IGNORECASE
)
_PLAIN: Final = re.compile(
    rf"(?<![\w.,:/&#])(?<![A-Za-z]-){_NUMBER}{_SCALE}(?:st|nd|rd|th)?(?![\w/]|[.,:]\d)", re.IGNORECASE
)
_NEAR_NUMBER: Final = re.compile(rf"\d+|[^a-z](?:{alternatives(NUMBERS)}|hundred|thousand|million)")
_NEAR_SIGN: Final = re.compile(r"£|€|\$|gbp|eur")
_NEAR_MONEY: Final = re.compile(r"pound|quid|gbp|euro|dollar|pence|p\b")
_NEAR_PERCENT: Final = re.compile(r"%|per\s?cent")
_NEAR_FORTNIGHT: Final = re.compile(r"fortnight|half\s+an")
_UNIT: Final = re.compile(
    r"[\s-]{0,2}(?:(?:calendar|working|full|whole|consecutive|further|more|clear|additional|unpaid)\s+)?"
    r"(?P<unit>years?(?:[\s-]old)?|months?|weeks?|fortnights?|days?|nights?|hours?|hrs?|minutes?|mins?|miles?|km|"
    r"kilomet(?:re|er)s?|met(?:re|er)s?|mg|kg|g|ml|mph|units?|points?|times|occasions?)\b",
    re.IGNORECASE,
)
_AGE_BEFORE: Final = re.compile(r"\b(?:aged?|age of)\s+$", re.IGNORECASE)
_OWN: Final = re.compile(
    r"\s+(?:(?:main|key|further|other|possible|short|separate|broad|following|things?\sto|of\sthese|such|more)\s+)*"
    r"(?:options?|points?|steps?|reasons?|things|questions?|ways|paragraphs?|bullets?|sentences?|lines|"
    r"matters|issues|aspects|examples?|suggestions?|considerations?|areas|parts|sections|approaches|gaps|items)\b",
    re.IGNORECASE,
)
"""What an answer counts of its own."""
_LABEL: Final = re.compile(
    r"\b(?:option|step|point|item|question|stage|part|table|figure|version|draft)\s+$", re.IGNORECASE
)
_NUMBERED: Final = re.compile(
    r"\b(?:flat|house|room|unit|no\.?|number|ward|cell|plot|apartment|grade|year|code|log|pc|ceo|class|page)\s+$",
    re.IGNORECASE,
)
"""What a number only names."""
_COUNTED: Final = re.compile(r"[ \t]+([a-z][a-z’'-]+)(?:[ \t]+([a-z][a-z’'-]+))?")
_CAPITAL: Final = re.compile(r"[a-z]?,?\s+[A-Z]")
_SAME: Final = {"week": ("day", 7), "fortnight": ("day", 14), "year": ("month", 12), "hour": ("minute", 60)}
_SHORT: Final = {"hr": "hour", "min": "minute", "night": "night", "occasion": "time"}
_FORTNIGHT: Final = re.compile(r"\b(?:a|one)\s+fortnight\b|\bhalf\s+an\s+hour\b", re.IGNORECASE)


def numbers_of(text: str, taken: TakenRanges) -> Iterator[Fact]:
    """Sums first, then percentages, then what is left."""
    for pattern, near in ((_SUM, _NEAR_SIGN), (_SUM_AFTER, _NEAR_MONEY)):
        for match in taken.matches(pattern, near):
            value = _value(match)
            if value is None:
                continue
            taken.take(*match.span())
            if match.re is _SUM_AFTER and match["unit"].lower() in ("p", "pence"):
                value /= 100
            keys: tuple[Key, ...] = (("sum", value), ("n", value))
            yield Fact(*match.span(), "sum", keys, ((("sum", value),), (("bare", value),)))
    for match in taken.matches(_PERCENT, _NEAR_PERCENT):
        value = _value(match)
        if value is not None:
            taken.take(*match.span())
            yield Fact(*match.span(), "percentage", (("%", value),), ((("%", value),),))
    for match in taken.matches(_FORTNIGHT, _NEAR_FORTNIGHT):
        taken.take(*match.span())
        key: Key = ("day", Decimal(14)) if "fortnight" in match[0].lower() else ("minute", Decimal(30))
        yield Fact(*match.span(), "number", (("u", *key),), ((("u", *key),),))
    for match in taken.matches(_PLAIN, _NEAR_NUMBER, before=4):
        found_number = _plain(text, match)
        if found_number is not None:
            taken.take(found_number.start, found_number.end)
            yield found_number


def _value(match: re.Match[str]) -> Decimal | None:
    digits = match["number"].lower()
    if digits == "a":
        value = Decimal(1)
    elif digits[0].isdigit():
        value = Decimal(digits.replace(",", ""))
    else:
        value = Decimal(number_of_words(digits))
    scale = (match.groupdict().get("scale") or "").strip().lower()
    return (value * _SCALES.get(scale, 10**9 if scale else 1)).normalize()


def _plain(text: str, match: re.Match[str]) -> Fact | None:
    value = _value(match)
    start, end = match.start("number"), match.end()
    if value is None:
        return None
    in_words = not match["number"][0].isdigit()
    unit = _UNIT.match(text, end)
    says: tuple[Key, ...] = (("n", value),)
    if unit is not None or _AGE_BEFORE.search(text, max(0, start - 12), start):
        name = "year" if unit is None else _unit(unit["unit"])
        key: Key = ("u", *_in_base(name, value))
        asks: tuple[tuple[Key, ...], ...] = ((key,), (("bare", value),))
        # "one day" and "one time" say little
        asks = () if in_words and value == 1 else asks
        return Fact(start, end if unit is None else unit.end(), "number", (*says, key), asks)
    if _LABEL.search(text, max(0, start - 12), start) or (value <= 12 and _OWN.match(text, end)):
        return Fact(start, end, "number", says, ())
    if in_words and value <= 1:
        return Fact(start, end, "number", says, ())
    if not _CAPITAL.match(text, end) and not _NUMBERED.search(text, max(0, start - 12), start):
        says = (*says, ("bare", value))
    about = _counted(text, end)
    says = (*says, *(("counts", word, value) for word in about), *(("counted", word) for word in about))
    return Fact(start, end, "number", says, ((("n", value),),), about)


def _counted(text: str, end: int) -> tuple[str, ...]:
    """The word behind a number, or two: "two loud recordings" is about recordings."""
    match = _COUNTED.match(text, end)
    return () if match is None else tuple(sorted(stems_of(" ".join(filter(None, match.groups())))))


def _unit(word: str) -> str:
    name = word.lower().split()[0].split("-")[0]
    name = name if len(name) <= 2 else name.rstrip("s")
    return _SHORT.get(name, name)


def _in_base(name: str, value: Decimal) -> tuple[str, Decimal]:
    base, times = _SAME.get(name, (name, 1))
    return base, (value * times).normalize()
