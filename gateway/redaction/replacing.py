"""Two visitors of a request: one gathers what is to be read, the other puts pseudonyms in its place."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from gateway.redaction.findings import Finding
from gateway.redaction.people import title_before
from gateway.redaction.pseudonyms import Numbering
from gateway.redaction.reading import Reading
from gateway.redaction.refusing import Path
from gateway.redaction.views import Layers

Slot = tuple[str, str]
"""A text of a request: the hint that it is read with, and the text."""

_LONGEST_HINT: Final = 60


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
    """A visitor that puts pseudonyms where `places` says: in order and apart.

    Presidio's anonymizer would do the same, at a third of what a conversation's next turn costs.
    """

    def __init__(self, places: Mapping[Slot, Sequence[tuple[int, int, str]]], numbering: Numbering) -> None:
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
        pieces: list[str] = []
        last = 0
        for start, end, entity in places:
            title = title_before(text, start) if entity == "PERSON" else ""
            pieces += (text[last:start], self._numbering.issue(text[start:end], entity, title=title))
            last = end
        return "".join([*pieces, text[last:]])

    def name(self, name: str) -> str:
        """The pseudonym of a participant, without its brackets."""
        return self._numbering.issue(name, "PERSON", bare=True)

    def token(self, token: str, path: Path) -> None:
        """Checked before."""
