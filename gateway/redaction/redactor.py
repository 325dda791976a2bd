"""Redacting a request: gather its texts, find personal data in them, number it, put pseudonyms in its place."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Self

from gateway.redaction.answers.additions import SentValues
from gateway.redaction.answers.inspector import Inspector
from gateway.redaction.decoders.views import HintedText, Slot
from gateway.redaction.detection.detector import Detector
from gateway.redaction.detection.grammar import GrammarReader
from gateway.redaction.detection.known_values import SUBJECT_TYPES, KnownValues, subject_type
from gateway.redaction.detection.pattern_matcher import CertainIdentifiers
from gateway.redaction.detection.preparation import Preparation
from gateway.redaction.detection.resolver import ResolutionCache, Resolver
from gateway.redaction.models.model_loading import load_readers, load_recognisers, silence_presidio, types_of
from gateway.redaction.pseudonyms.coreference import Identities, Mention, title_before
from gateway.redaction.pseudonyms.pseudonyms import (
    VARIATIONS,
    Numbering,
    Pseudonym,
    TypedPseudonyms,
    TypeMarks,
    rename_call_ids,
)
from gateway.redaction.recognisers.identifier import declared
from gateway.redaction.recognisers.numbers.labelled import labelled_numbers
from gateway.redaction.redaction_errors import Unreadable
from gateway.redaction.redaction_settings import (
    DEFAULT_ENTITIES,
    OPTIONAL_ENTITIES,
    READ_BY_MODELS,
    RedactionSettings,
)
from gateway.redaction.request.schemas import DeclaredTools
from gateway.redaction.request.unreadable import param
from gateway.redaction.request.visitors import Places, TextCollector, TextReplacer
from gateway.redaction.request.walker import RequestWalker
from gateway.redaction.text.cache import Cache
from gateway.redaction.text.findings import Finding
from gateway.redaction.text.normalised import NormalisedText
from gateway.redaction.text.scripts import Scripts

if TYPE_CHECKING:
    from presidio_analyzer import EntityRecognizer


@dataclass(frozen=True, slots=True)
class RedactedRequest:
    """A request that may be sent, and the pseudonyms that stand in it.

    `request` is a copy with every text redacted. `issued` are the only pseudonyms that may be restored in its answer.
    `new` are those of them that the case should remember: certain, and not yet in the case. `counts` is the number of
    distinct ones by type. `call_ids` are the ids of tool calls, by what stands for each in the request.
    """

    request: dict[str, Any]
    issued: tuple[Pseudonym, ...]
    new: tuple[Pseudonym, ...]
    counts: dict[str, int]
    call_ids: Mapping[str, str] = field(default_factory=dict)


class Redactor:
    """Finds personal data and puts pseudonyms in its place. Built once by `load`; safe to use from several threads."""

    def __init__(self, detector: Detector, entities: frozenset[str], pattern_seconds: float) -> None:
        self._detector = detector
        self._entities = entities
        self._preparation = Preparation()
        self._identifiers = CertainIdentifiers(pattern_seconds)
        self._grammar = GrammarReader(self._identifiers, self._preparation)
        self._resolutions: ResolutionCache = Cache()

    @classmethod
    def load(cls, settings: RedactionSettings, *, recognisers: "Sequence[EntityRecognizer]" = ()) -> Self:
        """Build everything once, without the network. `recognisers` are Presidio's, beside our own.

        `ModelMissing` if something that the settings name can't be loaded.
        """
        silence_presidio()
        own = [*load_recognisers(settings, settings.entities | OPTIONAL_ENTITIES), *recognisers]
        entities = types_of(settings, own)
        detector = Detector(
            [*declared(), labelled_numbers, *own],
            load_readers(settings),
            entities | OPTIONAL_ENTITIES,
            settings.score_threshold,
            settings.pattern_seconds,
        )
        return cls(detector, entities, settings.pattern_seconds)

    @property
    def reads_names(self) -> bool:
        """Whether models read names, which takes long, or only patterns are looked for."""
        return self._detector.reads_names

    @property
    def types(self) -> frozenset[str]:
        """The types of what can be redacted: those of the settings and of policies, and what a subject is called."""
        return self._entities | OPTIONAL_ENTITIES | SUBJECT_TYPES

    @property
    def left_out(self) -> frozenset[str]:
        """The types that are redacted by default, and not here."""
        return DEFAULT_ENTITIES - self._entities

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
        numbered: bool = True,
    ) -> RedactedRequest:
        """A copy of a chat completion request in which pseudonyms stand for all that is personal.

        `known` are the case's pseudonyms from earlier requests. `subjects` are names and identifiers that are always
        redacted, and so is what was `missed` before, as `(type, value)`. `keep` are phrases or entity types that are
        not, `also` types that are redacted beside the usual. `scripts` are those that pass unread, by Unicode's
        names. `tools`, by name or as they are defined, pass unread but for what is known. Without `numbered` each value
        is its type alone, and nothing can be put back. Raises `Unreadable`, `InvalidRequest` or `RedactionFailed`, and
        then nothing may be sent.
        """
        declared = DeclaredTools.of(tools)
        collected = TextCollector()
        RequestWalker(collected, declared=declared).request(request)
        readings = {slot: HintedText(slot) for slot in collected.texts}
        unread = Scripts(scripts) if scripts else _LATIN_ONLY
        _check_scripts(readings, collected, unread)
        always = [*missed, *((subject_type(subject), subject) for subject in subjects)]
        known_values = _known_values(known, always, collected.names, keep)
        types = (
            self.types
            | set(also)
            | {pseudonym.type for pseudonym in known}
            | {entity for entity, _ in missed}
        )
        resolver = Resolver(types, keep, unread if self._detector.reads_names else None, self._resolutions)
        entities = (self._entities | set(also)) - set(keep)
        places, unsure = self._places(readings, known_values, resolver, entities)
        self._grammar.check(collected.tokens, known_values, entities)
        values = self._grammar.places(collected.grammars, known_values, Resolver(types, keep), entities)
        # All that the request's own text says, as it stands and as it is read.
        written = [*collected.written(), *(reading.reading.text for reading in readings.values())]
        mentions = [
            *_mentions((text, ranges) for (_, text), ranges in places.items()),
            *_mentions((text, ranges) for (text, _), ranges in values.items()),
            *(Mention(pseudonym.value, pseudonym.type) for pseudonym in known),
        ]
        # A text that has variation selectors of its own must come back as it is.
        variants = not any(VARIATIONS.search(text) for text in written)
        typed = TypedPseudonyms(written)
        identities = Identities(mentions)
        numbering = (
            Numbering(known, typed, identities, variants=variants) if numbered else TypeMarks(identities)
        )
        call_ids = rename_call_ids(collected.call_ids, typed)
        replaced = TextReplacer(places, values, numbering, call_ids)
        sent = RequestWalker(replaced, declared=declared, read=True).request(request)
        back = {new: old for old, new in call_ids.items() if new != old}
        new = tuple(pseudonym for pseudonym in numbering.new if pseudonym.value not in unsure)
        return RedactedRequest(sent, numbering.issued, new, numbering.counts, back)

    def places(self, text: str) -> list[tuple[int, int, str]]:
        """Where a text alone is redacted: the ranges with their types, in order and apart."""
        slot = ("", text)
        collected = TextCollector()
        RequestWalker(collected).request({"messages": [{"role": "user", "content": text}]})
        readings = {slot: HintedText(slot)}
        _check_scripts(readings, collected, _LATIN_ONLY)
        unread = _LATIN_ONLY if self._detector.reads_names else None
        resolver = Resolver(self._entities | SUBJECT_TYPES, (), unread, self._resolutions)
        places, _ = self._places(readings, KnownValues(), resolver, self._entities)
        return places[slot]

    def _places(
        self,
        readings: Mapping[Slot, HintedText],
        known_values: KnownValues,
        resolver: Resolver,
        types: frozenset[str],
    ) -> tuple[dict[Slot, list[tuple[int, int, str]]], set[str]]:
        """Where each text is redacted, and the values that are redacted only where they stand.

        What is surely found once is added to `known_values`, and found everywhere.
        """
        findings = self._find(readings, types)
        for slot, reading in readings.items():
            for finding in resolver.resolve(reading, findings[slot], KnownValues()):
                value = reading.text[finding.start : finding.end]
                if not finding.sure:
                    known_values.add_unsure(value, finding.type)
                else:
                    known_values.add_sure(value, finding.type)
        places: dict[Slot, list[tuple[int, int, str]]] = {}
        unsure: set[str] = set()
        for slot, reading in readings.items():
            resolved = resolver.resolve(reading, findings[slot], known_values)
            places[slot] = reading.places(resolved)
            for start, end, _ in reading.places([one for one in resolved if not one.sure]):
                unsure.add(slot[1][start:end])
        return places, unsure

    def inspector(
        self, redacted: RedactedRequest, *, prompt: str = "", keep: Sequence[str] = (), hidden: bool = False
    ) -> Inspector:
        """What reads the answers to the request `redacted`, which was sent behind `prompt`.

        `hidden` says whether what hides is looked for too, to be masked: what is only counted has left nobody's hands.
        """
        issued = [pseudonym.value for pseudonym in redacted.issued]
        sent = SentValues(lambda: [text_of(redacted.request, read=True), prompt, *issued])
        find = partial(self._find, types=self._entities | {"DATE_TIME"}, hidden=hidden)
        return Inspector(find, self._identifiers, self._entities, self.types, sent, redacted.issued, keep)

    def _find(
        self, readings: Mapping[Slot, HintedText], types: frozenset[str], *, hidden: bool = True
    ) -> dict[Slot, list[Finding]]:
        """What each text holds, in its reading and, where `hidden`, in every other view of it."""
        self._preparation.prepare(readings.values(), views=hidden)
        views = [(slot, view) for slot, reading in readings.items() for view in reading.views]
        texts = [reading.text for reading in readings.values()] + [view.text for _, view in views]
        within = [*[None] * len(readings), *(view.near_changes() for _, view in views)]
        everything = self._detector.find(texts, types, within=within)
        findings = dict(zip(readings, everything, strict=False))
        for (slot, view), in_view in zip(views, everything[len(readings) :], strict=True):
            # A model reads a view from where it changes: elsewhere it has read the whole text better.
            new = [
                finding
                for finding in in_view
                if finding.type not in READ_BY_MODELS or view.touches_change(finding.start, finding.end)
            ]
            findings[slot] = [*findings[slot], *view.placed(new)]
        return findings


_LATIN_ONLY: Final = Scripts()


def _check_scripts(readings: Mapping[Slot, HintedText], collected: TextCollector, scripts: Scripts) -> None:
    """Refuse a text that nothing here reads."""
    texts = [(text, path) for (text, _), path in collected.grammars.items()]
    for slot, reading in readings.items():
        texts += [(text, collected.texts.get(slot, ())) for text in dict.fromkeys((slot[1], reading.text))]
    for text, path in texts:
        problem = scripts.problem(text)
        if problem is not None:
            raise Unreadable(param(path), problem)


def text_of(request: Mapping[str, Any], *, read: bool = False) -> str:
    """Every text of a chat completion request as it is read, a line each; what can't be read is `Unreadable`.

    `read` says that it was all read before.
    """
    collected = TextCollector()
    RequestWalker(collected, read=read).request(request)
    return "\n".join(NormalisedText(text).text for text in collected.written())


def _known_values(
    known: Sequence[Pseudonym], always: Iterable[tuple[str, str]], names: Iterable[str], keep: Sequence[str]
) -> KnownValues:
    """What is known to be personal before anything is read."""
    known_values = KnownValues()
    for entity, value in always:
        known_values.add_subject(NormalisedText(value).text, entity)
    for pseudonym in known:
        if pseudonym.type not in keep:
            known_values.add_sure(NormalisedText(pseudonym.value).text, pseudonym.type)
    for name in names:
        known_values.add_found(NormalisedText(name).text, "PERSON")
    return known_values


def _mentions(places: Iterable[tuple[str, Places]]) -> Iterator[Mention]:
    """What is about to be replaced, in reading order."""
    for text, ranges in places:
        for start, end, entity in ranges:
            yield Mention(text[start:end], entity, title_before(text, start) if entity == "PERSON" else "")
