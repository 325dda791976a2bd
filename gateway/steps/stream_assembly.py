"""A streamed answer put together again, so that it can be inspected, sealed and replayed as a whole one."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

_INDEXED = frozenset({"tool_calls"})


class Transcript:
    """Collects `chat.completion.chunk` objects into one `chat.completion`."""

    def __init__(self) -> None:
        self._top: dict[str, Any] = {}
        self._choices: dict[int, dict[str, Any]] = {}

    def add(self, chunk: Mapping[str, Any]) -> None:
        """Take in one chunk."""
        self._top.update(
            {name: value for name, value in chunk.items() if name != "choices" and value is not None}
        )
        for part in chunk.get("choices") or ():
            choice = self._choices.setdefault(part.get("index", 0), {"message": {"role": "assistant"}})
            _merge(choice["message"], part.get("delta") or {})
            if part.get("finish_reason"):  # some servers send "" until the end
                choice["finish_reason"] = part["finish_reason"]
            if part.get("logprobs") is not None:
                _merge(choice.setdefault("logprobs", {}), part["logprobs"])

    def empty_chunk(self) -> dict[str, Any]:
        """A chunk that adds nothing, complete in every field, for an answer that ended without one."""
        top = {name: self._top.get(name) for name in ("id", "created", "model")}
        choice = {"index": min(self._choices, default=0), "delta": {}, "finish_reason": None}
        return {**top, "object": "chat.completion.chunk", "choices": [choice]}

    def completion(self) -> dict[str, Any]:
        """What has arrived so far, as one completion; unfinished choices have `finish_reason` None."""
        choices = [
            {"index": index, "finish_reason": None, **choice}
            for index, choice in sorted(self._choices.items())
        ]
        for choice in choices:
            choice["message"].setdefault("content", None)
        return {**self._top, "object": "chat.completion", "choices": choices}


def _merge(target: dict[str, Any], delta: Mapping[str, Any]) -> None:
    for name, value in delta.items():
        current = target.get(name)
        if value is None:
            target.setdefault(name, None)
        elif isinstance(current, str) and isinstance(value, str) and name not in ("role", "id", "type"):
            target[name] = current + value
        elif isinstance(current, dict) and isinstance(value, Mapping):
            _merge(current, value)
        elif name in _INDEXED and isinstance(value, list):
            target[name] = _merge_indexed(current or [], value)
        elif isinstance(current, list) and isinstance(value, list):
            current.extend(value)
        else:
            target[name] = deepcopy(value)  # what comes later is added to it, and not to the chunk


def _merge_indexed(merged: list[dict[str, Any]], parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    by_index = {part.get("index", position): part for position, part in enumerate(merged)}
    for part in parts:
        _merge(by_index.setdefault(part.get("index", len(by_index)), {}), part)
    return [by_index[index] for index in sorted(by_index)]


def as_chunks(completion: Mapping[str, Any], *, include_usage: bool) -> list[dict[str, Any]]:
    """A whole completion as the chunks of a stream: the answer, why it ended, and its usage if that was asked for."""
    top = {name: value for name, value in completion.items() if name not in ("choices", "usage")}
    top["object"] = "chat.completion.chunk"
    messages: list[dict[str, Any]] = []
    ended: list[dict[str, Any]] = []
    for choice in completion["choices"]:
        delta = {name: value for name, value in choice["message"].items() if value is not None}
        if delta.get("tool_calls"):
            delta["tool_calls"] = [{**call, "index": place} for place, call in enumerate(delta["tool_calls"])]
        index = choice.get("index", len(messages))
        beside = {name: value for name, value in choice.items() if name != "message"}
        messages.append({**beside, "index": index, "delta": delta, "finish_reason": None})
        ended.append({"index": index, "delta": {}, "finish_reason": choice.get("finish_reason")})
    support = top.pop("decision_support", None)
    usage = [{**top, "choices": [], "usage": completion.get("usage")}] if include_usage else []
    closing = {**top, "choices": ended, **({} if support is None else {"decision_support": support})}
    return [{**top, "choices": messages}, closing, *usage]
