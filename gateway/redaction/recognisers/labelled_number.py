"""A value beside the word that says what it is, in whatever groups, signs or misread letters it stands.

The recognisers of single identifiers know their forms; people regroup, dot, hyphenate and break them as no form
foresees: "NHS no: 99 91 23 45 78", "(98_81_90W is the PNC)". What stands beside a label and has digits enough is one.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from presidio_analyzer import EntityRecognizer, RecognizerResult

from gateway.redaction.reading import lowered
from gateway.redaction.recognisers.called import ENTITIES, Called, labels_in

_SCORE: Final = 0.5
"""Below a recogniser that knows the form: of equal ranges its type stands."""
_DIGITS: Final = re.compile(r"\d")
_REACH: Final = 90
"""How far before and after a digit a label may stand."""
_SMALL: Final = (
    r"(?:is|was|are|as|of|given|which|that|we|i|have|has|had|it|it's|he|she|they|gave|recorded|shown"
    r"|reads?|being|quoted|listed|"
    r"stated|the|a|on|file|her|his|their|your|my|for|to|be|now|still|number|erm|um|er|uh|please|yes"
    r"|yeah|okay|ok|so|i've|"
    r"got|here|believed|also|provided|confirmed|entered|held|what|down|written|says|said|showing"
    r"|appears?|with|in|under|should|over|phone|by|from|needs|must)"
)
_TO_VALUE: Final = re.compile(
    rf"(?:[\s:=#.…,;|*\"'‘’“”`()\[\]{{<>_~/–—→⇒-]|(?<![^\W_]){_SMALL}(?![^\W_]))*", re.IGNORECASE
)
_FROM_VALUE: Final = re.compile(
    r"[*\"'’”`)\]}>_|]{0,3}(?:\s{0,2}[(\[]\s?|\s{0,2}[-–—,:=|/]\s{0,2}|,?\s+(?:is|was|being|as|that's"
    r"|that is|which is|for|on)\s+)"
    r"(?:(?:the|her|his|their|your|my|a|our|client|subject|for)\s+){0,2}\Z",
    re.IGNORECASE,
)
_TOKEN: Final = re.compile(r"[^\W_]+")
_GAP: Final = re.compile(
    r"-?[ \t]?\r?\n[ \t>]{0,4}|[,:](?=[A-Z0-9])|[ \t]{0,3}\)?[ \t]{0,3}(?:[./_+·•\\–-]{0,2}|\*\*)[ \t]{0,3}\(?"
)
"""What may stand within a value: a line's end, a sign or two with spaces around them, brackets around a group."""
_DATE: Final = re.compile(
    r"(?:(?:0?[1-9]|[12]\d|3[01])[./ -](?:0?[1-9]|1[0-2])[./ -](?:19|20)?\d{2}"
    r"|(?:19|20)\d{2}[./-](?:0?[1-9]|1[0-2])[./-]\d{1,2})?"
    r"[ ,T-]{0,3}(?:(?:[01]?\d|2[0-3])[:.][0-5]\d(?:[:.][0-5]\d)?)?"
)
"""A date, a time or both."""
_WITHIN: Final = tuple("/.:-–_")
"""Signs behind which no value begins, but goes on."""
_YEARS: Final = re.compile(r"(?:(?:19|20)\d{2}\W*){1,3}")
_NUMBERED: Final = frozenset(["UK_COLLAR_NUMBER"])
_DATES: Final = frozenset(["DATE_OF_BIRTH"])
_WITH_LETTERS: Final = frozenset(
    ["UK_VEHICLE_REGISTRATION", "UK_SHARE_CODE", "UK_PRISON_NUMBER", "UK_DRIVING_LICENCE", "UK_POSTCODE"]
)
"""Those that end in letters."""
_SHORT: Final = 3
_LONGEST: Final = 40
_LETTERS: Final = 5
_SIGN: Final = re.compile(r"[£$€]\s?\Z")
_UNIT: Final = re.compile(
    r"\s?(?:%|per cent|(?:hours?|days?|weeks?|months?|years?|miles?|pounds?|minutes?|points?)\b)"
)


