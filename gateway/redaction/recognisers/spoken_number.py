"""Numbers as a transcript has them: "oh seven seven double nine, one two three"; what they are, the words
before say.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

import regex  # type: ignore[import-untyped]  # it ships no types
from presidio_analyzer import EntityRecognizer, RecognizerResult

from gateway.redaction.reading import lowered
from gateway.redaction.recognisers.called import ENTITIES, Called, labels_in

_DIGITS: Final = "oh|o|zero|nought|naught|nil|one|two|three|four|five|six|seven|eight|nine"
_TENS: Final = (
    "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|"
    "(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?"
)
_SPELT: Final = (
    "alpha|alfa|bravo|charlie|delta|echo|foxtrot|golf|hotel|india|juliet|juliett|kilo|lima|mike|november|oscar|papa|"
    "quebec|romeo|sierra|tango|uniform|victor|whisky|whiskey|x-ray|xray|x ray|yankee|zulu"
)
_BETWEEN: Final = (
    "and|then|er|um|uh|erm|(?:forward |back ?)?slash|stroke|dash|hyphen|space|dot|point|underscore|comma|over|"
    "new line|sorry|hang on|yeah|yes|right|so|okay|no wait|wait"
)
_GAP: Final = rf"(?:[ ,.\n-]{{1,3}}(?:(?:{_BETWEEN})[ ,.\n-]{{1,3}}){{0,3}})"
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
_SAID: Final = rf"(?:{_DIGITS}|{_TENS})(?![^\W_])"
_LOOK: Final = re.compile(
    rf"(?<![^\W_])(?:{_DIGITS}|{_TENS}|{_SPELT}|[a-z]"
    rf"|double)[ ,.-]{{1,3}}(?:[a-z][ ,.-]{{1,3}})?(?:{_SAID}|double |triple )"
    r"|(?<![^\W_])(?:\d[ ,.-]{1,2}\d[ ,.-]{1,2}\d(?!\d)|[a-z] for [a-z]+ [a-z] for )"
)
"""In small letters."""
_IN_WORDS: Final = regex.compile(
    rf"(?<!\p{{L}})(?:{_DIGITS}|{_TENS}|double|triple|treble)(?!\p{{L}})", regex.IGNORECASE
)
_CUE: Final = regex.compile(
    r"phone|mobile|ring|call|text|landline|number|account|\bref\b|reference|case|code|claim|\bid\b"
    r"|digits|reg\b|"
    r"incident|\bcard\b|registration|plate"
)
_THAT_IS: Final = re.compile(
    r"[ ,.]{0,3}(?:that's|that is|that was|is|was|for)(?: (?:the|my|his|her|their|your))? "
)
_AFTER: Final = 50
_BEFORE: Final = 70
_SCORE: Final = 0.7
_ALONE: Final = 7
"""Digits that nobody counts out for another reason."""
_WITH_CUE: Final = 4
_WITH_LETTERS: Final = 2
"""Digits and letters, of a postcode or a number plate."""
_LETTER: Final = regex.compile(rf"(?<![\p{{L}}'])(?:{_SPELT}|\p{{L}})(?![\p{{L}}'])", regex.IGNORECASE)
_PLATE: Final = re.compile(r"post ?code|\breg\b|registration|number plate|\bplates?\b|\bindex\b")
_FEW: Final = 5
"""Digits and letters together, beside what the value is called."""
_PHONE: Final = 9
_TIMES: Final = {"double": 2, "triple": 3, "treble": 3}
REFERENCE: Final = "UK_REFERENCE"


class SpokenNumber(EntityRecognizer):
    """Seven digits or more in words, or four beside a word that says what they are."""

    def __init__(self) -> None:
        super().__init__(list(ENTITIES), name="SpokenNumber", supported_language="en")

    def load(self) -> None:
        """Nothing to load."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:
        """The spoken numbers of `text`."""
        if _LOOK.search(text.lower()) is None:
            return []
        return [result for result in self._found(text) if result.entity_type in entities]

    def _found(self, text: str) -> Iterator[RecognizerResult]:
        for run in _RUN.finditer(text, timeout=_TIMEOUT):
            digits = _count(run[0])
            # A label that is spelt out, "c r n", is taken for a part of the number.
            first = _WORD.search(text, *run.span())
            before = lowered(text[max(0, run.start() - _BEFORE) : first.start() if first else run.start()])
            called = _label_before(before) or _label_after(lowered(text[run.end() : run.end() + _AFTER]))
            start, end = run.span() if called or _PLATE.search(before) else _trimmed(text, *run.span())
            if _is_number(text[start:end], digits, before, called):
                yield RecognizerResult(called.entity if called else _by_length(digits), start, end, _SCORE)


def _label_before(before: str) -> Called | None:
    """The last label before a number."""
    return max(labels_in(before), key=lambda label: (label.end, -label.start), default=None)


def _label_after(after: str) -> Called | None:
    """The label of "… that's the passport number"."""
    joined = _THAT_IS.match(after)
    at_once = [label for label in labels_in(after) if joined and label.start == joined.end()]
    return max(at_once, key=lambda label: label.end, default=None)


def _is_number(run: str, digits: int, before: str, called: Called | None) -> bool:
    """Whether what is counted out is a number that stands for somebody."""
    letters = len(_LETTER.findall(run))
    if called is not None:
        few = min(called.fewest, _WITH_CUE)
        return digits >= few or (digits >= 1 and digits + letters >= _FEW)
    if not _IN_WORDS.search(run):
        return False
    spelt = digits >= _WITH_LETTERS and letters >= _WITH_LETTERS and _PLATE.search(before)
    return digits >= _ALONE or bool(spelt) or (digits >= _WITH_CUE and bool(_CUE.search(before)))


def _by_length(digits: int) -> str:
    return "PHONE_NUMBER" if digits >= _PHONE else REFERENCE


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
