"""Function tools, and which of them is to be called, as a chat completion has them."""

from collections.abc import Mapping
from typing import Any, Final, Literal

from gateway.api.responses.fields import StrictModel, read_as
from gateway.errors import GatewayError

_HOSTED: Final = frozenset(
    [
        "apply_patch",
        "code_interpreter",
        "computer",
        "computer_use",
        "computer_use_preview",
        "custom",
        "file_search",
        "image_generation",
        "local_shell",
        "mcp",
        "namespace",
        "programmatic_tool_calling",
        "shell",
        "tool_search",
        "web_search",
        "web_search_2025_08_26",
        "web_search_preview",
        "web_search_preview_2025_03_11",
    ]
)
"""Types of tools that are not supported, and that an error may name."""


class _Function(StrictModel):
    type: Literal["function"]
    name: str
    description: str | None = None
    parameters: dict[str, Any] | None = None
    strict: bool | None = None


class _Named(StrictModel):
    type: Literal["function"]
    name: str


class _Allowed(StrictModel):
    type: Literal["allowed_tools"]
    mode: Literal["auto", "required"]
    tools: list[Any]


def chat_tool(tool: Any, place: str) -> dict[str, Any]:
    """A tool of the request; a 422 `GatewayError` for one that is no function."""
    function = read_as(_Function, _of_functions(tool, place), place)
    return {"type": "function", "function": function.model_dump(exclude={"type"}, exclude_none=True)}


def chat_tool_choice(choice: str | Mapping[str, Any]) -> str | dict[str, Any]:
    """`tool_choice`."""
    if isinstance(choice, str):
        if choice not in ("none", "auto", "required"):
            raise GatewayError(
                "invalid_request", "`tool_choice` is none, auto, required or an object.", param="tool_choice"
            )
        return choice
    if choice.get("type") != "allowed_tools":
        return _named(choice, "tool_choice")
    allowed = read_as(_Allowed, choice, "tool_choice")
    tools = [_named(tool, f"tool_choice.tools[{at}]") for at, tool in enumerate(allowed.tools)]
    return {"type": "allowed_tools", "allowed_tools": {"mode": allowed.mode, "tools": tools}}


def _named(tool: Any, place: str) -> dict[str, Any]:
    tool_name = read_as(_Named, _of_functions(tool, place), place)
    return {"type": "function", "function": {"name": tool_name.name}}


def _of_functions(tool: Any, place: str) -> dict[str, Any]:
    if not isinstance(tool, dict):
        raise GatewayError("invalid_request", f"`{place}` must be an object.", param=place)
    kind = tool.get("type")
    if kind != "function":
        named = (
            f"A tool of type `{kind}`" if isinstance(kind, str) and kind in _HOSTED else "A tool of this type"
        )
        raise GatewayError(
            "invalid_field",
            f"{named} is not supported: the gateway runs no tools, and what others are given it can't redact."
            " Functions that the application calls itself are.",
            param=place,
        )
    return {name: value for name, value in tool.items() if value is not None}
