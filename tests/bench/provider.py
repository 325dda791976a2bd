"""A provider that answers at once, on loopback: python -m tests.bench.provider PORT [SECONDS]

The answer is a fixed text and the pseudonyms of the last message, so that putting back has work to do.
SECONDS: before each answer begins. GET /leaks gives how many requests held a personal value of the prompts.
"""

import asyncio
import re
import sys
from typing import Any, Final

import httptools
import orjson
import uvloop

from tests.bench.prompts_pool import MARKS

TEXT: Final = (
    "Thank you for the case notes. The applicant appears to meet the residency condition, but the income evidence for "
    "the last quarter is missing. A caseworker should ask for the payslips, confirm the contact details below and "
    "record the reason for the decision before any letter is sent. This summary is not a decision. "
)
CHUNK: Final = 24
TOKEN: Final = re.compile(r"[<\[][A-Z][A-Z_]+(?:_\d+)?[>\]]|person\.[\w.]+@example\.org")
LIFETIME: Final = 7_200


class Provider(asyncio.Protocol):
    """One connection."""

    requests = leaks = 0
    seconds = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport
        self._parser = httptools.HttpRequestParser(self)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_begin(self) -> None:
        self._body: list[bytes] = []

    def on_body(self, part: bytes) -> None:
        self._body.append(part)

    def on_message_complete(self) -> None:
        if self._parser.get_method() == b"GET":
            self._send(orjson.dumps({"requests": Provider.requests, "leaks": Provider.leaks}))
            return
        raw = b"".join(self._body)
        Provider.requests += 1
        Provider.leaks += any(mark in raw for mark in MARKS)
        body = orjson.loads(raw)
        text = TEXT + " ".join(dict.fromkeys(TOKEN.findall(str(body["messages"][-1]["content"]))))
        if Provider.seconds:
            asyncio.get_running_loop().call_later(Provider.seconds, self._answer, body, raw, text)
        else:
            self._answer(body, raw, text)

    def _answer(self, body: Any, raw: bytes, text: str) -> None:
        if self._transport.is_closing():
            return
        if body.get("stream"):
            self._stream(text)
        else:
            message = {"role": "assistant", "content": text}
            choice = {"index": 0, "message": message, "finish_reason": "stop"}
            usage = {
                "prompt_tokens": len(raw) // 4,
                "completion_tokens": 100,
                "total_tokens": len(raw) // 4 + 100,
            }
            top = {"id": "c", "object": "chat.completion", "created": 1, "model": "fake"}
            self._send(orjson.dumps({**top, "choices": [choice], "usage": usage}))

    def _send(self, body: bytes) -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
        self._transport.write(head + body)

    def _stream(self, text: str) -> None:
        deltas: list[tuple[dict[str, str], str | None]] = [({"role": "assistant", "content": ""}, None)]
        deltas += [({"content": text[at : at + CHUNK]}, None) for at in range(0, len(text), CHUNK)]
        deltas.append(({}, "stop"))
        top = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "fake"}
        self._transport.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        for delta, finish in deltas:
            choice = {"index": 0, "delta": delta, "finish_reason": finish}
            self._event(orjson.dumps({**top, "choices": [choice]}))
        self._event(b"[DONE]")
        self._transport.write(b"0\r\n\r\n")

    def _event(self, data: bytes) -> None:
        event = b"data: " + data + b"\n\n"
        self._transport.write(b"%x\r\n%b\r\n" % (len(event), event))


async def serve(port: int) -> None:
    """Serve until ended."""
    server = await asyncio.get_running_loop().create_server(Provider, "127.0.0.1", port, backlog=512)
    async with server, asyncio.timeout(LIFETIME):
        await server.serve_forever()


if __name__ == "__main__":
    Provider.seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 0.0
    uvloop.run(serve(int(sys.argv[1])))
