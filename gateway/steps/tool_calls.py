"""Tool calls of an agent's run: which go to the application at once, and to which advice a request goes on from.

An agent asks in turns: the model calls tools, the application runs them and asks again with what they gave. Those turns
are recorded and passed on. The answer without tool calls is the advice that a person decides on.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

_NO_TEXT: Final = {"content": None, "refusal": None}
_KEPT: Final = frozenset(["role", "tool_calls", "function_call"])


def tools_passed_on(
    request: Mapping[str, Any], completion: Mapping[str, Any], held: Collection[str]
) -> tuple[str, ...]:
    """The names of the tools that an answer calls, if all it does is to call tools that no person is to see first.

    Empty for every other answer: one choice without calls, a call of a tool of `held`, or of one that the request
    does not declare. Also where the request leaves the model nothing but a call, so that the call may be the answer:
    clients ask for structured output that way. Where it declares a tool of `held`, that one is the answer.
    """
    declared = set(_declared(request))
    if _demands_a_call(request) and declared.isdisjoint(held):
        return ()
    tools_called: list[str] = []
    for choice in completion.get("choices") or ():
        names = list(_called(choice))
        if not names or not declared.issuperset(names) or not set(held).isdisjoint(names):
            return ()
        tools_called += names
    return tuple(dict.fromkeys(tools_called))


def call_ids(completion: Mapping[str, Any]) -> tuple[str, ...]:
    """The ids of the calls in an answer."""
    messages = (choice.get("message") or {} for choice in completion.get("choices") or ())
    calls = (call for message in messages for call in message.get("tool_calls") or ())
    return tuple(call["id"] for call in calls if isinstance(call.get("id"), str))


def answered_calls(request: Mapping[str, Any]) -> tuple[str, ...]:
    """The ids of the calls that a request gives the results of: those of its last turn."""
    ids: list[str] = []
    for message in reversed(request["messages"]):
        if not isinstance(message, Mapping) or message.get("role") != "tool":
            break
        if isinstance(message.get("tool_call_id"), str):
            ids.append(message["tool_call_id"])
    return tuple(reversed(ids))


def without_text(completion: Mapping[str, Any]) -> dict[str, Any]:
    """The calls alone: what the model says beside them is for the person who decides on the run."""
    choices = [
        {**choice, "message": {**_NO_TEXT, **{n: v for n, v in choice["message"].items() if n in _KEPT}}}
        for choice in completion["choices"]
    ]
    return {**completion, "choices": choices}


def _demands_a_call(request: Mapping[str, Any]) -> bool:
    choice = request.get("tool_choice")
    if isinstance(choice, Mapping) and choice.get("type") == "allowed_tools":
        allowed = choice.get("allowed_tools")
        choice = allowed.get("mode") if isinstance(allowed, Mapping) else None
    free = (None, "auto", "none")
    return choice not in free or request.get("function_call") not in free


def _declared(request: Mapping[str, Any]) -> Iterator[str]:
    for tool in request.get("tools") or ():
        kind = tool.get("type", "function") if isinstance(tool, Mapping) else None
        definition = tool.get(kind) if isinstance(kind, str) else None
        if isinstance(definition, Mapping) and isinstance(definition.get("name"), str):
            yield definition["name"]
    for function in request.get("functions") or ():
        if isinstance(function, Mapping) and isinstance(function.get("name"), str):
            yield function["name"]


def _called(choice: Mapping[str, Any]) -> Iterator[str]:
    message = choice.get("message") or {}
    for call in message.get("tool_calls") or ():
        function = call.get("function") or call.get("custom") or {}
        yield str(function.get("name"))
    if message.get("function_call"):
        yield str(message["function_call"].get("name"))
