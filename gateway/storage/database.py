"""The database: brought to the newest schema at start, read on connections that never wait for the writer."""

import shutil
import sqlite3
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any, Protocol, TypeVar

from sqlalchemy import Engine, Table, create_engine

from audit import DATABASE_FILE, Connection, Log, SQLiteFile, Storage, sync_path
from gateway.storage.schema_versions import is_newer, require_usable

T = TypeVar("T")

SCHEMA_HEAD = "0020"
"""The newest migration; a test holds it to what `migrations/versions` contains."""


def prepare(path: Path) -> None:
    """Bring the schema of the database at `path` to `SCHEMA_HEAD`, making the file if there is none.

    One that a newer gateway made is left as it is; `DatabaseUnfit` where this one can't use it.
    """
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        version = _schema_version(connection)
        if version is not None and is_newer(version, SCHEMA_HEAD):
            require_usable(connection, version, SCHEMA_HEAD)
            return
    if version != SCHEMA_HEAD:
        migrate(create_engine(f"sqlite:///{path}"))


def _schema_version(connection: Connection) -> str | None:
    known = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone() if known else None
    return row[0] if row else None


def migrate(engine: Engine) -> None:
    """Run the migrations that are missing."""
    # Alembic takes a quarter of a second to import, so only a start that changes the schema pays for it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["engine"] = engine
    command.upgrade(config, SCHEMA_HEAD)


class SharedRows(Protocol):
    """What is set aside for requests under way, for all gateways: see `gateway.advice.SharedReservations`."""

    def reserve(
        self,
        row: dict[str, Any],
        whose: Collection[str],
        fits: Callable[[Any, dict[str, Any]], tuple[T, bool]],
    ) -> T:
        """Insert the row if `fits` allows it, given the sums set aside for each of `whose`; gives the other result of
        `fits`.
        """
        ...

    def charge(self, reservation: str, tokens: int) -> None:
        """The request is no longer under way, and took so many tokens."""
        ...


class ScratchTables(Protocol):
    """Tables filled beside those in use: see `gateway.storage.postgresql.scratch_tables`."""

    def batch(self) -> AbstractContextManager[Connection]:
        """A transaction of the scratch tables alone, for which nobody else waits."""
        ...

    def in_snapshot(self) -> AbstractContextManager[Connection]:
        """A transaction of the scratch tables that sees all others as they are at one moment."""
        ...

    def keep_those_that_differ(self) -> None:
        """Leave out, from here on, tables whose rows are the same as those of the tables in use."""
        ...

    def in_log_order(self) -> AbstractContextManager[Connection]:
        """A transaction in the log's one order: nobody adds an event until it ends."""
        ...

    def replace_rows(self) -> None:
        """Make the rows of the tables in use those of the scratch tables."""
        ...


class Database:
    """One SQLite file. Reading: one connection a thread, each read in a snapshot of its own."""

    shared = False
    """Whether several gateways have it in use."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()

    def exists(self) -> bool:
        """Whether there is a log in it."""
        return self._path.is_file()

    def prepare(self) -> None:
        """Bring the schema to `SCHEMA_HEAD`, making the file if there is none."""
        prepare(self._path)

    def log_storage(self) -> Storage:
        """The storage of the audit log: beside the tables, so that an event and the rows that follow from it are one
        transaction.
        """
        return SQLiteFile(self._path)

    def guards_missing(self) -> list[str]:
        """What should guard the log and doesn't; `audit` tells it of a SQLite file itself."""
        return []

    def reservations(self) -> SharedRows | None:
        """The reservations that several gateways share; None if there is only one gateway."""
        return None

    @contextmanager
    def scratch_tables(self, tables: Sequence[Table]) -> Iterator[ScratchTables | None]:
        """Tables to fill beside those in use; None if there is only one gateway, which then waits."""
        yield None

    @contextmanager
    def verifiable(self, data: Path) -> Iterator[Path]:
        """A folder that `audit` can verify: the data folder itself."""
        yield data

    def has_tables(self) -> bool:
        """Whether anything is stored in it."""
        return self._path.exists()

    @contextmanager
    def backed_up(self, folder: Path) -> Iterator[Path]:
        """Copy all of it, as it is at one moment, into `folder`; gives a folder that `audit` can verify: this one.

        Erasures wait meanwhile to be overwritten.
        """
        with closing(sqlite3.connect(folder / DATABASE_FILE)) as copy:
            with closing(sqlite3.connect(f"{self._path.absolute().as_uri()}?mode=ro", uri=True)) as source:
                source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file
        yield folder

    def restore(self, folder: Path, owner: str | None) -> None:
        """Put the copy that `backed_up` made in its place; `owner` is for PostgreSQL only."""
        fresh = self._path.with_name(self._path.name + ".restoring")
        shutil.copyfile(folder / DATABASE_FILE, fresh)
        sync_path(fresh)
        for suffix in ("-wal", "-shm"):  # of the database that was here
            beside = self._path.with_name(self._path.name + suffix)
            if beside.exists():
                beside.replace(beside.with_name(beside.name + ".before-restore"))
        fresh.replace(self._path)
        sync_path(self._path.parent)

    def purge(self, log: Log) -> bool:
        """Overwrite what was erased; False while a reader needs older pages of it."""
        return log.purge().result()

    def read(self, query: Callable[[Connection], T]) -> T:
        """Run `query` on this thread's read-only connection."""
        return query(self._connection())

    async def fetch(self, query: Callable[[Connection], T]) -> T:
        """`read` without holding up the event loop. A local file needs no other thread."""
        return self.read(query)

    def write_apart(self, command: Callable[[Connection], T]) -> T:
        """Run one statement apart from the log, not synced; only where several gateways share the database."""
        raise NotImplementedError

    async def run_in_thread(self, work: Callable[[], T]) -> T:
        """Do `work` that asks the database of its own, likewise."""
        return work()

    def snapshot(self, query: Callable[[Connection], T]) -> T:
        """Run `query` on one unchanging view of the database; while it runs, erasures wait to be overwritten."""
        connection = self._connection()
        connection.execute("BEGIN")
        try:
            return query(connection)
        finally:
            connection.execute("ROLLBACK")

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(
                f"{self._path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None
            )
            connection.execute("PRAGMA query_only=ON")
            connection.execute("PRAGMA temp_store=MEMORY")  # what is sorted must not lie in a file
            self._local.connection = connection
        return connection
