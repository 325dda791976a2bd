"""The audit log in PostgreSQL: one order for all gateways, taken in two statements.

1. `pg_advisory_xact_lock`: one gateway at a time writes the log, until its transaction ends
2. in a statement of its own, and so with a newer snapshot, the newest checkpoint is read

In one statement both would share a snapshot from before the lock was had, and REPEATABLE READ would keep that for the
whole transaction; so each transaction asks for READ COMMITTED itself, whatever the server's default is. The two go out
together, as two statements of one message: each has a snapshot of its own (PostgreSQL, Message Flow, Simple Query).
"""

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import psycopg

from audit import Lock, LogDamaged
from gateway.storage.postgresql.brief_locks import LOG_LOCK
from gateway.storage.postgresql.connections import REMEDY, Postgres, PostgresConnection, kind_of
from gateway.storage.postgresql.guards import require_fit
from gateway.storage.storage_errors import DatabaseAway

_HASH_BYTES: Final = 32
_BEGIN: Final = (
    "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;"
    # Never answered before it is on the disk; a stronger setting, for standbys, stays as it is.
    " SELECT set_config('synchronous_commit', 'on', true)"
    "  WHERE current_setting('synchronous_commit') IN ('off', 'local', 'remote_write');"
    f" SELECT pg_advisory_xact_lock({LOG_LOCK});"
)
_NEWEST: Final = "SELECT convert_to(note, 'UTF8') FROM checkpoints ORDER BY size DESC LIMIT 1"
_APPEND: Final = """
WITH given AS (
  SELECT %(start)s::bigint + number - 1 AS idx, event, nodes
  FROM unnest(%(entries)s::text[], %(nodes)s::bytea[]) WITH ORDINALITY AS row_of(event, nodes, number)
), of_events AS (INSERT INTO events SELECT idx, event FROM given ORDER BY idx)
INSERT INTO hashes SELECT idx, nodes FROM given ORDER BY idx
"""
_NODES: Final = """
SELECT substr(nodes, begins, %s) FROM unnest(%s::bigint[], %s::int[]) WITH ORDINALITY AS wanted(place, begins, number)
JOIN hashes ON idx = place ORDER BY number
"""
_NODE: Final = "SELECT substr(nodes, %s, %s) FROM hashes WHERE idx = %s"


class PostgresLog:
    """Where several gateways keep one log; `folder_lock` makes each the only one on its own data folder."""

    shared = True
    failures = (psycopg.Error, DatabaseAway)

    def __init__(self, postgres: Postgres, folder_lock: Path) -> None:
        self._postgres = postgres
        self._folder_lock = folder_lock

    def explain(self, error: Exception) -> str:
        """A failure by its code, and what to do."""
        return f"({kind_of(error)}); {REMEDY}"

    def claim(self) -> Lock:
        """Be the only gateway on this data folder; others, on folders of their own, may write the same log."""
        return Lock(self._folder_lock)

    def open_store(self) -> "PostgresStore":
        """A new writing connection, on a server and with a role that the log can rely on."""
        connection = self._postgres.connect()
        try:
            require_fit(connection)
        except BaseException:
            connection.close()
            raise
        return PostgresStore(connection)

    @contextlib.contextmanager
    def snapshot(self) -> Iterator["PostgresSnapshot"]:
        """Borrow a reading connection."""
        with self._postgres.borrow() as connection:
            yield PostgresSnapshot(connection)

    def close(self) -> None:
        """Close idle reading connections."""
        self._postgres.close()


class PostgresSnapshot:
    """Reads what commits have stored."""

    def __init__(self, connection: PostgresConnection) -> None:
        self._connection = connection

    def events(self, start: int, end: int) -> list[bytes]:
        """The canonical bytes of events `start` to `end - 1`."""
        query = "SELECT convert_to(event, 'UTF8') FROM events WHERE idx >= %s AND idx < %s ORDER BY idx"
        return [row[0] for row in self._connection.execute(query, (start, end))]

    def nodes(self, places: Sequence[tuple[int, int]]) -> list[bytes]:
        """The hashes of complete subtrees, each by `(level, index)`, in one query."""
        rows = [_place(level, index) for level, index in places]
        offsets = [_HASH_BYTES * level + 1 for level, _ in places]
        results = self._connection.execute(_NODES, (_HASH_BYTES, rows, offsets)).fetchall()
        if len(results) != len(places) or any(len(row[0]) != _HASH_BYTES for row in results):
            raise LogDamaged("hashes that this asks for are not stored; run `countersign audit verify`")
        return [bytes(row[0]) for row in results]

    def newest_checkpoint(self) -> bytes | None:
        """The signed checkpoint of the largest size."""
        return _newest_checkpoint(self._connection)


