"""A chat completion as a message of the Messages API."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson

REASONS: Final[Mapping[str, str]] = {
    "stop": "end_turn",
    "length": "max_tokens",
    "tool_calls": "tool_use",
    "function_call": "tool_use",
    "content_filter": "refusal",
}
"""Why an answer ended: a chat completion's `finish_reason`, and Anthropic's `stop_reason`."""
UNREADABLE: Final = "INVALID_JSON"
"""The member of `input` that holds what a model wrote as arguments, where that is no JSON object."""


def message_of(completion: Mapping[str, Any], advice: str, stop_sequences: Sequence[str]) -> dict[str, Any]:
    """The whole answer; with `decision_support` where the completion has it."""
    choice = completion["choices"][0]
    answer = choice["message"]
    message = {
        **empty_message(advice, completion.get("model")),
        "content": _content(answer),
        **ending(
            choice,
            stop_sequences,
            refused=bool(answer.get("refusal")),
            has_calls=bool(answer.get("tool_calls")),
        ),
        "usage": usage_of(completion.get("usage")),
    }
    support = completion.get("decision_support")
    return message if support is None else {**message, "decision_support": support}


def empty_message(advice: str, model: Any) -> dict[str, Any]:
    """A message that says nothing yet, as a stream begins with."""
    return {
        "id": f"msg_{advice}",
        "type": "message",
        "role": "assistant",
        "model": model or "",
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": usage_of(None),
    }


def ending(
    choice: Mapping[str, Any], stop_sequences: Sequence[str], *, refused: bool, has_calls: bool
) -> dict[str, Any]:
    """`stop_reason` and `stop_sequence`. Some servers (vLLM) tell which sequence it was; others only that it ended,
    and some do so behind calls of tools too.
    """
    matched, finish = choice.get("stop_reason"), choice.get("finish_reason") or "stop"
    reason = "refusal" if refused else REASONS.get(finish, "end_turn")
    if reason == "end_turn" and has_calls:
        reason = "tool_use"
    if reason == "end_turn" and isinstance(matched, str) and matched in stop_sequences:
        return {"stop_reason": "stop_sequence", "stop_sequence": matched}
    return {"stop_reason": reason, "stop_sequence": None}


def usage_of(usage: Any) -> dict[str, int]:
    """The provider's count of tokens; 0 where it gave none. What it read from its cache is counted apart."""
    members = usage if isinstance(usage, Mapping) else {}
    details = members.get("prompt_tokens_details")
    cached = _count(details.get("cached_tokens")) if isinstance(details, Mapping) else 0
    return {
        "input_tokens": max(_count(members.get("prompt_tokens")) - cached, 0),
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": cached,
        "output_tokens": _count(members.get("completion_tokens")),
    }


def _count(value: Any) -> int:
    return value if isinstance(value, int) and value > 0 else 0


def text_in(message: Mapping[str, Any]) -> str:
    """What a message or a delta says in words."""
    content = message.get("content")
    if isinstance(content, list):
        content = "".join(part.get("text") or "" for part in content if isinstance(part, Mapping))
    return (content or "") + (message.get("refusal") or "")


def _content(message: Mapping[str, Any]) -> list[dict[str, Any]]:
    text = text_in(message)
    blocks: list[dict[str, Any]] = [{"type": "text", "text": text}] if text else []
    for call in message.get("tool_calls") or ():
        function = call.get("function") or {}
        blocks.append(
            {
                "type": "tool_use",
                "id": call.get("id") or "",
                "name": function.get("name") or "",
                "input": _input(function.get("arguments")),
            }
        )
    return blocks


def _input(arguments: Any) -> dict[str, Any]:
    if not arguments:
        return {}
    try:
        value = orjson.loads(arguments)
    except (orjson.JSONDecodeError, TypeError):
        value = None
    return value if isinstance(value, dict) else {UNREADABLE: arguments}
