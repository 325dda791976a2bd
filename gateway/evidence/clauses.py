"""Whether a clause of the answer says what a clause of the material says, but with or without its "not" or its "if".

Conservative: nearly all words of the clause must be in that one clause of the material.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from gateway.evidence.fact_finder import AnalysedText
from gateway.evidence.facts import Fact, Key
from gateway.evidence.material import Material, Place
from gateway.evidence.polarity import Polarity
from gateway.evidence.sentences import Sentence, stems_of

Difference = Literal["negation", "condition"]

_CLAUSE_END: Final = re.compile(
    r"[;:,](?!\d)|\s[–—-]\s|\b(?:and|but|while|whereas|although|because|which|who|so|since|as|that|until|while)\b",
    re.IGNORECASE,
)
_NEGATION: Final = re.compile(
    r"\b(?:not|no|never|cannot|nobody|none|nothing|without|neither)\b|n[’']t\b", re.IGNORECASE
)
_CONDITION: Final = re.compile(
    r"\b(?:if|unless|provided|providing|subject to|on condition|as long as|so long as|once|only when)\b",
    re.IGNORECASE,
)
_PRESENT: Final = re.compile(
    rf"{_CONDITION.pattern}|\b(?:when|while|until|where|only|after|depend\w*)\b", re.IGNORECASE
)
"""What may be a condition in the answer: then none is said to be left out."""
_MAIN_BEFORE: Final = re.compile(r"[;:,.]\s")
_MAIN_AFTER: Final = re.compile(
    r",\s|\s(?=(?:the|an?|he|she|they|it|we|you|this|that)\b[^,;]{0,40}?\b(?:will|may|must|can|shall|would|should)\b)",
    re.IGNORECASE,
)
_MIN_OF_MAIN: Final = 2
_SAME_MAIN: Final = 0.65
_MIN_WORDS: Final = 2
_SAME: Final = 0.75
_SAME_SENTENCE: Final = 0.5


@dataclass(frozen=True, slots=True)
class _Clause:
    start: int
    end: int
    stems: frozenset[str]
    negated: bool


@dataclass(frozen=True, slots=True)
class _Conditional:
    """A sentence of the material with a condition: what it says under it, in words and facts."""

    place: Place
    stems: frozenset[str]
    keys: frozenset[Key]

    def share(self, sentence: Sentence, keys: frozenset[Key]) -> float:
        """How much of it a sentence of the answer says."""
        return (len(self.stems & sentence.stems) + len(self.keys & keys)) / (len(self.stems) + len(self.keys))


class ClauseComparison:
    """Compares clauses; the material's are split once."""

    def __init__(self, material: Material) -> None:
        self._material = material
        self._clauses: list[tuple[int, _Clause]] = []
        self._holders: dict[str, list[int]] = {}
        for message, sentence in material.sentences:
            for clause in _clauses(material.readings[message], sentence):
                for stem in clause.stems:
                    self._holders.setdefault(stem, []).append(len(self._clauses))
                self._clauses.append((message, clause))

        self._polarity = Polarity(material)
        self._conditionals = list(self._with_conditions())
        self._conditioned: dict[str, list[int]] = {}
        for at, conditional in enumerate(self._conditionals):
            for stem in conditional.stems:
                self._conditioned.setdefault(stem, []).append(at)

    def _with_conditions(self) -> Iterator[_Conditional]:
        for message, sentence in self._material.sentences:
            reading = self._material.readings[message]
            match = _CONDITION.search(reading.text, sentence.start, sentence.end)
            if match is None:
                continue
            start, end = _main_clause(reading.text, sentence, match)
            keys = frozenset(key for fact in reading.facts_between(start, end) for key in _values(fact))
            stems = _stems(reading, start, end)
            if len(stems) + len(keys) >= _MIN_OF_MAIN and stems:
                yield _Conditional(Place(message, sentence.start, sentence.end), stems, keys)

    def difference(
        self, answer: AnalysedText, sentence: Sentence, passage: Place | None
    ) -> tuple[Difference, Place] | None:
        """The contradiction between a sentence of the answer and the material, with its place there."""
        for clause in _clauses(answer, sentence):
            result = self._otherwise(clause)
            if result is not None:
                return "negation", result
        turned = self._polarity.turned(answer, sentence)
        if turned is not None:
            return "negation", turned
        condition = self._left_out(answer, sentence)
        if condition is not None:
            return "condition", condition
        if passage is None or _CONDITION.search(answer.text, sentence.start, sentence.end):
            return None
        text = self._material.readings[passage.message].text[passage.start : passage.end]
        match = _CONDITION.search(text)
        if match is None:
            return None
        rest = stems_of(text) - self._condition_stems(text, match)
        same = len(rest & sentence.stems) / max(1, len(rest))
        return ("condition", passage) if same >= _SAME_SENTENCE else None

    def _left_out(self, answer: AnalysedText, sentence: Sentence) -> Place | None:
        """Where the material says the same under a condition, of which the sentence has none."""
        if _PRESENT.search(answer.text, sentence.start, sentence.end):
            return None
        facts = answer.facts_between(sentence.start, sentence.end)
        keys = frozenset(key for fact in facts for key in _values(fact))
        some = sorted({at for stem in sentence.stems for at in self._conditioned.get(stem, ())})
        shares = ((self._conditionals[at].share(sentence, keys), at) for at in some)
        share, best = max(shares, key=lambda pair: pair[0], default=(0.0, -1))
        return self._conditionals[best].place if share >= _SAME_MAIN else None

    def _condition_stems(self, text: str, match: re.Match[str]) -> frozenset[str]:
        """The words of the condition: up to a comma where it begins the sentence, else to its end."""
        comma = text.find(",", match.end())
        end = comma if comma > 0 and match.start() == 0 else len(text)
        return stems_of(text[match.start() : end])

    def _otherwise(self, clause: _Clause) -> Place | None:
        if len(clause.stems) < _MIN_WORDS:
            return None
        shared = Counter(at for stem in clause.stems for at in self._holders.get(stem, ()))
        same = [at for at, count in shared.items() if count / len(clause.stems) >= _SAME]
        same = [at for at in same if shared[at] / len(self._clauses[at][1].stems) >= _SAME_SENTENCE]
        if not same or any(self._clauses[at][1].negated == clause.negated for at in same):
            return None
        message, place = self._clauses[max(same, key=lambda at: shared[at])]
        return Place(message, place.start, place.end)


