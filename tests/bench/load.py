"""The load, in a process of its own: python -m tests.bench.load URL KEY MODEL SIZE CONCURRENCY COUNT SECONDS STREAM

A closed loop over keep-alive connections, bounded in count and time, to loopback only; prints one JSON object.
"""

import asyncio
import json
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import urlsplit

import httptools
import orjson
import uvloop

from tests.bench.prompts_pool import prompt


class Connection(asyncio.Protocol):
    """Sends one request at a time and gives its whole answer."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport
        self._done: asyncio.Future[tuple[int, bytes]] | None = None

    def ask(self, request: bytes) -> "asyncio.Future[tuple[int, bytes]]":
        self._parser = httptools.HttpResponseParser(self)
        self._parts: list[bytes] = []
        self._done = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return self._done

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_body(self, part: bytes) -> None:
        self._parts.append(part)

    def on_message_complete(self) -> None:
        if self._done is not None and not self._done.done():
            self._done.set_result((self._parser.get_status_code(), b"".join(self._parts)))

    def connection_lost(self, error: Exception | None) -> None:
        if self._done is not None and not self._done.done():
            self._done.set_exception(error or ConnectionResetError())


@dataclass
class Seen:
    """What came back."""

    milliseconds: list[float] = field(default_factory=list)
    errors: int = 0
    first_error: str = ""
    restored: int = 0


def requests(
    path: str, key: str, model: str, size: int, stream: bool, most: int
) -> list[tuple[bytes, bytes]]:
    """Whole HTTP requests, and what their answers should hold. No two alike, so that nobody answers from memory."""
    made = []
    first = random.randrange(10**9)
    for number in range(first, first + most):
        text, email = prompt(size, number)
        more = {"stream": True} if stream else {}
        body = orjson.dumps({"model": model, "messages": [{"role": "user", "content": text}], **more})
        head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\n"
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        made.append((head.encode() + body, email.encode()))
    return made


def content(raw: bytes, stream: bool) -> bytes:
    """The words of an answer."""
    if not stream:
        return raw
    events = [orjson.loads(line[6:]) for line in raw.split(b"\n") if line.startswith(b"data: {")]
    words = [(choice["delta"] or {}).get("content") or "" for event in events for choice in event["choices"]]
    return "".join(words).encode()


async def run(
    url: str, made: list[tuple[bytes, bytes]], concurrency: int, most: int, seconds: float, stream: bool
) -> Seen:
    """Ask until `most` answers or `seconds` are over."""
    where = urlsplit(url)
    assert where.hostname == "127.0.0.1"
    seen, numbers, end = Seen(), count(), time.perf_counter() + seconds

    async def worker(numbers: Iterator[int]) -> None:
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_connection(Connection, where.hostname, where.port)
        while time.perf_counter() < end and (number := next(numbers)) < most:
            request, value = made[number]
            started = time.perf_counter()
            status, raw = await asyncio.wait_for(connection.ask(request), 60)
            taken = (time.perf_counter() - started) * 1000
            if status == 200:
                seen.milliseconds.append(taken)
                seen.restored += value in content(raw, stream)
            else:
                seen.errors += 1
                seen.first_error = seen.first_error or f"{status} {raw[:200]!r}"
        connection.transport.close()

    await asyncio.gather(*(worker(numbers) for _ in range(concurrency)))
    return seen


def main() -> None:
    """Run one cell."""
    url, key, model, size, concurrency, most, seconds, stream = sys.argv[1:]
    streamed = stream == "stream"
    made = requests(urlsplit(url).path, key, model, int(size), streamed, int(most))
    started = time.perf_counter()
    seen = uvloop.run(run(url, made, int(concurrency), int(most), float(seconds), streamed))
    wall = time.perf_counter() - started
    ordered = sorted(seen.milliseconds) or [float("nan")]
    print(
        json.dumps(
            {
                "count": len(seen.milliseconds),
                "errors": seen.errors,
                "first_error": seen.first_error,
                "per_second": len(seen.milliseconds) / wall,
                "p50": ordered[len(ordered) // 2],
                "p99": ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))],
                "restored": seen.restored / max(1, len(seen.milliseconds)),
            }
        )
    )


if __name__ == "__main__":
    main()
