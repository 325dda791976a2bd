"""Tool calls that wait for a person: as they read them, and as they change them."""

import json
from collections.abc import Mapping
from typing import Any

from gateway.errors import GatewayError


def calls_of(message: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The tool calls of a message: each the tool's name, and its arguments as the values that they are."""
    calls = []
    for call in message.get("tool_calls") or ():
        function, custom = call.get("function") or {}, call.get("custom") or {}
        arguments = function.get("arguments", custom.get("input"))
        calls.append({"name": function.get("name", custom.get("name")), "arguments": _value(arguments)})
    return calls


def calls_as_text(message: Mapping[str, Any]) -> str:
    """The calls as JSON that a person can change, and empty for a message without."""
    calls = calls_of(message)
    return json.dumps(calls, indent=2, ensure_ascii=False) if calls else ""


def changed_calls(message: Mapping[str, Any], text: str) -> dict[str, Any]:
    """The message with the calls that `text` has instead; calls may be changed and left out, not added.

    A 422 `GatewayError` if it is not JSON of the form of `calls_as_text`.
    """
    calls = _parsed(text)
    original = list(message["tool_calls"])
    changed = []
    for call in calls:
        at = next((at for at, other in enumerate(original) if _name(other) == call["name"]), None)
        if at is None:
            raise _invalid(f"`{call['name']}` is called more often than the model did. Calls can't be added.")
        changed.append(_with_arguments(original.pop(at), call["arguments"]))
    return {**message, "content": None, "tool_calls": changed}


def _name(call: Mapping[str, Any]) -> object:
    return calls_of({"tool_calls": [call]})[0]["name"]


def _parsed(text: str) -> list[dict[str, Any]]:
    try:
        calls = json.loads(text)
    except (ValueError, RecursionError):
        raise _invalid("It is not JSON.") from None
    members = {"name", "arguments"}
    if not isinstance(calls, list) or not calls:
        raise _invalid("Write a list with at least one call; to call nothing, reject the advice.")
    if not all(
        isinstance(call, dict) and set(call) == members and isinstance(call["name"], str) for call in calls
    ):
        raise _invalid('Each call is {"name": …, "arguments": …}.')
    return calls


def _with_arguments(call: Mapping[str, Any], arguments: Any) -> dict[str, Any]:
    text = arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False)
    if "custom" in call:
        return {**call, "custom": {**call["custom"], "input": text}}
    return {**call, "function": {**call["function"], "arguments": text}}


def _value(arguments: Any) -> Any:
    if not isinstance(arguments, str):
        return arguments
    try:
        return json.loads(arguments)
    except (ValueError, RecursionError):
        return arguments


def _invalid(problem: str) -> GatewayError:
    return GatewayError(
        "invalid_field",
        f"`amendment` must be the tool calls as JSON, as the advice's page shows them. {problem}",
        param="amendment",
    )
