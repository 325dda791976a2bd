"""A log over HTTP (C2SP tlog-tiles), with the standard library alone: a few connections that stay open.

The token that a gateway asks for goes into a header. Redirects are not followed, so it goes nowhere else.
"""

import http.client
import ssl
import threading
import zlib
from typing import Final
from urllib.parse import SplitResult, urlsplit

from audit.audit_errors import Unreadable
from audit.sources.source import (
    CHECKPOINT_PATH,
    VERIFIER_KEY_PATH,
    WITNESSED_PATH,
    cut,
    missing,
)
from audit.tiles import WIDTH, Tile

_MAX_BYTES: Final = WIDTH * (2 + 65_535)
_TRIES: Final = 3
_FAILURES: Final = (OSError, http.client.HTTPException)


class WebSource:
    """Reads the resources below `prefix`; usable from many threads, each with its own connection."""

    at_once = 4

    def __init__(self, prefix: str, token: str | None = None, timeout: float = 30.0) -> None:
        self._url = _checked(prefix)
        self._timeout = timeout
        self._headers = {"Accept-Encoding": "gzip, identity", "User-Agent": "countersign-audit"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"
        self._local = threading.local()
        self._open: list[http.client.HTTPConnection] = []

    @property
    def name(self) -> str:
        """The address."""
        return self._url.geturl()

    def checkpoint(self) -> bytes:
        """`<prefix>/checkpoint`."""
        note = self._get(CHECKPOINT_PATH, 1_000_000)
        if note is None:
            raise Unreadable(
                f"{self.name}/{CHECKPOINT_PATH} does not exist; name the log's prefix,"
                " which for a gateway is its address and /audit"
            )
        return note

    def witnessed(self) -> bytes | None:
        """`<prefix>/witnessed`."""
        return self._get(WITNESSED_PATH, 1_000_000)

    def verifier_keys(self) -> str | None:
        """`<prefix>/log.vkey`."""
        keys = self._get(VERIFIER_KEY_PATH, 100_000)
        return None if keys is None else keys.decode("utf-8", "replace")

    def tile(self, tile: Tile) -> bytes:
        """A tile; of a partial one that is gone, its part of the full one (C2SP tlog-tiles, Partial Tiles)."""
        content = self._get(tile.path(), _MAX_BYTES)
        if content is None and tile.width < WIDTH:
            full = self._get(Tile(tile.level, tile.index).path(), _MAX_BYTES)
            content = None if full is None else cut(full, tile)
        if content is None:
            raise missing(tile)
        return content

    def close(self) -> None:
        """Close all connections."""
        while self._open:
            self._open.pop().close()

    def _get(self, path: str, most: int) -> bytes | None:
        """The resource, or None where there is none; `Unreadable` if the server can't give it."""
        answer: tuple[int, bytes] | None = None
        for attempt in range(_TRIES):
            try:
                answer = self._request(path, most)
            except _FAILURES as error:
                self._drop()
                if attempt == _TRIES - 1:
                    raise Unreadable(
                        f"{self.name}/{path} can't be reached ({type(error).__name__}); check address and network"
                    ) from None
                continue
            if answer[0] not in (429, 500, 502, 503, 504):
                break
        assert answer is not None  # noqa: S101 - the last attempt answers or raises
        return self._judge(path, *answer, most)

    def _judge(self, path: str, status: int, body: bytes, most: int) -> bytes | None:
        if status == 200 and len(body) <= most:
            return body
        if status in (404, 410):
            return None
        if status in (401, 403):
            raise Unreadable(
                f"{self.name} refuses the token ({status}); put one of a person with the role oversight into"
                " COUNTERSIGN_AUDIT_TOKEN, or name a file that holds it with --token-file"
            )
        if status == 200:
            raise Unreadable(f"{self.name}/{path} is longer than a log's resources are")
        raise Unreadable(f"{self.name}/{path} answered with status {status}; try again later")

    def _request(self, path: str, most: int) -> tuple[int, bytes]:
        connection = self._connection()
        connection.request("GET", f"{self._url.path}/{path}", headers=self._headers)
        response = connection.getresponse()
        body = response.read(most + 1)
        if len(body) > most or response.will_close:
            self._drop()
        if response.headers.get("Content-Encoding", "identity") == "gzip":
            body = _unpacked(body, most)
        return response.status, body

    def _connection(self) -> http.client.HTTPConnection:
        connection: http.client.HTTPConnection | None = getattr(self._local, "connection", None)
        if connection is None:
            host, port = self._url.hostname or "", self._url.port
            if self._url.scheme == "https":
                context = ssl.create_default_context()
                connection = http.client.HTTPSConnection(host, port, timeout=self._timeout, context=context)
            else:
                connection = http.client.HTTPConnection(host, port, timeout=self._timeout)
            self._local.connection = connection
            self._open.append(connection)
        return connection

    def _drop(self) -> None:
        connection: http.client.HTTPConnection | None = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
            self._local.connection = None
            if connection in self._open:
                self._open.remove(connection)


def _unpacked(body: bytes, most: int) -> bytes:
    """RFC 1952, but never more than `most` bytes and one: a small answer can unpack to a huge one."""
    try:
        return zlib.decompressobj(wbits=31).decompress(body, most + 1)
    except zlib.error:
        raise http.client.HTTPException("no gzip") from None


def _checked(prefix: str) -> SplitResult:
    try:
        url = urlsplit(prefix.rstrip("/"))
        sound = url.scheme in ("http", "https") and url.hostname and (url.port is None or url.port > 0)
    except ValueError:
        raise Unreadable("the address can't be read; it must look like https://host/audit") from None
    if not sound or not prefix.isascii() or not prefix.isprintable() or " " in prefix:
        raise Unreadable("the address must be http:// or https:// with a host, such as https://host/audit")
    if url.username or url.password or url.query or url.fragment:
        raise Unreadable(
            "the address must hold no user, password, token or query; a token goes into"
            " COUNTERSIGN_AUDIT_TOKEN, or into a file named with --token-file"
        )
    return url
