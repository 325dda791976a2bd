"""Two visitors of a request: one gathers what is to be read, the other puts pseudonyms in its place."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, Protocol

from gateway.redaction.findings import Finding
from gateway.redaction.people import title_before
from gateway.redaction.pseudonyms import Numbering
from gateway.redaction.reading import Reading
from gateway.redaction.refusing import Path
from gateway.redaction.views import Layers

Slot = tuple[str, str]
"""A text of a request: the hint that it is read with, and the text."""
Grammar = tuple[str, bool]
"""What an answer must fit, and whether identifiers are looked for in it or only what is known already."""
Places = Sequence[tuple[int, int, str]]
"""Ranges of a text in order and apart, each with its type."""

_LONGEST_HINT: Final = 60


class Visitor(Protocol):
    """What is done with each text. `hint` is the name of the member that holds it, in words, or empty.

    Of grammar `certain` says whether identifiers are looked for in it, or only what is known already.
    """

    def text(self, text: str, hint: str, path: Path) -> str:
        """A text that may be changed anywhere."""

    def name(self, name: str) -> str:
        """A participant's name, which can't hold `<`."""

    def grammar(self, text: str, path: Path, *, certain: bool) -> str:
        """What an answer must fit."""

    def token(self, token: str, path: Path, *, certain: bool) -> None:
        """Grammar that can't be changed: the name of a function, a pattern."""

    def call_id(self, call_id: str) -> str:
        """The id of a tool call."""


class Gathered:
    """A visitor that changes nothing and remembers every text once, in reading order."""

    def __init__(self) -> None:
        self.texts: dict[Slot, None] = {}
        self.where: dict[Slot, Path] = {}
        self.names: dict[str, None] = {}
        self.grammars: dict[Grammar, Path] = {}
        self.tokens: list[tuple[str, Path, bool]] = []
        self.call_ids: dict[str, None] = {}

    def written(self) -> Iterator[str]:
        """All that was gathered, but for ids."""
        yield from (text for _, text in self.texts)
        yield from self.names
        yield from (text for text, _ in self.grammars)
        yield from (token for token, _, _ in self.tokens)

    def text(self, text: str, hint: str, path: Path) -> str:
        """Remember a text, and where it first stands."""
        self.texts[hint, text] = None
        self.where.setdefault((hint, text), path)
        return text

    def name(self, name: str) -> str:
        """Remember a participant's name."""
        self.names[name] = None
        return name

    def grammar(self, text: str, path: Path, *, certain: bool) -> str:
        """Remember what an answer must fit, and where it first stands."""
        self.grammars.setdefault((text, certain), path)
        return text

    def token(self, token: str, path: Path, *, certain: bool) -> None:
        """Remember what can't be changed."""
        self.tokens.append((token, path, certain))

    def call_id(self, call_id: str) -> str:
        """Remember the id of a tool call."""
        self.call_ids[call_id] = None
        return call_id


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

    def __init__(
        self,
        places: Mapping[Slot, Places],
        grammar: Mapping[Grammar, Places],
        numbering: Numbering,
        call_ids: Mapping[str, str],
    ) -> None:
        self._places = places
        self._grammar = grammar
        self._numbering = numbering
        self._call_ids = call_ids
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

    def _anonymized(self, text: str, places: Places) -> str:
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

    def grammar(self, text: str, path: Path, *, certain: bool) -> str:
        """What an answer must fit, with its pseudonyms."""
        places = self._grammar.get((text, certain))
        return self._anonymized(text, places) if places else text

    def token(self, token: str, path: Path, *, certain: bool) -> None:
        """Checked before."""

    def call_id(self, call_id: str) -> str:
        """The id that stands for it in this request."""
        return self._call_ids[call_id]
