"""Putting pseudonyms back into a whole answer. Only those issued in its request: any other stays as it is."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from gateway.redaction.matching import Matcher
from gateway.redaction.pseudonyms import Pseudonym
from gateway.redaction.streaming import StreamRestorer

_NOT_TEXT: Final = frozenset(["id", "type", "role", "name", "index", "object", "tool_call_id"])


class Restorer:
    """Puts the `issued` pseudonyms of one request back into its answer.

    `json_content` says that the content was asked for as JSON (`response_format`), so that values are escaped there as
    they are in the arguments of tool calls, and valid JSON stays valid.
    """

    def __init__(self, issued: Iterable[Pseudonym], json_content: bool) -> None:
        issued = tuple(issued)
        self._plain = Matcher(issued, in_json=False)
        self._json = Matcher(issued, in_json=True)
        self._content = self._json if json_content else self._plain

    def text(self, text: str) -> str:
        """A plain text with the values put back."""
        return self._plain.restored(text)

    def completion(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """A copy of a whole `chat.completion` with the values put back in every message."""
        restored = dict(body)
        if isinstance(body.get("choices"), list):
            restored["choices"] = [self._choice(choice) for choice in body["choices"]]
        return restored

    def _choice(self, choice: Any) -> Any:
        if not isinstance(choice, Mapping) or not isinstance(choice.get("message"), Mapping):
            return choice
        message = {name: self._member(name, value) for name, value in choice["message"].items()}
        return {**choice, "message": message}

    def _member(self, name: str, value: Any) -> Any:
        match name:
            case "content":
                return self._any(value, self._content)
            case "tool_calls" | "function_call":
                return self._any(value, self._json)
            case _:
                return value if name in _NOT_TEXT else self._any(value, self._plain)

    def _any(self, value: Any, matcher: Matcher) -> Any:
        if isinstance(value, str):
            return matcher.restored(value)
        if isinstance(value, Mapping):
            return {
                name: inner if name in _NOT_TEXT else self._any(inner, matcher)
                for name, inner in value.items()
            }
        if isinstance(value, list):
            return [self._any(inner, matcher) for inner in value]
        return value

    def stream(self) -> StreamRestorer:
        """A restorer for the chunks of one stream."""
        return StreamRestorer(plain=self._plain, json=self._json, content=self._content)
