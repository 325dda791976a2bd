"""Numbers as a transcript has them: "oh seven seven double nine, one two three"; what they are, the words
before say.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

import regex  # type: ignore[import-untyped]  # it ships no types
from presidio_analyzer import EntityRecognizer, RecognizerResult

_DIGITS: Final = "oh|o|zero|nought|naught|nil|one|two|three|four|five|six|seven|eight|nine"
_TENS: Final = (
    "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|"
    "(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?"
)
_SPELT: Final = (
    "alpha|alfa|bravo|charlie|delta|echo|foxtrot|golf|hotel|india|juliet|juliett|kilo|lima|mike|november|oscar|papa|"
    "quebec|romeo|sierra|tango|uniform|victor|whisky|whiskey|x-ray|xray|x ray|yankee|zulu"
)
_GAP: Final = r"(?:[ ,.\n-]{1,3}(?:(?:and|then|er|um|uh|erm|slash|stroke|dash|space) ){0,2})"
_PIECE: Final = (
    rf"(?:(?:double|triple|treble)[ -](?:{_DIGITS}|\p{{L}})|{_DIGITS}|{_TENS}|hundred|thousand|"
    rf"\p{{L}}(?: for [\p{{L}}-]{{3,10}})?|{_SPELT}|\d{{1,3}})(?![\p{{L}}\d'])"
)
_RUN: Final = regex.compile(
    rf"(?<![\p{{L}}\d'])(?:{_PIECE})(?:{_GAP}(?:{_PIECE})){{2,39}}+", regex.IGNORECASE
)
_WORD: Final = regex.compile(
    rf"(?:(double|triple|treble)[ -])?(?<!\p{{L}})({_DIGITS}|{_TENS}|\d)(?!\p{{L}})", regex.IGNORECASE
)
_LOOK: Final = re.compile(rf"(?<![^\W\d_])(?:{_DIGITS})[ ,.-]{{1,3}}(?:{_DIGITS}|double|triple)")
"""In small letters."""
_CALLED: Final = (
    ("UK_NINO", r"national insurance|\bnino\b|\bni\b|n i number"),
    ("UK_NHS", r"\bnhs\b|n h s"),
    ("UK_CRN", r"\bcrn\b|c r n"),
    ("UK_PNC", r"\bpnc\b|p n c"),
    ("UK_PRISON_NUMBER", r"prison number|\bnoms\b|\bnomis\b|prisoner"),
    ("UK_BANK_ACCOUNT", r"sort code|account number|account"),
    ("CREDIT_CARD", r"\bcard\b"),
    ("UK_PASSPORT", r"passport"),
    ("UK_DRIVING_LICENCE", r"driving licen[cs]e"),
    ("UK_CRIME_REF", r"crime (?:ref|reference|number)|log number|incident"),
    ("UK_POSTCODE", r"post ?code"),
    ("UK_VEHICLE_REGISTRATION", r"\breg\b|registration|plate"),
    ("PHONE_NUMBER", r"phone|mobile|ring|call|text|landline|number"),
)
_CUE: Final = regex.compile(
    "|".join(form for _, form in _CALLED) + r"|\bref\b|reference|case|code|claim|\bid\b|digits|reg\b|postcode"
)
_BEFORE: Final = 70
_SCORE: Final = 0.7
_ALONE: Final = 7
"""Digits that nobody counts out for another reason."""
_WITH_CUE: Final = 4
_WITH_LETTERS: Final = 2
"""Digits and letters, of a postcode or a number plate."""
_LETTER: Final = regex.compile(rf"(?<![\p{{L}}'])(?:{_SPELT}|\p{{L}})(?![\p{{L}}'])", regex.IGNORECASE)
_PLATE: Final = re.compile(r"post ?code|\breg\b|registration|number plate|\bplates?\b|\bindex\b")
_PHONE: Final = 9
_TIMES: Final = {"double": 2, "triple": 3, "treble": 3}
REFERENCE: Final = "UK_REFERENCE"


class SpokenNumber(EntityRecognizer):
    """Seven digits or more in words, or four beside a word that says what they are."""

    def __init__(self) -> None:
        entities = sorted({entity for entity, _ in _CALLED} | {REFERENCE})
        super().__init__(entities, name="SpokenNumber", supported_language="en")

    def load(self) -> None:
        """Nothing to load."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:
        """The spoken numbers of `text`."""
        if _LOOK.search(text.lower()) is None:
            return []
        return [result for result in self._found(text) if result.entity_type in entities]

    def _found(self, text: str) -> Iterator[RecognizerResult]:
        for run in _RUN.finditer(text, timeout=_TIMEOUT):
            start, end = _trimmed(text, *run.span())
            digits = _count(text[start:end])
            # A label that is spelt out, "c r n", is taken for a part of the number.
            first = _WORD.search(text, start, end)
            before = text[max(0, start - _BEFORE) : first.start() if first else start].lower()
            spelt = digits >= _WITH_LETTERS and len(_LETTER.findall(text, start, end)) >= _WITH_LETTERS
            if (
                digits >= _ALONE
                or (digits >= _WITH_CUE and _CUE.search(before))
                or (spelt and _PLATE.search(before))
            ):
                yield RecognizerResult(_named(before, digits), start, end, _SCORE)


_TIMEOUT: Final = 5.0
_TAIL: Final = regex.compile(r"(?:[ ,.\n-]+(?:a|i))+$", regex.IGNORECASE)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Without the words "a" and "I" at the ends, which are no part of the number."""
    tail = _TAIL.search(text, start, end)
    return start, tail.start() if tail else end


def _count(run: str) -> int:
    """How many digits are said."""
    return sum(
        _TIMES.get((word[1] or "").lower(), 1) * (2 if _is_ten(word[2]) else 1)
        for word in _WORD.finditer(run)
    )


def _is_ten(word: str) -> bool:
    lower = word.lower()
    return "teen" in lower or "ty" in lower or lower in ("ten", "eleven", "twelve")


def _named(before: str, digits: int) -> str:
    """What the number is, by the last word before it that says so."""
    best, entity = -1, "PHONE_NUMBER" if digits >= _PHONE else REFERENCE
    for name, form in _CALLED:
        for match in regex.finditer(form, before):
            if match.end() > best and not (name == "PHONE_NUMBER" and digits < _ALONE):
                best, entity = match.end(), name
    return entity