def _main_clause(text: str, sentence: Sentence, condition: re.Match[str]) -> tuple[int, int]:
    """The clause that holds under the condition: the one in front of it, or behind it where it begins the sentence."""
    if text[sentence.start : condition.start()].strip(" ,;:"):
        before = text[sentence.start : condition.start()].rstrip(" ,;:")
        end = sentence.start + len(before)
        starts = [match.end() for match in _MAIN_BEFORE.finditer(text, sentence.start, end)]
        return (starts[-1] if starts else sentence.start), end
    match = _MAIN_AFTER.search(text, min(condition.end() + 4, sentence.end), sentence.end)
    return (sentence.end if match is None else match.end()), sentence.end


def _values(fact: Fact) -> tuple[Key, ...]:
    """The value of a fact that is not a name, by which two are compared."""
    return fact.says[:1] if fact.kind != "name" else ()


def _clauses(reading: AnalysedText, sentence: Sentence) -> Iterator[_Clause]:
    text = reading.text
    start = sentence.start
    ends = [*_CLAUSE_END.finditer(text, sentence.start, sentence.end), None]
    for match in ends:
        end = sentence.end if match is None else match.start()
        piece = text[start:end]
        if piece.strip():
            negated = len(_NEGATION.findall(piece)) % 2 == 1
            yield _Clause(start, end, _stems(reading, start, end), negated)
        start = sentence.end if match is None else match.end()


def _stems(reading: AnalysedText, start: int, end: int) -> frozenset[str]:
    """Without facts, which are looked up by themselves and are written in many forms; but with names."""
    pieces, at = [], start
    for fact in reading.facts_between(start, end):
        if fact.kind != "name":
            pieces.append(reading.text[at : fact.start])
            at = max(at, fact.end)
    return stems_of(" ".join([*pieces, reading.text[at:end]]))
