"""Whether a fact that is in the material belongs to something else there: its neighbours are other ones.

Conservative: it takes a clause of the answer whose words are nearly all in one clause of the material that has another
fact of the same kind instead, and hardly any in the sentences that have this fact.
"""

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from gateway.evidence.fact_finder import AnalysedText
from gateway.evidence.facts import Fact, Kind
from gateway.evidence.material import MAX_FOUND, FoundFact, Material
from gateway.evidence.sentences import stems_of

_CLAUSE_END: Final = re.compile(
    r"[;:,(]|\s[–—-]\s|\b(?:and|but|while|whereas|although|because|which|who|then|that|when|where|since|until|as)\b",
    re.IGNORECASE,
)
_PRONOUN: Final = re.compile(r"\b(?:he|she|they|him|her|his|them|their|who|i|we|my|me)\b", re.IGNORECASE)
_SAME_DAY: Final = re.compile(
    r"\b(?:same|that|next|following) (?:day|date|morning|afternoon|evening)\b", re.IGNORECASE
)
_KINDS: Final[frozenset[Kind]] = frozenset(["name", "date", "time", "sum", "percentage", "number"])
_MIN_WORDS: Final = 2
_AT_HOME: Final = 0.34
"""At most so much of the clause stands with the fact in the material."""
_ELSEWHERE: Final = 0.75
"""At least so much of it stands with another fact of the same kind."""


def belongs_elsewhere(
    fact: Fact, answer: AnalysedText, places: Sequence[FoundFact], material: Material
) -> FoundFact | None:
    """The fact of the material that stands where the answer has `fact`; None if nothing says so."""
    if fact.kind not in _KINDS:
        return None
    if fact.kind == "number" and fact.about:
        return material.counted_otherwise(fact)
    clause = _Clause.around(fact, answer)
    if clause.size < _MIN_WORDS:
        return None
    if len(places) >= MAX_FOUND:
        return None
    own = {place.sentence for place in places}
    if max(clause.share(_whole(material, at)) for at in own) > _AT_HOME:
        return None
    best = max(_others(fact, clause, own, material), key=lambda pair: pair[0], default=None)
    if best is None or any(key in best[1].fact.says for group in fact.asks for key in group):
        return None
    return best[1]


def _others(
    fact: Fact, clause: "_Clause", own: Container[int], material: Material
) -> Iterator[tuple[float, FoundFact]]:
    """Facts of the same kind whose clauses have nearly all of this one, with how much."""
    for other in material.facts:
        if other.fact.kind != fact.kind or other.sentence in own:
            continue
        if clause.share(_whole(material, other.sentence)) < _ELSEWHERE:
            continue
        share = clause.share(_Clause.around(other.fact, material.readings[other.place.message]))
        if share >= _ELSEWHERE and _names_it(other, material):
            yield share, other


@dataclass(frozen=True)
class _Clause:
    """The surroundings of a fact: words, and other facts. People are left out, since a pronoun may mean them."""

    stems: frozenset[str]
    facts: tuple[Fact, ...]

    @property
    def size(self) -> int:
        return len(self.stems) + len(self.facts)

    def share(self, other: "_Clause") -> float:
        """How much of it the other has."""
        keys = {key for fact in other.facts for key in fact.says}
        facts = sum(any(key in keys for group in own_fact.asks for key in group) for own_fact in self.facts)
        return (len(self.stems & other.stems) + facts) / self.size

    @classmethod
    def around(cls, fact: Fact, reading: AnalysedText) -> "_Clause":
        """The clause that `fact` stands in, without it."""
        sentence = reading.sentence_at(fact.start)
        if sentence is None:
            return cls(frozenset(), ())
        text, facts = (
            reading.text,
            reading.facts_between(sentence.start, sentence.end),
        )
        start, end = sentence.start, sentence.end
        for match in _CLAUSE_END.finditer(text, sentence.start, sentence.end):
            if any(fact_near.start < match.end() and match.start() < fact_near.end for fact_near in facts):
                continue
            if match.end() <= fact.start:
                start = match.end()
            elif match.start() >= fact.end:
                end = match.start()
                break
        within = [fact_near for fact_near in facts if start <= fact_near.start < end]
        pieces, at = [], start
        for fact_near in within:
            pieces.append(text[at : fact_near.start])
            at = max(at, fact_near.end)
        pieces.append(text[at:end])
        others = (
            fact_near
            for fact_near in within
            if fact_near.kind != "name" and fact_near.asks and fact_near is not fact
        )
        return cls(stems_of(" ".join(pieces)), tuple(others))


def _whole(material: Material, at: int) -> _Clause:
    return _Clause(material.sentences[at][1].stems, tuple(material.facts_in.get(at, ())))


def _names_it(other: FoundFact, material: Material) -> bool:
    """Whether the sentence says itself who or when, without a word that stands for something before it."""
    number, sentence = material.sentences[other.sentence]
    text = material.readings[number].text[sentence.start : sentence.end]
    alone = sum(fact.kind == other.fact.kind for fact in material.facts_in[other.sentence]) == 1
    return alone and not (_PRONOUN if other.fact.kind == "name" else _SAME_DAY).search(text)
