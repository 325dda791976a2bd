"""Finding personal data in readings: the rules on one thread, while the models that read names run beside them."""

from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from gateway.redaction.detection.pattern_matcher import MatchContext, PatternMatcher
from gateway.redaction.models.model_loading import NameReader, Recogniser, adapt
from gateway.redaction.recognisers.identifier import Identifier
from gateway.redaction.recognisers.numbers.labelled import named_references
from gateway.redaction.redaction_errors import AnalyzerAway, RedactionFailed
from gateway.redaction.text.cache import Cache
from gateway.redaction.text.findings import Finding
from gateway.redaction.text.long_texts import around

if TYPE_CHECKING:
    from presidio_analyzer import EntityRecognizer

Ranges = Sequence[tuple[int, int]]
_LONGEST_FORM: Final = 24
"""Characters of an identifier of letters and digits."""


class Detector:
    """Runs the rules, of identifiers and `recognisers`, and the models. Built once; safe to use from several threads.

    `entities` are the types that are looked for; what a rule finds must have the score `threshold`.
    """

    def __init__(
        self,
        recognisers: "Sequence[Identifier | Recogniser | EntityRecognizer]",
        readers: Sequence[NameReader],
        entities: Collection[str],
        threshold: float,
        pattern_seconds: float,
    ) -> None:
        self._readers = readers
        self._entities = frozenset(entities)
        self._threshold = threshold
        adapted = [one if isinstance(one, Identifier) or callable(one) else adapt(one) for one in recognisers]
        self._patterns = [
            PatternMatcher(one, pattern_seconds)
            for one in adapted
            if isinstance(one, Identifier) and one.forms and one.type in self._entities
        ]
        self._recognisers = [one for one in adapted if not isinstance(one, Identifier)]
        self._cache: Cache[tuple[Finding, ...]] = Cache()
        self._beside = ThreadPoolExecutor(max(1, len(readers)), thread_name_prefix="names")

    @property
    def reads_names(self) -> bool:
        return bool(self._readers)

    def find(
        self, texts: Sequence[str], entities: Collection[str], *, within: Sequence[Ranges | None]
    ) -> list[list[Finding]]:
        """For each reading what it holds of `entities`.

        `within` says for each which ranges are read, where the rest has been read already, else all of it.
        `RedactionFailed` if a recogniser fails. Findings may overlap: `resolve_overlaps` decides.
        """
        found: list[list[Finding]] | None = None
        try:
            found = self._find(texts, within)
        except AnalyzerAway:
            raise
        except Exception:  # noqa: BLE001, S110  # whatever an analyser raises may quote the text
            pass  # raised outside of the handler, so that the cause doesn't hang on it as its context
        if found is None:
            raise RedactionFailed(
                "A text could not be analysed, so it was not passed on. Try again, or report it."
            )
        return [[finding for finding in findings if finding.type in entities] for findings in found]

    def _find(self, texts: Sequence[str], within: Sequence[Ranges | None]) -> list[list[Finding]]:
        """The findings of each text, cached or new, of every type that the gateway looks for."""
        keys = [
            self._cache.key(text if ranges is None else f"{ranges} {text}")
            for text, ranges in zip(texts, within, strict=True)
        ]
        known = {key: found for key in keys if (found := self._cache.get(key)) is not None}
        new = {key: at for at, key in enumerate(keys) if key not in known}
        # What is read of each text, and where that begins.
        parts = [
            (key, start, texts[at][start:end])
            for key, at in new.items()
            for start, end in within[at] or [(0, len(texts[at]))]
        ]
        running = [
            self._beside.submit(reader.read, [part for _, _, part in parts])
            for reader in self._readers
            if parts
        ]
        read: dict[bytes, list[Finding]] = {key: [] for key in new}
        for key, start, part in parts:
            read[key] += [finding.moved(start) for finding in self._by_rules(part)]
        for reading in running:
            for (key, start, part), findings in zip(parts, reading.result(), strict=True):
                named = named_references(part, findings, self._of_form)
                read[key] += [finding.moved(start) for finding in named if finding.type in self._entities]
        for key, findings in read.items():
            known[key] = tuple(findings)
            self._cache.put(key, known[key])
        return [list(known[key]) for key in keys]

    def _of_form(self, text: str, unlikely: Finding) -> Finding | None:
        """The identifier in whose form, of letters and digits, the model's unlikely finding stands.

        Both together are enough if the usual form of the identifier is trusted alone: other forms fit anything.
        """
        ((start, end),) = around(text, [unlikely.start], unlikely.end - unlikely.start + _LONGEST_FORM)
        context = MatchContext(text[start:end])
        found = [
            finding.moved(start)
            for pattern in self._patterns
            if pattern.has_trusted_form
            for finding in pattern.read(context, 0.0)
            if _has_both(context.text[finding.start : finding.end])
        ]
        over = [one for one in found if one.start < unlikely.end and unlikely.start < one.end]
        return max(over, key=lambda one: one.end - one.start, default=None)

    def _by_rules(self, text: str) -> Iterator[Finding]:
        context = MatchContext(text)
        for pattern in self._patterns:
            yield from pattern.read(context, self._threshold)
        for recogniser in self._recognisers:
            for finding in recogniser(text):
                if finding.rank >= self._threshold and finding.type in self._entities:
                    yield finding


def _has_both(value: str) -> bool:
    return any(map(str.isalpha, value)) and any(map(str.isdigit, value))
