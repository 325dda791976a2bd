"""The evidence for an answer: the passages behind each fact and sentence, and what the answer leaves out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from gateway.evidence.citations import quotations_of
from gateway.evidence.clauses import ClauseComparison, Difference
from gateway.evidence.fact_finder import AnalysedText, read
from gateway.evidence.facts import Kind
from gateway.evidence.left_out import left_out
from gateway.evidence.material import Material, Place
from gateway.evidence.name_facts import Names, People
from gateway.evidence.neighbours import belongs_elsewhere
from gateway.evidence.sentence_model import Embeds
from gateway.evidence.sentence_support import Support

State = Literal["found", "elsewhere", "unsupported"]
_MAX_PLACES = 5


@dataclass(frozen=True)
class AnswerFact:
    """A fact of the answer. `places` are those of the material; of one that is `elsewhere`, where it does stand.

    `instead` is the place whose words the answer's are, which has another fact there.
    """

    id: str
    choice: int
    start: int
    end: int
    kind: Kind
    state: State
    places: tuple[Place, ...] = ()
    instead: Place | None = None


@dataclass(frozen=True)
class AnswerSentence:
    """A sentence of the answer, and the passage of the material that it rests on, if there is one.

    `differs`: the passage says it with or without a "not", or under a condition that the sentence leaves out.
    """

    choice: int
    start: int
    end: int
    passage: Place | None
    differs: Difference | None = None


@dataclass(frozen=True)
class Omission:
    """A fact of the material that the answer does not mention."""

    kind: Kind
    place: Place


@dataclass(frozen=True)
class Evidence:
    """All of it; `sentences` is None where no model compares them."""

    facts: tuple[AnswerFact, ...] = ()
    sentences: tuple[AnswerSentence, ...] | None = None
    left_out: tuple[Omission, ...] = ()

    @property
    def doubtful(self) -> tuple[AnswerFact, ...]:
        """The facts that are not in the material, or belong to something else there."""
        return tuple(fact for fact in self.facts if fact.state != "found")

    @property
    def unsupported_sentences(self) -> int | None:
        """The number of sentences without a passage, or different from theirs; None if they were not compared."""
        if self.sentences is None:
            return None
        return sum(sentence.passage is None or sentence.differs is not None for sentence in self.sentences)

    def as_json(self) -> dict[str, Any]:
        """As it is sealed."""
        sentences = self.sentences
        return {
            "facts": [
                {
                    **_members(fact),
                    "places": [_members(place) for place in fact.places],
                    "instead": _place_as_json(fact.instead),
                }
                for fact in self.facts
            ],
            "sentences": None
            if sentences is None
            else [
                {**_members(sentence), "passage": _place_as_json(sentence.passage)} for sentence in sentences
            ],
            "left_out": [
                {"kind": omission.kind, "place": _members(omission.place)} for omission in self.left_out
            ],
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> "Evidence":
        """What `as_json` gave."""
        facts = (
            AnswerFact(
                **{
                    **fact,
                    "places": tuple(Place(**place) for place in fact["places"]),
                    "instead": _place(fact["instead"]),
                }
            )
            for fact in content["facts"]
        )
        sentences = content["sentences"]
        return cls(
            tuple(facts),
            None
            if sentences is None
            else tuple(
                AnswerSentence(**{**sentence, "passage": _place(sentence["passage"])})
                for sentence in sentences
            ),
            tuple(Omission(omission["kind"], Place(**omission["place"])) for omission in content["left_out"]),
        )


def _members(value: "AnswerFact | AnswerSentence | Place") -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


def _place_as_json(place: Place | None) -> dict[str, int] | None:
    return None if place is None else _members(place)


def _place(value: Mapping[str, int] | None) -> Place | None:
    return None if value is None else Place(**value)


def evidence_of(
    messages: Sequence[str], answers: Sequence[str], people: People, embeds: Embeds | None = None
) -> Evidence:
    """What each of `answers` (the choices' texts) rests on in `messages`; places are in these texts."""
    names = Names(people)
    material = Material(messages, names)
    readings = [read(text, names, material.has_word) for text in answers]
    facts: list[AnswerFact] = []
    for choice, reading in enumerate(readings):
        for start, end, kind, state, places, instead in _facts(reading, material):
            facts.append(AnswerFact(f"f{len(facts) + 1}", choice, start, end, kind, state, places, instead))
    sentences = None if embeds is None else tuple(_sentences(readings, material, embeds))
    omissions = tuple(
        Omission(omission.fact.kind, omission.place) for omission in left_out(material, readings)
    )
    return Evidence(tuple(facts), sentences, omissions)


def _sentences(
    readings: Sequence[AnalysedText], material: Material, embeds: Embeds
) -> Iterator[AnswerSentence]:
    support, wording = Support(material, embeds), ClauseComparison(material)
    for choice, reading in enumerate(readings):
        for sentence, passage in support.of(reading):
            other = wording.difference(reading, sentence, passage)
            differs, where = other or (None, passage)
            yield AnswerSentence(choice, sentence.start, sentence.end, where, differs)


_Judged = tuple[int, int, Kind, State, tuple[Place, ...], Place | None]


def _facts(reading: AnalysedText, material: Material) -> list[_Judged]:
    results: list[_Judged] = []
    for fact in reading.facts:
        if not fact.asks:
            continue
        places = material.places_of(fact)
        if not places:
            results.append((fact.start, fact.end, fact.kind, "unsupported", (), None))
            continue
        other = belongs_elsewhere(fact, reading, places, material)
        where = tuple(dict.fromkeys(judged.place for judged in places))[:_MAX_PLACES]
        state: State = "found" if other is None else "elsewhere"
        results.append(
            (fact.start, fact.end, fact.kind, state, where, None if other is None else other.place)
        )
    for start, end, words in quotations_of(reading.text):
        place = material.quotation(words)
        whole: _Judged = (
            start,
            end,
            "quotation",
            "found" if place else "unsupported",
            (place,) if place else (),
            None,
        )
        results.append(whole)
    return sorted(results, key=lambda judged: (judged[0], -judged[1]))
