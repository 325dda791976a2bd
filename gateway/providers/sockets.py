"""httpcore's connections on asyncio's own transports.

httpcore's stock backend goes through anyio, which yields to the loop at each write and makes a table of attributes
at each question about a socket: a third of what a call costs. httpcore is made to be given another backend
(https://www.encode.io/httpcore/network-backends/); TLS, framing and pooling stay its own and asyncio's.
"""

import asyncio
import ssl
from collections.abc import Iterable
from typing import Any, Final

import httpcore

_HIGH: Final = 256 * 1024
"""Bytes that may lie unread before the sender is told to wait."""


class AsyncioBackend(httpcore.AsyncNetworkBackend):
    """Connects over TCP on the running loop."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connected stream; httpcore's `ConnectTimeout` or `ConnectError`."""
        local = None if local_address is None else (local_address, 0)
        try:
            async with asyncio.timeout(timeout):
                loop = asyncio.get_running_loop()
                _, stream = await loop.create_connection(_Stream, host, port, local_addr=local)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(str(error)) from error
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error
        for option in socket_options or ():
            stream.set_option(*option)
        return stream

    async def sleep(self, seconds: float) -> None:
        """Wait; between two attempts to connect."""
        await asyncio.sleep(seconds)


class _Stream(asyncio.Protocol, httpcore.AsyncNetworkStream):
    """One connection. There is one reader and one writer at a time, since it speaks HTTP/1.1."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._transport: Any = None
        self._unread = bytearray()
        self._paused = False
        self._ended = False
        self._failure: Exception | None = None
        self._arrived: asyncio.Future[None] | None = None
        self._writable: asyncio.Future[None] | None = None

    # What the transport says

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._unread += data
        if len(self._unread) > _HIGH and not self._paused:
            self._paused = True
            self._transport.pause_reading()
        _wake(self._arrived)

    def eof_received(self) -> None:
        self._ended = True
        _wake(self._arrived)

    def connection_lost(self, error: Exception | None) -> None:
        self._ended, self._failure = True, error
        _wake(self._arrived)
        _wake(self._writable)

    def pause_writing(self) -> None:
        self._writable = self._loop.create_future()

    def resume_writing(self) -> None:
        _wake(self._writable)
        self._writable = None

    # What httpcore asks for

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """What has arrived, `max_bytes` at most; b"" at the end."""
        if not self._unread and not self._ended:
            self._arrived = self._loop.create_future()
            try:
                async with asyncio.timeout(timeout):
                    await self._arrived
            except TimeoutError as error:
                raise httpcore.ReadTimeout(str(error)) from error
            finally:
                self._arrived = None
        if not self._unread and self._failure is not None:
            raise httpcore.ReadError(str(self._failure)) from self._failure
        data = bytes(self._unread[:max_bytes])
        del self._unread[:max_bytes]
        if self._paused and len(self._unread) <= _HIGH and not self._ended:
            self._paused = False
            self._transport.resume_reading()
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Hand `buffer` to the transport, and wait while it holds too much."""
        if self._transport.is_closing():
            raise httpcore.WriteError("the connection is closed")
        self._transport.write(buffer)
        if self._writable is None:
            return
        try:
            async with asyncio.timeout(timeout):
                await asyncio.shield(self._writable)
        except TimeoutError as error:
            raise httpcore.WriteTimeout(str(error)) from error
        if self._ended and self._failure is not None:
            raise httpcore.WriteError(str(self._failure)) from self._failure

    async def aclose(self) -> None:
        """Close. Nothing that was asked for is under way any more, so nobody waits for the other side."""
        self._transport.close()
        await asyncio.sleep(0)  # the socket itself is closed by the loop

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        """Go on encrypted; httpcore's `ConnectTimeout` or `ConnectError`."""
        try:
            async with asyncio.timeout(timeout):
                self._transport = await self._loop.start_tls(
                    self._transport, self, ssl_context, server_hostname=server_hostname
                )
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(str(error)) from error
        except (OSError, ssl.SSLError) as error:
            raise httpcore.ConnectError(str(error)) from error
        return self

    def get_extra_info(self, info: str) -> Any:
        """What httpcore knows its streams by; `is_readable` between requests means closed, or out of step."""
        if info == "is_readable":
            return bool(self._unread) or self._ended or self._transport.is_closing()
        if info == "ssl_object":
            return self._transport.get_extra_info("ssl_object")
        if info == "client_addr":
            return self._transport.get_extra_info("sockname")
        if info == "server_addr":
            return self._transport.get_extra_info("peername")
        return self._transport.get_extra_info("socket") if info == "socket" else None

    def set_option(self, *option: Any) -> None:
        """As `socket.setsockopt`."""
        self._transport.get_extra_info("socket").setsockopt(*option)


def _wake(waiting: "asyncio.Future[None] | None") -> None:
    if waiting is not None and not waiting.done():
        waiting.set_result(None)
