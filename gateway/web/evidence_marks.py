"""The marks that evidence puts into texts: on the answer's facts and sentences, and on the places that they lead to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from gateway.evidence import AnswerFact, AnswerSentence, Evidence, Place

MarkKind = Literal["found", "elsewhere", "unsupported"]
Note = Literal["no_passage", "negation", "condition"]
_MAX_MARKED: Final = 200
"""Facts, and sentences, that are marked in the texts, those in doubt first: a page of a long answer stays light."""


@dataclass(frozen=True)
class Mark:
    """A fact of the answer, in characters of its text; `anchor` is where it leads."""

    start: int
    end: int
    kind: MarkKind
    anchor: str = ""


@dataclass(frozen=True)
class Doubt:
    """A fact that a person has to look at: its id, its words and the sentence around it."""

    id: str
    text: str
    state: MarkKind


class EvidenceMarks:
    """Of one advice: `answers` and `asked` are its texts as the evidence counts them."""

    def __init__(self, evidence: Evidence | None, answers: Sequence[str], asked: Sequence[str]) -> None:
        self.evidence = evidence
        self._answers = answers
        self._asked = asked
        self._facts: Sequence[AnswerFact] = ()
        self._sentences: Sequence[AnswerSentence] = ()
        self._anchors: Sequence[Place] = ()
        if evidence is not None:
            self._facts = sorted(evidence.facts, key=lambda fact: fact.state == "found")[:_MAX_MARKED]
            sentences = [
                sentence
                for sentence in evidence.sentences or ()
                if sentence.passage is None or sentence.differs is not None
            ]
            self._sentences = sentences[:_MAX_MARKED]
            self._anchors = _apart(self._wanted(evidence))

    @classmethod
    def of(cls, document: Mapping[str, Any], answers: Sequence[str], asked: Sequence[str]) -> "EvidenceMarks":
        """Of the document that this person sees; without evidence there are no marks."""
        sealed = document.get("evidence")
        return cls(None if sealed is None else Evidence.from_json(sealed), answers, asked)

    @property
    def doubts(self) -> list[Doubt]:
        """The facts that are not in what was sent, or stand with something else there."""
        doubtful = self.evidence.doubtful if self.evidence is not None else ()
        return [
            Doubt(fact.id, self._answers[fact.choice][fact.start : fact.end], fact.state) for fact in doubtful
        ]

    @property
    def left_out(self) -> list[tuple[str, str]]:
        """Facts that the answer does not mention: their texts, and links to their places."""
        omissions = self.evidence.left_out if self.evidence is not None else ()
        return [(self._text(omission.place), self._anchor(omission.place)) for omission in omissions]

    def marks(self, choice: int) -> list[Mark]:
        """The facts of one answer, apart from each other; those in doubt stand before others."""
        facts = [one for one in self._facts if one.choice == choice]
        shown: list[AnswerFact] = []
        for fact in sorted(facts, key=lambda one: (one.state == "found", one.end - one.start)):
            if all(fact.end <= one.start or fact.start >= one.end for one in shown):
                shown.append(fact)
        return sorted(map(self._mark, shown), key=lambda mark: mark.start)

    def _mark(self, fact: AnswerFact) -> Mark:
        place = fact.instead or next(iter(fact.places), None)
        return Mark(fact.start, fact.end, fact.state, "" if place is None else self._anchor(place))

    def notes(self, choice: int) -> dict[int, tuple[Note, str]]:
        """The notes after sentences of one answer, by the end of the sentence, each with its anchor."""
        return {
            sentence.end: (
                sentence.differs or "no_passage",
                "" if sentence.passage is None else self._anchor(sentence.passage),
            )
            for sentence in self._sentences
            if sentence.choice == choice
        }

    def places(self, message: int) -> list[tuple[int, int, str]]:
        """Where links lead to in a message: ranges, apart, each with its anchor."""
        return [
            (anchor.start, anchor.end, _name(anchor)) for anchor in self._anchors if anchor.message == message
        ]

    def _wanted(self, evidence: Evidence) -> Iterator[Place]:
        """Where links lead to."""
        for fact in self._facts:
            yield from fact.places[:1]
            if fact.instead is not None:
                yield fact.instead
        yield from (sentence.passage for sentence in self._sentences if sentence.passage is not None)
        yield from (omission.place for omission in evidence.left_out)

    def _anchor(self, place: Place) -> str:
        return next((_name(anchor) for anchor in self._anchors if _overlap(anchor, place)), "")

    def _text(self, place: Place) -> str:
        return self._asked[place.message][place.start : place.end]


def _apart(places: Iterator[Place]) -> list[Place]:
    """The longest first; what is within another one is reached by that."""
    result: list[Place] = []
    for place in sorted(set(places), key=lambda other: (other.start - other.end, other.message, other.start)):
        if not any(_overlap(other, place) for other in result):
            result.append(place)
    return sorted(result, key=lambda other: (other.message, other.start))


def _overlap(place: Place, other: Place) -> bool:
    return place.message == other.message and place.start < other.end and other.start < place.end


def _name(place: Place) -> str:
    return f"m{place.message}-{place.start}"
