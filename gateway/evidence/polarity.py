"""Whether the answer says with a "not" what the material everywhere says without one, word by word, or the other way.

"Mr Stroud does not accept this" and "He does accept this" share one word only; that the material never has it without
"not" is what tells. Conservative: both sentences must share something else, and neither may deny in another word.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from gateway.evidence.fact_finder import AnalysedText
from gateway.evidence.material import Material, Place
from gateway.evidence.sentences import Sentence, stems_of

NEGATION: Final = re.compile(
    r"\b(?:not|no|never|cannot|nobody|none|nothing|without|neither|nor)\b|n[’']t\b", re.IGNORECASE
)
_OTHERWISE: Final = re.compile(
    r"\b(?:fail|refus|den[iy]|declin|unable|lack|stop|ceas|prevent|avoid|except|rather|only|instead|unless|hardly"
    r"|miss|withdr|reject|absen|free|un(?!til|der|ion|it)[a-z]{4})\w*",
    re.IGNORECASE,
)
_SUPPOSED: Final = re.compile(r"\b(?:would|could|need|requir)\w*", re.IGNORECASE)
_WORD: Final = re.compile(r"[^\W_]+(?:[’'][^\W_]+)?")
_SCOPE_END: Final = re.compile(r"[;:,.]|\b(?:but|and|so|because|since|which|who|while)\b", re.IGNORECASE)
_REACH: Final = 3
"""Content words after a negation that it is about."""
_MAX: Final = 2
"""Places of a word in the material: of a commoner one it says little."""
_MIN_SHARED: Final = 1


@dataclass(frozen=True, slots=True)
class _WordUse:
    message: int
    sentence: Sentence
    negated: bool


class Polarity:
    """Knows how the material uses each word; its sentences are read once."""

    def __init__(self, material: Material) -> None:
        self._uses: dict[str, list[_WordUse]] = {}
        self._material = material
        for message, sentence in material.sentences:
            negated = _negated(material.readings[message], sentence)
            for stem in _words_of(material.readings[message], sentence):
                self._uses.setdefault(stem, []).append(_WordUse(message, sentence, stem in negated))

    def turned(self, answer: AnalysedText, sentence: Sentence) -> Place | None:
        """Where the material says the opposite of a sentence of the answer, if it does."""
        if any(item.search(answer.text, sentence.start, sentence.end) for item in (_OTHERWISE, _SUPPOSED)):
            return None
        negated = _negated(answer, sentence)
        any_negated = bool(NEGATION.search(answer.text, sentence.start, sentence.end))
        for stem in sorted(_words_of(answer, sentence)):
            uses = self._uses.get(stem, ())
            if not uses or len(uses) > _MAX or any(item.negated == (stem in negated) for item in uses):
                continue
            if any_negated and stem not in negated:  # the "not" is about something near
                continue
            for use in uses:
                if self._same(answer, sentence, use, stem):
                    return Place(use.message, use.sentence.start, use.sentence.end)
        return None

    def _same(self, answer: AnalysedText, sentence: Sentence, use: _WordUse, stem: str) -> bool:
        """Whether both sentences are about the same: they share another word, a name or a fact."""
        reading = self._material.readings[use.message]
        if _OTHERWISE.search(reading.text, use.sentence.start, use.sentence.end):
            return False
        if stem not in _negated(reading, use.sentence) and NEGATION.search(
            reading.text, use.sentence.start, use.sentence.end
        ):
            return False
        shared = (sentence.stems & use.sentence.stems) - {stem}
        return len(shared) >= _MIN_SHARED


def _words_of(reading: AnalysedText, sentence: Sentence) -> frozenset[str]:
    """The words of a sentence without those of its facts and names, which no negation is about by itself."""
    inside = [
        stems_of(reading.text[fact.start : fact.end])
        for fact in reading.facts_between(sentence.start, sentence.end)
    ]
    return sentence.stems.difference(*inside)


def _negated(reading: AnalysedText, sentence: Sentence) -> frozenset[str]:
    """The words that a negation in the sentence is about."""
    return frozenset(_after_negations(reading.text, sentence))


def _after_negations(text: str, sentence: Sentence) -> Iterator[str]:
    for match in NEGATION.finditer(text, sentence.start, sentence.end):
        limit = _SCOPE_END.search(text, match.end(), sentence.end)
        end = sentence.end if limit is None else limit.start()
        count = 0
        for word in _WORD.finditer(text, match.end(), end):
            stems = stems_of(word[0])
            yield from stems
            count += bool(stems)
            if count == _REACH:
                break
