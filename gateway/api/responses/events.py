"""A stream of chat completion chunks as the events of a streamed response.

An item's end comes with the end of the answer: until then pseudonyms that are being put back, and sentences that are
being masked, may still add to any of them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gateway.api.responses import output
from gateway.api.responses.response import ResponseForm
from gateway.errors import GatewayError

Event = dict[str, Any]


@dataclass
class _Text:
    """A text within an item: the reasoning, the words, the refusal, the arguments of a call."""

    item: "_Item"
    place: dict[str, Any]
    kind: str
    member: str
    value: str = ""

    @property
    def position(self) -> dict[str, Any]:
        return {"item_id": self.item.id, "output_index": self.item.index, **self.place}


class _Item:
    """An output item under way."""

    def __init__(self, item: dict[str, Any], index: int) -> None:
        self.begun = item
        self.id: str = item["id"]
        self.index = index
        self.texts: list[_Text] = []


class EventWriter:
    """Writes the events of one response: `begin`, `feed` each chunk, then `end` or `fail`."""

    def __init__(self, form: ResponseForm) -> None:
        self._form = form
        self._count = 0
        self._items: list[_Item] = []
        self._reasoning: _Text | None = None
        self._words: dict[str, _Text] = {}
        self._calls: dict[int, _Text] = {}
        self._finish_reason: str | None = None
        self._usage: Mapping[str, Any] | None = None
        self._support: Mapping[str, Any] | None = None

    def begin(self) -> Iterator[Event]:
        """The answer is under way."""
        response = self._form.unanswered("in_progress")
        yield self._event("response.created", response=response)
        yield self._event("response.in_progress", response=response)

    def queued(self, support: Mapping[str, Any]) -> Iterator[Event]:
        """The answer is held: these are all events that there are."""
        response = self._form.unanswered("queued", support)
        yield self._event("response.created", response=response)
        yield self._event("response.queued", response=response)

    def feed(self, chunk: Mapping[str, Any]) -> Iterator[Event]:
        """What a chunk adds."""
        self._usage = chunk.get("usage") or self._usage
        self._support = chunk.get("decision_support") or self._support
        for choice in (chunk.get("choices") or ())[:1]:
            self._finish_reason = choice.get("finish_reason") or self._finish_reason
            parts = output.read_message(choice.get("delta") or {})
            yield from self._add_reasoning(parts.reasoning)
            yield from self._add_words("text", parts.text)
            yield from self._add_words("refusal", parts.refusal)
            for at, call in enumerate(parts.calls):
                yield from self._add_call(call.get("index", at), call)

    def end(self) -> Iterator[Event]:
        """The answer is whole, and on record."""
        reason = output.incomplete_reason(self._finish_reason)
        status = "completed" if reason is None else "incomplete"
        for item in self._items:
            yield from self._close(item, status)
        items = [self._ended(item, status) for item in self._items]
        response = self._form.answered(items, self._finish_reason, self._usage, self._support)
        yield self._event(f"response.{status}", response=response)

    def fail(self, error: GatewayError) -> Iterator[Event]:
        """The answer broke off."""
        yield self._event("error", code=error.code, message=error.message, param=error.param)
        items = [self._ended(item, "incomplete") for item in self._items]
        yield self._event("response.failed", response=self._form.failed(error, items))

    def _event(self, kind: str, **members: Any) -> Event:
        event = {"type": kind, "sequence_number": self._count, **members}
        self._count += 1
        return event

    # What is said

    def _add_reasoning(self, text: str) -> Iterator[Event]:
        if not text:
            return
        if self._reasoning is None:
            item = self._new_item(output.reasoning_item(self._form.advice, ""))
            yield self._added(item)
            place = {"summary_index": 0}
            self._reasoning = self._new_text(item, place, "reasoning_summary_text", "text")
            part = output.summary_part("")
            yield self._event("response.reasoning_summary_part.added", **self._reasoning.position, part=part)
        yield self._delta(self._reasoning, text)

    def _add_words(self, kind: str, text: str) -> Iterator[Event]:
        if not text:
            return
        if kind not in self._words:
            item = next((word.item for word in self._words.values()), None)
            if item is None:
                item = self._new_item(output.message_item(self._form.advice, [], "in_progress"))
                yield self._added(item)
            place = {"content_index": len(self._words)}
            name = "output_text" if kind == "text" else "refusal"
            self._words[kind] = self._new_text(item, place, name, kind)
            part = _part(self._words[kind], "")
            yield self._event("response.content_part.added", **self._words[kind].position, part=part)
        yield self._delta(self._words[kind], text)

    def _add_call(self, index: int, call: Mapping[str, Any]) -> Iterator[Event]:
        function = output.function_of(call)
        if index not in self._calls:
            at = len(self._calls)
            named = {"name": function.get("name")}
            begun = output.call_item(
                self._form.advice, at, output.call_id(call, at), named, status="in_progress"
            )
            item = self._new_item(begun)
            yield self._added(item)
            self._calls[index] = self._new_text(item, {}, "function_call_arguments", "arguments")
        if function.get("arguments"):
            yield self._delta(self._calls[index], function["arguments"])

    def _new_item(self, begun: dict[str, Any]) -> _Item:
        item = _Item(begun, len(self._items))
        self._items.append(item)
        return item

    def _new_text(self, item: _Item, place: dict[str, Any], kind: str, member: str) -> _Text:
        text = _Text(item, place, kind, member)
        item.texts.append(text)
        return text

    def _added(self, item: _Item) -> Event:
        return self._event("response.output_item.added", output_index=item.index, item=item.begun)

    def _delta(self, text: _Text, delta: str) -> Event:
        text.value += delta
        more: dict[str, Any] = {"logprobs": []} if text.kind == "output_text" else {}
        return self._event(f"response.{text.kind}.delta", **text.position, delta=delta, **more)

    # How it ends

    def _close(self, item: _Item, status: str) -> Iterator[Event]:
        for text in item.texts:
            more: dict[str, Any] = {"logprobs": []} if text.kind == "output_text" else {}
            if text.kind == "function_call_arguments":
                more = {"name": item.begun["name"]}
            members = {text.member: text.value}
            yield self._event(f"response.{text.kind}.done", **text.position, **members, **more)
            if text.kind == "reasoning_summary_text":
                part = output.summary_part(text.value)
                yield self._event("response.reasoning_summary_part.done", **text.position, part=part)
            elif text.place:
                part = _part(text, text.value)
                yield self._event("response.content_part.done", **text.position, part=part)
        ended = self._ended(item, status)
        yield self._event("response.output_item.done", output_index=item.index, item=ended)

    def _ended(self, item: _Item, status: str) -> dict[str, Any]:
        match item.begun["type"]:
            case "reasoning":
                return output.reasoning_item(self._form.advice, item.texts[0].value)
            case "message":
                parts = [_part(text, text.value) for text in item.texts]
                return output.message_item(self._form.advice, parts, status)
            case _:
                return {**item.begun, "arguments": item.texts[0].value, "status": status}


def _part(text: _Text, value: str) -> dict[str, Any]:
    return output.text_part(value) if text.kind == "output_text" else output.refusal_part(value)
