"""A request of the Messages API as a chat completion request that says the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from gateway.api.messages.content import Conversation
from gateway.api.messages.fields import check_fields
from gateway.api.messages.places import Places
from gateway.api.messages.tools import translate_choice, translate_tools

_KEPT: Final = ("model", "max_tokens", "temperature", "top_p", "top_k", "stream")
"""Fields that both interfaces have under one name."""


@dataclass(frozen=True)
class TranslatedRequest:
    """The chat completion request, and what the caller called its fields."""

    body: dict[str, Any]
    places: Places
    stop_sequences: tuple[str, ...]


def translate_request(body: Mapping[str, Any], *, max_tokens: bool = True) -> TranslatedRequest:
    """A `GatewayError` names what is wrong or can't be read; `max_tokens` says whether that field must be there."""
    check_fields(body, max_tokens=max_tokens)
    places = Places()
    conversation = Conversation(places)
    if body.get("system") is not None:
        conversation.system(body["system"], "system")
    for at, message in enumerate(body["messages"]):
        conversation.message(message, f"messages[{at}]")
    chat: dict[str, Any] = {name: body[name] for name in _KEPT if body.get(name) is not None}
    chat["messages"] = conversation.messages
    if body.get("stream"):
        chat["stream_options"] = {"include_usage": True}
    if body.get("stop_sequences"):
        chat["stop"] = body["stop_sequences"]
    if body.get("tools"):
        chat["tools"] = translate_tools(body["tools"], places)
    if body.get("tool_choice") is not None:
        chat.update(translate_choice(body["tool_choice"]))
    form = (body.get("output_config") or {}).get("format")
    if form is not None:
        chat["response_format"] = {
            "type": "json_schema",
            "json_schema": {"name": "answer", "schema": form["schema"]},
        }
    user = (body.get("metadata") or {}).get("user_id")
    if user is not None:
        chat["user"] = user
    return TranslatedRequest(chat, places, tuple(body.get("stop_sequences") or ()))
