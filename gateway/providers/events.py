"""Server-sent events and lines, read from bytes as they come (WHATWG HTML, section 9.2.6)."""

from typing import Final

from gateway.providers.provider_errors import ProviderFailed

MAX_EVENT_BYTES: Final = 4 * 1024 * 1024
"""One event, or one line. A chunk of a chat completion has some hundred bytes; this only bounds memory."""

_BOM = b"\xef\xbb\xbf"


class LineReader:
    """Bytes in, whole lines out, without their ends: LF, CRLF or CR, and no other character, whatever Unicode
    says.

    Lines stay bytes, so a character split over two packets is whole again before anyone decodes it.
    """

    def __init__(self, *, carriage_returns: bool = True) -> None:
        self._rest = b""
        self._carriage_returns = carriage_returns
        self._started = False
        self._after_cr = False

    def feed(self, data: bytes) -> list[bytes]:
        """The lines that `data` completes."""
        if self._carriage_returns and (self._after_cr or b"\r" in data):
            data = self._only_newlines(data)
        lines = (self._rest + data).split(b"\n")
        self._rest = lines.pop()
        if len(self._rest) > MAX_EVENT_BYTES:
            raise ProviderFailed(
                "The provider sent a line that is too long to read. Check the model's server."
            )
        if lines and not self._started:
            self._started = True
            lines[0] = lines[0].removeprefix(_BOM)
        return lines

    def rest(self) -> bytes:
        """The line that the end of the stream cut off; empty if none."""
        rest, self._rest = self._rest, b""
        return rest

    def _only_newlines(self, data: bytes) -> bytes:
        if self._after_cr and data.startswith(b"\n"):
            data = data[1:]
        self._after_cr = data.endswith(b"\r")
        return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


class EventReader:
    """Bytes in, the data of whole events out. Comments, ids, names of events and retry times are skipped."""

    def __init__(self) -> None:
        self._lines = LineReader()
        self._data: list[bytes] = []
        self._size = 0

    def feed(self, data: bytes) -> list[bytes]:
        """The data of the events that `data` completes, several data lines joined by a newline."""
        events: list[bytes] = []
        for line in self._lines.feed(data):
            if line:
                self._take(line)
            elif data := self._event():  # one without data is none
                events.append(data)
        return events

    def end(self) -> list[bytes]:
        """An event that the stream's end left without its blank line. It may be cut: the caller judges by its
        data.
        """
        if rest := self._lines.rest():
            self._take(rest)
        data = self._event()
        return [data] if data else []

    def _take(self, line: bytes) -> None:
        if line.startswith(b"data:"):
            self._data.append(line[6:] if line[5:6] == b" " else line[5:])
        elif line == b"data":
            self._data.append(b"")
        self._size += len(line)
        if self._size > MAX_EVENT_BYTES:
            raise ProviderFailed(
                "The provider sent an event that is too long to read. Check the model's server."
            )

    def _event(self) -> bytes:
        data, self._data, self._size = self._data, [], 0
        return data[0] if len(data) == 1 else b"\n".join(data)
