"""The texts of a chat completion, for inspection and for putting pseudonyms back."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from gateway.redaction.fields import ABOUT, NO_HINT
from gateway.redaction.json_text import looks_like_json, rewrite
from gateway.redaction.payload import in_words

TEXT_FIELDS: Final = ("content", "refusal", "reasoning_content", "reasoning")
"""The members of a message, or of a stream's delta, that are text."""


def answer_slots(completion: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each text of every choice once, with the words of the member that holds it if it stood in JSON."""
    slots: dict[tuple[str, str], None] = {}
    for text in _answer_texts(completion):
        for slot in _apart(text):
            slots[slot] = None
    return list(slots)


def _answer_texts(completion: Mapping[str, Any]) -> Iterator[str]:
    for choice in completion.get("choices") or ():
        message = choice.get("message") or {}
        for field in TEXT_FIELDS:
            if isinstance(message.get(field), str) and message[field]:
                yield message[field]
        for call in [*(message.get("tool_calls") or ()), {"function": message.get("function_call") or {}}]:
            function = call.get("function") or call.get("custom") or {}
            arguments = function.get("arguments") or function.get("input")
            if isinstance(arguments, str) and arguments:
                yield arguments


def _apart(text: str) -> list[tuple[str, str]]:
    """The strings and numbers of a text that is JSON, else the text."""
    slots: list[tuple[str, str]] = []

    def string(value: str, name: str) -> str:
        hint = "" if not name or name in NO_HINT or name in ABOUT else in_words(name)
        slots.append((hint, value))
        return value

    if looks_like_json(text) and rewrite(text, string, string, RecursionError) is not None:
        return slots
    return [("", text)]
