"""Providers with an interface of their own: litellm translates, our client sends.

`litellm.acompletion` costs 5 to 6 ms of CPU a call, nearly all of it around the translation. Here only its
provider configurations are called, which map fields, messages and answers without any I/O.
"""

import copy
import re
import time
import uuid
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx

from gateway.providers.chunks import Chunk, Completeness, is_end
from gateway.providers.events import EventReader, LineReader
from gateway.providers.foreign_errors import translate, unsupported
from gateway.providers.provider_channel import OWN_FIELDS, without_stream
from gateway.providers.provider_errors import ProviderError
from gateway.providers.routes import ModelRoute
from gateway.providers.transport import ByteStream, Transport, encode

TRANSLATED: Final[Mapping[str, str]] = {
    "anthropic": "https://api.anthropic.com",
    "mistral": "https://api.mistral.ai/v1",
    "ollama_chat": "http://localhost:11434",
}
"""Providers whose litellm configuration is whole without litellm's client, and where they live. Each has a
test.
"""

_OURS: Final = frozenset({"model", "messages", "stream", "stream_options"})
_CALL_ID: Final = re.compile(r"call_([0-9]{1,5})")
_TOOL_NAMES: Final = "_anthropic_tool_name_map"


class _NoLog:
    """Stands where litellm hands prompts and answers to its logging."""

    def __init__(self) -> None:
        self.model_call_details: dict[str, Any] = {}
        self.optional_params: dict[str, Any] = {}

    def pre_call(self, *_: object, **__: object) -> None:
        """Nothing is logged."""

    def post_call(self, *_: object, **__: object) -> None:
        """Nothing is logged."""


@dataclass(frozen=True)
class _Call:
    """One translated request. `shared` is where litellm keeps what the answer's translation needs of it."""

    url: str
    headers: dict[str, str]
    body: dict[str, Any]
    params: dict[str, Any]
    shared: dict[str, Any]
    json_mode: bool


