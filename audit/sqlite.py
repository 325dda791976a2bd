"""The one connection that writes the log's database, and the lock that keeps it the only one."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from audit.errors import LogDamaged, LogInUse, LogUnavailable
from audit.merkle import HASH_BYTES
from audit.schema import SCHEMA

_BUSY_MILLISECONDS: Final = 5_000
"""How long a statement waits for another process's lock."""


class Store:
    """The writing connection. Each method is one step of the writer's protocol, or of settling before it."""

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
        row = self.connection.execute(
            "SELECT ifnull(CAST(note AS BLOB), x'') FROM checkpoints ORDER BY size DESC LIMIT 1"
        ).fetchone()
        return row[0] if row else None

    def node(self, level: int, index: int) -> bytes:
        """The hash of the complete subtree `(level, index)`."""
        return read_node(self.connection, level, index)

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


def read_node(connection: sqlite3.Connection, level: int, index: int) -> bytes:
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