class LabelledNumber(EntityRecognizer):
    """Digits and letters behind or before a label, whatever stands between them."""

    def __init__(self) -> None:
        super().__init__(list(ENTITIES), name="LabelledNumber", supported_language="en")

    def load(self) -> None:
        """Nothing to load."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:
        """The labelled numbers of `text`."""
        wanted = frozenset(entities)
        return [
            RecognizerResult(label.entity, start, end, _SCORE)
            for first, last in _stretches(text)
            for label, start, end in _values(text, first, last)
            if label.entity in wanted
        ]


def _stretches(text: str) -> list[tuple[int, int]]:
    """What stands near digits, in order and apart."""
    merged: list[tuple[int, int]] = []
    for digit in _DIGITS.finditer(text):
        start, end = max(0, digit.start() - _REACH), min(len(text), digit.end() + _REACH)
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged


def _values(text: str, first: int, last: int) -> Iterator[tuple[Called, int, int]]:
    for label in labels_in(lowered(text[first:last])):
        after = _TO_VALUE.match(text, first + label.end, min(last, first + label.end + _REACH))
        behind = _value(text, after.end(), last, label) if after else None
        found = behind or _value_before(text, first + label.start, first, label)
        if found:
            yield label, *found


def _value_before(text: str, label: int, first: int, called: Called) -> tuple[int, int] | None:
    """The value that ends before a label: "T4821KQ (NOMS)"."""
    earliest = max(first, label - _REACH)
    joined = _FROM_VALUE.search(text, earliest, label)
    if joined is None:
        return None
    for token in _TOKEN.finditer(text, earliest, joined.start()):
        if text[token.start() - 1 : token.start()] in _WITHIN:
            continue
        found = _value(text, token.start(), joined.start(), called)
        if found and found[1] == joined.start():
            return found
    return None


def _value(text: str, at: int, last: int, called: Called) -> tuple[int, int] | None:
    """The value that begins at `at`, if what stands there has digits enough and is no date, year, sum or measure."""
    end = start = at
    digits = 0
    before = ""
    while token := _TOKEN.match(text, at, min(last, start + _LONGEST)):
        gap = text[end:at]
        word = token[0]
        here = sum(map(str.isdigit, word))
        if not here and not _is_part(word, first=not digits):
            break
        if end > start and digits >= called.usual and _ends(gap, word, here, called):
            break
        if end > start and not here and _is_letters(before) and len(word) > _SHORT:
            break
        digits += here
        end, before = token.end(), word
        between = _GAP.match(text, end, last)
        if not between:
            break
        at = between.end()
    end = _without_words(text, start, end)
    return (start, end) if start < end and _is_value(text, start, end, called) else None


def _is_part(word: str, *, first: bool) -> bool:
    """Whether a word without digits can be a part of a number: capitals, or a letter or two."""
    return len(word) <= _LETTERS and (
        word.isupper() or (len(word) == 1 and (word.lower() != "a" or not first))
    )


def _is_letters(word: str) -> bool:
    return word.isalpha() and len(word) > 1


def _ends(gap: str, word: str, digits: int, called: Called) -> bool:
    """Whether a value that has its digits ends at a gap."""
    if "\n" in gap or (digits and not gap.strip(" \t,:()")):
        return True
    return not digits and len(word) > (_SHORT if called.entity in _WITH_LETTERS else 1)


_LAST_WORD: Final = re.compile(r"(?:[\s./_–-]+(?:[^\W\d_]{4,}|a|i|A|I))+\Z")


def _without_words(text: str, start: int, end: int) -> int:
    """Where the value ends without words of letters behind it that are too long for a check letter."""
    tail = _LAST_WORD.search(text, start, end)
    return tail.start() if tail else end


def _is_value(text: str, start: int, end: int, called: Called) -> bool:
    value = text[start:end]
    digits = sum(map(str.isdigit, value))
    least = called.fewest
    if digits + sum(map(value.count, "OolISB")) < least or not digits:
        return False
    if called.entity not in _DATES and _DATE.fullmatch(value):
        return False
    if called.entity not in _NUMBERED and _YEARS.fullmatch(value):
        return False
    return not _SIGN.search(text, max(0, start - 2), start) and not _UNIT.match(text, end)
