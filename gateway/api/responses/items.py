"""Input items as chat messages.

Ids, status and citations of items that were an answer before stay here, and so do reasoning items: none of them is
anything that a chat completion takes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from gateway.api.responses.fields import StrictModel, read_as
from gateway.api.responses.places import EARLIER
from gateway.errors import GatewayError

_UNREADABLE: Final = frozenset(
    ["input_image", "input_file", "input_audio", "output_audio", "computer_screenshot", "input_video"]
)
_TEXTS: Final = frozenset(["input_text", "output_text"])
_HOSTED: Final = frozenset(
    [
        "apply_patch_call",
        "apply_patch_call_output",
        "code_interpreter_call",
        "compaction",
        "computer_call",
        "computer_call_output",
        "custom_tool_call",
        "custom_tool_call_output",
        "file_search_call",
        "image_generation_call",
        "item_reference",
        "local_shell_call",
        "local_shell_call_output",
        "mcp_approval_request",
        "mcp_approval_response",
        "mcp_call",
        "mcp_list_tools",
        "shell_call",
        "shell_call_output",
        "web_search_call",
    ]
)
"""Types of items that are not supported, and that an error may name."""


class _Message(StrictModel):
    type: Literal["message"] = "message"
    role: Literal["user", "assistant", "system", "developer"]
    content: str | list[Any]
    id: str | None = None
    status: str | None = None
    phase: str | None = None


class _TextPart(StrictModel):
    type: Literal["input_text", "output_text"]
    text: str
    annotations: list[Any] | None = None
    logprobs: list[Any] | None = None
    parsed: Any = None


class _FilePart(StrictModel):
    type: Literal["input_file"]
    file_data: str | None = None
    filename: str | None = None
    file_id: str | None = None
    file_url: str | None = None
    detail: str | None = None


class _RefusalPart(StrictModel):
    type: Literal["refusal"]
    refusal: str


class _FunctionCall(StrictModel):
    type: Literal["function_call"]
    call_id: str
    name: str
    arguments: str
    id: str | None = None
    status: str | None = None
    created_by: str | None = None
    caller: None = None
    namespace: None = None
    parsed_arguments: Any = None


class _FunctionCallOutput(StrictModel):
    type: Literal["function_call_output"]
    call_id: str
    output: str | list[Any]
    id: str | None = None
    status: str | None = None
    created_by: str | None = None
    caller: None = None
    namespace: None = None
    name: None = None


@dataclass
class Conversation:
    """Chat messages, and which place of the caller's request each of them came from."""

    messages: list[dict[str, Any]] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    _answering: bool = False

    def add(self, message: dict[str, Any], place: str, **members: str) -> None:
        """A message from `place`; `members` says where those of its members came from that are called otherwise."""
        at = f"messages[{len(self.messages)}]"
        self.messages.append(message)
        self.places[at] = place
        self.places |= {f"{at}.{name}": value for name, value in members.items()}
        self._answering = message["role"] == "assistant"

    def add_earlier(self, messages: Sequence[dict[str, Any]]) -> None:
        """What came before; in all of it an error names `previous_response_id`."""
        for message in messages:
            self.add(message, EARLIER)
        self._answering = False

    def add_call(self, call: dict[str, Any], place: str) -> None:
        """A tool call, in the message that the model said it with."""
        if not self._answering:
            self.add({"role": "assistant", "content": None}, place)
        calls = self.messages[-1].setdefault("tool_calls", [])
        at = f"messages[{len(self.messages) - 1}].tool_calls[{len(calls)}]"
        calls.append(call)
        self.places |= {at: place, f"{at}.id": f"{place}.call_id", f"{at}.function": place}


def add_input(chat: Conversation, items: str | list[Any]) -> None:
    """The request's `input`; a `GatewayError` that names what in it can't be taken."""
    if isinstance(items, str):
        chat.add({"role": "user", "content": items}, "input", content="input")
        return
    for at, item in enumerate(items):
        _add_item(chat, item, f"input[{at}]")


def _add_item(chat: Conversation, item: Any, place: str) -> None:
    if not isinstance(item, dict):
        raise GatewayError("invalid_request", f"`{place}` must be an object.", param=place)
    match item.get("type", "message"):
        case "message" | None:
            said = read_as(_Message, {**item, "type": "message"}, place)
            content = _content(said.content, f"{place}.content")
            chat.add({"role": said.role, "content": content}, place)
        case "function_call":
            call = read_as(_FunctionCall, item, place)
            function = {"name": call.name, "arguments": call.arguments}
            chat.add_call({"id": call.call_id, "type": "function", "function": function}, place)
        case "function_call_output":
            output = read_as(_FunctionCallOutput, item, place)
            content = _content(output.output, f"{place}.output")
            message = {"role": "tool", "tool_call_id": output.call_id, "content": content}
            chat.add(message, place, content=f"{place}.output", tool_call_id=f"{place}.call_id")
        case "reasoning":
            return
        case kind:
            raise _not_an_item(kind, place)


def _not_an_item(kind: Any, place: str) -> GatewayError:
    if isinstance(kind, str) and kind in _UNREADABLE:
        return _unreadable(kind, place)
    subject = (
        f"An item of type `{kind}`" if isinstance(kind, str) and kind in _HOSTED else "An item of this type"
    )
    return GatewayError(
        "invalid_field",
        f"{subject} is not supported; messages, function calls and their outputs are.",
        param=place,
    )


def _content(content: str | list[Any], place: str) -> str | list[dict[str, Any]]:
    if isinstance(content, str):
        return content
    return [_part(part, f"{place}[{at}]") for at, part in enumerate(content)]


def _part(part: Any, place: str) -> dict[str, Any]:
    kind = part.get("type") if isinstance(part, dict) else None
    if not isinstance(kind, str):
        raise GatewayError(
            "invalid_request", f"`{place}` must be an object with a `type`, a string.", param=place
        )
    if kind == "refusal":
        return {"type": "refusal", "refusal": read_as(_RefusalPart, part, place).refusal}
    if kind in _TEXTS:
        return {"type": "text", "text": read_as(_TextPart, part, place).text}
    if kind == "input_file":
        return _file(read_as(_FilePart, part, place), place)
    raise _unreadable(kind, place)


def _file(part: _FilePart, place: str) -> dict[str, Any]:
    """A file by its content; the pipeline reads it."""
    for name in ("file_id", "file_url"):
        if getattr(part, name) is not None:
            raise GatewayError(
                "unreadable_content",
                f"The gateway keeps no files and fetches none, so `{name}` can't be read."
                " Send the content as `file_data`.",
                param=place,
            )
    if part.file_data is None:
        raise GatewayError("invalid_request", f"`{place}.file_data` is missing.", param=f"{place}.file_data")
    file = {"file_data": part.file_data}
    return {"type": "file", "file": file if part.filename is None else {"filename": part.filename, **file}}


def _unreadable(kind: str, place: str) -> GatewayError:
    subject = f"A part of type `{kind}`" if kind in _UNREADABLE else "A part of this type"
    return GatewayError(
        "unreadable_content", f"{subject} can't be read, so it is not sent. Send it as text.", param=place
    )
