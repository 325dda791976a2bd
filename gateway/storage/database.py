"""The SQLite file: brought to the newest schema at start, read on connections that never wait for the writer."""

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from gateway.storage.statements import Connection

T = TypeVar("T")

SCHEMA_HEAD = "0004"
"""The newest migration; a test holds it to what `migrations/versions` contains."""


def prepare(path: Path) -> None:
    """Bring the schema of the database at `path` to `SCHEMA_HEAD`, making the file if there is none."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        newest = _schema_version(connection) == SCHEMA_HEAD
    if not newest:
        _migrate(path)


def _schema_version(connection: Connection) -> str | None:
    known = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone() if known else None
    return row[0] if row else None


def _migrate(path: Path) -> None:
    # Alembic takes a quarter of a second to import, so only a start that changes the schema pays for it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["url"] = f"sqlite:///{path}"
    command.upgrade(config, SCHEMA_HEAD)


class Database:
    """Read access: one connection a thread, each read in a snapshot of its own."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()

    def read(self, query: Callable[[Connection], T]) -> T:
        """Run `query` on this thread's read-only connection."""
        return query(self._connection())

    def snapshot(self, query: Callable[[Connection], T]) -> T:
        """Run `query` on one unchanging view of the database; while it runs, erasures wait to be overwritten."""
        connection = self._connection()
        connection.execute("BEGIN")
        try:
            return query(connection)
        finally:
            connection.execute("ROLLBACK")

    def _connection(self) -> Connection:
        connection: Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(
                f"{self._path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None
            )
            connection.execute("PRAGMA query_only=ON")
            connection.execute("PRAGMA temp_store=MEMORY")  # what is sorted must not lie in a file
            self._local.connection = connection
        return connection
