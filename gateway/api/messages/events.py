"""The chunks of a chat completion as the events of a streamed message.

A message's blocks follow one another. The last letters of a text may be held back until it is known whether they are
a pseudonym, so a text ends only with the answer. The first block therefore arrives as the model writes it. The blocks
after it, which are tool calls, arrive together at the end.
"""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

from gateway.api.messages.answer import empty_message, ending, text_in, usage_of

Event = tuple[str, dict[str, Any]]
_TEXT: Final = -1


@dataclass
class _Block:
    """One block: of text, or a tool call, which can begin once its id and name are known."""

    tool: bool
    id: str = ""
    name: str = ""
    waiting: str = ""

    @property
    def ready(self) -> bool:
        return not self.tool or bool(self.id and self.name)

    def take(self, call: Mapping[str, Any]) -> None:
        function = call.get("function") or {}
        self.id = self.id or call.get("id") or ""
        self.name = self.name or function.get("name") or ""
        self.waiting += function.get("arguments") or ""

    def start(self) -> dict[str, Any]:
        if self.tool:
            return {"type": "tool_use", "id": self.id, "name": self.name, "input": {}}
        return {"type": "text", "text": ""}

    def delta(self) -> dict[str, Any]:
        waiting, self.waiting = self.waiting, ""
        if self.tool:
            return {"type": "input_json_delta", "partial_json": waiting}
        return {"type": "text_delta", "text": waiting}


class MessageEvents:
    """Makes events of chunks: `feed` each chunk, then `end`."""

    def __init__(self, advice: str, stop_sequences: Sequence[str]) -> None:
        self._advice = advice
        self._stop_sequences = stop_sequences
        self._blocks: dict[int, _Block] = {}
        self._begun = False
        self._first_begun = False
        self._refused = False
        self._last: Mapping[str, Any] = {}
        self._support: Any = None
        self._usage: Any = None

    def feed(self, chunk: Mapping[str, Any]) -> Iterator[Event]:
        """What of a chunk can be told now."""
        if not self._begun:
            yield from self._begin(chunk)
        self._support = chunk.get("decision_support") or self._support
        self._usage = chunk.get("usage") or self._usage
        for choice in chunk.get("choices") or ():
            self._take(choice)
        first = next(iter(self._blocks.values()), None)
        if first is not None and first.ready:
            yield from self._block_events(0, first)

    def end(self) -> Iterator[Event]:
        """What is left, and why the answer ended."""
        if not self._begun:
            yield from self._begin({})
        for index, block in enumerate(self._blocks.values()):
            yield from self._block_events(index, block)
            yield "content_block_stop", {"index": index}
        has_calls = any(block.tool for block in self._blocks.values())
        delta = ending(self._last, self._stop_sequences, refused=self._refused, has_calls=has_calls)
        closing = {"delta": delta, "usage": usage_of(self._usage)}
        yield (
            "message_delta",
            closing if self._support is None else {**closing, "decision_support": self._support},
        )
        yield "message_stop", {}

    def _begin(self, chunk: Mapping[str, Any]) -> Iterator[Event]:
        self._begun = True
        yield "message_start", {"message": empty_message(self._advice, chunk.get("model"))}
        yield "ping", {}

    def _take(self, choice: Mapping[str, Any]) -> None:
        delta = choice.get("delta") or {}
        if text := text_in(delta):
            self._blocks.setdefault(_TEXT, _Block(tool=False)).waiting += text
        self._refused = self._refused or bool(delta.get("refusal"))
        for at, call in enumerate(delta.get("tool_calls") or ()):
            self._blocks.setdefault(call.get("index", at), _Block(tool=True)).take(call)
        if choice.get("finish_reason"):
            self._last = choice

    def _block_events(self, index: int, block: _Block) -> Iterator[Event]:
        if index or not self._first_begun:
            self._first_begun = self._first_begun or index == 0
            yield "content_block_start", {"index": index, "content_block": block.start()}
        if block.waiting:
            yield "content_block_delta", {"index": index, "delta": block.delta()}


async def events_of(
    chunks: AsyncIterator[dict[str, Any]], advice: str, stop_sequences: Sequence[str]
) -> AsyncIterator[bytes]:
    """Server-sent events, the last of them `message_stop`."""
    events = MessageEvents(advice, stop_sequences)
    async for chunk in chunks:
        for event in events.feed(chunk):
            yield written(event)
    for event in events.end():
        yield written(event)


def written(event: Event) -> bytes:
    """One event on the wire."""
    name, members = event
    return b"event: " + name.encode() + b"\ndata: " + orjson.dumps({"type": name, **members}) + b"\n\n"
