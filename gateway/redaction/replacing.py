"""Two visitors of a request: one gathers what is to be read, the other puts pseudonyms in its place."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from presidio_anonymizer import AnonymizerEngine, OperatorConfig, RecognizerResult

from gateway.redaction.findings import Finding
from gateway.redaction.payload import Path
from gateway.redaction.people import title_before
from gateway.redaction.pseudonyms import Numbering
from gateway.redaction.reading import Reading
from gateway.redaction.views import Layers

Slot = tuple[str, str]
"""A text of a request: the hint that it is read with, and the text."""

_LONGEST_HINT: Final = 60
_STRETCH: Final = 64
"""Entities that the anonymizer is given at once."""


class Gathered:
    """A visitor that changes nothing and remembers every text once, in reading order."""

    def __init__(self) -> None:
        self.texts: dict[Slot, None] = {}
        self.where: dict[Slot, Path] = {}
        self.names: dict[str, None] = {}
        self.tokens: list[tuple[str, Path]] = []

    def text(self, text: str, hint: str, path: Path) -> str:
        """Remember a text, and where it first stands."""
        self.texts[hint, text] = None
        self.where.setdefault((hint, text), path)
        return text

    def name(self, name: str) -> str:
        """Remember a participant's name."""
        self.names[name] = None
        return name

    def token(self, token: str, path: Path) -> None:
        """Remember what can't be changed."""
        self.tokens.append((token, path))


class HintedReading:
    """The reading of a text behind its hint: `date of birth: 3 April 1985`."""

    __slots__ = ("kept", "offset", "reading", "text", "views")

    def __init__(self, slot: Slot) -> None:
        hint, original = slot
        self.reading = Reading(original)
        prefix = f"{Reading(hint[:_LONGEST_HINT]).text}: " if hint else ""
        self.offset = len(prefix)
        self.text = prefix + self.reading.text
        self.views: list[Layers] = []
        self.kept: tuple[tuple[int, int], ...] = ()

    def seen(self, at: int, findings: Iterable[Finding]) -> Iterator[Finding]:
        """What was found in the view `at`, where it stands in the reading."""
        view = self.views[at]
        for finding in findings:
            start, end = view.place(finding.start, finding.end)
            yield replace(finding, start=start, end=end)

    def places(self, findings: Sequence[Finding]) -> list[tuple[int, int, str]]:
        """The ranges of the original, in order and apart, that the settled findings stand for, with their types."""
        places: list[tuple[int, int, str]] = []
        for finding in findings:
            start, end = max(finding.start - self.offset, 0), finding.end - self.offset
            if start < end:
                start, end = self.reading.place(start, end)
                if places and start < places[-1][1]:
                    start, _, entity = places.pop()
                    places.append((start, end, entity))
                else:
                    places.append((start, end, finding.type))
        return places


class Replaced:
    """A visitor that puts pseudonyms where `places` says, by Presidio's anonymizer."""

    def __init__(
        self,
        anonymizer: AnonymizerEngine,
        places: Mapping[Slot, Sequence[tuple[int, int, str]]],
        numbering: Numbering,
    ) -> None:
        self._anonymizer = anonymizer
        self._places = places
        self._numbering = numbering
        self._done: dict[Slot, str] = {}

    def text(self, text: str, hint: str, path: Path) -> str:
        """`text` with its pseudonyms."""
        slot = (hint, text)
        places = self._places[slot]
        if not places:
            return text
        if slot not in self._done:
            self._done[slot] = self._anonymized(text, places)
        return self._done[slot]

    def _anonymized(self, text: str, places: Sequence[tuple[int, int, str]]) -> str:
        """A stretch at a time: the anonymizer copies its whole text for each entity."""
        stretches: list[str] = []
        start = 0
        for first in range(0, len(places), _STRETCH):
            group = places[first : first + _STRETCH]
            end = group[-1][1]
            stretches.append(self._stretch(text, start, end, group))
            start = end
        return "".join([*stretches, text[start:]])

    def _stretch(self, text: str, start: int, end: int, places: Sequence[tuple[int, int, str]]) -> str:
        results: list[RecognizerResult] = []
        operators: dict[str, OperatorConfig] = {}
        for place_start, place_end, entity in places:
            # To the anonymizer, which replaces by type, each pseudonym is a type of its own.
            title = title_before(text, place_start) if entity == "PERSON" else ""
            pseudonym = self._numbering.issue(text[place_start:place_end], entity, title=title)
            results.append(RecognizerResult(pseudonym, place_start - start, place_end - start, 1.0))
            operators[pseudonym] = OperatorConfig("replace", {"new_value": pseudonym})
        anonymized: str = self._anonymizer.anonymize(
            text[start:end], results, operators, merge_entities_with_spaces=False
        ).text
        return anonymized

    def name(self, name: str) -> str:
        """The pseudonym of a participant, without its brackets."""
        return self._numbering.issue(name, "PERSON", bare=True)

    def token(self, token: str, path: Path) -> None:
        """Checked before."""
