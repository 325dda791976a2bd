"""The material of an answer: the messages of a request, with an index of their facts."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from gateway.evidence.citations import words_with_places
from gateway.evidence.fact_finder import AnalysedText, read
from gateway.evidence.facts import Fact, Key
from gateway.evidence.name_facts import Names

MAX_FOUND: Final = 100
"""Places of one value that are looked at."""


@dataclass(frozen=True, slots=True)
class Place:
    """A range of one of the messages."""

    message: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class FoundFact:
    """A fact where it stands in the material, with the number of its sentence among all of them."""

    place: Place
    fact: Fact
    sentence: int


class Material:
    """Reads the messages once; then each look-up takes no longer for a long record."""

    def __init__(self, messages: Sequence[str], names: Names) -> None:
        self.readings: list[AnalysedText] = [read(text, names) for text in messages]
        self.sentences = [
            (number, sentence)
            for number, reading in enumerate(self.readings)
            for sentence in reading.sentences
        ]
        self._index: dict[Key, list[FoundFact]] = {}
        self.facts: list[FoundFact] = []
        self.facts_in: dict[int, list[Fact]] = {}
        before = 0
        for number, reading in enumerate(self.readings):
            starts = [sentence.start for sentence in reading.sentences]
            for fact in reading.facts:
                at = before + max(0, bisect_right(starts, fact.start) - 1)
                fact_found = FoundFact(Place(number, fact.start, fact.end), fact, at)
                self.facts.append(fact_found)
                self.facts_in.setdefault(at, []).append(fact)
                for key in fact.says:
                    same = self._index.setdefault(key, [])
                    if len(same) < MAX_FOUND:
                        same.append(fact_found)
            before += len(starts)

    def places_of(self, fact: Fact) -> list[FoundFact]:
        """Where the material says what `fact` says."""
        for at, keys in enumerate(fact.asks):
            places = self._places_with(keys)
            if places and not (at and fact.kind == "court" and not all(map(self.has_word, fact.about))):
                return places
        return []

    def _places_with(self, keys: Iterable[Key]) -> list[FoundFact]:
        return [place for key in keys for place in self._index.get(key, ())]

    def has_word(self, word: str) -> bool:
        """Whether a word, in small letters, stands anywhere in it."""
        return word in self._vocabulary

    @cached_property
    def _words(self) -> list[list[tuple[str, int, int]]]:
        return [words_with_places(reading.text) for reading in self.readings]

    @cached_property
    def _vocabulary(self) -> frozenset[str]:
        return frozenset(word for words in self._words for word, _, _ in words)

    def counted_otherwise(self, fact: Fact) -> FoundFact | None:
        """Where the material has another number of what `fact` counts, and nowhere this one."""
        if not fact.about or self._places_with(key for key in fact.says if key[0] == "counts"):
            return None
        return next(iter(self._places_with(key for key in fact.says if key[0] == "counted")), None)

    def quotation(self, words: Sequence[str]) -> Place | None:
        """Where the material has these words, one behind the other."""
        words_text = f" {' '.join(words)} "
        for number, words_sent in enumerate(self._words):
            joined = f" {' '.join(word for word, _, _ in words_sent)} "
            at = joined.find(words_text)
            if at >= 0:
                first = joined.count(" ", 0, at)
                return Place(number, words_sent[first][1], words_sent[first + len(words) - 1][2])
        return None
