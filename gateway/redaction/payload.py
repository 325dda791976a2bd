"""Walking a chat completion request: every text in it, whatever the field, with its place.

`walk` makes a copy in which a visitor has replaced what it wants to; the visitor that gathers and the one that
replaces see the same texts in the same order. What can't be read is `Unreadable`, what has the wrong type
`InvalidRequest`.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Final, Protocol

from gateway.redaction.errors import InvalidRequest, Unreadable
from gateway.redaction.fields import ABOUT, CONTROL, KNOWN_NAMES, NAMED_PARTS, NO_HINT, READABLE_PARTS
from gateway.redaction.json_text import looks_like_json, rewrite
from gateway.redaction.refusing import (
    MAX_DEPTH,
    Path,
    check_unicode,
    logit_bias,
    no_blob,
    no_media,
    no_sound,
    param,
    too_deep,
)

MAX_VALUES: Final = 200_000
"""Values in a request: far more than a long conversation has, and few enough to be counted in a second."""
MAX_LAYERS: Final = 5
"""JSON within strings within JSON."""
_SHORTEST_NUMBER: Final = 5
_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[_\W]+")


class Visitor(Protocol):
    """What is done with each text. `hint` is the name of the member that holds it, in words, or empty."""

    def text(self, text: str, hint: str, path: Path) -> str:
        """A text that may be changed anywhere."""

    def name(self, name: str) -> str:
        """A participant's name, which can't hold `<`."""

    def token(self, token: str, path: Path) -> None:
        """A name or an id that can't be changed."""


def in_words(name: str) -> str:
    """A member's name as words: `dateOfBirth` and `date_of_birth` are "date of birth"."""
    return _HUMP.sub(" ", name).strip().lower()


