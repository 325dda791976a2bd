"""A log in one SQLite file: the one connection that writes it, the lock that keeps it the only one, and its readers."""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Final

from audit.audit_errors import LogDamaged, LogInUse, LogUnavailable
from audit.merkle import HASH_BYTES
from audit.schema import FAILURES, SCHEMA
from audit.store import Store

_BUSY_MILLISECONDS: Final = 5_000
"""How long a statement waits for another process's lock."""
_UNUSABLE: Final = "check the folder's permissions, free space and disk"
_DAMAGED: Final = (
    "the database is damaged, or the -wal and -shm files beside it are another's: restore all of them from one"
    " backup, or without these two"
)


class SQLiteFile:
    """The log in the file `path`, which one `Log` at a time may have open."""

    shared = False
    failures = FAILURES

    def __init__(self, path: Path, open_store: Callable[[Path], Store] | None = None) -> None:
        self._path = path
        self._open_store = open_store or SQLiteStore
        self._uri = f"{path.absolute().as_uri()}?mode=ro"
        self._idle: SimpleQueue[sqlite3.Connection] = SimpleQueue()

    def explain(self, error: Exception) -> str:
        """A failure by its kind, and what to do."""
        kind = getattr(error, "sqlite_errorname", None) or type(error).__name__
        remedy = _DAMAGED if kind.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")) else _UNUSABLE
        return f"({kind}); {remedy}"

    def claim(self) -> "Lock":
        """Be the only one that writes; `LogInUse` if another is."""
        return Lock(self._path)

    def open_store(self) -> Store:
        """A new writing connection."""
        return self._open_store(self._path)

    @contextlib.contextmanager
    def snapshot(self) -> Iterator["SQLiteSnapshot"]:
        """Borrow a reading connection, which waits for nobody."""
        try:
            connection = self._idle.get_nowait()
        except Empty:
            connection = sqlite3.connect(self._uri, uri=True, isolation_level=None, check_same_thread=False)
        try:
            yield SQLiteSnapshot(connection)
        finally:
            self._idle.put(connection)

    def close(self) -> None:
        """Close idle reading connections; one that is lent is closed when it comes back to nobody."""
        with contextlib.suppress(Empty):
            while True:
                self._idle.get_nowait().close()


