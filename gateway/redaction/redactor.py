"""Redacting a request: gather its texts, find personal data in them, number it, put pseudonyms in its place."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Self

from gateway.redaction.additions import Sent
from gateway.redaction.answers import texts_of
from gateway.redaction.beneath import Beneath
from gateway.redaction.call_ids import renamed
from gateway.redaction.certain import CertainIdentifiers
from gateway.redaction.errors import Unreadable
from gateway.redaction.finder import Finder
from gateway.redaction.findings import Finding
from gateway.redaction.grammar import GrammarReader
from gateway.redaction.inspecting import Inspection, Inspector, mask_whole
from gateway.redaction.judging import Judge, Settled
from gateway.redaction.loading import load_readers, load_recognisers
from gateway.redaction.masking import StreamMask
from gateway.redaction.memory import Memory
from gateway.redaction.mentions import SUBJECT_TYPES, Mentions, subject_type
from gateway.redaction.payload import Walk
from gateway.redaction.people import People, Writing, title_before
from gateway.redaction.pseudonyms import VARIATIONS, Numbering, Pseudonym, Typed
from gateway.redaction.quiet import silence_presidio
from gateway.redaction.reading import Reading
from gateway.redaction.recognisers import all_recognisers
from gateway.redaction.refusing import param
from gateway.redaction.replacing import Gathered, HintedReading, Places, Replaced, Slot
from gateway.redaction.rules import Rules
from gateway.redaction.schemas import Declared
from gateway.redaction.scripts import Scripts
from gateway.redaction.settings import OPTIONAL_ENTITIES, RedactionSettings

if TYPE_CHECKING:
    from presidio_analyzer import EntityRecognizer

_DATES: Final = "DATE_TIME"


@dataclass(frozen=True, slots=True)
class Redacted:
    """A request that may be sent, and the pseudonyms that stand in it.

    `request` is a copy with every text redacted; `issued` are the only pseudonyms that may be put back into its
    answer; `new` are those of them that the case did not have and should remember, which leaves out what is not sure;
    `counts` is the number of distinct ones by type.
    `call_ids` are the ids of tool calls, by what stands for each in the request.
    """

    request: dict[str, Any]
    issued: tuple[Pseudonym, ...]
    new: tuple[Pseudonym, ...]
    counts: dict[str, int]
    call_ids: Mapping[str, str] = field(default_factory=dict)


class Redactor:
    """Finds personal data and puts pseudonyms in its place. Built once by `load`; safe to use from several threads."""

    def __init__(self, finder: Finder, entities: frozenset[str], pattern_seconds: float) -> None:
        self._finder = finder
        self._entities = entities
        self._beneath = Beneath()
        self._identifiers = CertainIdentifiers(pattern_seconds)
        self._grammar = GrammarReader(self._identifiers, self._beneath)
        self._settled: Settled = Memory()

    @classmethod
    def load(cls, settings: RedactionSettings, *, recognisers: "Sequence[EntityRecognizer]" = ()) -> Self:
        """Build everything once, without the network. `recognisers` are Presidio's, beside our own.

        `ModelMissing` if something that the settings name can't be loaded.
        """
        silence_presidio()
        entities = settings.entities | OPTIONAL_ENTITIES
        own = load_recognisers(settings, entities)
        rules = Rules(
            [*all_recognisers(), *own, *recognisers],
            entities,
            settings.score_threshold,
            settings.pattern_seconds,
        )
        finder = Finder(rules, load_readers(settings), entities)
        return cls(finder, settings.entities, settings.pattern_seconds)

    @property
    def reads_names(self) -> bool:
        """Whether models read names, which takes long, or only patterns are looked for."""
        return self._finder.reads_names

    @property
    def types(self) -> frozenset[str]:
        """The types of what can be redacted: those of the settings and of policies, and what a subject is called."""
        return self._entities | OPTIONAL_ENTITIES | SUBJECT_TYPES

    def redact(
        self,
        request: Mapping[str, Any],
        *,
        known: Sequence[Pseudonym] = (),
        subjects: Sequence[str] = (),
        missed: Sequence[tuple[str, str]] = (),
        keep: Sequence[str] = (),
        scripts: Sequence[str] = (),
        also: Sequence[str] = (),
        tools: Sequence[str | Mapping[str, Any]] = (),
    ) -> Redacted:
        """A copy of a chat completion request in which pseudonyms stand for all that is personal.

        `known` are the case's pseudonyms from earlier requests. `subjects` are names and identifiers that are always
        redacted, and so is what was `missed` before, as `(type, value)`. `keep` are phrases or entity types that are
        not, `also` types that are redacted beside the usual. `scripts` are those that pass unread, by Unicode's
        names. `tools`, by name or as they are defined, pass unread but for what is known. Raises `Unreadable`,
        `InvalidRequest` or `RedactionFailed`, and then nothing may be sent.
        """
        declared = Declared.of(tools)
        gathered = Gathered()
        Walk(gathered, declared=declared).request(request)
        readings = {slot: HintedReading(slot) for slot in gathered.texts}
        unread = Scripts(scripts) if scripts else _LATIN_ONLY
        _check_scripts(readings, gathered, unread)
        always = [*missed, *((subject_type(subject), subject) for subject in subjects)]
        mentions = _mentions(known, always, gathered.names, keep)
        types = (
            self.types
            | set(also)
            | {pseudonym.type for pseudonym in known}
            | {entity for entity, _ in missed}
        )
        judge = Judge(types, keep, unread if self._finder.reads_names else None, self._settled)
        wanted = (self._entities | set(also)) - set(keep)
        places, unsure = self._places(readings, mentions, judge, wanted)
        self._grammar.check(gathered.tokens, mentions, wanted)
        values = self._grammar.places(gathered.grammars, mentions, Judge(types, keep), wanted)
        written = list(_written(readings, gathered))
        writings = [
            *_writings((text, ranges) for (_, text), ranges in places.items()),
            *_writings((text, ranges) for (text, _), ranges in values.items()),
            *(Writing(one.value, one.type) for one in known),
        ]
        # A text that has variation selectors of its own must come back as it is.
        variants = not any(VARIATIONS.search(text) for text in written)
        typed = Typed(written)
        numbering = Numbering(known, typed, People.of(writings), variants=variants)
        call_ids = renamed(gathered.call_ids, typed)
        replaced = Replaced(places, values, numbering, call_ids)
        sent = Walk(replaced, declared=declared, read=True).request(request)
        back = {new: old for old, new in call_ids.items() if new != old}
        new = tuple(one for one in numbering.new if one.value not in unsure)
        return Redacted(sent, numbering.issued, new, numbering.counts, back)

    def places(self, text: str) -> list[tuple[int, int, str]]:
        """Where a text alone is redacted: the ranges with their types, in order and apart."""
        slot = ("", text)
        gathered = Gathered()
        Walk(gathered).request({"messages": [{"role": "user", "content": text}]})
        readings = {slot: HintedReading(slot)}
        _check_scripts(readings, gathered, _LATIN_ONLY)
        unread = _LATIN_ONLY if self._finder.reads_names else None
        judge = Judge(self._entities | SUBJECT_TYPES, (), unread, self._settled)
        places, _ = self._places(readings, Mentions(), judge, self._entities)
        return places[slot]

    def _places(
        self,
        readings: Mapping[Slot, HintedReading],
        mentions: Mentions,
        judge: Judge,
        wanted: frozenset[str],
    ) -> tuple[dict[Slot, list[tuple[int, int, str]]], set[str]]:
        """Where each text is redacted, and the values that are redacted only where they stand.

        What is surely found once is added to `mentions`, and found everywhere.
        """
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
        places: dict[Slot, list[tuple[int, int, str]]] = {}
        unsure: set[str] = set()
        for slot, reading in readings.items():
            settled = judge.settled(reading, found[slot], mentions)
            places[slot] = reading.places(settled)
            for start, end, _ in reading.places([one for one in settled if not one.sure]):
                unsure.add(slot[1][start:end])
        return places, unsure

    def inspect(
        self,
        completion: Mapping[str, Any],
        redacted: Redacted,
        *,
        prompt: str = "",
        keep: Sequence[str] = (),
    ) -> Inspection:
        """What stands in the answer `completion` to the request that `redacted` was sent as, behind `prompt`."""
        inspector = self._inspector(redacted, prompt, keep, beneath=False)
        inspector.read(texts_of(completion.get("choices") or ()))
        return inspector.inspection(completion)

    def mask(
        self,
        completion: Mapping[str, Any],
        redacted: Redacted,
        *,
        prompt: str = "",
        keep: Sequence[str] = (),
    ) -> tuple[dict[str, Any], Inspection]:
        """The answer with a mark such as `[PERSON]` for whatever it adds, and what stands in it now.

        `added` has those marks, one for each value, so that they are counted and nobody sees the values.
        """
        inspector = self._inspector(redacted, prompt, keep, beneath=True)
        masked = mask_whole(inspector, completion)
        return masked, inspector.inspection(masked, marks=True)

    def mask_stream(
        self, redacted: Redacted, *, json_content: bool, prompt: str = "", keep: Sequence[str] = ()
    ) -> StreamMask:
        """What masks the chunks of one stream."""
        return StreamMask(self._inspector(redacted, prompt, keep, beneath=True), json_content=json_content)

    def _inspector(self, redacted: Redacted, prompt: str, keep: Sequence[str], *, beneath: bool) -> Inspector:
        """`beneath` says whether what hides is looked for too: what is only counted has left nobody's hands."""
        sent = Sent([text_of(redacted.request, read=True), prompt, *(one.value for one in redacted.issued)])

        def find(readings: Mapping[Slot, HintedReading]) -> dict[Slot, list[Finding]]:
            return self._found(readings, self._entities | {_DATES}, beneath=beneath)

        return Inspector(find, self._identifiers, self._entities, self.types, sent, redacted.issued, keep)

    def _found(
        self, readings: Mapping[Slot, HintedReading], wanted: frozenset[str], *, beneath: bool = True
    ) -> dict[Slot, list[Finding]]:
        """What each text holds, in its reading and, where `beneath`, in every other view of it."""
        self._beneath.look(readings.values(), views=beneath)
        texts = [reading.text for reading in readings.values()]
        views = [(slot, at) for slot, reading in readings.items() for at in range(len(reading.views))]
        texts += [readings[slot].views[at].text for slot, at in views]
        within = [*[None] * len(readings), *(readings[slot].views[at].near_changes() for slot, at in views)]
        everything = self._finder.find(texts, wanted, within=within)
        found = dict(zip(readings, everything, strict=False))
        for (slot, at), seen in zip(views, everything[len(readings) :], strict=True):
            found[slot] = [*found[slot], *readings[slot].seen(at, seen)]
        return found


