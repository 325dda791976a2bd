"""Runs every recogniser of an identifier that is switched on over one text."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from gateway.redaction.detection.pattern_matcher import MatchContext, PatternMatcher
from gateway.redaction.models.plugins import adapt
from gateway.redaction.recognisers.identifier import Identifier
from gateway.redaction.text.findings import Finding

if TYPE_CHECKING:
    from presidio_analyzer import EntityRecognizer

Ranges = Sequence[tuple[int, int]]


@runtime_checkable
class Recogniser(Protocol):
    """What finds `types` in a reading in a way of its own."""

    @property
    def types(self) -> frozenset[str]: ...

    def find(self, text: str) -> Iterable[Finding]:
        """What the text holds; findings may overlap."""


class Rules:
    """The recognisers of the wanted `entities`. Built once; safe to use from several threads."""

    def __init__(
        self,
        recognisers: "Sequence[Identifier | Recogniser | EntityRecognizer]",
        entities: Collection[str],
        threshold: float,
        pattern_seconds: float,
    ) -> None:
        self._entities = frozenset(entities)
        self._threshold = threshold
        adapted = [_as_ours(recogniser) for recogniser in recognisers]
        self._patterns = [
            PatternMatcher(item, pattern_seconds)
            for item in adapted
            if isinstance(item, Identifier) and item.forms and item.type in self._entities
        ]
        self._others = [
            recogniser
            for recogniser in adapted
            if not isinstance(recogniser, Identifier) and self._entities.intersection(recogniser.types)
        ]

    def find(self, text: str, within: Ranges | None = None) -> Iterator[Finding]:
        """The findings in the text, or only in its ranges `within`. Findings may overlap."""
        if within is None:
            yield from self._find(text)
            return
        for start, end in within:
            for finding in self._find(text[start:end]):
                yield replace(finding, start=start + finding.start, end=start + finding.end)

    def _find(self, text: str) -> Iterator[Finding]:
        read = MatchContext(text)
        for reader in self._patterns:
            yield from reader.read(read, self._threshold)
        for recogniser in self._others:
            for finding in recogniser.find(text):
                if finding.rank >= self._threshold and finding.type in self._entities:
                    yield finding


def _as_ours(recogniser: "Identifier | Recogniser | EntityRecognizer") -> Identifier | Recogniser:
    return recogniser if isinstance(recogniser, Identifier | Recogniser) else adapt(recogniser)
