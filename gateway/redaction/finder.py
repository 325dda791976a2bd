"""Finding personal data in readings: every recogniser that is switched on, then the models, then those who are told.

Presidio's `AnalyzerEngine` runs every recogniser over every text; `patterns.py` says when one of ours runs. What can't
be read is an error.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from presidio_analyzer import EntityRecognizer, PatternRecognizer, RecognizerResult

from gateway.redaction.errors import AnalyzerAway, RedactionFailed
from gateway.redaction.findings import Finding
from gateway.redaction.memory import Memory
from gateway.redaction.models import Models
from gateway.redaction.patterns import PatternReader, Reading, reads_patterns_only
from gateway.redaction.recognisers.person_unlisted import NamesSeen, PersonUnlisted
from gateway.redaction.shaping import shaped
from gateway.redaction.token_classifier import Weighed
from gateway.redaction.windows import around

_BY_MODELS: Final = frozenset(["PERSON", "LOCATION", "NRP", "ORGANIZATION"])
_Ranges = Sequence[tuple[int, int]]


_MISREAD: Final = re.compile(r"(?<=\d)[OoIlSs|]|[OoIlSs|](?=\d)|(?<=\d )[OoIl|](?=\d)")
_MAYBE_MISREAD: Final = re.compile(r"\d(?: ?[OoIlSs|]|(?<=[OoIlSs|]\d))")
_AS_DIGIT: Final = str.maketrans("OoIl|Ss", "0011155")
_MISREAD_REACH: Final = 150
"""How far around a misread digit an identifier with it and its context words may stand."""
_SURE: Final = 1.0


def _is_ours(recogniser: EntityRecognizer) -> bool:
    return type(recogniser).__module__.startswith("gateway.redaction.recognisers.")


class Finder:
    """Runs the recognisers. Built once; safe to use from several threads."""

    def __init__(
        self,
        recognisers: Sequence[EntityRecognizer],
        names: Models | None,
        entities: Collection[str],
        threshold: float,
        pattern_seconds: float,
        *,
        reads_names: bool | None = None,
    ) -> None:
        self._names = names
        self._reads_names = names is not None if reads_names is None else reads_names
        self._entities = frozenset(entities)
        self._threshold = threshold
        self._memory: Memory[tuple[Finding, ...]] = Memory()
        self._patterns = [
            PatternReader(recogniser, pattern_seconds)
            for recogniser in recognisers
            if isinstance(recogniser, PatternRecognizer) and reads_patterns_only(recogniser)
        ]
        others = [
            recogniser
            for recogniser in recognisers
            if not isinstance(recogniser, PatternRecognizer) or not reads_patterns_only(recogniser)
        ]
        self._last = [one for one in others if isinstance(one, PersonUnlisted)]
        self._others = [one for one in others if one not in self._last]

    @property
    def reads_names(self) -> bool:
        """Whether a model or a recogniser reads names, or only patterns are looked for."""
        return self._reads_names

    def find(
        self,
        texts: Sequence[str],
        entities: Collection[str],
        *,
        prose: Sequence[bool] | None = None,
        within: Sequence[_Ranges | None] | None = None,
    ) -> list[list[Finding]]:
        """For each reading what it holds of `entities`; `prose` says which of them the name model reads, else all.

        `within` says for each the ranges that the rules read, where something else has been read already, else all.
        `RedactionFailed` if a recogniser fails. Findings may overlap: `settle` decides.
        """
        found: list[list[Finding]] = []
        problem: RedactionFailed | None = None
        try:
            found = self._found(
                texts,
                [True] * len(texts) if prose is None else prose,
                [None] * len(texts) if within is None else within,
            )
        except AnalyzerAway as error:
            problem = AnalyzerAway(str(error))
        except Exception:  # noqa: BLE001  # whatever an analyser raises may quote the text, and means that it is not read
            problem = RedactionFailed(
                "The text could not be analysed, so nothing was sent. Try again, or report it."
            )
        if problem is not None:
            raise problem  # outside of the handler, so that the cause doesn't hang on it as its context
        return [[finding for finding in findings if finding.type in entities] for findings in found]

    def _found(
        self, texts: Sequence[str], prose: Sequence[bool], within: Sequence[_Ranges | None]
    ) -> list[list[Finding]]:
        """What each text holds, remembered or read; every type that is looked for, whatever is asked for now."""
        keys = [
            self._memory.key(text if ranges is None else f"{ranges} {text}") + bytes([is_prose])
            for text, is_prose, ranges in zip(texts, prose, within, strict=True)
        ]
        known = {key: found for key in keys if (found := self._memory.get(key)) is not None}
        new = {key: at for at, key in enumerate(keys) if key not in known}
        unread, ranges = [texts[at] for at in new.values()], [within[at] for at in new.values()]
        is_prose = [prose[at] for at in new.values()]
        models = self._begin_names(unread, is_prose)
        read = [list(self._by_rules(text, where)) for text, where in zip(unread, ranges, strict=True)]
        seen = models()
        for at, text in enumerate(unread):
            read[at] += self._by_models(text, seen[at])
            read[at] += self._by_last(text, read[at], seen[at] if is_prose[at] else None, ranges[at])
        for key, findings in zip(new, read, strict=True):
            known[key] = tuple(findings)
            self._memory.put(key, known[key])
        return [list(known[key]) for key in keys]

    def _by_rules(self, text: str, within: _Ranges | None) -> Iterator[Finding]:
        if within is None:
            yield from self._by_all_rules(text)
            return
        for start, end in within:
            for found in self._by_all_rules(text[start:end]):
                yield replace(found, start=start + found.start, end=start + found.end)

    def _by_all_rules(self, text: str) -> Iterator[Finding]:
        read = Reading(text)
        for reader in self._patterns:
            if reader.entity in self._entities:
                yield from reader.read(read, self._threshold)
        yield from self._as_scanned(text)
        for recogniser in self._others:
            yield from self._by_other(recogniser, text)

    def _by_last(
        self,
        text: str,
        found: Sequence[Finding],
        weighed: Sequence[Weighed] | None,
        within: _Ranges | None,
    ) -> Iterator[Finding]:
        """What they find who are told, of prose that is read whole, what the others found."""
        if within is not None:
            for start, end in within:
                for one in self._by_last(text[start:end], (), None, None):
                    yield replace(one, start=start + one.start, end=start + one.end)
            return
        seen = None
        if weighed is not None:
            named = [(one.start, one.end) for one in found if one.type == "PERSON"]
            seen = NamesSeen(
                named, [(start, end, how) for start, end, type_, how in weighed if type_ == "PERSON"]
            )
        for recogniser in self._last:
            yield from self._by_other(recogniser, text, seen)

    def _as_scanned(self, text: str) -> Iterator[Finding]:
        """Identifiers in which a scanner read digits as letters; only with a check that passes or a context word."""
        if not _MAYBE_MISREAD.search(text):
            return
        misread = [match.start() for match in _MISREAD.finditer(text)]
        scanned = _MISREAD.sub(lambda match: match[0].translate(_AS_DIGIT), text)
        for start, end in around(text, misread, _MISREAD_REACH):
            here = [at - start for at in misread if start <= at < end]
            read = Reading(scanned[start:end])
            for reader in self._patterns:
                if reader.is_identifier and reader.entity in self._entities:
                    for found in reader.read(read, self._threshold):
                        if found.rank >= _SURE and any(found.start <= at < found.end for at in here):
                            yield replace(found, start=start + found.start, end=start + found.end)

    def _by_other(
        self, recogniser: EntityRecognizer, text: str, seen: NamesSeen | None = None
    ) -> Iterator[Finding]:
        wanted = [entity for entity in recogniser.supported_entities if entity in self._entities]
        artifacts: Any = seen
        results = recogniser.analyze(text, wanted, artifacts) if wanted else []
        for result in results:
            if result.score >= self._threshold and result.entity_type in self._entities:
                yield from self._as_found(recogniser, text, result)

    @staticmethod
    def _as_found(recogniser: EntityRecognizer, text: str, result: RecognizerResult) -> Iterator[Finding]:
        """The finding of a result; a model's that is not ours is put in shape as ours is."""
        if result.entity_type not in _BY_MODELS or _is_ours(recogniser):
            yield Finding(result.start, result.end, result.entity_type, result.score)
        else:
            yield from shaped(text, result.start, result.end, result.entity_type)

    def _begin_names(self, texts: Sequence[str], prose: Sequence[bool]) -> Callable[[], list[list[Weighed]]]:
        """Let the models begin; the result gives for each text all that they say of it, once they are done."""
        seen: list[list[Weighed]] = [[] for _ in texts]
        read = [at for at, text in enumerate(texts) if prose[at] and any(map(str.isalpha, text))]
        if self._names is None or not read:
            return lambda: seen
        named = self._names.begin([texts[at] for at in read])

        def found() -> list[list[Weighed]]:
            for at, ranges in zip(read, named(), strict=True):
                seen[at] = ranges
            return seen

        return found

    def _by_models(self, text: str, weighed: Sequence[Weighed]) -> Iterator[Finding]:
        for start, end, entity, how in weighed:
            if entity in self._entities and how == _SURE:
                yield from shaped(text, start, end, entity)
