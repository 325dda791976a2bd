"""Reading a log beside its writer: events, proofs and tiles, on connections that wait for nobody."""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TypeVar

from audit import merkle, tiles
from audit.errors import NotInLog
from audit.sqlite import read_node

T = TypeVar("T")


class Reader:
    """Reads what commits have stored; `size` gives the number of events that signed checkpoints cover.

    Usable from many threads at once; each call borrows a connection.
    """

    def __init__(self, database: Path, size: Callable[[], int]) -> None:
        self._uri = f"{database.absolute().as_uri()}?mode=ro"
        self._size = size
        self._idle: SimpleQueue[sqlite3.Connection] = SimpleQueue()

    def events(self, start: int, end: int) -> list[bytes]:
        """The canonical bytes of events `start` to `end - 1`."""
        if not 0 <= start <= end <= self._size():
            raise NotInLog(f"the log has {self._size()} events; ask for a range within them")
        with self._connection() as connection:
            rows = connection.execute(
                "SELECT CAST(event AS BLOB) FROM events WHERE idx >= ? AND idx < ? ORDER BY idx", (start, end)
            )
            return [row[0] for row in rows]

    def inclusion_proof(self, index: int, size: int) -> list[bytes]:
        """RFC 6962 section 2.1.1: that event `index` is in the log of `size` events."""
        if not 0 <= index < size <= self._size():
            raise NotInLog(f"the log has {self._size()} events; ask for index < size <= {self._size()}")
        with self._connection() as connection:
            return merkle.inclusion_proof(index, size, _nodes(connection))

    def consistency_proof(self, old: int, size: int) -> list[bytes]:
        """RFC 6962 section 2.1.2: that the log of `size` events begins with the log of `old` events."""
        if not 0 <= old <= size <= self._size():
            raise NotInLog(f"the log has {self._size()} events; ask for old <= size <= {self._size()}")
        with self._connection() as connection:
            return merkle.consistency_proof(old, size, _nodes(connection))

    def tile(self, path: str) -> bytes:
        """The tile or entry bundle at `path` (C2SP tlog-tiles): `tile/0/000`, `tile/entries/000.p/3`."""
        tile = tiles.parse_path(path)
        if not tile.within(self._size()):
            raise NotInLog(f"the log has {self._size()} events, which do not fill this tile")
        first = tile.index * tiles.WIDTH
        if tile.level is None:
            return tiles.encode_bundle(self.events(first, first + tile.width))
        with self._connection() as connection:
            return b"".join(read_node(connection, 8 * tile.level, first + i) for i in range(tile.width))

    def close(self) -> None:
        """Close idle connections; one that is lent is closed when it comes back to nobody."""
        with contextlib.suppress(Empty):
            while True:
                self._idle.get_nowait().close()

    @contextlib.contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        try:
            connection = self._idle.get_nowait()
        except Empty:
            connection = sqlite3.connect(self._uri, uri=True, isolation_level=None, check_same_thread=False)
        try:
            yield connection
        finally:
            self._idle.put(connection)


def _nodes(connection: sqlite3.Connection) -> merkle.Nodes:
    def node(level: int, index: int) -> bytes:
        return read_node(connection, level, index)

    return node
