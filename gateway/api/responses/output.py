"""What a model said, as output items: its reasoning, its message, its function calls.

Ids of items follow from the advice's, so that a stream and a later fetch give them alike.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

_REASONING: Final = ("reasoning_content", "reasoning")
_INCOMPLETE: Final = {"length": "max_output_tokens", "content_filter": "content_filter"}


def reasoning_id(advice: str) -> str:
    """The id of the item with the model's reasoning."""
    return f"rs_{advice}"


def message_id(advice: str) -> str:
    """The id of the item with the model's words."""
    return f"msg_{advice}"


def call_item_id(advice: str, index: int) -> str:
    """The id of the item of a function call, counted from 0."""
    return f"fc_{advice}_{index}"


@dataclass(frozen=True)
class MessageParts:
    """What a chat completion's message says, or one delta of it adds."""

    reasoning: str = ""
    text: str = ""
    refusal: str = ""
    calls: list[Mapping[str, Any]] = field(default_factory=list)


def read_message(message: Mapping[str, Any]) -> MessageParts:
    """A message or a delta, whichever way its provider writes reasoning."""
    content = message.get("content")
    thought = next((message[name] for name in _REASONING if isinstance(message.get(name), str)), "")
    if isinstance(content, list):
        thought += "".join(_texts(content, "thinking"))
        content = "".join(_texts(content, "text"))
    calls = message.get("tool_calls")
    return MessageParts(
        thought,
        _text(content),
        _text(message.get("refusal")),
        [call for call in calls if isinstance(call, Mapping)] if isinstance(calls, list) else [],
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _texts(parts: list[Any], kind: str) -> Iterator[str]:
    """The texts of parts of a kind; Mistral writes what a model thought as parts within a part."""
    for part in parts:
        if isinstance(part, Mapping) and part.get("type") == kind:
            inner = part.get(kind)
            if isinstance(inner, list):
                yield from _texts(inner, "text")
            elif isinstance(inner, str):
                yield inner


def incomplete_reason(finish_reason: object) -> str | None:
    """Why an answer is not whole, as a response says it; None where it is."""
    return _INCOMPLETE.get(str(finish_reason))


def output_items(advice: str, message: Mapping[str, Any], status: str) -> list[dict[str, Any]]:
    """The output of a whole message."""
    said = read_message(message)
    items = []
    if said.reasoning:
        items.append(reasoning_item(advice, said.reasoning))
    parts = [text_part(said.text)] if said.text else []
    parts += [refusal_part(said.refusal)] if said.refusal else []
    if parts:
        items.append(message_item(advice, parts, status))
    for at, call in enumerate(said.calls):
        items.append(call_item(advice, at, call_id(call, at), function_of(call), status))
    return items


def reasoning_item(advice: str, text: str) -> dict[str, Any]:
    """The model's reasoning, as its summary: whether it is one is for its provider to say."""
    summary = [summary_part(text)] if text else []
    return {"id": reasoning_id(advice), "type": "reasoning", "summary": summary}


def message_item(advice: str, parts: list[dict[str, Any]], status: str) -> dict[str, Any]:
    """The model's words."""
    return {
        "id": message_id(advice),
        "type": "message",
        "role": "assistant",
        "status": status,
        "content": parts,
    }


def call_item(advice: str, index: int, call: str, function: Mapping[str, Any], status: str) -> dict[str, Any]:
    """A function call, under the id that the model's provider gave it."""
    return {
        "id": call_item_id(advice, index),
        "type": "function_call",
        "call_id": call,
        "name": function.get("name") or "",
        "arguments": function.get("arguments") or "",
        "status": status,
    }


def call_id(call: Mapping[str, Any], index: int) -> str:
    """The call's id; some servers give none."""
    return call.get("id") or f"call_{index}"


def function_of(call: Mapping[str, Any]) -> Mapping[str, Any]:
    """The name and the arguments."""
    function = call.get("function")
    return function if isinstance(function, Mapping) else {}


def summary_part(text: str) -> dict[str, Any]:
    """A part of a reasoning item."""
    return {"type": "summary_text", "text": text}


def text_part(text: str) -> dict[str, Any]:
    """A part of a message."""
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": []}


def refusal_part(text: str) -> dict[str, Any]:
    """A part of a message that says why there is no answer."""
    return {"type": "refusal", "refusal": text}