@dataclass(frozen=True)
class TranslatedChannel:
    """One route; `config` is litellm's chat configuration of its provider and model."""

    transport: Transport
    route: ModelRoute
    key: str | None
    litellm: Any
    config: Any

    async def complete(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """See ProviderChannel."""
        call = self._call(without_stream(request), stream=False)
        answer = await self.transport.post(call.url, call.headers, encode(call.body), self.route)
        failure: ProviderError
        try:
            return self._completion(call, answer, request)
        except Exception as error:  # noqa: BLE001 - litellm raises anything on what it can't read
            failure = translate(_Unreadable() if not isinstance(error, ProviderError) else error)
        raise failure

    async def stream(self, request: Mapping[str, Any]) -> AsyncIterator[Chunk]:
        """See ProviderChannel."""
        call = self._call(request, stream=True)
        stream = await self.transport.open(call.url, call.headers, encode(call.body), self.route)
        try:
            async for chunk in self._chunks(call, stream, request):
                yield chunk
        finally:
            await stream.aclose()

    def _call(self, request: Mapping[str, Any], *, stream: bool) -> _Call:
        self._check_fields(request)
        failure: ProviderError
        try:
            return self._translated(request, stream=stream)
        except Exception as error:  # noqa: BLE001 - litellm raises anything on fields that it can't map
            failure = translate(error)
        raise failure

    def _check_fields(self, request: Mapping[str, Any]) -> None:
        """A field that litellm would not map is an error that names it."""
        known = _OURS.union(self.config.get_supported_openai_params(self.route.target), self._own_fields)
        for name, value in request.items():
            if name not in known and value is not None and (name, value) != ("n", 1):
                raise unsupported(name, self.route.provider)

    @property
    def _own_fields(self) -> frozenset[str]:
        return OWN_FIELDS.get(self.route.provider, frozenset())

    def _translated(self, request: Mapping[str, Any], *, stream: bool) -> _Call:
        model, messages = self.route.target, copy.deepcopy(request["messages"])
        fields = {
            name: copy.deepcopy(value) for name, value in request.items() if name not in _OURS and name != "n"
        }
        arguments = {
            name: value for name, value in {**fields, **self.route.params}.items() if value is not None
        }
        if stream:
            arguments["stream"] = True
        if self.route.provider == "mistral":
            _write_ids_for_mistral(messages)
        shared: dict[str, Any] = {}
        own = {name: arguments.pop(name) for name in self._own_fields.intersection(arguments)}
        params = {**self.config.map_openai_params(arguments, {}, model, False), **own}
        json_mode, extra = bool(params.pop("json_mode", False)), params.pop("extra_body", None) or {}
        base = self._base()
        headers = self.config.validate_environment(
            dict(self.route.headers), model, messages, params, shared, api_key=self.key, api_base=base
        )
        url = self.config.get_complete_url(base, self.key, model, params, shared, stream=stream)
        body = {**self.config.transform_request(model, messages, params, shared, headers), **extra}
        return _Call(url, headers, {**body, "stream": True} if stream else body, params, shared, json_mode)

    def _base(self) -> str:
        base = (self.route.api_base or TRANSLATED[self.route.provider]).rstrip("/")
        if self.route.provider == "anthropic":  # whose configuration takes its whole address
            return f"{base.removesuffix('/v1/messages').removesuffix('/v1')}/v1/messages"
        return base

    def _completion(self, call: _Call, answer: bytes, request: Mapping[str, Any]) -> dict[str, Any]:
        response = self.config.transform_response(
            model=self.route.target,
            raw_response=httpx.Response(200, content=answer, request=httpx.Request("POST", call.url)),
            model_response=self.litellm.ModelResponse(),
            logging_obj=_NoLog(),
            request_data=call.body,
            messages=list(request["messages"]),
            optional_params=call.params,
            litellm_params=call.shared,
            encoding=None,
            api_key=None,
            json_mode=call.json_mode,
        )
        body: dict[str, Any] = response.model_dump(exclude_none=True)
        for choice in body["choices"]:
            choice["message"].setdefault("content", None)
        return body

    async def _chunks(
        self, call: _Call, stream: ByteStream, request: Mapping[str, Any]
    ) -> AsyncIterator[Chunk]:
        lines = _Lines(stream, events=self.route.provider != "ollama_chat")
        chunks = _Chunks(self.route.target, Completeness(request))
        iterator = self._iterator(call, lines).__aiter__()
        while (raw := await _next(iterator)) is not None:
            if chunk := chunks.chunk(raw):
                yield chunk
        if lines.done:
            await stream.finish()
        else:
            chunks.completeness.check_end()
        if _wants_usage(request) and (usage := chunks.usage()):
            yield usage

    def _iterator(self, call: _Call, lines: "_Lines") -> Any:
        if self.route.provider != "anthropic":
            return self.config.get_model_response_iterator(lines, sync_stream=False, json_mode=call.json_mode)
        from litellm.llms.anthropic.chat.handler import ModelResponseIterator  # loaded with litellm

        names = call.shared.get(_TOOL_NAMES)
        return ModelResponseIterator(lines, False, json_mode=call.json_mode, tool_name_reverse_map=names)


async def _next(iterator: Any) -> Any:
    """The next chunk from litellm, None at the end. Its errors hold the provider's text: nothing of it
    is kept.
    """
    failure: ProviderError
    try:
        return await iterator.__anext__()
    except StopAsyncIteration:
        return None
    except Exception as error:  # noqa: BLE001 - litellm raises anything on what it can't read
        failure = translate(error if isinstance(error, ProviderError) else _Unreadable())
    raise failure


class _Unreadable(Exception):
    """An answer that litellm could not translate: the provider's fault, whatever status litellm made up."""

    status_code = 502


class _Lines:
    """The provider's answer as the lines that litellm's iterators read; `done` once `[DONE]` came."""

    def __init__(self, stream: ByteStream, *, events: bool) -> None:
        self.done = False
        self._stream = stream
        self._events = EventReader() if events else None
        self._reader = LineReader(carriage_returns=False)
        self._lines = self._read()

    def __aiter__(self) -> AsyncIterator[str]:
        return self._lines

    async def _read(self) -> AsyncIterator[str]:
        while packet := await self._stream.read():
            for data in self._events.feed(packet) if self._events else self._reader.feed(packet):
                if is_end(data):
                    self.done = True
                    return
                if data.strip():
                    yield f"data: {data.decode()}" if self._events else data.decode()
        # What is left is cut: all these providers end each event or line.


class _Chunks:
    """litellm's two kinds of chunk as OpenAI's one, under one id; the last usage in a chunk of its own."""

    def __init__(self, model: str, completeness: Completeness) -> None:
        self.completeness = completeness
        self._usage: Any = None
        self._role = {"role": "assistant"}
        self._frame = {
            "id": f"chatcmpl-{uuid.uuid4().hex}",
            "object": "chat.completion.chunk",
            "created": int(time.time()),
            "model": model,
        }

    def chunk(self, raw: Any) -> Chunk | None:
        """The chunk for the caller; None if it says nothing."""
        body = _from_generic(raw) if isinstance(raw, dict) else raw.model_dump(exclude_none=True)
        self._usage = body.get("usage") or self._usage
        choices = [_choice(choice) for choice in body.get("choices", ())]
        chunk: Chunk = {**self._frame, "choices": [c for c in choices if c["delta"] or c["finish_reason"]]}
        self.completeness.watch(chunk)
        if not chunk["choices"]:
            return None
        chunk["choices"][0]["delta"], self._role = {**self._role, **chunk["choices"][0]["delta"]}, {}
        return chunk

    def usage(self) -> Chunk | None:
        """The last chunk for a caller who asked for the usage."""
        return {**self._frame, "choices": [], "usage": self._usage} if self._usage else None


def _write_ids_for_mistral(messages: list[Any]) -> None:
    """Mistral takes ids of tool calls of nine letters and digits only: `call_1` is `call00001` there."""
    for message in messages:
        for call in (message, *(message.get("tool_calls") or ())):
            for field in ("id", "tool_call_id"):
                match = _CALL_ID.fullmatch(call.get(field) or "")
                if match:
                    call[field] = f"call{match[1]:0>5}"


def _choice(choice: dict[str, Any]) -> dict[str, Any]:
    delta = {name: value for name, value in (choice.get("delta") or {}).items() if value and name != "role"}
    return {
        **choice,
        "index": choice.get("index", 0),
        "delta": delta,
        "finish_reason": choice.get("finish_reason"),
    }


def _from_generic(raw: Mapping[str, Any]) -> dict[str, Any]:
    delta: dict[str, Any] = {"content": raw["text"]} if raw.get("text") else {}
    if raw.get("tool_use"):
        delta["tool_calls"] = [raw["tool_use"]]
    finish = raw.get("finish_reason") if raw.get("is_finished") else None
    choice = {"index": raw.get("index", 0), "delta": delta, "finish_reason": finish or None}
    return {"choices": [choice], "usage": raw.get("usage")}


def _wants_usage(request: Mapping[str, Any]) -> bool:
    options = request.get("stream_options")
    return isinstance(options, Mapping) and options.get("include_usage") is True
