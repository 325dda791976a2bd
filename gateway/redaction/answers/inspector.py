"""Inspecting an answer: what it holds, what of that nobody had sent, and the marks that stand for it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from gateway.redaction.answers.additions import SentValues, is_boilerplate
from gateway.redaction.answers.texts import (
    TextKind,
    TextPlace,
    rewrite_answer,
    rewrite_choice,
    rewrite_text,
    texts_of,
    without_places,
)
from gateway.redaction.decoders.views import HintedText, Slot
from gateway.redaction.detection.known_values import KnownValues
from gateway.redaction.detection.pattern_matcher import CertainIdentifiers
from gateway.redaction.detection.resolver import Resolver
from gateway.redaction.pseudonyms.pseudonyms import Pseudonym
from gateway.redaction.text.findings import Finding
from gateway.redaction.text.normalised import fold
from gateway.redaction.text.rewritten import replaced

Find = Callable[[Mapping[Slot, HintedText]], dict[Slot, list[Finding]]]


@dataclass(frozen=True, slots=True)
class Inspection:
    """What an answer holds, before pseudonyms are put back.

    `text` is all of it that can be read; `entities` are the types of the issued pseudonyms and of what else is found
    in it, dates too; `added` is by type the personal data in it that did not stand in the request, each value once,
    as it stands.
    """

    text: str
    entities: frozenset[str]
    added: dict[str, tuple[str, ...]]

    def __repr__(self) -> str:
        """Without the text and the values, which must not reach a log."""
        return f"Inspection({sorted(self.entities)})"


class Inspector:
    """Reads the answers to one request. `find` is what finds; `entities` are the types that are redacted.

    `keep` are a policy's phrases, which are not personal.
    """

    def __init__(
        self,
        find: Find,
        identifiers: CertainIdentifiers,
        entities: frozenset[str],
        types: frozenset[str],
        sent: SentValues,
        issued: Sequence[Pseudonym],
        keep: Sequence[str] = (),
    ) -> None:
        self._find = find
        self._identifiers = identifiers
        self._entities = entities
        self._sent = sent
        self._issued = issued
        self._resolver = Resolver(types | {pseudonym.type for pseudonym in issued}, keep)
        self._known_values = KnownValues()
        self._seen: set[str] = set()
        self._added: dict[str, dict[str, str]] = {}

    def inspect(self, completion: Mapping[str, Any]) -> Inspection:
        self.read(texts_of(completion.get("choices") or ()))
        return self.inspection(completion)

    def mask(self, completion: Mapping[str, Any]) -> tuple[dict[str, Any], Inspection]:
        """A whole answer with a mark such as `[PERSON]` for whatever it adds, and what stands in it now.

        It has no log probabilities, which quote it. `added` has the marks, one for each value, so that they are counted
        and nobody sees the values.
        """
        added = self.read(texts_of(completion.get("choices") or ()))

        def mask(text: str, place: TextPlace) -> str:
            return rewrite_text(text, place, lambda text, place: self.masked(text, place, added))

        masked = rewrite_answer(completion, lambda choice: without_places(rewrite_choice(choice, mask)))
        return masked, self.inspection(masked, marks=True)

    def read(self, texts: Iterable[tuple[str, TextPlace]]) -> dict[Slot, list[Finding]]:
        """For each text, by its words and those of its member, what of it was added, as it stands in its reading."""
        readings = {slot: _reading(slot) for slot in dict.fromkeys(_slot(*text) for text in texts)}
        prose = {slot: reading for slot, reading in readings.items() if slot[0] != NAME}
        found = {
            slot: self._resolver.resolve(prose[slot], findings, KnownValues())
            for slot, findings in self._find(prose).items()
        }
        for slot, reading in readings.items():
            if slot not in prose:
                found[slot] = list(self._identifiers.find(reading.text, self._entities))
        added: dict[Slot, list[Finding]] = {}
        for slot, findings in found.items():
            reading = readings[slot]
            self._seen.update(finding.type for finding in findings)
            added[slot] = [one for one in findings if self._is_added(reading.text, one)]
            for one in added[slot]:
                value = reading.text[one.start : one.end]
                self._added.setdefault(one.type, {}).setdefault(" ".join(fold(value).split()), value)
                self._known_values.add_sure(value, one.type)
        return added

    def _is_added(self, text: str, finding: Finding) -> bool:
        value = text[finding.start : finding.end]
        # Several words in a row are hardly ever taken for a name by mistake.
        return (
            finding.type in self._entities
            and (finding.sure or " " in value)
            and not self._sent.has(value, finding.type)
            and not is_boilerplate(text, finding)
        )

    def inspection(self, completion: Mapping[str, Any], *, marks: bool = False) -> Inspection:
        """What was read, of which `completion` is all; with `marks` there is a mark in the place of each value."""
        text = "\n".join(dict.fromkeys(text for text, _ in texts_of(completion.get("choices") or ())))
        issued = {pseudonym.type for pseudonym in self._issued if pseudonym.text in text}
        added = {
            entity: tuple([mark(entity)] * len(values) if marks else values.values())
            for entity, values in sorted(self._added.items())
        }
        return Inspection(text, frozenset(self._seen | issued), added)

    def masked(
        self, text: str, place: TextPlace, added: Mapping[Slot, Sequence[Finding]], first: int = 0
    ) -> str:
        """A text from `first` on, with a mark for what was added, also where that was found in another text only."""
        if place.kind is TextKind.ID:
            return text[first:]
        slot = _slot(text, place)
        reading = _reading(slot)
        again = [
            found
            for found in self._known_values.search(reading.text)
            if not self._sent.has(reading.text[found.start : found.end], found.type)
        ]
        findings = self._resolver.resolve(reading, [*added.get(slot, ()), *again], KnownValues())
        places = ((max(start, first), end, mark(entity)) for start, end, entity in reading.places(findings))
        return replaced(text, (place for place in places if place[1] > first))[first:]


NAME: Final = "\0name"
"""Stands as the hint of a name, which is read in its own way."""


def _slot(text: str, place: TextPlace) -> Slot:
    return (NAME if place.kind is TextKind.NAME else place.hint, text)


def _reading(slot: Slot) -> HintedText:
    return HintedText(("", slot[1]) if slot[0] == NAME else slot)


def mark(entity: str) -> str:
    """What stands for personal data that a model made up: it has no number, since nobody is behind it."""
    return f"[{entity}]"
