"""Writing apart from the log what no event follows from. It is not synced: a server's crash may forget it."""

import threading
from collections.abc import Callable
from typing import TypeVar

from gateway.storage.postgresql.connections import Postgres, PostgresConnection
from gateway.storage.storage_errors import DatabaseAway

T = TypeVar("T")


class WritingApart:
    """One connection in autocommit mode; usable from many threads, one after the other."""

    def __init__(self, postgres: Postgres) -> None:
        self._postgres = postgres
        self._lock = threading.Lock()
        self._connection: PostgresConnection | None = None

    def run(self, command: Callable[[PostgresConnection], T]) -> T:
        """Run `command`, one statement that may run twice; `DatabaseAway` if the server can't be reached."""
        with self._lock:
            try:
                return command(self._connected())
            except DatabaseAway:
                self._connection = None  # ended by the server since: once more on a new one
                return command(self._connected())

    def _connected(self) -> PostgresConnection:
        if self._connection is None or not self._connection.usable:
            self._connection = self._postgres.connect()
            self._connection.control("SET synchronous_commit = off")
        return self._connection
