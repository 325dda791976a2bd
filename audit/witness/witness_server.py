"""A witness over HTTP (C2SP tlog-witness): `POST /add-checkpoint`, and `GET /<log>/checkpoint` for monitors."""

import contextlib
import http.server
import socket
import sqlite3
from typing import Any, Final

from audit.witness.request import MAX_BYTES
from audit.witness.witness_checks import Answer, Witness

_ADD: Final = "/add-checkpoint"
_SECONDS: Final = 20.0
"""For a client to send its request; a slow one must not hold a thread for ever."""


class WitnessServer(http.server.ThreadingHTTPServer):
    """Serves `witness` at an address; port 0 takes a free one."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, host: str, port: int, witness: Witness) -> None:
        self.witness = witness
        self._open: set[socket.socket] = set()
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, port), _Handler)

    def opened(self, connection: socket.socket) -> None:
        """A client connected."""
        self._open.add(connection)

    def closed(self, connection: socket.socket) -> None:
        """A client has gone."""
        self._open.discard(connection)

    def server_close(self) -> None:
        """Stop listening, and end the connections that clients keep open."""
        super().server_close()
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    @property
    def url(self) -> str:
        """The submission and monitoring prefix."""
        host, port = self.server_address[0], self.server_address[1]
        shown = f"[{host!s}]" if ":" in str(host) else str(host)
        return f"http://{shown}:{port}"


class _Handler(http.server.BaseHTTPRequestHandler):
    server: WitnessServer
    protocol_version = "HTTP/1.1"
    server_version = "countersign-witness"
    sys_version = ""
    timeout = _SECONDS
    disable_nagle_algorithm = True  # else a body waits 40 ms for the receipt of its headers

    def setup(self) -> None:
        super().setup()
        self.server.opened(self.connection)

    def finish(self) -> None:
        self.server.closed(self.connection)
        with contextlib.suppress(OSError):
            super().finish()

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if self.path != _ADD:
            self.close_connection = True
            self._send(Answer(404, b"a witness takes POST /add-checkpoint\n"))
        elif not length.isascii() or not length.isdigit():
            self.close_connection = True
            self._send(Answer(411, b"send the request with its Content-Length\n"))
        elif len(length) > 9 or int(length) > MAX_BYTES:
            self.close_connection = True
            self._send(Answer(413, b"the request is longer than any checkpoint with its proof\n"))
        else:
            self._send(self._answered(self.rfile.read(int(length))))

    def do_GET(self) -> None:
        self._send(self.server.witness.monitor(self.path.removeprefix("/")))

    def do_HEAD(self) -> None:
        self.do_GET()

    def _answered(self, body: bytes) -> Answer:
        try:
            return self.server.witness.add_checkpoint(body)
        except sqlite3.Error:
            return Answer(503, b"the witness's state can't be written now; try again later\n")

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Nothing: what counts is in the state."""
