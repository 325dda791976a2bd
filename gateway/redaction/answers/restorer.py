"""Putting pseudonyms back into an answer. Only those issued in its request: any other stays as it is."""

import re
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, Final

from gateway.redaction.answers.matcher import JsonNesting, Matcher
from gateway.redaction.answers.stream_texts import StreamTexts
from gateway.redaction.answers.texts import (
    TextKind,
    TextPlace,
    rewrite_answer,
    rewrite_choice,
    without_places,
)
from gateway.redaction.pseudonyms.pseudonyms import Pseudonym
from gateway.redaction.request.json_strings import is_json, rewrite

_FENCE: Final = re.compile(r"\A\s*```(?:json)?\s*\n|\n```\s*\Z")


class Restorer:
    """Puts the `issued` pseudonyms of one request back into its answer, and the ids of its tool calls.

    `json_content` says that the content was asked for as JSON (`response_format`), so that values are escaped there as
    they are in the arguments of tool calls, and valid JSON stays valid. `call_ids` are by what stands for them.
    """

    def __init__(
        self, issued: Iterable[Pseudonym], json_content: bool, call_ids: Mapping[str, str] | None = None
    ) -> None:
        self._call_ids = call_ids or {}
        ids = [Pseudonym(new, "CALL", old) for new, old in self._call_ids.items()]
        issued = tuple(issued)
        self._issued = bool(issued)
        self._json_content = json_content
        self._plain = Matcher((*issued, *ids), in_json=False)
        self._json = Matcher((*issued, *ids), in_json=True)

    def completion(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """A copy of a whole `chat.completion` with the values put back in every text of it."""
        return rewrite_answer(body, lambda choice: self.without_places(rewrite_choice(choice, self.whole)))

    def without_places(self, choice: dict[str, Any]) -> dict[str, Any]:
        """The choice without what refers to places in the model's own text, where pseudonyms are put back."""
        return without_places(choice) if self._issued else choice

    def whole(self, text: str, place: TextPlace) -> str:
        """A text of an answer that is there as a whole, with the values put back."""
        if place.kind is TextKind.ID:
            return self._call_ids.get(text, text)
        if place.kind is TextKind.CONTENT and is_json(_FENCE.sub("", text)):
            return self._nested(text)  # JSON stays JSON, whether it was asked for or not
        matcher = self.matcher(text, place)
        return self._nested(text) if matcher is self._json else matcher.restored(text)

    def _nested(self, text: str) -> str:
        """JSON with the values put back; what is JSON in one of its strings stays JSON too."""
        restored = rewrite(text, self._in_string, self._plain.restored) if '\\"' in text else None
        return self._json.restored(text) if restored is None else restored

    def _in_string(self, text: str, _member: str) -> str:
        return self._nested(text) if is_json(text) else self._plain.restored(text)

    def matcher(self, text: str, place: TextPlace) -> Matcher:
        """What knows how values are written in a text that begins so."""
        if place.kind is TextKind.ARGUMENTS:
            # What a custom tool is given may be any text.
            free = place.steps[-1] == "input" and not text.lstrip().startswith(("{", "["))
            return self._plain if free else self._json
        return self._json if place.kind is TextKind.CONTENT and self._json_content else self._plain

    def stream(self) -> StreamTexts:
        return StreamTexts(self.whole, partial(StreamedText, self), self.without_places)


class StreamedText:
    """One text of a stream: what could still become a pseudonym is kept back of it until that is decided."""

    __slots__ = ("_kept", "_matcher", "_nesting", "_place", "_restorer", "_within_word")

    def __init__(self, restorer: Restorer, place: TextPlace) -> None:
        self._restorer = restorer
        self._place = place
        self._matcher: Matcher | None = None
        self._nesting: JsonNesting | None = None
        self._kept = ""
        self._within_word = False

    def feed(self, text: str, *, final: bool = False) -> str:
        if self._matcher is None:
            self._matcher = self._restorer.matcher(text, self._place)
            if self._matcher.in_json or self._place.kind is TextKind.CONTENT:
                self._nesting = JsonNesting(known=self._matcher.in_json)
        let_go, self._kept, self._within_word = self._matcher.feed(
            self._kept + text, within_word=self._within_word, final=final, nesting=self._nesting
        )
        return let_go