class PostgresStore:
    """The writing connection; each method is one step of the writer's protocol, or of the recovery before it."""

    def __init__(self, connection: PostgresConnection) -> None:
        self.connection = connection
        self._unreleased = False
        self._newest: list[bytes | None] = []
        self._checkpoint: tuple[int, str] | None = None

    def begin(self) -> None:
        """Begin the batch's transaction and take the log's order; what is read after this is the newest."""
        self._unreleased, self._checkpoint = False, None
        self._newest = [_bytes(self.connection.last_row(_BEGIN + _NEWEST))]

    def savepoint(self) -> None:
        """Begin what one command writes, with its first statement."""
        release = "RELEASE SAVEPOINT command; " if self._unreleased else ""
        self.connection.first = f"{release}SAVEPOINT command"

    def release(self) -> None:
        """Keep what the command wrote, as part of the batch; the next savepoint, or the commit, takes that along."""
        self._unreleased = self._written() or self._unreleased

    def undo(self) -> None:
        """Drop what the command wrote."""
        if self._written():
            self.connection.control("ROLLBACK TO SAVEPOINT command; RELEASE SAVEPOINT command")
            self._unreleased = False

    def _written(self) -> bool:
        """Whether the savepoint was made: there was a statement after it."""
        first, self.connection.first = self.connection.first, None
        return first is None

    def append(self, start: int, entries: Sequence[bytes], nodes: Sequence[bytes]) -> None:
        """Add events from index `start` with their rows of hashes."""
        texts = [entry.decode() for entry in entries]
        self.connection.execute(_APPEND, {"start": start, "entries": texts, "nodes": list(nodes)})

    def stored(self, start: int) -> list[tuple[bytes, bytes]]:
        """Events from index `start` with their rows of hashes, as they are stored."""
        query = (
            "SELECT convert_to(event, 'UTF8'), nodes FROM events JOIN hashes USING (idx)"
            " WHERE idx >= %s ORDER BY idx"
        )
        return self.connection.execute(query, (start,)).fetchall()

    def add_checkpoint(self, size: int, note: bytes) -> None:
        """Add the signed checkpoint of `size`: it is sent with the commit."""
        self._checkpoint = (size, note.decode())

    def commit(self) -> None:
        """End the transaction: when this returns, it is on the disk."""
        checkpoint, self._checkpoint, self._newest = self._checkpoint, None, []
        first = None if checkpoint is None else ("INSERT INTO checkpoints VALUES (%s, %s)", checkpoint)
        # A transaction in which a statement failed is rolled back by COMMIT, which is no error to PostgreSQL.
        if self.connection.end("COMMIT", first) != "COMMIT":
            raise DatabaseAway(f"the transaction was not committed; {REMEDY}")

    def rollback(self) -> None:
        """Drop the transaction, if there still is one."""
        self.connection.first = self._checkpoint = None
        self._newest = []
        if not self.connection.usable:
            self.connection.control("ROLLBACK")

    def size(self) -> int:
        """The number of events; `LogDamaged` if there are not as many rows of hashes."""
        events, hashes = self.connection.execute(
            "SELECT (SELECT coalesce(max(idx), -1) + 1 FROM events), (SELECT coalesce(max(idx), -1) + 1 FROM hashes)"
        ).fetchone() or (0, 0)
        if events != hashes:
            raise LogDamaged(
                f"there are {events} events but {hashes} rows of hashes; restore both from one backup"
            )
        return int(events)

    def newest_checkpoint(self) -> bytes | None:
        """The signed checkpoint of the largest size."""
        # What came with the transaction's beginning holds until it adds one itself, after which nobody asks.
        return self._newest[0] if self._newest else _newest_checkpoint(self.connection)

    def node(self, level: int, index: int) -> bytes:
        """The hash of the complete subtree `(level, index)`."""
        return _read_node(self.connection, level, index)

    def fold(self) -> bool:
        """Nothing to do: PostgreSQL's recovery has settled what a failed sync left before it answers again."""
        return True

    def purge(self) -> bool:
        """Nothing to do here: dead rows are vacuumed on a connection of their own."""
        return True

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()


def _newest_checkpoint(connection: PostgresConnection) -> bytes | None:
    return _bytes(connection.execute(_NEWEST).fetchone())


def _bytes(row: Any) -> bytes | None:
    return None if row is None else bytes(row[0])


def _read_node(connection: PostgresConnection, level: int, index: int) -> bytes:
    where = (_HASH_BYTES * level + 1, _HASH_BYTES, _place(level, index))
    row: Any = connection.execute(_NODE, where).fetchone()
    if row is None or len(row[0]) != _HASH_BYTES:
        raise LogDamaged(f"the hash of level {level}, index {index} is not stored; run `audit verify`")
    return bytes(row[0])


def _place(level: int, index: int) -> int:
    """The row of the subtree's last event, which holds its hash (see audit/schema.py)."""
    return (index + 1 << level) - 1
