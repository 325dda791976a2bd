"""The state of a witness: for each log the newest checkpoint that it cosigned, in one SQLite file.

A witness that forgets can be made to sign a fork, so a change is on the disk before it is answered, and reading
the old size, deciding and writing are one transaction (C2SP tlog-witness, add-checkpoint).
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from audit.audit_errors import Unreadable
from audit.merkle import EMPTY_ROOT

_TABLE = """CREATE TABLE IF NOT EXISTS logs (origin TEXT PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL,
             note BLOB NOT NULL)"""
_REFUSED = """CREATE TABLE IF NOT EXISTS refused (number INTEGER PRIMARY KEY, origin TEXT NOT NULL,
               time INTEGER NOT NULL, why TEXT NOT NULL, note BLOB NOT NULL)"""
_MAX_REFUSED = 1_000
"""Signed checkpoints that did not continue a log are kept as evidence, the newest of them."""


@dataclass(frozen=True)
class Known:
    """The newest checkpoint that was cosigned; before the first one, the empty log's, with no note."""

    size: int = 0
    root: bytes = EMPTY_ROOT
    note: bytes | None = None


class WitnessTransaction:
    """One transaction on one log."""

    def __init__(self, connection: sqlite3.Connection, origin: str) -> None:
        self._connection = connection
        self._origin = origin
        row = connection.execute("SELECT size, root, note FROM logs WHERE origin = ?", (origin,)).fetchone()
        self.known = Known(*row) if row else Known()

    def keep(self, size: int, root: bytes, note: bytes) -> None:
        """Remember what is about to be answered."""
        self._connection.execute(
            "INSERT OR REPLACE INTO logs VALUES (?, ?, ?, ?)", (self._origin, size, root, note)
        )

    def refuse(self, time: int, why: str, note: bytes) -> None:
        """Keep a signed checkpoint that does not continue the log."""
        self._connection.execute(
            "INSERT INTO refused (origin, time, why, note) VALUES (?, ?, ?, ?)",
            (self._origin, time, why, note),
        )
        self._connection.execute(
            "DELETE FROM refused WHERE number <= (SELECT max(number) FROM refused) - ?", (_MAX_REFUSED,)
        )


class State:
    """The file; usable from many threads, one of them at a time."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        try:
            self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            # In a rollback journal, FULL syncs the file before COMMIT returns.
            self._connection.execute("PRAGMA journal_mode = DELETE")
            self._connection.execute("PRAGMA synchronous = EXTRA")
            self._connection.execute(_TABLE)
            self._connection.execute(_REFUSED)
        except sqlite3.Error as error:
            kind = getattr(error, "sqlite_errorname", type(error).__name__)
            raise Unreadable(
                f"{path} can't be used as the witness's state ({kind}); name a file on a local disk"
            ) from None

    @contextmanager
    def turn(self, origin: str) -> Iterator[WitnessTransaction]:
        """One log's turn: all of it is on the disk when the block ends, or nothing of it if it raises."""
        with self._lock:
            # IMMEDIATE: a second witness process on this file waits here, before it reads.
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield WitnessTransaction(self._connection, origin)
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def newest(self, origin: str) -> Known:
        """The newest cosigned checkpoint of a log."""
        with self._lock:
            row = self._connection.execute(
                "SELECT size, root, note FROM logs WHERE origin = ?", (origin,)
            ).fetchone()
        return Known(*row) if row else Known()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()
