"""The texts of a stream of `chat.completion.chunk` objects, passed through filters that may hold some of them back.

A text arrives over any number of chunks, apart for each place of each choice (content, refusal, reasoning, the
arguments of each tool call). What its filter keeps back comes with a later chunk, at the latest with that which ends
the choice.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

from gateway.redaction.answers.texts import Steps, TextKind, TextPlace, TextVisitor, rewrite_choice

_WHOLE: Final = frozenset([TextKind.ID, TextKind.NAME, TextKind.VALUE])
_WHOLE_ITEMS: Final = frozenset(["annotations", "citations", "images"])
"""Lists whose items come whole, each chunk with new ones."""


class Filter(Protocol):
    """One text of a stream, as it arrives."""

    def feed(self, text: str, *, final: bool = False) -> str:
        """What can be let go, once `text` has come; with `final` all of it."""


def _flushed(choice: dict[str, Any], texts: Mapping[Steps, Filter]) -> dict[str, Any]:
    """`choice` with all that is still kept back of its texts."""
    for steps, held in texts.items():
        if rest := held.feed("", final=True):
            choice = _with(choice, steps, rest)
    return choice


def _with(value: Any, steps: Steps, rest: str) -> Any:
    """A copy of `value` in which `rest` stands behind the text at `steps`, made where nothing is there."""
    if not steps:
        return (value or "") + rest
    step, *further = steps
    if isinstance(step, str):
        members = value or {}
        return {**members, step: _with(members.get(step), tuple(further), rest)}
    items = list(value or ())
    for at, item in enumerate(items):
        if (item.get("index", at) if isinstance(item, Mapping) else at) == step:
            items[at] = _with(item, tuple(further), rest)
            return items
    # A new item: a tool call by its index, a part of a content by the type that its text's name is.
    new = {"type": further[0]} if len(further) == 1 else {"index": step}
    return [*items, _with(new, tuple(further), rest)]


class StreamTexts:
    """Filters one stream: `feed` each chunk, then `end` for what is left if the stream ended early.

    `whole` filters a text that comes whole, `piecewise` makes the filter of one that does not; `finish` is applied to
    each choice.
    """

    def __init__(
        self,
        whole: TextVisitor,
        piecewise: Callable[[TextPlace], Filter],
        finish: Callable[[dict[str, Any]], dict[str, Any]],
    ) -> None:
        self._whole = whole
        self._piecewise = piecewise
        self._finish = finish
        self._texts: dict[int, dict[Steps, Filter]] = {}
        self._last: dict[str, Any] = {}

    def feed(self, chunk: Mapping[str, Any]) -> dict[str, Any]:
        """A copy of `chunk` as the filters let it go."""
        fed = dict(chunk)
        if isinstance(chunk.get("choices"), list):
            fed["choices"] = [self._choice(choice) for choice in chunk["choices"]]
            if chunk["choices"]:
                self._last = {name: value for name, value in chunk.items() if name != "usage"}
        return fed

    def _choice(self, choice: Any) -> Any:
        if not isinstance(choice, Mapping):
            return choice
        texts = self._texts.setdefault(choice.get("index") or 0, {})

        def visit(text: str, place: TextPlace) -> str:
            if place.kind in _WHOLE or not _WHOLE_ITEMS.isdisjoint(place.steps):
                return self._whole(text, place)
            if place.steps not in texts:
                texts[place.steps] = self._piecewise(place)
            return texts[place.steps].feed(text)

        fed = self._finish(rewrite_choice({**choice, "delta": choice.get("delta") or {}}, visit))
        return _flushed(fed, texts) if choice.get("finish_reason") else fed

    def end(self) -> list[dict[str, Any]]:
        """A chunk for each choice of which something is still kept back; none after a stream that ended well."""
        chunks = []
        for index, texts in self._texts.items():
            empty = {"index": index, "delta": {}, "finish_reason": None}
            if (choice := _flushed(empty, texts)) != empty:
                chunks.append({**self._last, "choices": [choice]})
        return chunks
