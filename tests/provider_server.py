"""A provider on loopback that speaks OpenAI's chat completions and embeddings, and records every byte that it is sent.

It needs no test framework: the gateway's end-to-end tests and scripts start it too.

    with ProviderServer() as provider:
        provider.answer = "Yes."            # or ECHO: the last user message comes back
        provider.faults.append(Fault(status=429))     # one for each request to come
        ...                                           # ask provider.base_url
        assert b"John Smith" not in provider.received
"""

import asyncio
import base64
import json
import struct
import threading
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Final, Self

ECHO: Final = object()
"""As `answer`: the last user message comes back."""

MAX_REQUEST_BYTES: Final = 64 * 1024 * 1024


@dataclass(frozen=True)
class Fault:
    """How one request goes wrong."""

    status: int = 200
    """Other than 200: an error answer, with `body`."""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    """The answer's bytes as they are; None is the error or completion that belongs to the status."""
    cut_after: int | None = None
    """Of a stream: chunks that are sent before the connection is dropped. 0: headers only."""
    end_after: int | None = None
    """Of a stream: chunks that are sent before it ends as if it were whole, without `[DONE]`."""
    error_after: int | None = None
    """Of a stream: chunks that are sent before an error event."""
    hang: bool = False
    """Nothing is answered until the client goes away."""
    hang_after: int | None = None
    """Of a stream: chunks that are sent before silence."""
    close: bool = False
    """The connection is closed without an answer."""


@dataclass(frozen=True)
class Received:
    """One request as it came over the wire."""

    raw: bytes
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body's JSON."""
        return json.loads(self.body)


