"""The way to a provider over real sockets, in clear and in TLS, on both event loops that the gateway runs on."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import uvloop

from gateway.providers import ModelRoute, ProviderFailed, ProviderTimeout
from gateway.providers.transport import Transport
from tests.certificates import self_signed

BIG = 6 * 1024 * 1024
ROUTE = ModelRoute(model="openai/m", timeout_seconds=20, idle_seconds=10, connect_seconds=5)
Run = Callable[[Coroutine[Any, Any, None]], None]
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture(params=["asyncio", "uvloop"])
def run(request: pytest.FixtureRequest) -> Run:
    def on_loop(main: Coroutine[Any, Any, None]) -> None:
        factory = uvloop.new_event_loop if request.param == "uvloop" else asyncio.new_event_loop
        with asyncio.Runner(loop_factory=factory) as runner:
            runner.run(main)

    return on_loop


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return self_signed(tmp_path_factory.mktemp("tls"))


@asynccontextmanager
async def serving(serve: Serve, tls: tuple[Path, Path] | None = None) -> AsyncIterator[str]:
    """A server of one's own on loopback; gives its address."""
    context = None
    if tls is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*tls)
    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{port}/v1/chat/completions"
    finally:
        server.close()


@asynccontextmanager
async def transport() -> AsyncIterator[Transport]:
    made = Transport()
    try:
        yield made
    finally:
        await made.aclose()


async def read_request(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    return await reader.readexactly(int(length.partition(b":")[2]))


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answers each request with its own body."""
    try:
        while True:
            body = await read_request(reader)
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


@pytest.mark.parametrize("tls", [False, True], ids=["clear", "tls"])
@pytest.mark.parametrize("size", [0, 10, BIG])
def test_a_body_of_any_size_goes_and_comes_whole(
    run: Run, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, tls: bool, size: int
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    body = bytes(range(256)) * (size // 256) + b"x" * (size % 256)

    async def main() -> None:
        async with serving(echo, certificate if tls else None) as url, transport() as sent:
            for _ in range(2):
                assert await sent.post(url, {}, body, ROUTE) == body
            stream = await sent.open(url, {}, body, ROUTE)
            packets = []
            while packet := await stream.read():
                packets.append(packet)
                await asyncio.sleep(0)
            await stream.aclose()
            assert b"".join(packets) == body

    run(main())


def test_a_certificate_that_nobody_trusts_is_no_provider(run: Run, certificate: tuple[Path, Path]) -> None:
    async def main() -> None:
        async with serving(echo, certificate) as url, transport() as sent:
            with pytest.raises(ProviderFailed):
                await sent.post(url, {}, b"{}", ROUTE)

    run(main())


def test_a_server_that_reads_slowly_still_gets_all(run: Run) -> None:
    async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.2)
        await echo(reader, writer)

    async def main() -> None:
        async with serving(slow) as url, transport() as sent:
            assert await sent.post(url, {}, b"y" * BIG, ROUTE) == b"y" * BIG

    run(main())


def test_a_server_that_reads_nothing_is_a_time_out(run: Run) -> None:
    async def deaf(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(3)
        writer.close()

    async def main() -> None:
        async with serving(deaf) as url, transport() as sent:
            with pytest.raises(ProviderTimeout):
                await sent.post(url, {}, b"y" * BIG, ROUTE.model_copy(update={"timeout_seconds": 0.3}))

    run(main())


def test_an_idle_connection_that_the_server_closed_is_not_used_again(run: Run) -> None:
    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        body = await read_request(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        writer.close()
        closed.set()

    async def main() -> None:
        async with serving(once) as url, transport() as sent:
            for number in range(3):
                assert await sent.post(url, {}, b"%d" % number, ROUTE) == b"%d" % number
                await closed.wait()
                closed.clear()
                await asyncio.sleep(0.05)

    closed = asyncio.Event()
    run(main())


@pytest.mark.parametrize(
    "said", [b"", b"HTTP/1.1 200 OK\r\nContent-Le", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"]
)
def test_a_connection_that_ends_too_early_is_a_failure(run: Run, said: bytes) -> None:
    async def cut(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(said)
        writer.close()

    async def main() -> None:
        async with serving(cut) as url, transport() as sent:
            with pytest.raises(ProviderFailed):
                await sent.post(url, {}, b"{}", ROUTE)

    run(main())


def test_nobody_listens(run: Run) -> None:
    async def main() -> None:
        async with transport() as sent:
            with pytest.raises(ProviderFailed):
                await sent.post("http://127.0.0.1:9/v1/chat/completions", {}, b"{}", ROUTE)

    run(main())