_LATIN_ONLY: Final = Scripts()


def _check_scripts(readings: Mapping[Slot, HintedReading], gathered: Gathered, scripts: Scripts) -> None:
    """Refuse a text that nothing here reads."""
    texts = [(text, gathered.where.get((hint, text), ())) for hint, text in readings]
    texts += [
        (reading.text, gathered.where.get(slot, ()))
        for slot, reading in readings.items()
        if not reading.text.isascii()
    ]
    texts += [(text, path) for (text, _), path in gathered.grammars.items()]
    for text, path in texts:
        problem = scripts.problem(text)
        if problem is not None:
            raise Unreadable(param(path), problem)


def text_of(request: Mapping[str, Any], *, read: bool = False) -> str:
    """Every text of a chat completion request as it is read, a line each; what can't be read is `Unreadable`.

    `read` says that it was all read before.
    """
    gathered = Gathered()
    Walk(gathered, read=read).request(request)
    return "\n".join(Reading(text).text for text in gathered.written())


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


def _writings(places: Iterable[tuple[str, Places]]) -> Iterator[Writing]:
    """What is about to be replaced, in reading order."""
    for text, ranges in places:
        for start, end, entity in ranges:
            yield Writing(text[start:end], entity, title_before(text, start) if entity == "PERSON" else "")


def _written(readings: Mapping[Slot, HintedReading], gathered: Gathered) -> Iterator[str]:
    """All that the request's own text says, as it stands and as it is read."""
    yield from gathered.written()
    for (_, text), reading in readings.items():
        if reading.reading.text != text:
            yield reading.reading.text