class SQLiteSnapshot:
    """Reads what commits have stored."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def events(self, start: int, end: int) -> list[bytes]:
        """The canonical bytes of events `start` to `end - 1`."""
        rows = self._connection.execute(
            "SELECT CAST(event AS BLOB) FROM events WHERE idx >= ? AND idx < ? ORDER BY idx", (start, end)
        )
        return [row[0] for row in rows]

    def nodes(self, places: Sequence[tuple[int, int]]) -> list[bytes]:
        """The hashes of complete subtrees, each by `(level, index)`."""
        return [_read_node(self._connection, level, index) for level, index in places]

    def newest_checkpoint(self) -> bytes | None:
        """The signed checkpoint of the largest size."""
        return _newest_checkpoint(self._connection)


class SQLiteStore:
    """The writing connection. Each method is one step of the writer's protocol, or of the recovery before it."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(
            path, isolation_level=None, check_same_thread=False, timeout=_BUSY_MILLISECONDS / 1000
        )
        try:
            self._prepare()
        except BaseException:
            self.connection.close()
            raise

    def _prepare(self) -> None:
        run = self.connection.execute
        if run("PRAGMA journal_mode = WAL").fetchone() != ("wal",):
            raise LogUnavailable(
                "the database can't keep a write-ahead log here; use a folder on a local disk"
            )
        # FULL syncs the WAL in each commit, before anyone is answered; in WAL mode the default would not.
        run("PRAGMA synchronous = FULL")
        # What commands delete is overwritten, and what savepoints set aside stays in memory.
        run("PRAGMA secure_delete = ON")
        run("PRAGMA temp_store = MEMORY")
        run("BEGIN IMMEDIATE")
        for statement in SCHEMA:
            run(statement)
        run("COMMIT")

    def begin(self) -> None:
        """Begin the batch's transaction, as the one that writes."""
        self.connection.execute("BEGIN IMMEDIATE")

    def savepoint(self) -> None:
        """Begin what one command writes."""
        self.connection.execute("SAVEPOINT command")

    def release(self) -> None:
        """Keep what the command wrote, as part of the batch."""
        self.connection.execute("RELEASE command")

    def undo(self) -> None:
        """Drop what the command wrote."""
        self.connection.execute("ROLLBACK TO command")
        self.connection.execute("RELEASE command")

    def append(self, start: int, entries: Sequence[bytes], nodes: Sequence[bytes]) -> None:
        """Add events from index `start` with their rows of hashes."""
        events = ((start + i, entry.decode()) for i, entry in enumerate(entries))
        self.connection.executemany("INSERT INTO events VALUES (?, ?)", events)
        self.connection.executemany("INSERT INTO hashes VALUES (?, ?)", enumerate(nodes, start))

    def stored(self, start: int) -> list[tuple[bytes, bytes]]:
        """Events from index `start` with their rows of hashes, as they are stored, whatever the damage."""
        return self.connection.execute(
            "SELECT ifnull(CAST(event AS BLOB), x''), ifnull(CAST(nodes AS BLOB), x'')"
            " FROM events JOIN hashes USING (idx)"
            " WHERE idx >= ? ORDER BY idx",
            (start,),
        ).fetchall()

    def add_checkpoint(self, size: int, note: bytes) -> None:
        """Add the signed checkpoint of `size`."""
        self.connection.execute("INSERT INTO checkpoints VALUES (?, ?)", (size, note.decode()))

    def commit(self) -> None:
        """End the transaction: when this returns, it is on the disk."""
        self.connection.execute("COMMIT")

    def rollback(self) -> None:
        """Drop the transaction, if there still is one."""
        if self.connection.in_transaction:
            self.connection.execute("ROLLBACK")

    def size(self) -> int:
        """The number of events; `LogDamaged` if there are not as many rows of hashes."""
        events, hashes = self.connection.execute(
            "SELECT (SELECT coalesce(max(idx), -1) + 1 FROM events), (SELECT coalesce(max(idx), -1) + 1 FROM hashes)"
        ).fetchone()
        if events != hashes:
            raise LogDamaged(
                f"there are {events} events but {hashes} rows of hashes; restore both from one backup"
            )
        return int(events)

    def newest_checkpoint(self) -> bytes | None:
        """The signed checkpoint of the largest size."""
        return _newest_checkpoint(self.connection)

    def node(self, level: int, index: int) -> bytes:
        """The hash of the complete subtree `(level, index)`."""
        return _read_node(self.connection, level, index)

    def fold(self) -> bool:
        """Move the write-ahead log into the database file and sync it; False if a reader is in the way."""
        busy, *_ = self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy

    def purge(self) -> bool:
        """Leave nothing of what was deleted: False while a reader needs older pages. Waits for no reader itself."""
        # The write-ahead log keeps the pages as they were; what is overwritten in the file is `secure_delete`'s.
        self.connection.execute("PRAGMA busy_timeout = 0")
        try:
            return self.fold()
        finally:
            self.connection.execute(f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}")

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()


def _newest_checkpoint(connection: sqlite3.Connection) -> bytes | None:
    row = connection.execute(
        "SELECT ifnull(CAST(note AS BLOB), x'') FROM checkpoints ORDER BY size DESC LIMIT 1"
    ).fetchone()
    return row[0] if row else None


def _read_node(connection: sqlite3.Connection, level: int, index: int) -> bytes:
    """The hash of the complete subtree `(level, index)`; `LogDamaged` if it isn't stored."""
    row = connection.execute(
        "SELECT substr(nodes, ?, ?) FROM hashes WHERE idx = ?",
        (HASH_BYTES * level + 1, HASH_BYTES, (index + 1 << level) - 1),
    ).fetchone()
    if row is None or not isinstance(row[0], bytes) or len(row[0]) != HASH_BYTES:
        raise LogDamaged(f"the hash of level {level}, index {index} is not stored; run `audit verify`")
    return row[0]


class Lock:
    """Held by the one `Log` that may write a database; SQLite's own lock, so it ends with the process."""

    def __init__(self, database: Path) -> None:
        path = database.with_name(database.name + "-lock")
        self._connection = sqlite3.connect(path, isolation_level=None, timeout=0, check_same_thread=False)
        try:
            # Nothing is ever written through it, so it needs no journal file beside it.
            self._connection.execute("PRAGMA journal_mode = MEMORY")
            self._connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            self._connection.close()
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            raise LogInUse(
                f"the log {database.name} is open already; stop the other gateway, or use another folder"
            ) from None

    def release(self) -> None:
        """Let another `Log` open the database."""
        self._connection.close()