class Walk:
    """One walk over one request."""

    def __init__(self, visitor: Visitor, *, read: bool = False) -> None:
        self._visitor = visitor
        self._values = 0
        self._read = read  # that all of it can be read was found by an earlier walk

    def request(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """A copy of `request`, as the visitor wants it."""
        no_sound(request)
        return self._members(request, (), "", self._top)

    def _top(self, name: str, value: Any, path: Path, hint: str) -> Any:
        match name:
            case "messages":
                return self._list(value, path, self._message)
            case "model":
                return self._token(value, path)
            case "tools" | "functions":
                return self._list(value, path, self._tool)
            case "tool_choice" | "function_call" | "response_format" if isinstance(value, Mapping):
                return self._tool(value, path)
            case "logit_bias":
                return logit_bias(value, path)
            case _:
                return self._any(name, value, path, hint)

    # Messages

    def _message(self, message: Any, path: Path) -> dict[str, Any]:
        if not isinstance(message, Mapping):
            raise InvalidRequest(param(path), "Each message must be an object.")
        if not isinstance(message.get("role"), str):
            raise InvalidRequest(param((*path, "role")), "Each message needs a `role`, a string.")
        tool = message["role"] in ("tool", "function")

        def member(name: str, value: Any, path: Path, hint: str) -> Any:
            match name:
                case "content":
                    return self._content(value, path)
                case "name" if value is not None:
                    return self._token(value, path) if tool else self._name(value, path)
                case "tool_call_id":
                    return self._token(value, path)
                case "tool_calls" if value is not None:
                    return self._list(value, path, self._call)
                case "function_call" if value is not None:
                    return self._call(value, path)
                case "audio" if value is not None:
                    raise Unreadable(
                        param(path), "Audio can't be read, so it is not sent. Send its transcript."
                    )
                case _:
                    return self._any(name, value, path, hint)

        return self._members(message, path, "", member)

    def _content(self, content: Any, path: Path) -> Any:
        if content is None:
            return None
        if isinstance(content, str):
            return self._text(content, path, "")
        if isinstance(content, list):
            return [self._part(part, (*path, at)) for at, part in enumerate(content)]
        raise InvalidRequest(param(path), "`content` must be a string, a list of parts or null.")

    def _part(self, part: Any, path: Path) -> dict[str, Any]:
        if not isinstance(part, Mapping) or not isinstance(part.get("type"), str):
            raise InvalidRequest(param(path), "Each content part must be an object with a `type`, a string.")
        kind = part["type"]
        if kind not in READABLE_PARTS:
            named = f"A part of type `{kind}`" if kind in NAMED_PARTS else "A part of this type"
            raise Unreadable(param(path), f"{named} can't be read, so it is not sent. Send it as text.")
        if not isinstance(part.get(READABLE_PARTS[kind]), str):
            raise InvalidRequest(
                param((*path, READABLE_PARTS[kind])), f"A `{kind}` part needs its text, a string."
            )
        return self._members(part, path, "", self._any)

    def _name(self, name: Any, path: Path) -> str:
        if not isinstance(name, str):
            raise InvalidRequest(param(path), "`name` must be a string.")
        check_unicode(name, path)
        return self._visitor.name(name) if name else name

    def _token(self, token: Any, path: Path) -> Any:
        if token is None:
            return None
        if not isinstance(token, str):
            raise InvalidRequest(param(path), f"`{path[-1]}` must be a string.")
        check_unicode(token, path)
        self._visitor.token(token, path)
        return token

    # Tools

    def _call(self, call: Any, path: Path) -> dict[str, Any]:
        """A tool call, its function, or the legacy function call."""
        if not isinstance(call, Mapping):
            raise InvalidRequest(param(path), "A tool call must be an object.")
        return self._members(call, path, "", self._call_member)

    def _call_member(self, name: str, value: Any, path: Path, hint: str) -> Any:
        match name:
            case "id" | "name":
                return self._token(value, path)
            case "function" | "custom":
                return self._call(value, path)
            case "arguments" | "input":
                if not isinstance(value, str):
                    raise InvalidRequest(param(path), f"`{name}` must be a string.")
                return self._text(value, path, "")
            case _:
                return self._any(name, value, path, hint)

    def _tool(self, tool: Any, path: Path) -> dict[str, Any]:
        """A tool, a choice of one or a format, and what is within: names can't be changed, all else is text."""
        if not isinstance(tool, Mapping):
            raise InvalidRequest(param(path), "A tool must be an object.")

        def member(name: str, value: Any, path: Path, hint: str) -> Any:
            if name == "name":
                return self._token(value, path)
            if name in ("function", "custom", "allowed_tools", "json_schema") and isinstance(value, Mapping):
                return self._tool(value, path)
            if name == "tools" and isinstance(value, list):
                return self._list(value, path, self._tool)
            return self._any(name, value, path, hint)

        return self._members(tool, path, "", member)

    # Anything

    def _members(self, value: Mapping[str, Any], path: Path, hint: str, member: Any) -> dict[str, Any]:
        self._count(path)
        walked: dict[str, Any] = {}
        for name, inner in value.items():
            if not isinstance(name, str):
                raise InvalidRequest(param(path), "Names of members must be strings.")
            new = name if name in KNOWN_NAMES else self._text(name, (*path, name), "")
            walked[new] = member(name, inner, (*path, name), _hint(name, hint))
        return walked

    def _list(self, value: Any, path: Path, item: Any) -> list[Any]:
        if not isinstance(value, list):
            raise InvalidRequest(param(path), f"`{path[-1]}` must be a list.")
        self._count(path)
        return [item(inner, (*path, at)) for at, inner in enumerate(value)]

    def _any(self, name: str, value: Any, path: Path, hint: str) -> Any:
        """A value of a field that has no rule of its own."""
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            return value if value in CONTROL.get(name, ()) else self._text(value, path, hint)
        if isinstance(value, int | float):
            return self._number(value, hint)
        if isinstance(value, Mapping):
            no_media(value, path)
            return self._members(value, path, hint, self._any)
        if isinstance(value, list | tuple):
            self._count(path)
            return [self._any(name, inner, (*path, at), hint) for at, inner in enumerate(value)]
        raise InvalidRequest(param(path), "A value must be of a type that JSON has.")

    def _number(self, value: float, hint: str) -> Any:
        literal = repr(value) if isinstance(value, float) else _integer(value)
        new = self._literal(literal, hint)
        return value if new is None else new

    def _literal(self, literal: str, hint: str) -> str | None:
        """What stands in for a number that identifies somebody, or None."""
        if sum(map(str.isdigit, literal)) < _SHORTEST_NUMBER:
            return None
        self._count(())
        new = self._visitor.text(literal, hint, ())
        return None if new == literal else new

    def _text(self, text: str, path: Path, hint: str, layer: int = 0) -> str:
        self._count(path)
        if not self._read:
            check_unicode(text, path)
            no_blob(text, path)
        if looks_like_json(text):
            if layer == MAX_LAYERS:
                raise Unreadable(
                    param(path), "JSON stands in strings within JSON too deeply. Send it as plain text."
                )

            def inner(text: str, name: str) -> str:
                return self._text(text, path, _hint(name, hint), layer + 1)

            def number(literal: str, name: str) -> str | None:
                return self._literal(literal, _hint(name, hint))

            new = rewrite(text, inner, number, lambda: too_deep(path))
            if new is not None:
                return new
        return self._visitor.text(text, hint, path)

    def _count(self, path: Path) -> None:
        self._values += 1
        if self._values > MAX_VALUES:
            raise Unreadable(
                param(path[:1]), f"The request has more than {MAX_VALUES} values. Send less at once."
            )
        if len(path) > MAX_DEPTH:
            raise too_deep(path[:1])


def _hint(name: str, around: str) -> str:
    """What a value is read with: the words of its member's name, or of the one around it."""
    if name in ABOUT:
        return ""
    return around if not name or name in NO_HINT else in_words(name)


def _integer(value: int) -> str:
    """The digits of an integer; one too long for Python to write is no identifier that anything would read."""
    return str(value) if value.bit_length() < 4096 else json.dumps(value >> (value.bit_length() - 4096))
