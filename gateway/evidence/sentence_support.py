"""Which passage of the material each sentence of the answer rests on, if any.

Shared words say it for most sentences. For the others a small model compares what they mean with the passages that
share most words with them; so many, at most, that a long record takes no longer.
"""

import math
from collections import Counter
from collections.abc import Iterator
from heapq import nsmallest
from typing import Final

from gateway.evidence.fact_finder import AnalysedText
from gateway.evidence.material import Material, Place
from gateway.evidence.sentence_model import Embeds, Vector
from gateway.evidence.sentences import Sentence

_MIN_WORDS: Final = 3
_SHARED: Final = 0.6
"""So much of a sentence's words, rare ones counting more, in one passage: it rests on that."""
_SHARED_BY_TWO: Final = 0.75
ALIKE: Final = 0.55
"""The least product of two sentences' vectors; measured in tests/evidence."""
_MAX_PASSAGES: Final = 24
_MAX_EACH: Final = 3
_SHARED_FACT: Final = 0.12
_MAX_SHARED_FACTS: Final = 2
"""A fact that stands in both, as a date, makes two sentences so much more alike."""


class Support:
    """Looks for the passages; `embeds` compares what shared words don't settle."""

    def __init__(self, material: Material, embeds: Embeds) -> None:
        self._material = material
        self._embeds = embeds
        self._vectors: dict[str, Vector] = {}
        self._holders: dict[str, list[int]] = {}
        for at, (_, sentence) in enumerate(material.sentences):
            for stem in sentence.stems:
                self._holders.setdefault(stem, []).append(at)
        self._count = len(material.sentences)

    def of(self, answer: AnalysedText) -> Iterator[tuple[Sentence, Place | None]]:
        """Each sentence that says something, with its passage; None where there is none."""
        budget = _MAX_PASSAGES
        for sentence in answer.sentences:
            text = answer.text[sentence.start : sentence.end]
            if text.endswith((":", "?", ",")):
                continue
            ranked = self._ranked(sentence)
            at = self._by_words(sentence, ranked)
            if at is None and len(sentence.stems) < _MIN_WORDS:
                continue
            if at is None:
                facts = self._facts(answer, sentence)
                candidates = [at for at, _ in facts.most_common()] + [at for at, _ in ranked]
                candidates = list(dict.fromkeys(candidates))[: max(1, min(_MAX_EACH, budget))]
                at, used = self._by_meaning(text, candidates, facts)
                budget -= used
            yield sentence, None if at is None else self._place(at)

    def _place(self, at: int) -> Place:
        message, sentence = self._material.sentences[at]
        return Place(message, sentence.start, sentence.end)

    def _weight(self, stem: str) -> float:
        return math.log(1 + self._count / (1 + len(self._holders.get(stem, ()))))

    def _ranked(self, sentence: Sentence) -> list[tuple[int, float]]:
        """The passages that have most of the sentence's words, and how much."""
        shared: dict[int, float] = {}
        weights = {stem: self._weight(stem) for stem in sorted(sentence.stems)}
        total = sum(weights.values()) or 1.0
        for stem, weight in weights.items():
            share = weight / total
            for at in self._holders.get(stem, ()):
                shared[at] = shared.get(at, 0.0) + share
        return nsmallest(1 + _MAX_PASSAGES, shared.items(), key=lambda pair: (-pair[1], pair[0]))

    def _by_words(self, sentence: Sentence, ranked: list[tuple[int, float]]) -> int | None:
        if not ranked:
            return None
        best, share = ranked[0]
        if share >= _SHARED:
            return best
        rest = sentence.stems - self._material.sentences[best][1].stems
        more = max(
            (len(rest & self._material.sentences[at][1].stems) for at, _ in ranked[1 : 1 + _MAX_PASSAGES]),
            default=0,
        )
        both = (len(sentence.stems) - len(rest) + more) / len(sentence.stems)
        return best if both >= _SHARED_BY_TWO else None

    def _facts(self, answer: AnalysedText, sentence: Sentence) -> Counter[int]:
        """The passages that have facts of the sentence, with how many; names stand in too many."""
        counts: Counter[int] = Counter()
        for fact in answer.facts:
            if sentence.start <= fact.start < sentence.end and fact.asks and fact.kind != "name":
                counts.update({place.sentence for place in self._material.places_of(fact)})
        return counts

    def _by_meaning(self, text: str, candidates: list[int], facts: Counter[int]) -> tuple[int | None, int]:
        """The passage that means most nearly the same, if nearly enough; and how many were newly read for it."""
        before = len(self._vectors)
        own = self._vector(text)
        alike = [
            (
                float(own @ self._vector(self._text(at))) + _SHARED_FACT * min(facts[at], _MAX_SHARED_FACTS),
                at,
            )
            for at in candidates
        ]
        best = max(alike, default=(0.0, -1))
        return (best[1] if best[0] >= ALIKE else None), len(self._vectors) - before

    def _text(self, at: int) -> str:
        message, sentence = self._material.sentences[at]
        return self._material.readings[message].text[sentence.start : sentence.end]

    def _vector(self, text: str) -> Vector:
        if text not in self._vectors:
            self._vectors[text] = self._embeds(text)
        return self._vectors[text]
