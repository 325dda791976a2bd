"""Two visitors of a request: one gathers what is to be read, the other puts pseudonyms in its place.

`text` may be changed anywhere; its `hint` is the name of the member that holds it, in words, or empty. `name` is a
participant's, which can't hold `<`. `grammar` is what an answer must fit: `certain` says whether identifiers are looked
for in it, or only what is known already. A `token` is grammar that can't be changed: the name of a function, a pattern.
`call_id` is the id of a tool call.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from gateway.redaction.decoders.views import Slot
from gateway.redaction.pseudonyms.coreference import title_before
from gateway.redaction.pseudonyms.pseudonyms import Numbering, TypeMarks
from gateway.redaction.request.unreadable import Path
from gateway.redaction.text.rewritten import replaced

Grammar = tuple[str, bool]
"""What an answer must fit, and whether identifiers are looked for in it or only what is known already."""
Places = Sequence[tuple[int, int, str]]
"""Ranges of a text in order and apart, each with its type."""


class TextCollector:
    """A visitor that changes nothing and remembers every text once, in reading order."""

    def __init__(self) -> None:
        self.texts: dict[Slot, Path] = {}
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
        self.texts.setdefault((hint, text), path)
        return text

    def name(self, name: str) -> str:
        self.names[name] = None
        return name

    def grammar(self, text: str, path: Path, *, certain: bool) -> str:
        self.grammars.setdefault((text, certain), path)
        return text

    def token(self, token: str, path: Path, *, certain: bool) -> None:
        self.tokens.append((token, path, certain))

    def call_id(self, call_id: str) -> str:
        self.call_ids[call_id] = None
        return call_id


@dataclass(repr=False)
class TextReplacer:
    """A visitor that puts pseudonyms where `places` says: in order and apart.

    Presidio's anonymizer would do the same, at a third of what a conversation's next turn costs.
    """

    places: Mapping[Slot, Places]
    grammars: Mapping[Grammar, Places]
    numbering: Numbering | TypeMarks
    call_ids: Mapping[str, str]
    done: dict[Slot, str] = field(default_factory=dict)

    def text(self, text: str, hint: str, path: Path) -> str:
        slot = (hint, text)
        if slot not in self.done:
            self.done[slot] = self._anonymized(text, self.places[slot])
        return self.done[slot]

    def _anonymized(self, text: str, places: Places) -> str:
        def pseudonym(start: int, end: int, entity: str) -> str:
            title = title_before(text, start) if entity == "PERSON" else ""
            return self.numbering.issue(text[start:end], entity, title=title)

        return replaced(text, ((start, end, pseudonym(start, end, entity)) for start, end, entity in places))

    def name(self, name: str) -> str:
        """The pseudonym of a participant, without its brackets."""
        return self.numbering.issue(name, "PERSON", bare=True)

    def grammar(self, text: str, path: Path, *, certain: bool) -> str:
        return self._anonymized(text, self.grammars.get((text, certain), ()))

    def token(self, token: str, path: Path, *, certain: bool) -> None:
        """Checked before."""

    def call_id(self, call_id: str) -> str:
        """The id that stands for it in this request."""
        return self.call_ids[call_id]
