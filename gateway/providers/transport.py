"""One pooled HTTP client for all providers: every answer bounded in size and time, every connection given
back.

httpcore, httpx's own transport, is used directly: what httpx puts around it (redirects, cookies, encodings) is
switched off here anyway, and costs as much as the call itself.
"""

import asyncio
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final
from urllib.request import getproxies, proxy_bypass

import httpcore
import httpx
import orjson

from gateway.providers.foreign_errors import TRANSPORT_ERRORS, from_status, nonsense, translate
from gateway.providers.provider_errors import ProviderError, ProviderFailed, ProviderRefused, RouteInvalid
from gateway.providers.routes import ModelRoute
from gateway.providers.sockets import AsyncioBackend
from gateway.telemetry import outgoing_headers

MAX_ANSWER_BYTES: Final = 32 * 1024 * 1024
"""A whole answer, streamed or not."""

MAX_CONNECTIONS: Final = 512
KEEP_ALIVE_SECONDS: Final = 5.0
"""As httpx: shorter than any server's, so that a connection is seldom closed under a request."""

MAX_ERROR_BYTES: Final = 64 * 1024
"""What is read of an error's body, only for its machine names."""

MAX_CLOSE_SECONDS: Final = 0.1
"""Seconds for the end of a body whose last event has come."""

# An answer is taken as it is: no encoding swells in memory.
HEADERS: Final = {
    "user-agent": "countersign",
    "accept": "*/*",
    "accept-encoding": "identity",
    "content-type": "application/json",
}


class Transport:
    """Posts JSON with connection pools of its own, through the environment's proxy where there is one. Connects
    on use; raises RouteInvalid for a proxy that can't be used.
    """

    def __init__(self) -> None:
        self._ssl = httpx.create_ssl_context()
        self._direct = self._pool(None)
        proxies = getproxies()
        self._proxied = {
            scheme: self._pool(proxy)
            for scheme in ("http", "https")
            if (proxy := proxies.get(scheme) or proxies.get("all"))
        }

    def _pool(self, proxy: str | None) -> httpcore.AsyncConnectionPool:
        limits: dict[str, Any] = {
            "ssl_context": self._ssl,
            "max_connections": MAX_CONNECTIONS,
            "max_keepalive_connections": MAX_CONNECTIONS,
            "keepalive_expiry": KEEP_ALIVE_SECONDS,
            "network_backend": AsyncioBackend(),
        }
        if proxy is None:
            return httpcore.AsyncConnectionPool(**limits)
        try:
            known = httpx.Proxy(proxy if "://" in proxy else f"http://{proxy}")
        except (ValueError, httpx.InvalidURL):
            known = None
        if known is None or known.url.scheme not in ("http", "https"):
            raise RouteInvalid(
                "HTTP_PROXY, HTTPS_PROXY, ALL_PROXY: only http:// and https:// proxies can be used."
            )
        return httpcore.AsyncHTTPProxy(proxy_url=str(known.url), proxy_auth=known.raw_auth, **limits)

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
        except (ProviderError, *TRANSPORT_ERRORS) as error:
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
        except (ProviderError, *TRANSPORT_ERRORS) as error:
            failure = translate(error)
        raise failure

    async def aclose(self) -> None:
        """Close every connection."""
        for pool in (self._direct, *self._proxied.values()):
            await pool.aclose()

    async def _send(
        self, url: str, headers: Mapping[str, str], body: bytes, route: ModelRoute, *, idle: float
    ) -> httpcore.Response:
        address, host = _address(url)
        pool = self._direct
        # A proxy may be outside: what must not leave is not given to it.
        if self._proxied and route.leaves and not proxy_bypass(host.decode()):
            pool = self._proxied.get(address.scheme.decode(), pool)
        connecting = route.connect_seconds
        timeout = {"connect": connecting, "pool": connecting, "read": idle, "write": idle}
        all_headers = {
            **HEADERS,
            **outgoing_headers(),
            **{name.lower(): value for name, value in headers.items()},
        }
        request = httpcore.Request(
            "POST",
            address,
            headers=[
                (b"host", host),
                (b"content-length", str(len(body)).encode()),
                *((name.encode("ascii"), value.encode()) for name, value in all_headers.items()),
            ],
            content=body,
            extensions={"timeout": timeout},
        )
        response = await pool.handle_async_request(request)
        try:
            await _check(response)
        except BaseException:
            await response.aclose()
            raise
        return response


@lru_cache(maxsize=256)
def _address(url: str) -> tuple[httpcore.URL, bytes]:
    """`url` as httpcore wants it, and its `Host`. httpx reads it, names beyond ASCII included."""
    read = httpx.URL(url)
    address = httpcore.URL(scheme=read.raw_scheme, host=read.raw_host, port=read.port, target=read.raw_path)
    return address, read.netloc


class ByteStream:
    """The bytes of one answer as they come. After any error, cancellation included, the connection is
    closed.
    """

    def __init__(self, response: httpcore.Response, deadline: float) -> None:
        self._response = response
        self._packets = response.aiter_stream()
        self._deadline = deadline
        self._size = 0

    async def read(self) -> bytes:
        """The next packet, b"" at the end; raises ProviderError."""
        try:
            packet = await anext(self._packets, b"")
            self._bound(len(packet))
            return packet
        except (ProviderError, *TRANSPORT_ERRORS) as error:
            failure = translate(error)
        except BaseException:
            await self.aclose()
            raise
        await self.aclose()
        raise failure

    async def finish(self) -> None:
        """After the last event: take the end of the body, so that the connection can be used again."""
        try:
            async with asyncio.timeout(MAX_CLOSE_SECONDS):
                await anext(self._packets, b"")
        except TRANSPORT_ERRORS:
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


async def _check(response: httpcore.Response) -> None:
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
    if response.status != 200:
        raise from_status(response.status, headers, await _start_of(response))
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise nonsense()


async def _start_of(response: httpcore.Response) -> bytes:
    """The first bytes of an error's body, as far as they come: what is wrong is known from the status
    already.
    """
    body = b""
    try:
        async for packet in response.aiter_stream():
            body += packet
            if len(body) > MAX_ERROR_BYTES:
                break
    except TRANSPORT_ERRORS:
        return b""
    return body


async def _read(response: httpcore.Response) -> bytes:
    packets: list[bytes] = []
    size = 0
    async for packet in response.aiter_stream():
        size += len(packet)
        if size > MAX_ANSWER_BYTES:
            raise _too_large()
        packets.append(packet)
    return b"".join(packets)


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