class ProviderServer:
    """Serves in a thread of its own from `start` to `stop`. Its fields may be set at any time."""

    def __init__(self) -> None:
        self.answer: Any = ECHO
        self.tool_calls: list[dict[str, Any]] = []
        self.answers: deque[Any] = deque()
        """Scripted: each request takes one, then `answer` holds again. Text, or a whole message as a dict."""
        self.faults: deque[Fault] = deque()
        self.transcript = ""
        """What is heard in every recording."""
        self.chunk_characters = 8
        self.latency_seconds = 0.0
        """Before the answer."""
        self.chunk_seconds = 0.0
        """Before each chunk of a stream."""
        self.requests: list[Received] = []
        self.arrived = threading.Event()
        """Set once a request has come."""
        self.disconnected = threading.Event()
        """Set once a client has gone away before its answer ended."""
        self._open: set[asyncio.StreamWriter] = set()
        self._started = threading.Event()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._port = 0

    @property
    def base_url(self) -> str:
        """What OPENAI_API_BASE is set to."""
        return f"http://127.0.0.1:{self._port}/v1"

    @property
    def received(self) -> bytes:
        """Every byte of every request, heads included."""
        return b"\n".join(request.raw for request in self.requests)

    @property
    def open_connections(self) -> int:
        """Connections that clients hold open, idle ones in their pools too."""
        return len(self._open)

    def start(self, port: int = 0) -> Self:
        """Listen on loopback; port 0 takes a free one."""
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(port)), daemon=True)
        self._thread.start()
        if not self._started.wait(10):
            raise RuntimeError("the provider server did not start")
        return self

    def stop(self) -> None:
        """Close every connection and end the thread."""
        if self._loop is not None and self._stop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
        if self._thread is not None:
            self._thread.join(10)

    def reset(self) -> None:
        """As it was at first, whatever a test before had it do."""
        self.answer = ECHO
        self.tool_calls = []
        self.answers.clear()
        self.faults.clear()
        self.requests.clear()
        self.chunk_characters = 8
        self.latency_seconds = self.chunk_seconds = 0.0

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.stop()

    async def _serve(self, port: int) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._connection, "127.0.0.1", port, limit=MAX_REQUEST_BYTES)
        self._port = server.sockets[0].getsockname()[1]
        self._started.set()
        await self._stop.wait()
        server.close()
        for writer in list(self._open):
            writer.transport.abort()

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            while request := await _read_request(reader):
                self.requests.append(request)
                self.arrived.set()
                await self._answer(request, reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            self.disconnected.set()
        except asyncio.CancelledError:
            pass  # the server stops
        finally:
            self._open.discard(writer)
            writer.close()

    async def _answer(
        self, request: Received, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        fault = self.faults.popleft() if self.faults else Fault()
        await asyncio.sleep(self.latency_seconds)
        if fault.close:
            raise ConnectionResetError
        if fault.hang:
            await _silence(reader)
        if fault.status != 200 or fault.body is not None:
            body = fault.body if fault.body is not None else json.dumps(_error(fault.status)).encode()
            await _write(writer, fault.status, fault.headers, body)
        elif request.path.endswith("/models"):
            await _write(writer, 200, {}, b'{"object": "list", "data": []}')
        elif request.path.partition("?")[0].endswith("/embeddings"):
            await _write(writer, 200, fault.headers, json.dumps(_embeddings(request.json)).encode())
        elif request.path.endswith("/audio/transcriptions"):
            kind, body = _transcript(request.body, self.transcript)
            await _write(writer, 200, {"Content-Type": kind, **fault.headers}, body)
        elif request.json.get("stream"):
            await self._stream(request.json, fault, reader, writer)
        else:
            await _write(writer, 200, fault.headers, json.dumps(self._completion(request.json)).encode())

    def _message(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        answer = self.answers.popleft() if self.answers else self.answer
        if isinstance(answer, dict):
            return {"role": "assistant", **answer}
        content = _last_user_text(asked) if answer is ECHO else answer
        return {
            "role": "assistant",
            "content": content,
            **({"tool_calls": self.tool_calls} if self.tool_calls else {}),
        }

    def _completion(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        message = self._message(asked)
        choices = [
            {"index": index, "message": message, "logprobs": None, "finish_reason": _finish(message)}
            for index in range(asked.get("n") or 1)
        ]
        return {**_frame("chat.completion", asked), "choices": choices, "usage": _usage(asked, message)}

    async def _stream(
        self,
        asked: Mapping[str, Any],
        fault: Fault,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        await _write_head(writer, 200, {"Content-Type": "text/event-stream", **fault.headers})
        for number, chunk in enumerate([*self._chunks(asked), None]):
            await asyncio.sleep(self.chunk_seconds)
            if number == fault.cut_after:
                writer.transport.abort()
                raise ConnectionResetError
            if number == fault.end_after:
                break
            if number == fault.error_after:
                await _write_piece(writer, b"data: " + json.dumps(_error(500)).encode() + b"\n\n")
                break
            if number == fault.hang_after:
                await _silence(reader)
            data = b"[DONE]" if chunk is None else json.dumps(chunk).encode()
            await _write_piece(writer, b"data: " + data + b"\n\n")
        writer.write(b"0\r\n\r\n")
        await writer.drain()

    def _chunks(self, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
        message, frame = self._message(asked), _frame("chat.completion.chunk", asked)
        deltas = _deltas(message, self.chunk_characters)
        chunks = [
            {**frame, "choices": [{"index": index, "delta": delta, "finish_reason": None}]}
            for delta in deltas
            for index in range(asked.get("n") or 1)
        ]
        for index in range(asked.get("n") or 1):
            last = {"index": index, "delta": {}, "finish_reason": _finish(message)}
            chunks.append({**frame, "choices": [last]})
        if (asked.get("stream_options") or {}).get("include_usage"):
            chunks.append({**frame, "choices": [], "usage": _usage(asked, message)})
        return chunks


async def _read_request(reader: asyncio.StreamReader) -> Received | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as error:
        if error.partial:
            raise
        return None  # the client closed an idle connection
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.split(":", 1) for line in lines if ":" in line)
    headers = {name.strip().lower(): value.strip() for name, value in pairs}
    body = await _read_body(reader, headers)
    return Received(head + body, first.split(" ")[1], headers, body)


async def _read_body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> bytes:
    if headers.get("transfer-encoding", "").lower() != "chunked":
        return await reader.readexactly(int(headers.get("content-length", "0")))
    body = b""
    while size := int(await reader.readline(), 16):
        body += await reader.readexactly(size)
        await reader.readline()
    await reader.readline()
    return body


async def _silence(reader: asyncio.StreamReader) -> None:
    """Until the client goes away."""
    await reader.read(1)
    raise ConnectionResetError


async def _write(writer: asyncio.StreamWriter, status: int, headers: Mapping[str, str], body: bytes) -> None:
    own = {"Content-Type": "application/json", "Content-Length": str(len(body))}
    writer.write(_head(status, {**own, **headers}) + body)
    await writer.drain()


async def _write_head(writer: asyncio.StreamWriter, status: int, headers: Mapping[str, str]) -> None:
    writer.write(_head(status, {**headers, "Transfer-Encoding": "chunked"}))
    await writer.drain()


async def _write_piece(writer: asyncio.StreamWriter, data: bytes) -> None:
    if writer.is_closing():
        raise ConnectionResetError
    writer.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
    await writer.drain()


def _head(status: int, headers: Mapping[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status} Status", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode()


def _error(status: int) -> dict[str, Any]:
    message = "PROVIDER-OWN-TEXT that may echo what it was sent"
    return {
        "error": {
            "message": message,
            "type": "provider_error",
            "code": f"code_{status}",
            "param": "messages[0].content",
        }
    }


def _embeddings(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Three numbers a text, which tell it from others; in an order of the provider's own."""
    data: list[dict[str, Any]] = []
    for index, text in enumerate(asked["input"]):
        vector: Any = [float(len(text)), float(text.count(" ")), 0.5][: asked.get("dimensions")]
        if asked.get("encoding_format") == "base64":
            vector = base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()
        data.insert(0, {"object": "embedding", "index": index, "embedding": vector})
    read = sum(len(text) for text in asked["input"]) // 4 + 1
    usage = {"prompt_tokens": read, "total_tokens": read}
    return {"object": "list", "data": data, "model": asked.get("model"), "usage": usage}


def _transcript(form: bytes, text: str) -> tuple[str, bytes]:
    """As OpenAI's models answer, in the format that the form asks for."""
    asked = form.partition(b'name="response_format"\r\n\r\n')[2].partition(b"\r\n")[0].decode()
    if asked == "text":
        return "text/plain; charset=utf-8", f"{text}\n".encode()
    if asked == "srt":
        return "text/plain; charset=utf-8", f"1\n00:00:00,000 --> 00:00:02,500\n{text}\n\n".encode()
    if asked == "vtt":
        return "text/plain; charset=utf-8", f"WEBVTT\n\n00:00.000 --> 00:02.500\n{text}\n".encode()
    document: dict[str, Any] = {"text": text}
    if asked == "verbose_json":
        segment = {"id": 0, "seek": 0, "start": 0.0, "end": 2.5, "text": f" {text}", "tokens": [50364, 1]}
        odds = {"temperature": 0.0, "avg_logprob": -0.2, "compression_ratio": 1.1, "no_speech_prob": 0.01}
        about = {"task": "transcribe", "language": "english", "duration": 2.5}
        document = {**about, **document, "segments": [{**segment, **odds}]}
    usage = {"type": "tokens", "input_tokens": 40, "output_tokens": 7, "total_tokens": 47}
    return "application/json", json.dumps({**document, "usage": usage}).encode()


def _frame(kind: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": "chatcmpl-from-provider",
        "object": kind,
        "created": int(time.time()),
        "model": asked.get("model"),
        "system_fingerprint": "fp_provider",
    }


def _finish(message: Mapping[str, Any]) -> str:
    return "tool_calls" if message.get("tool_calls") else "stop"


def _usage(asked: Mapping[str, Any], message: Mapping[str, Any]) -> dict[str, int]:
    read, written = len(json.dumps(asked.get("messages"))) // 4, len(message.get("content") or "") // 4 + 1
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}


def _deltas(message: Mapping[str, Any], characters: int) -> list[dict[str, Any]]:
    content = message.get("content") or ""
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
    deltas += [
        {"content": content[start : start + characters]} for start in range(0, len(content), characters)
    ]
    for index, call in enumerate(message.get("tool_calls") or ()):
        function = call["function"]
        first = {**call, "index": index, "function": {"name": function["name"], "arguments": ""}}
        deltas.append({"tool_calls": [first]})
        arguments = function["arguments"]
        deltas += [
            {
                "tool_calls": [
                    {"index": index, "function": {"arguments": arguments[start : start + characters]}}
                ]
            }
            for start in range(0, len(arguments), characters)
        ]
    return deltas


def _last_user_text(asked: Mapping[str, Any]) -> str:
    for message in reversed(asked.get("messages") or []):
        if message.get("role") == "user":
            content = message.get("content")
            if isinstance(content, str):
                return content
            return "".join(part.get("text", "") for part in content or () if isinstance(part, dict))
    return ""
