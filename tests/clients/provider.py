"""A provider on loopback that answers as five kinds of servers do, each under a path of its own.

What it answers follows from the request, so that a script in another process needs to say nothing beforehand: it calls
the tools that it is given, fills in the schema that it is given, and fails where the question says so.
"""

import asyncio
import json
import re
import secrets
import string
import time
from collections.abc import Iterator, Mapping
from typing import Any, Final

from tests.provider_server import ProviderServer, Received, _write, _write_head, _write_piece

DIALECTS: Final = ("openai", "azure", "mistral", "vllm", "anthropic")
PSEUDONYM: Final = re.compile(r"<[A-Z_]+_\d+>")
COUNT_PATH: Final = "/count"
SLOW_SECONDS: Final = 4.0
_FILTERED: Final = {
    name: {"filtered": False, "severity": "safe"} for name in ("hate", "self_harm", "sexual", "violence")
}


class DialectServer(ProviderServer):
    """`/openai/v1`, `/azure`, `/mistral/v1`, `/vllm/v1` and `/anthropic/v1`; `/count` says how often it was asked."""

    def address(self, dialect: str) -> str:
        """What a route's `api_base` is set to."""
        version = "" if dialect == "azure" else "/v1"
        return f"http://127.0.0.1:{self._port}/{dialect}{version}"

    @property
    def count_url(self) -> str:
        return f"http://127.0.0.1:{self._port}{COUNT_PATH}"

    async def _answer(
        self, request: Received, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        if request.path == COUNT_PATH:
            await _write(writer, 200, {}, str(sum(one.path != COUNT_PATH for one in self.requests)).encode())
            return
        dialect, asked = request.path.split("/")[1], request.json
        if request.path.partition("?")[0].endswith("/embeddings"):
            await super()._answer(request, reader, writer)
            return
        text = _last_text(asked, "user")
        status, problem = _problem(dialect, asked, text)
        if problem is not None:
            retry = {"Retry-After": "1"} if status == 429 else {}
            await _write(writer, status, retry, json.dumps(problem).encode())
            return
        if "slowly" in text:
            await asyncio.sleep(SLOW_SECONDS)
        said = _message(dialect, asked)
        if not asked.get("stream"):
            await _write(writer, 200, {}, json.dumps(_completion(dialect, asked, said)).encode())
            return
        await _write_head(writer, 200, {"Content-Type": "text/event-stream"})
        for chunk in _chunks(dialect, asked, said):
            if "bit by bit" in text:
                await asyncio.sleep(0.15)
            await _write_piece(writer, b"data: " + json.dumps(chunk).encode() + b"\n\n")
        await _write_piece(writer, b"data: [DONE]\n\n")
        writer.write(b"0\r\n\r\n")
        await writer.drain()


def _problem(dialect: str, asked: Mapping[str, Any], text: str) -> tuple[int, dict[str, Any] | None]:
    if "too long" in text:
        return 400, _too_long(dialect)
    if "too many" in text:
        return 429, _error("Rate limit reached for requests", "requests", "rate_limit_exceeded", None)
    ids = [one.get("tool_call_id", "") for one in asked["messages"] if one["role"] == "tool"]
    if dialect == "mistral" and not all(re.fullmatch("[a-zA-Z0-9]{9}", one) for one in ids):
        message = f"Tool call id was {ids[0]} but must be a-z, A-Z, 0-9, with a length of 9."
        return 400, {"object": "error", "message": message, "type": "invalid_request_error", "code": 3280}
    return 200, None


def _too_long(dialect: str) -> dict[str, Any]:
    """vLLM and Mistral have no code for it that says so."""
    message = "This model's maximum context length is 8192 tokens. Your messages have 9000."
    own: dict[str, Any] = {"object": "error", "message": message, "param": None}
    if dialect == "vllm":
        return {**own, "type": "BadRequestError", "code": 400}
    if dialect == "mistral":
        message = "Prompt contains 9000 tokens, too large for model with 8192 maximum context length"
        return {**own, "message": message, "type": "invalid_request_prompt", "code": "3051"}
    return _error(message, "invalid_request_error", "context_length_exceeded", "messages")


def _error(message: str, kind: str, code: str, param: str | None) -> dict[str, Any]:
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


# What is said


def _message(dialect: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    """A call of the first tool that was not called yet, what the schema asks for, or a sentence."""
    tool = _tool_to_call(asked)
    given = PSEUDONYM.search(_last_text(asked, "user"))
    word = given[0] if given else "a word"
    if tool is not None:
        arguments = json.dumps(_fill(tool.get("parameters") or {}, word))
        call = {"id": _call_id(dialect), "type": "function"}
        call["function"] = {"name": tool["name"], "arguments": arguments}
        return {"role": "assistant", "content": None, "tool_calls": [call]}
    form = asked.get("response_format") or {}
    if form.get("type") == "json_schema":
        return {"role": "assistant", "content": json.dumps(_fill(form["json_schema"]["schema"], word))}
    if form.get("type") == "json_object":
        return {"role": "assistant", "content": json.dumps({"reference": word, "pages": 3})}
    last = asked["messages"][-1]
    text = _text(last) if last["role"] == "tool" else _last_text(asked, "user")
    return {"role": "assistant", "content": f"The record says: {text}"}


def _tool_to_call(asked: Mapping[str, Any]) -> dict[str, Any] | None:
    tools = [tool["function"] for tool in asked.get("tools") or ()]
    choice = asked.get("tool_choice") or "auto"
    if not tools or choice == "none":
        return None
    if isinstance(choice, dict):
        return next(tool for tool in tools if tool["name"] == choice["function"]["name"])
    called = [
        call["function"]["name"] for message in asked["messages"] for call in message.get("tool_calls") or ()
    ]
    left = [tool for tool in tools if tool["name"] not in called]
    if left and (choice in ("required", "any") or not called):
        return left[0]
    return tools[-1] if choice in ("required", "any") else None


def _fill(schema: Mapping[str, Any], word: str, whole: Mapping[str, Any] | None = None) -> Any:
    """Some value that fits a JSON schema."""
    whole = whole or schema
    if "$ref" in schema:
        return _fill(whole["$defs"][schema["$ref"].rpartition("/")[2]], word, whole)
    for name in ("anyOf", "oneOf", "allOf"):
        if name in schema:
            return _fill(schema[name][0], word, whole)
    if "enum" in schema:
        return schema["enum"][0]
    if "const" in schema:
        return schema["const"]
    kind = schema.get("type", "object")
    if kind == "object":
        return {name: _fill(one, word, whole) for name, one in (schema.get("properties") or {}).items()}
    if kind == "array":
        return [_fill(schema.get("items") or {"type": "string"}, word, whole)]
    return {"integer": 3, "number": 2.5, "boolean": True, "null": None}.get(kind, word)


def _last_text(asked: Mapping[str, Any], role: str) -> str:
    return next((_text(one) for one in reversed(asked["messages"]) if one["role"] == role), "")


def _text(message: Mapping[str, Any]) -> str:
    content = message.get("content") or ""
    return content if isinstance(content, str) else "".join(part.get("text", "") for part in content)


# How it is said


def _letters(count: int) -> str:
    return "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(count))


def _call_id(dialect: str) -> str:
    return {
        "mistral": _letters(9),
        "vllm": f"chatcmpl-tool-{secrets.token_hex(16)}",
        "anthropic": f"toolu_01{_letters(22)}",
    }.get(dialect, f"call_{_letters(24)}")


def _frame(dialect: str, kind: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    own_id = {
        "mistral": secrets.token_hex(16),
        "vllm": f"chatcmpl-{secrets.token_hex(16)}",
        "anthropic": f"msg_01{_letters(22)}",
    }.get(dialect, f"chatcmpl-{_letters(29)}")
    frame = {"id": own_id, "object": kind, "created": int(time.time()), "model": asked["model"]}
    if dialect in ("openai", "azure"):
        frame |= {"service_tier": "default", "system_fingerprint": "fp_44709d6fcb"}
    return frame


def _usage(dialect: str) -> dict[str, Any]:
    usage: dict[str, Any] = {"prompt_tokens": 21, "completion_tokens": 9, "total_tokens": 30}
    if dialect in ("openai", "azure"):
        usage["prompt_tokens_details"] = {"cached_tokens": 0, "audio_tokens": 0}
        usage["completion_tokens_details"] = {"reasoning_tokens": 0, "audio_tokens": 0}
    return {**usage, "prompt_tokens_details": None} if dialect == "vllm" else usage


def _finish(dialect: str, asked: Mapping[str, Any], said: Mapping[str, Any]) -> str:
    if not said.get("tool_calls"):
        return "stop"
    # vLLM, and OpenAI itself, end a call of a named function with `stop`.
    named = isinstance(asked.get("tool_choice"), dict)
    return "stop" if named and dialect in ("vllm", "openai") else "tool_calls"


def _as_said(dialect: str, said: Mapping[str, Any]) -> dict[str, Any]:
    """A message with the fields that a server of this kind adds or leaves out."""
    message = dict(said)
    if dialect in ("openai", "azure"):
        message |= {"refusal": None, "annotations": []}
    elif dialect == "vllm":
        message = {"reasoning": None, "refusal": None, "tool_calls": [], "function_call": None, **message}
    elif dialect == "mistral" and said.get("tool_calls"):
        message["content"] = ""
        message["tool_calls"] = _mistral_calls(said)
    return message


def _mistral_calls(said: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Without `type`, and with `index` in whole answers too."""
    calls = enumerate(said["tool_calls"])
    return [{"id": call["id"], "function": call["function"], "index": place} for place, call in calls]


def _completion(dialect: str, asked: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    choice: dict[str, Any] = {"index": 0, "message": _as_said(dialect, said), "logprobs": None}
    choice["finish_reason"] = _finish(dialect, asked, said)
    completion = {**_frame(dialect, "chat.completion", asked), "usage": _usage(dialect)}
    if dialect == "azure":
        choice["content_filter_results"] = {} if said.get("tool_calls") else _FILTERED
        completion["prompt_filter_results"] = [{"prompt_index": 0, "content_filter_results": _FILTERED}]
    if dialect == "vllm":
        choice["stop_reason"] = None
        completion |= {"prompt_logprobs": None, "kv_transfer_params": None}
    return {**completion, "choices": [choice]}


def _chunks(dialect: str, asked: Mapping[str, Any], said: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    frame = _frame(dialect, "chat.completion.chunk", asked)
    wants_usage = bool((asked.get("stream_options") or {}).get("include_usage"))
    if dialect == "azure":
        filtered = [{"prompt_index": 0, "content_filter_results": _FILTERED}]
        empty = {"choices": [], "created": 0, "id": "", "model": "", "object": ""}
        yield {**empty, "prompt_filter_results": filtered}
    if dialect == "mistral":
        yield from _mistral_chunks(frame, asked, said)
        return
    more: dict[str, Any] = {"usage": None} if wants_usage else {}
    if dialect == "openai":
        more["obfuscation"] = "x7Gq"
    beside: dict[str, Any] = {"logprobs": None}
    if dialect == "azure":
        beside["content_filter_results"] = {}
    for delta in _deltas(dialect, said):
        yield {**frame, "choices": [{"index": 0, "delta": delta, **beside, "finish_reason": None}], **more}
    last = {"index": 0, "delta": {}, **beside, "finish_reason": _finish(dialect, asked, said)}
    if dialect == "vllm":
        last |= {"delta": {"content": ""}, "stop_reason": None}
    yield {**frame, "choices": [last], **more}
    if dialect == "azure":  # its filter that runs beside the answer
        yield {**frame, "choices": None, "content_filter_offsets": {"check_offset": 44}}
    if wants_usage:
        yield {**frame, "choices": [], "usage": _usage(dialect)}


def _deltas(dialect: str, said: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    first: dict[str, Any] = {"role": "assistant", "content": said["content"] and ""}
    yield {**first, "refusal": None} if dialect in ("openai", "azure") else first
    content = said["content"] or ""
    for start in range(0, len(content), 7):
        yield {"content": content[start : start + 7]}
    for place, call in enumerate(said.get("tool_calls") or ()):
        named = {"name": call["function"]["name"], "arguments": ""}
        yield {"tool_calls": [{"index": place, **call, "function": named}]}
        arguments = call["function"]["arguments"]
        for start in range(0, len(arguments), 7):
            part = {"arguments": arguments[start : start + 7]}
            yield {"tool_calls": [{"index": place, "function": part}]}


def _mistral_chunks(
    frame: Mapping[str, Any], asked: Mapping[str, Any], said: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """Calls come whole, in one chunk with the end and the usage, which nobody has to ask for."""
    begins = {"index": 0, "delta": {"role": "assistant", "content": ""}, "finish_reason": None}
    yield {**frame, "choices": [begins]}
    content = said["content"] or ""
    for start in range(0, len(content), 7):
        delta = {"content": content[start : start + 7]}
        yield {**frame, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
    delta = {"content": ""}
    if said.get("tool_calls"):
        delta["tool_calls"] = _mistral_calls(said)
    last = {"index": 0, "delta": delta, "finish_reason": _finish("mistral", asked, said)}
    yield {**frame, "choices": [last], "usage": _usage("mistral")}
