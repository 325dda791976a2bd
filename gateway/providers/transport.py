"""One pooled HTTP client for all providers: every answer bounded in size and time, every connection given
back.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any, Final

import httpx
import orjson

from gateway.providers.errors import ProviderError, ProviderFailed, ProviderRefused
from gateway.providers.routes import ModelRoute
from gateway.providers.translate import from_status, nonsense, translate

MAX_ANSWER_BYTES: Final = 32 * 1024 * 1024
"""A whole answer, streamed or not."""

MAX_CONNECTIONS: Final = 512
MAX_ERROR_BYTES: Final = 64 * 1024
"""What is read of an error's body, only for its machine names."""

LONGEST_FAREWELL: Final = 0.1
"""Seconds for the end of a body whose last event has come."""

USER_AGENT: Final = "countersign"


class Transport:
    """Posts JSON with a connection pool of its own. Built without effects; connects on use."""

    def __init__(self) -> None:
        limits = httpx.Limits(max_connections=MAX_CONNECTIONS, max_keepalive_connections=MAX_CONNECTIONS)
        # An answer is taken as it is: no redirect takes text to another host, no encoding swells in memory.
        headers = {
            "user-agent": USER_AGENT,
            "accept-encoding": "identity",
            "content-type": "application/json",
        }
        self._client = httpx.AsyncClient(limits=limits, headers=headers, follow_redirects=False)

    async def post(self, url: str, headers: Mapping[str, str], body: bytes, route: ModelRoute) -> bytes:
        """The body of a successful answer; raises ProviderError."""
        failure: ProviderError
        try:
            async with asyncio.timeout(route.timeout_seconds):
                response = await self._send(url, headers, body, route, idle=route.timeout_seconds)
                try:
                    return await _read(response)
                finally:
                    await response.aclose()
        except (ProviderError, httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as error:
            failure = translate(error)
        # Raised out here, so that no foreign text hangs on as the context.
        raise failure

    async def open(
        self, url: str, headers: Mapping[str, str], body: bytes, route: ModelRoute
    ) -> "ByteStream":
        """A successful answer that is still coming; raises ProviderError. The caller closes it."""
        failure: ProviderError
        try:
            deadline = asyncio.get_running_loop().time() + route.timeout_seconds
            async with asyncio.timeout_at(deadline):
                return ByteStream(
                    await self._send(url, headers, body, route, idle=route.idle_seconds), deadline
                )
        except (ProviderError, httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as error:
            failure = translate(error)
        raise failure

    async def aclose(self) -> None:
        """Close every connection."""
        await self._client.aclose()

    async def _send(
        self, url: str, headers: Mapping[str, str], body: bytes, route: ModelRoute, *, idle: float
    ) -> httpx.Response:
        timeout = httpx.Timeout(idle, connect=route.connect_seconds, pool=route.connect_seconds)
        request = self._client.build_request("POST", url, headers=headers, content=body, timeout=timeout)
        response = await self._client.send(request, stream=True)
        try:
            await _check(response)
        except BaseException:
            await response.aclose()
            raise
        return response


class ByteStream:
    """The bytes of one answer as they come. After any error, cancellation included, the connection is
    closed.
    """

    def __init__(self, response: httpx.Response, deadline: float) -> None:
        self._response = response
        self._packets = response.aiter_raw()
        self._deadline = deadline
        self._size = 0

    async def read(self) -> bytes:
        """The next packet, b"" at the end; raises ProviderError."""
        try:
            packet = await anext(self._packets, b"")
            self._bound(len(packet))
            return packet
        except (ProviderError, httpx.HTTPError, httpx.StreamError, OSError) as error:
            failure = translate(error)
        except BaseException:
            await self.aclose()
            raise
        await self.aclose()
        raise failure

    async def finish(self) -> None:
        """After the last event: take the end of the body, so that the connection can be used again."""
        try:
            async with asyncio.timeout(LONGEST_FAREWELL):
                await anext(self._packets, b"")
        except (httpx.HTTPError, httpx.StreamError, OSError):
            pass  # the answer is whole; only its connection is not worth keeping

    async def aclose(self) -> None:
        """Give the connection back, or close it if the answer has not ended."""
        await self._response.aclose()

    def _bound(self, size: int) -> None:
        self._size += size
        if self._size > MAX_ANSWER_BYTES:
            raise _too_large()
        if asyncio.get_running_loop().time() > self._deadline:
            raise TimeoutError


async def _check(response: httpx.Response) -> None:
    if response.status_code != 200:
        raise from_status(response.status_code, response.headers, await _start_of(response))
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        raise nonsense()


async def _start_of(response: httpx.Response) -> bytes:
    """The first bytes of an error's body, as far as they come: what is wrong is known from the status
    already.
    """
    body = b""
    try:
        async for packet in response.aiter_raw():
            body += packet
            if len(body) > MAX_ERROR_BYTES:
                break
    except httpx.HTTPError:
        return b""
    return body


async def _read(response: httpx.Response) -> bytes:
    return b"".join([packet async for packet in _bounded(response)])


async def _bounded(response: httpx.Response) -> AsyncIterator[bytes]:
    size = 0
    async for packet in response.aiter_raw():
        size += len(packet)
        if size > MAX_ANSWER_BYTES:
            raise _too_large()
        yield packet


def _too_large() -> ProviderFailed:
    return ProviderFailed(
        f"The provider's answer has more than {MAX_ANSWER_BYTES} bytes. Ask for fewer choices or tokens.",
        retryable=False,
    )


def encode(body: Mapping[str, Any]) -> bytes:
    """`body` as JSON in UTF-8; raises ProviderRefused for what JSON or UTF-8 can't hold."""
    try:
        return orjson.dumps(body)
    except TypeError:
        pass
    raise ProviderRefused(
        "The request can't be written as JSON in UTF-8: it holds a lone surrogate or a huge number."
    )
