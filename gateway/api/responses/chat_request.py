"""A Responses request as the chat completion request that the pipeline takes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from gateway.api.responses.fields import ResponseRequest, TextFormat
from gateway.api.responses.items import Conversation, add_input
from gateway.api.responses.tools import chat_tool, chat_tool_choice
from gateway.errors import GatewayError

_SAME: Final = (
    "model",
    "parallel_tool_calls",
    "temperature",
    "top_p",
    "metadata",
    "user",
    "safety_identifier",
    "prompt_cache_key",
    "prompt_cache_retention",
    "service_tier",
    "stream",
)
"""ResponseRequest that a chat completion calls the same."""


@dataclass(frozen=True)
class ChatRequest:
    """The body, and where its places stand in the request that the caller wrote."""

    body: dict[str, Any]
    places: Mapping[str, str]


def chat_request(fields: ResponseRequest, earlier: Sequence[dict[str, Any]] = ()) -> ChatRequest:
    """`fields` with the messages of the `earlier` conversation between its instructions and its input."""
    chat = Conversation()
    if fields.instructions:
        instructions = {"role": "system", "content": fields.instructions}
        chat.add(instructions, "instructions", content="instructions")
    chat.add_earlier(earlier)
    add_input(chat, fields.input)
    if not chat.messages:
        raise GatewayError("invalid_request", "`input` must have at least one message.", param="input")
    tools = [chat_tool(tool, f"tools[{at}]") for at, tool in enumerate(fields.tools or ())]
    places = {f"tools[{at}].function": f"tools[{at}]" for at in range(len(tools))}
    body = {
        **{name: getattr(fields, name) for name in _SAME},
        "messages": chat.messages,
        "max_completion_tokens": fields.max_output_tokens,
        "tools": tools or None,
        "tool_choice": None if fields.tool_choice is None else chat_tool_choice(fields.tool_choice),
        "reasoning_effort": None if fields.reasoning is None else fields.reasoning.effort,
        "verbosity": None if fields.text is None else fields.text.verbosity,
        "response_format": _response_format(None if fields.text is None else fields.text.format),
        "stream_options": {"include_usage": True} if fields.stream else None,
    }
    members = {name: value for name, value in body.items() if value is not None}
    return ChatRequest(members, {**chat.places, **places})


def _response_format(text_format: TextFormat | None) -> dict[str, Any] | None:
    if text_format is None or text_format.type == "text":
        return None
    if text_format.type == "json_object":
        return {"type": "json_object"}
    if text_format.name is None or text_format.schema_ is None:
        missing = "name" if text_format.name is None else "schema"
        place = f"text.format.{missing}"
        raise GatewayError("invalid_request", f"`{place}` is missing.", param=place)
    schema = {
        "name": text_format.name,
        "description": text_format.description,
        "schema": text_format.schema_,
        "strict": text_format.strict,
    }
    return {
        "type": "json_schema",
        "json_schema": {name: value for name, value in schema.items() if value is not None},
    }
