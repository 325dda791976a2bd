"""Tools and `tool_choice` of the Messages API as those of a chat completion."""

import re
from collections.abc import Mapping
from typing import Any, Final

from gateway.api.messages.fields import invalid, the_object, the_string
from gateway.api.messages.places import Places

_ANTHROPICS: Final = re.compile(
    r"(?:web_search|web_fetch|code_execution|bash|text_editor|computer|memory|mcp_toolset"
    r"|tool_search_tool_(?:regex|bm25))(?:_\d{8})?"
)
_KNOWN: Final = frozenset(
    {"type", "name", "description", "input_schema", "strict", "cache_control", "eager_input_streaming"}
)
"""Members of a tool that are passed on, or that change nothing in what a model is told."""
_CHOICES: Final = {"auto": "auto", "any": "required", "none": "none"}


def translate_tools(tools: list[Any], places: Places) -> list[dict[str, Any]]:
    """Each tool as a function."""
    return [_function(tool, f"tools[{at}]", places) for at, tool in enumerate(tools)]


def _function(tool: Any, field: str, places: Places) -> dict[str, Any]:
    fields = the_object(tool, field)
    kind = fields.get("type", "custom")
    if kind not in ("custom", None):
        known = isinstance(kind, str) and _ANTHROPICS.fullmatch(kind)
        subject = f"a tool of type `{kind}`" if known else "a tool of this type"
        raise invalid(
            f"{field}.type",
            f"is not `custom`: {subject} is Anthropic's own, and is not offered here."
            " Define it with an `input_schema`.",
        )
    for member in fields:
        if member not in _KNOWN:
            raise invalid(field, "has a member that can't be passed on to a model here; leave it out.")
    function: dict[str, Any] = {"name": the_string(fields.get("name"), f"{field}.name")}
    if fields.get("description") is not None:
        function["description"] = the_string(fields["description"], f"{field}.description")
    function["parameters"] = the_object(fields.get("input_schema"), f"{field}.input_schema")
    if fields.get("strict") is not None:
        function["strict"] = fields["strict"]
    places.note(f"{field}.function", field)
    places.note(f"{field}.function.parameters", f"{field}.input_schema")
    return {"type": "function", "function": function}


def translate_choice(choice: Mapping[str, Any]) -> dict[str, Any]:
    """The members of a chat completion request that say which tools may be called."""
    kind = choice.get("type")
    translated: dict[str, Any] = {}
    if kind == "tool":
        name = the_string(choice.get("name"), "tool_choice.name")
        translated["tool_choice"] = {"type": "function", "function": {"name": name}}
    elif isinstance(kind, str) and kind in _CHOICES:
        translated["tool_choice"] = _CHOICES[kind]
    else:
        raise invalid("tool_choice.type", "must be `auto`, `any`, `tool` or `none`.")
    alone = choice.get("disable_parallel_tool_use")
    if alone not in (None, True, False):
        raise invalid("tool_choice.disable_parallel_tool_use", "must be true or false.")
    if alone:
        translated["parallel_tool_calls"] = False
    return translated
