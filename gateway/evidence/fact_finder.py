"""Everything that one text says, in order: the recognisers of facts, each reading what those before it left."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from gateway.evidence.citations import citations_of, courts_of, numbering_of
from gateway.evidence.dates import dates_of, times_of
from gateway.evidence.facts import Fact, TakenRanges
from gateway.evidence.identifiers import identifiers_of
from gateway.evidence.name_facts import Names, strangers_of
from gateway.evidence.numbers import numbers_of
from gateway.evidence.sentences import Sentence, sentences_of

_SPACES: Final = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2011": "-", "\u2010": "-"})


@dataclass(frozen=True)
class AnalysedText:
    """A text with its facts and its sentences."""

    text: str
    facts: tuple[Fact, ...]
    sentences: tuple[Sentence, ...]

    def facts_between(self, start: int, end: int) -> tuple[Fact, ...]:
        """Those that begin in the range."""
        first = bisect_left(self.facts, start, key=lambda fact: fact.start)
        last = bisect_left(self.facts, end, lo=first, key=lambda fact: fact.start)
        return self.facts[first:last]

    def sentence_at(self, place: int) -> Sentence | None:
        """The sentence that this place is in."""
        at = bisect_right(self.sentences, place, key=lambda sentence: sentence.start) - 1
        return self.sentences[at] if at >= 0 and place < self.sentences[at].end else None


def read(text: str, names: Names, was_sent: Callable[[str], bool] | None = None) -> AnalysedText:
    """Read one text; every place in what is found is one in `text`. `was_sent`, of an answer: whether a word stands in
    the material.
    """
    plain = text.translate(_SPACES)
    taken = TakenRanges(plain)
    facts = list(names.of(plain))
    for fact in facts:
        taken.take(fact.start, fact.end)
    for recogniser in (
        numbering_of,
        citations_of,
        courts_of,
        dates_of,
        times_of,
        identifiers_of,
        numbers_of,
    ):
        facts += recogniser(plain, taken)
    if was_sent is not None:
        facts += strangers_of(plain, was_sent, taken)
    facts.sort(key=lambda fact: (fact.start, fact.end))
    return AnalysedText(text, tuple(facts), tuple(sentences_of(plain)))
