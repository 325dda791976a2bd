"""Walking a chat completion request: every text in it, whatever the field, with its place.

`walk` makes a copy in which a visitor has replaced what it wants to; the visitor that gathers and the one that
replaces see the same texts in the same order. What can't be read is `Unreadable`, what has the wrong type
`InvalidRequest`.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from gateway.redaction.redaction_errors import InvalidRequest, Unreadable
from gateway.redaction.request.fields import CONTROL, KNOWN_NAMES, NAMED_PARTS, READABLE_PARTS, hint_of
from gateway.redaction.request.json_strings import literal_of, looks_like_json, may_identify, rewrite
from gateway.redaction.request.schemas import DeclaredTools, Member, Tools, name_of, property_names
from gateway.redaction.request.unreadable import (
    MAX_DEPTH,
    Path,
    check_logit_bias,
    check_text,
    check_unicode,
    param,
    refuse_audio,
    refuse_media,
    too_deep,
)
from gateway.redaction.request.visitors import TextCollector, TextReplacer

MAX_VALUES: Final = 200_000
"""Values in a request: far more than a long conversation has, and few enough to be counted in a second."""
MAX_LAYERS: Final = 5
"""JSON within strings within JSON."""
_NOTHING: Final = DeclaredTools()


def _check_type(value: Any, kind: type, path: Path, message: str) -> None:
    if not isinstance(value, kind):
        raise InvalidRequest(param(path), message)


def _check_string(value: Any, path: Path) -> None:
    _check_type(value, str, path, f"`{path[-1]}` must be a string.")
    check_unicode(value, path)


class RequestWalker:
    def __init__(
        self, visitor: TextCollector | TextReplacer, *, declared: DeclaredTools = _NOTHING, read: bool = False
    ) -> None:
        self._visitor = visitor
        self._declared = declared
        self._values = 0
        self._read = read  # that all of it can be read was found by an earlier walk
        self._properties: frozenset[str] = frozenset()
        self._in_tools = self._in_declared = False
        self._tools = Tools(self)

    def request(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """A copy of `request`, as the visitor wants it."""
        refuse_audio(request)
        self._properties = property_names(request)
        return self.members(request, (), "", self._top)

    def _top(self, name: str, value: Any, path: Path, hint: str) -> Any:
        if value is None:  # as if it were not there; some clients write every field
            return None
        match name:
            case "messages":
                return self.items(value, path, self._message)
            case "model":
                return self.token(value, path)
            case "tools" | "functions":
                return self.items(value, path, self._tool)
            case "tool_choice" | "function_call" | "response_format" if isinstance(value, Mapping):
                return self._tool(value, path)
            case "input":  # the texts of a request for embeddings
                return self.any("", value, path, "")
            case "logit_bias":
                return check_logit_bias(value, path)
            case _:
                return self.any(name, value, path, hint)

    # Messages

    def _message(self, message: Any, path: Path) -> dict[str, Any]:
        _check_type(message, Mapping, path, "Each message must be an object.")
        _check_type(message.get("role"), str, (*path, "role"), "Each message needs a `role`, a string.")
        tool = message["role"] in ("tool", "function")

        def member(name: str, value: Any, path: Path, hint: str) -> Any:
            match name:
                case "content":
                    return self._content(value, path)
                case "name" if value is not None:
                    return self.token(value, path) if tool else self._name(value, path)
                case "tool_call_id":
                    return self._call_id(value, path)
                case "tool_calls" if value is not None:
                    return self.items(value, path, self._call)
                case "function_call" if value is not None:
                    return self._call(value, path)
                case "audio" if value is not None:
                    raise Unreadable(
                        param(path), "Audio can't be read, so it is not sent. Send its transcript."
                    )
                case _:
                    return self.any(name, value, path, hint)

        return self.members(message, path, "", member)

    def _content(self, content: Any, path: Path) -> Any:
        if content is None:
            return None
        if isinstance(content, str):
            return self._text(content, path, "")
        if isinstance(content, list):
            return self.items(content, path, self._part)
        raise InvalidRequest(param(path), "`content` must be a string, a list of parts or null.")

    def _part(self, part: Any, path: Path) -> dict[str, Any]:
        kind: Any = part.get("type") if isinstance(part, Mapping) else None
        _check_type(kind, str, path, "Each content part must be an object with a `type`, a string.")
        if kind not in READABLE_PARTS:
            subject = f"A part of type `{kind}`" if kind in NAMED_PARTS else "A part of this type"
            raise Unreadable(param(path), f"{subject} can't be read, so it is not sent. Send it as text.")
        _check_type(part.get(kind), str, (*path, kind), f"A `{kind}` part needs its text, a string.")
        return self.members(part, path, "", self.any)

    def _name(self, name: Any, path: Path) -> str:
        _check_string(name, path)
        return self._visitor.name(name) if name else name

    def _call_id(self, call_id: Any, path: Path) -> Any:
        if call_id is None:
            return None
        _check_string(call_id, path)
        return self._visitor.call_id(call_id)

    # Tools

    def _call(self, call: Any, path: Path) -> dict[str, Any]:
        """A tool call, its function, or the legacy function call."""
        subject = "A tool call" if isinstance(path[-1], int) else f"`{path[-1]}`"
        _check_type(call, Mapping, path, f"{subject} must be an object.")
        return self.members(call, path, "", self._call_member)

    def _call_member(self, name: str, value: Any, path: Path, hint: str) -> Any:
        match name:
            case "id":
                return self._call_id(value, path)
            case "name":
                return self.token(value, path)
            case "function" | "custom":
                return self._call(value, path)
            case "arguments" | "input":
                _check_type(value, str, path, f"`{name}` must be a string; write JSON as text.")
                return self._text(value, path, "", arguments=True)
            case _:
                return self.any(name, value, path, hint)

    def _tool(self, tool: Any, path: Path) -> dict[str, Any]:
        self._in_tools, self._in_declared = True, name_of(tool) in self._declared.names
        try:
            return self._tools.tool(tool, path)
        finally:
            self._in_tools = self._in_declared = False

    def _is_declared(self, text: str) -> bool:
        return self._in_declared or (self._in_tools and text in self._declared.texts)

    def grammar(self, text: str, path: Path) -> str:
        """Grammar that may hold a pseudonym."""
        self._count(path)
        if not self._read:
            check_text(text, path)
        return self._visitor.grammar(text, path, certain=not self._is_declared(text))

    def number(self, value: float, path: Path) -> Any:
        literal = literal_of(value)
        new = self.grammar(literal, path) if may_identify(literal) else literal
        return value if new == literal else new

    def token(self, token: Any, path: Path) -> Any:
        """Grammar that can hold none."""
        if token is None:
            return None
        _check_string(token, path)
        self._visitor.token(token, path, certain=not self._is_declared(token))
        return token

    # Anything

    def members(
        self, value: Mapping[str, Any], path: Path, hint: str, member: Member, *, grammar: bool = False
    ) -> dict[str, Any]:
        """Each member of an object; `grammar` says what the names are that are not known."""
        self._count(path)
        walked: dict[str, Any] = {}
        for name, inner in value.items():
            _check_type(name, str, path, "Names of members must be strings.")
            within = (*path, name)
            if name in KNOWN_NAMES:
                new = name
            else:
                new = self.grammar(name, within) if grammar else self._text(name, within, "")
            walked[new] = member(name, inner, within, hint_of(name, hint))
        return walked

    def items(self, value: Any, path: Path, item: Callable[[Any, Path], Any]) -> list[Any]:
        _check_type(value, list, path, f"`{path[-1]}` must be a list.")
        self._count(path)
        return [item(inner, (*path, at)) for at, inner in enumerate(value)]

    def any(self, name: str, value: Any, path: Path, hint: str) -> Any:
        """A value of a field that has no rule of its own: prose."""
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            return value if value in CONTROL.get(name, ()) else self._text(value, path, hint)
        if isinstance(value, int | float):
            literal = literal_of(value)
            if not may_identify(literal) or self._is_declared(literal):
                return value
            new = self._text(literal, path, hint)
            return value if new == literal else new
        if isinstance(value, Mapping):
            refuse_media(value, path)
            return self.members(value, path, hint, self.any)
        if isinstance(value, list | tuple):
            self._count(path)
            return [self.any(name, inner, (*path, at), hint) for at, inner in enumerate(value)]
        raise InvalidRequest(param(path), "A value must be of a type that JSON has.")

    def _text(self, text: str, path: Path, hint: str, layer: int = 0, *, arguments: bool = False) -> str:
        if self._is_declared(text):
            return self.grammar(text, path)
        self._count(path)
        if not self._read:
            check_text(text, path)
        if looks_like_json(text):
            if layer == MAX_LAYERS:
                raise Unreadable(
                    param(path), "JSON stands in strings within JSON too deeply. Send it as plain text."
                )

            def inner(text: str, name: str) -> str:
                return self._text(text, path, hint_of(name, hint), layer + 1)

            def member(name: str) -> str:
                if name in self._properties or (arguments and not any(map(str.isspace, name))):
                    return self.grammar(name, path)
                return self._text(name, path, "", layer + 1)

            new = rewrite(text, inner, member, too_deep(path))
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
