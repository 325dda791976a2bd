"""The conversation of the Messages API, blocks and all, as the messages of a chat completion request."""

from collections.abc import Mapping
from typing import Any, Final

import orjson

from gateway.api.messages.documents import document_parts
from gateway.api.messages.fields import invalid, the_object, the_string
from gateway.api.messages.places import Places
from gateway.errors import GatewayError

FAILED: Final = "The tool failed:"
"""Stands before what a tool result with `is_error` says: chat completions have no field for it."""

_PASSED_OVER: Final = frozenset({"thinking", "redacted_thinking"})
_NAMED: Final = frozenset(
    {
        "image",
        "document",
        "search_result",
        "container_upload",
        "server_tool_use",
        "web_search_tool_result",
        "web_fetch_tool_result",
        "code_execution_tool_result",
        "bash_code_execution_tool_result",
        "text_editor_code_execution_tool_result",
        "mcp_tool_use",
        "mcp_tool_result",
        "tool_reference",
    }
)
"""Types of blocks that can't be read, and that an error may name."""

Message = dict[str, Any]


class Conversation:
    """Writes chat messages one behind the other, and notes in `places` where each came from."""

    def __init__(self, places: Places) -> None:
        self.messages: list[Message] = []
        self._places = places

    def system(self, system: Any, field: str) -> None:
        """Instructions, a string or text blocks."""
        content = self._texts(system, field)
        if content:
            self._add({"role": "system", "content": content}, field)

    def message(self, message: Any, field: str) -> None:
        """One message, which may become several: each tool result is a message of its own."""
        fields = the_object(message, field)
        match fields.get("role"):
            case "user":
                self._user(fields.get("content"), field)
            case "assistant":
                self._assistant(fields.get("content"), field)
            case "system":
                self.system(fields.get("content"), f"{field}.content")
            case _:
                raise invalid(f"{field}.role", "must be `user`, `assistant` or `system`.")

    def _user(self, content: Any, field: str) -> None:
        """Results of tools come first, as they must behind the calls that they answer."""
        if isinstance(content, str):
            self._add({"role": "user", "content": content}, field)
            return
        parts: list[tuple[Message, str]] = []
        for block, at in _blocks(content, f"{field}.content"):
            if block["type"] == "tool_result":
                self._tool_result(block, at)
            else:
                parts += _read(block, at)
        if parts:
            self._add({"role": "user", "content": self._parts(parts, len(self.messages))}, field)

    def _assistant(self, content: Any, field: str) -> None:
        """One message with all its calls. Its thinking is its own provider's, which alone can check it."""
        if isinstance(content, str):
            self._add({"role": "assistant", "content": content}, field)
            return
        texts: list[str] = []
        calls: list[dict[str, Any]] = []
        this = f"messages[{len(self.messages)}]"
        for block, at in _blocks(content, f"{field}.content"):
            if block["type"] == "text":
                texts.append(the_string(block.get("text"), f"{at}.text"))
            elif block["type"] == "tool_use":
                call = f"{this}.tool_calls[{len(calls)}]"
                self._places.note(call, at)
                self._places.note(f"{call}.function", at)
                self._places.note(f"{call}.function.arguments", f"{at}.input")
                calls.append(_call(block, at))
            elif block["type"] not in _PASSED_OVER:
                raise _unreadable(block["type"], at)
        if texts or calls:
            message: Message = {"role": "assistant", "content": "".join(texts) or None}
            self._add({**message, "tool_calls": calls} if calls else message, field)

    def _tool_result(self, block: Mapping[str, Any], field: str) -> None:
        call_id = the_string(block.get("tool_use_id"), f"{field}.tool_use_id")
        failed = block.get("is_error")
        if failed not in (None, True, False):
            raise invalid(f"{field}.is_error", "must be true or false.")
        content = self._texts(
            block.get("content") or "", f"{field}.content", failed=failed is True, documents=True
        )
        self._add({"role": "tool", "tool_call_id": call_id, "content": content}, field)
        self._places.note(f"{self._last}.tool_call_id", f"{field}.tool_use_id")

    def _texts(
        self, content: Any, field: str, *, failed: bool = False, documents: bool = False
    ) -> str | list[Message]:
        """A string or text blocks, with documents among them where these may stand, and nothing else."""
        parts: list[tuple[Message, str]] = []
        if isinstance(content, str):
            parts = [(_text(content), field)]
        else:
            for block, at in _blocks(content, field):
                parts += _read(block, at, documents=documents)
        return self._parts([(_text(FAILED), field), *parts] if failed else parts, len(self.messages))

    def _parts(self, parts: list[tuple[Message, str]], number: int) -> str | list[Message]:
        """Parts, each with its field, as the content of the message of this number: one text alone is a string."""
        content = f"messages[{number}].content"
        if len(parts) < 2 and all(part["type"] == "text" for part, _ in parts):
            for _, field in parts:
                self._places.note(content, field)
            return "".join(part["text"] for part, _ in parts)
        for at, (_, field) in enumerate(parts):
            self._places.note(f"{content}[{at}]", field)
        return [part for part, _ in parts]

    def _add(self, message: Message, field: str) -> None:
        self.messages.append(message)
        self._places.note(self._last, field)

    @property
    def _last(self) -> str:
        return f"messages[{len(self.messages) - 1}]"


def _blocks(content: Any, field: str) -> list[tuple[Mapping[str, Any], str]]:
    """Each block with its field; each has a type."""
    if not isinstance(content, list):
        raise invalid(field, "must be a string or a list of blocks.")
    blocks = []
    for at, block in enumerate(content):
        place = f"{field}[{at}]"
        the_string(the_object(block, place).get("type"), f"{place}.type")
        blocks.append((block, place))
    return blocks


def _text(text: str) -> Message:
    return {"type": "text", "text": text}


def _read(block: Mapping[str, Any], field: str, *, documents: bool = True) -> list[tuple[Message, str]]:
    """A text or a document as parts of a chat message, each with its field."""
    if block["type"] == "text":
        return [(_text(the_string(block.get("text"), f"{field}.text")), field)]
    if block["type"] == "document" and documents:
        return [(part, field) for part in document_parts(block, field)]
    raise _unreadable(block["type"], field)


def _call(block: Mapping[str, Any], field: str) -> dict[str, Any]:
    arguments = the_object(block.get("input"), f"{field}.input")
    function = {
        "name": the_string(block.get("name"), f"{field}.name"),
        "arguments": orjson.dumps(arguments).decode(),
    }
    return {"id": the_string(block.get("id"), f"{field}.id"), "type": "function", "function": function}


def _unreadable(kind: str, field: str) -> GatewayError:
    subject = f"A block of type `{kind}`" if kind in _NAMED else "A block of this type"
    return GatewayError(
        "unreadable_content",
        f"{subject} can't be read here, so it is not sent. Send it as text.",
        param=field,
    )
