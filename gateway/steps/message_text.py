"""Messages as people read them: on the page, and where an answer is compared with what it rests on."""

import re
from collections.abc import Collection, Mapping
from typing import Any, Final

import orjson

from gateway.advice import calls_of

_SHOWN_APART: Final = frozenset(["role", "content", "tool_calls", "tool_call_id", "name", "index"])


def message_text(message: Mapping[str, Any]) -> str:
    """The text of a message, with its tool calls as actions that can be read."""
    content = message.get("content")
    parts = content if isinstance(content, list) else [content]
    texts = [part["text"] if isinstance(part, dict) and "text" in part else part for part in parts]
    rest = {name: value for name, value in message.items() if value and name not in _SHOWN_APART}
    shown = [text if isinstance(text, str) else as_text(text) for text in texts if text]
    shown += [_call_text(call) for call in calls_of(message)]
    shown += [member if isinstance(member, str) else as_text({name: member}) for name, member in rest.items()]
    return "\n".join(shown)


def sent_texts(
    sent: Mapping[str, Any], prompt_at: int | None, values: Mapping[str, str]
) -> list[tuple[str, str]]:
    """Role and text of each message that was sent, but for the policy's prompt, with `values` put back."""
    pieces = TextSplitter(values)
    return [
        (
            str(message.get("role", "")),
            "".join(values.get(part, part) for part in pieces.of(message_text(message))),
        )
        for place, message in enumerate(sent["messages"])
        if place != prompt_at
    ]


class TextSplitter:
    """Cuts texts so that each of the `known` stands alone, the longest first; linear, however many are known."""

    def __init__(self, known: Collection[str]) -> None:
        self._known = frozenset(filter(None, known))
        self._lengths = sorted({len(text) for text in self._known}, reverse=True)
        firsts = "".join(sorted({text[0] for text in self._known}))
        self._first = re.compile(f"[{re.escape(firsts)}]" if firsts else "(?!)")

    def of(self, text: str) -> list[str]:
        """The pieces of one text, none of them empty."""
        pieces: list[str] = []
        end_of_last = 0
        for first in self._first.finditer(text):
            start = first.start()
            length = self._length_at(text, start) if start >= end_of_last else 0
            if length:
                pieces += [text[end_of_last:start], text[start : start + length]]
                end_of_last = start + length
        return [piece for piece in [*pieces, text[end_of_last:]] if piece]

    def _length_at(self, text: str, start: int) -> int:
        return next((length for length in self._lengths if text[start : start + length] in self._known), 0)


def as_text(value: Any) -> str:
    """JSON, indented."""
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()


def _call_text(call: Mapping[str, Any]) -> str:
    """A tool call as an action that can be read: what is done, and with what."""
    arguments = call["arguments"]
    members = arguments if isinstance(arguments, dict) else {"": arguments}
    values = (
        f"    {name + ': ' if name else ''}{value if isinstance(value, str) else as_text(value)}"
        for name, value in members.items()
    )
    return "\n".join([f"→ {call['name']}", *values])
