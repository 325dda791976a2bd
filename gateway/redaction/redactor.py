"""Redacting a request: gather its texts, find personal data in them, number it, put pseudonyms in its place."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

from gateway.redaction.answers import answer_slots
from gateway.redaction.errors import Unreadable
from gateway.redaction.finder import Finder
from gateway.redaction.findings import Finding
from gateway.redaction.judging import Judge, Settled
from gateway.redaction.kept import kept_ranges
from gateway.redaction.loading import load_readers, load_recognisers
from gateway.redaction.memory import Memory
from gateway.redaction.mentions import SUBJECT_TYPES, Mentions, subject_type
from gateway.redaction.payload import Walk
from gateway.redaction.people import People, Writing, title_before
from gateway.redaction.pseudonyms import VARIATIONS, Numbering, Pseudonym, Typed
from gateway.redaction.quiet import silence_presidio
from gateway.redaction.reading import Reading, fold
from gateway.redaction.recognisers import all_recognisers
from gateway.redaction.refusing import Path, param
from gateway.redaction.replacing import Gathered, HintedReading, Replaced, Slot
from gateway.redaction.rules import Rules
from gateway.redaction.scripts import Scripts
from gateway.redaction.settings import RedactionSettings
from gateway.redaction.views import views_of

if TYPE_CHECKING:
    from presidio_analyzer import EntityRecognizer

_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_TOKEN_CUT: Final = re.compile(r"(?<=[a-z])(?=[A-Z])|[_.:-]+")
_DATES: Final = "DATE_TIME"
_UNNAMED: Final = "UK_REFERENCE"
"""A number of no known form, as every id is."""


@dataclass(frozen=True, slots=True)
class Redacted:
    """A request that may be sent, and the pseudonyms that stand in it.

    `request` is a copy with every text redacted; `issued` are the only pseudonyms that may be put back into its
    answer; `new` are those of them that the case did not have; `counts` is the number of distinct ones by type.
    """

    request: dict[str, Any]
    issued: tuple[Pseudonym, ...]
    new: tuple[Pseudonym, ...]
    counts: dict[str, int]


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


class Redactor:
    """Finds personal data and puts pseudonyms in its place. Built once by `load`; safe to use from several threads."""

    def __init__(self, finder: Finder, entities: frozenset[str]) -> None:
        self._finder = finder
        self._entities = entities
        self._seen: Memory[tuple[bool, tuple[tuple[int, int], ...]]] = Memory()
        self._settled: Settled = Memory()

    @classmethod
    def load(cls, settings: RedactionSettings, *, recognisers: "Sequence[EntityRecognizer]" = ()) -> Self:
        """Build everything once, without the network. `recognisers` are Presidio's, beside our own.

        `ModelMissing` if something that the settings name can't be loaded.
        """
        silence_presidio()
        entities = settings.entities | {_DATES}
        own = load_recognisers(settings, entities)
        rules = Rules(
            [*all_recognisers(), *own, *recognisers],
            entities,
            settings.score_threshold,
            settings.pattern_seconds,
        )
        finder = Finder(rules, load_readers(settings), entities)
        return cls(finder, settings.entities)

    @property
    def reads_names(self) -> bool:
        """Whether models read names, which takes long, or only patterns are looked for."""
        return self._finder.reads_names

    @property
    def types(self) -> frozenset[str]:
        """The types of what is redacted: those of the settings, and what a subject is called."""
        return self._entities | SUBJECT_TYPES

    def redact(
        self,
        request: Mapping[str, Any],
        *,
        known: Sequence[Pseudonym] = (),
        subjects: Sequence[str] = (),
        missed: Sequence[tuple[str, str]] = (),
        keep: Sequence[str] = (),
        scripts: Sequence[str] = (),
    ) -> Redacted:
        """A copy of a chat completion request in which pseudonyms stand for all that is personal.

        `known` are the case's pseudonyms from earlier requests. `subjects` are names and identifiers that are always
        redacted, and so is what was `missed` before, as `(type, value)`. `keep` are phrases or entity types that are
        not. `scripts` are those that pass unread, by Unicode's names. Raises `Unreadable`, `InvalidRequest` or
        `RedactionFailed`, and then nothing may be sent.
        """
        gathered = Gathered()
        Walk(gathered).request(request)
        readings = {slot: HintedReading(slot) for slot in gathered.texts}
        unread = Scripts(scripts) if scripts else _LATIN_ONLY
        _check_scripts(readings, gathered.where, unread)
        always = [*missed, *((subject_type(subject), subject) for subject in subjects)]
        mentions = _mentions(known, always, gathered.names, keep)
        judge = Judge(
            self.types | {pseudonym.type for pseudonym in known} | {entity for entity, _ in missed},
            keep,
            unread if self._finder.reads_names else None,
            self._settled,
        )
        places = self._places(readings, mentions, judge, self._entities - set(keep))
        self._check_tokens(gathered.tokens, mentions, self._entities - {_UNNAMED, *keep})
        written = list(_written(readings, gathered.names))
        people = People.of([*_writings(places), *(Writing(one.value, one.type) for one in known)])
        # A text that has variation selectors of its own must come back as it is.
        variants = not any(VARIATIONS.search(text) for text in written)
        numbering = Numbering(known, Typed(written), people, variants=variants)
        sent = Walk(Replaced(places, numbering), read=True).request(request)
        return Redacted(sent, numbering.issued, numbering.new, numbering.counts)

    def places(self, text: str) -> list[tuple[int, int, str]]:
        """Where a text alone is redacted: the ranges with their types, in order and apart."""
        slot = ("", text)
        gathered = Gathered()
        Walk(gathered).request({"messages": [{"role": "user", "content": text}]})
        readings = {slot: HintedReading(slot)}
        _check_scripts(readings, gathered.where, _LATIN_ONLY)
        unread = _LATIN_ONLY if self._finder.reads_names else None
        judge = Judge(self._entities | SUBJECT_TYPES, (), unread, self._settled)
        return self._places(readings, Mentions(), judge, self._entities)[slot]

    def _places(
        self,
        readings: Mapping[Slot, HintedReading],
        mentions: Mentions,
        judge: Judge,
        wanted: frozenset[str],
    ) -> dict[Slot, list[tuple[int, int, str]]]:
        """Where each text is redacted. What is found once is added to `mentions`, and found everywhere."""
        found = self._found(readings, wanted)
        for slot, reading in readings.items():
            for finding in judge.settled(reading, found[slot], Mentions()):
                value = reading.text[finding.start : finding.end]
                if not finding.sure:
                    continue
                if finding.type == "PERSON":
                    mentions.add_name(value)
                else:
                    mentions.add_found(value, finding.type)
        return {
            slot: reading.places(judge.settled(reading, found[slot], mentions))
            for slot, reading in readings.items()
        }

    def inspect(self, completion: Mapping[str, Any], redacted: Redacted) -> Inspection:
        """What stands in the answer `completion` to the request that `redacted` was sent as."""
        slots = answer_slots(completion)
        readings = {slot: HintedReading(slot) for slot in slots}
        # As it stands: what hides in an answer leaves nobody's hands.
        found = self._found(readings, self._entities | {_DATES}, beneath=False)
        judge = Judge({pseudonym.type for pseudonym in redacted.issued}, ())
        text = "\n".join(text for _, text in slots)
        entities = {pseudonym.type for pseudonym in redacted.issued if pseudonym.text in text}
        sent = _folded(
            [text_of(redacted.request, read=True), *(pseudonym.value for pseudonym in redacted.issued)]
        )
        added: dict[str, dict[str, str]] = {}
        for slot, reading in readings.items():
            for finding in judge.settled(reading, found[slot], Mentions()):
                entities.add(finding.type)
                value = reading.text[finding.start : finding.end]
                folded = _folded([value])
                if finding.type in self._entities and folded not in sent:
                    added.setdefault(finding.type, {}).setdefault(folded, value)
        values = {entity: tuple(one.values()) for entity, one in sorted(added.items())}
        return Inspection(text, frozenset(entities), values)

    def _found(
        self, readings: Mapping[Slot, HintedReading], wanted: frozenset[str], *, beneath: bool = True
    ) -> dict[Slot, list[Finding]]:
        """What each text holds, in its reading and, where `beneath`, in every other view of it."""
        self._look_beneath(readings, views=beneath)
        texts = [reading.text for reading in readings.values()]
        views = [(slot, at) for slot, reading in readings.items() for at in range(len(reading.views))]
        texts += [readings[slot].views[at].text for slot, at in views]
        within = [*[None] * len(readings), *(readings[slot].views[at].near_changes() for slot, at in views)]
        everything = self._finder.find(texts, wanted, within=within)
        found = dict(zip(readings, everything, strict=False))
        for (slot, at), seen in zip(views, everything[len(readings) :], strict=True):
            found[slot] = [*found[slot], *readings[slot].seen(at, seen)]
        return found

    def _look_beneath(self, readings: Mapping[Slot, HintedReading], *, views: bool) -> None:
        """Make the views of each text, and find what stays in it; of one that was seen to hide nothing, no views."""
        for reading in readings.values():
            if not views:
                reading.kept = tuple(kept_ranges(reading.text))
                continue
            key = self._seen.key(reading.text)
            seen = self._seen.get(key)
            if seen is None or seen[0]:
                reading.views = list(views_of(reading.text, _plain))
            if seen is None:
                seen = (bool(reading.views), tuple(kept_ranges(reading.text)))
                self._seen.put(key, seen)
            reading.kept = seen[1]

    def _check_tokens(
        self, tokens: Sequence[tuple[str, Path]], mentions: Mentions, wanted: frozenset[str]
    ) -> None:
        """Refuse a name or id that holds personal data, since a pseudonym would break it."""
        checked = {token: _token_readings(token) for token, _ in tokens}
        texts = list(dict.fromkeys(text for readings in checked.values() for text in readings))
        found = dict(zip(texts, self._finder.find(texts, wanted, names=[False] * len(texts)), strict=True))
        for token, path in tokens:
            random = _UUID.fullmatch(token) is not None
            for text in checked[token]:
                if (found[text] and not random) or next(mentions.search(text), None) is not None:
                    raise Unreadable(
                        param(path),
                        "This name or id seems to hold personal data, and can't be changed. Choose another.",
                    )


_LATIN_ONLY: Final = Scripts()


def _check_scripts(
    readings: Mapping[Slot, HintedReading], where: Mapping[Slot, Path], scripts: Scripts
) -> None:
    """Refuse a text that nothing here reads."""
    for slot, reading in readings.items():
        problem = scripts.problem(slot[1]) or (
            None if reading.text.isascii() else scripts.problem(reading.text)
        )
        if problem is not None:
            raise Unreadable(param(where.get(slot, ())), problem)


def _plain(text: str) -> str:
    return Reading(text).text


def text_of(request: Mapping[str, Any], *, read: bool = False) -> str:
    """Every text of a chat completion request as it is read, a line each; what can't be read is `Unreadable`.

    `read` says that it was all read before.
    """
    gathered = Gathered()
    Walk(gathered, read=read).request(request)
    return "\n".join(Reading(text).text for text in [*(text for _, text in gathered.texts), *gathered.names])


def _mentions(
    known: Sequence[Pseudonym],
    always: Iterable[tuple[str, str]],
    names: Iterable[str],
    keep: Sequence[str],
) -> Mentions:
    """What is known to be personal before anything is read."""
    mentions = Mentions()
    for entity, value in always:
        mentions.add_subject(Reading(value).text, entity)
    for pseudonym in known:
        if pseudonym.type not in keep and pseudonym.type == "PERSON":
            mentions.add_name(Reading(pseudonym.value).text)
        elif pseudonym.type not in keep:
            mentions.add_found(Reading(pseudonym.value).text, pseudonym.type)
    for name in names:
        mentions.add_found(Reading(name).text, "PERSON")
    return mentions


def _writings(places: Mapping[Slot, Sequence[tuple[int, int, str]]]) -> Iterator[Writing]:
    """What is about to be replaced, in reading order."""
    for (_, text), ranges in places.items():
        for start, end, entity in ranges:
            yield Writing(text[start:end], entity, title_before(text, start) if entity == "PERSON" else "")


def _written(readings: Mapping[Slot, HintedReading], names: Iterable[str]) -> Iterator[str]:
    """All that the request's own text says, as it stands and as it is read."""
    for (_, text), reading in readings.items():
        yield text
        if reading.reading.text != text:
            yield reading.reading.text
    yield from names


def _token_readings(token: str) -> tuple[str, ...]:
    """A name as it stands, and as words."""
    text = Reading(token).text
    return text, _TOKEN_CUT.sub(" ", text)


def _folded(texts: Iterable[str]) -> str:
    return " ".join(fold(" ".join(texts)).split())
