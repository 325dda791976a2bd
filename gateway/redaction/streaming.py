"""Putting pseudonyms back into a stream of `chat.completion.chunk` objects.

A pseudonym may be split over any number of chunks. What could still become one is kept back, apart for each text of
each choice (content, refusal, reasoning, the arguments of each tool call), until it is decided or the choice ends.
"""

from collections.abc import Mapping
from typing import Any, Final

from gateway.redaction.answers import TEXT_FIELDS
from gateway.redaction.matching import Matcher

_ARGUMENTS: Final = {"function": "arguments", "custom": "input"}


class _Held:
    """One text of a stream: what is kept back of it, and whether what was let go ended within a word."""

    __slots__ = ("kept", "matcher", "within_word")

    def __init__(self, matcher: Matcher) -> None:
        self.matcher = matcher
        self.kept = ""
        self.within_word = False

    def feed(self, text: str, *, final: bool = False) -> str:
        let_go, self.kept, self.within_word = self.matcher.feed(
            self.kept + text, within_word=self.within_word, final=final
        )
        return let_go


class _Choice:
    """The texts of one choice."""

    def __init__(self, plain: Matcher, json: Matcher, content: Matcher) -> None:
        self._plain, self._json, self._content = plain, json, content
        self._fields: dict[str, _Held] = {}
        self._calls: dict[tuple[int, str], _Held] = {}

    def feed(self, delta: Mapping[str, Any]) -> dict[str, Any]:
        fed = dict(delta)
        for field in TEXT_FIELDS:
            if isinstance(delta.get(field), str):
                fed[field] = self._field(field).feed(delta[field])
        if isinstance(delta.get("tool_calls"), list):
            fed["tool_calls"] = [self._call(call, at) for at, call in enumerate(delta["tool_calls"])]
        legacy = delta.get("function_call")
        if isinstance(legacy, Mapping) and isinstance(legacy.get("arguments"), str):
            fed["function_call"] = {
                **legacy,
                "arguments": self._arguments(-1, "function").feed(legacy["arguments"]),
            }
        return fed

    def _field(self, field: str) -> _Held:
        matcher = self._content if field == "content" else self._plain
        return self._fields.setdefault(field, _Held(matcher))

    def _arguments(self, index: int, kind: str) -> _Held:
        return self._calls.setdefault((index, kind), _Held(self._json))

    def _call(self, call: Any, at: int) -> Any:
        if not isinstance(call, Mapping):
            return call
        index = call.get("index")
        fed = dict(call)
        for kind, member in _ARGUMENTS.items():
            function = call.get(kind)
            if isinstance(function, Mapping) and isinstance(function.get(member), str):
                held = self._arguments(index if isinstance(index, int) else at, kind)
                fed[kind] = {**function, member: held.feed(function[member])}
        return fed

    def flush(self, delta: dict[str, Any]) -> dict[str, Any]:
        """`delta` with all that is still kept back."""
        for field, held in self._fields.items():
            if rest := held.feed("", final=True):
                delta[field] = (delta.get(field) or "") + rest
        for (index, kind), held in self._calls.items():
            if rest := held.feed("", final=True):
                _add_arguments(delta, index, kind, rest)
        return delta


def _add_arguments(delta: dict[str, Any], index: int, kind: str, rest: str) -> None:
    """Put the end of a call's arguments into `delta`, where that call stands there or else behind the others."""
    member = _ARGUMENTS[kind]
    if index < 0:
        legacy = delta.get("function_call") or {}
        delta["function_call"] = {**legacy, "arguments": (legacy.get("arguments") or "") + rest}
        return
    calls = list(delta.get("tool_calls") or ())
    for at, call in enumerate(calls):
        if call.get("index", at) == index:
            function = call.get(kind) or {}
            calls[at] = {**call, kind: {**function, member: (function.get(member) or "") + rest}}
            break
    else:
        calls.append({"index": index, kind: {member: rest}})
    delta["tool_calls"] = calls


class StreamRestorer:
    """Restores one stream: `feed` each chunk, then `end` for what is left if the stream ended early."""

    def __init__(self, *, plain: Matcher, json: Matcher, content: Matcher) -> None:
        self._plain, self._json, self._content = plain, json, content
        self._choices: dict[int, _Choice] = {}
        self._last: dict[str, Any] = {}

    def feed(self, chunk: Mapping[str, Any]) -> dict[str, Any]:
        """A copy of `chunk` with the values put back, without what could still become a pseudonym."""
        fed = dict(chunk)
        if isinstance(chunk.get("choices"), list):
            fed["choices"] = [self._choice(choice) for choice in chunk["choices"]]
            if chunk["choices"]:
                self._last = {name: value for name, value in chunk.items() if name != "usage"}
        return fed

    def _choice(self, choice: Any) -> Any:
        if not isinstance(choice, Mapping):
            return choice
        index = choice.get("index") or 0
        if index not in self._choices:
            self._choices[index] = _Choice(self._plain, self._json, self._content)
        texts = self._choices[index]
        delta = texts.feed(choice.get("delta") or {})
        if choice.get("finish_reason") is not None:
            delta = texts.flush(delta)
        return {**choice, "delta": delta}

    def end(self) -> list[dict[str, Any]]:
        """A chunk for each choice of which something is still kept back; none after a stream that ended well."""
        chunks = []
        for index, texts in self._choices.items():
            if delta := texts.flush({}):
                choice = {"index": index, "delta": delta, "finish_reason": None}
                chunks.append({**self._last, "choices": [choice]})
        return chunks
