"""The gateway's tables in PostgreSQL: brought to the newest schema at start, read on connections of their own."""

import asyncio
import contextlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, TypeVar

import psycopg
from sqlalchemy import Table, create_engine

from audit import CHECKPOINT_FILE, DATABASE_FILE, VERIFIER_KEY_FILE, Connection, Log
from gateway.storage.database import SCHEMA_HEAD, Database, migrate
from gateway.storage.dialects import MigrationTypes
from gateway.storage.postgresql.brief_locks import BRIEF_LOCKS, until_locked
from gateway.storage.postgresql.connections import REMEDY, Postgres, PostgresConnection
from gateway.storage.postgresql.dump import dump, restore
from gateway.storage.postgresql.guards import guards_missing, prepare_log, require_fit
from gateway.storage.postgresql.log import PostgresLog
from gateway.storage.postgresql.log_copy import copy_log
from gateway.storage.postgresql.reservations import ReservationRows
from gateway.storage.postgresql.scratch_tables import ScratchTables, open_scratch_tables
from gateway.storage.postgresql.writing_apart import WritingApart
from gateway.storage.schema_versions import is_newer, require_usable
from gateway.storage.storage_errors import DatabaseAway, DatabaseUnfit

T = TypeVar("T")

_BESIDE: Final = (CHECKPOINT_FILE, VERIFIER_KEY_FILE, "witnessed")

_MIGRATING: Final = 0x6D69677261746573
"""The advisory lock of bringing up the schema: gateways that start together do it one after the other."""
_READERS: Final = 8
"""Threads that wait for the server in place of the event loop: a server that hangs must not silence the gateway."""
ANSWER_SECONDS: Final = 10.0
"""How long an answer is waited for; then the caller is told, and the thread goes on waiting."""
_SNAPSHOT: Final = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_HOLDING_CONTENT: Final = ("content_keys", "sealed", "pseudonyms", "keyring", "idempotency")


class PostgresDatabase(Database):
    """The database at `address`; `folder` is this gateway's own data folder, for its lock."""

    shared = True

    def __init__(self, address: str, folder_lock: Path) -> None:
        self.postgres = Postgres(address)
        self._folder_lock = folder_lock
        self._apart = WritingApart(self.postgres)
        self._threads = ThreadPoolExecutor(_READERS, "database")

    def log_storage(self) -> PostgresLog:
        """Where the audit log is kept."""
        return PostgresLog(self.postgres, self._folder_lock)

    def exists(self) -> bool:
        """Whether there is a log in it; `DatabaseUnfit` where its tables were never made."""
        with contextlib.closing(self.postgres.connect(reading=True)) as connection:
            require_fit(connection)
            return connection.execute("SELECT 1 FROM checkpoints LIMIT 1").fetchone() is not None

    def prepare(self) -> None:
        """Bring the schema to `SCHEMA_HEAD`, beside gateways that run; what a newer one made is left as it is."""
        with contextlib.closing(self.postgres.connect()) as connection:
            require_fit(connection)
            connection.execute("SET lock_timeout = 0")
            connection.execute(f"SELECT pg_advisory_lock({_MIGRATING})")
            version = _schema_version(connection)
            if version is not None and is_newer(version, SCHEMA_HEAD):
                require_usable(connection, version, SCHEMA_HEAD)
            elif version != SCHEMA_HEAD:
                until_locked(self._migrate)

    def _migrate(self) -> None:
        engine = create_engine("postgresql+psycopg://", creator=self._migrating)
        engine.dialect.type_compiler_instance = MigrationTypes(engine.dialect)
        try:
            migrate(engine)
        finally:
            engine.dispose()

    def _migrating(self) -> "psycopg.Connection[Any]":
        raw = self.postgres.raw()
        raw.execute(BRIEF_LOCKS)
        raw.commit()
        return raw

    def read(self, query: Callable[[Connection], T]) -> T:
        """Run `query`; once more on a new connection if the server has ended the one at hand since it was last used."""
        try:
            with self.postgres.borrow() as connection:
                return query(connection)
        except DatabaseAway:
            self.postgres.close()
            with self.postgres.borrow() as connection:
                return query(connection)

    async def fetch(self, query: Callable[[Connection], T]) -> T:
        """`read` on a thread of the database's own; `DatabaseAway` if the server does not answer in time."""
        return await self.run_in_thread(lambda: self.read(query))

    def write_apart(self, command: Callable[[Connection], T]) -> T:
        """Run one statement apart from the log, not synced; `DatabaseAway` if the server can't be reached."""
        return self._apart.run(command)

    async def run_in_thread(self, work: Callable[[], T]) -> T:
        """Do `work` on a thread of the database's own; `DatabaseAway` if the server does not answer in time."""
        future = asyncio.get_running_loop().run_in_executor(self._threads, work)
        try:
            return await asyncio.wait_for(future, ANSWER_SECONDS)
        except TimeoutError:
            raise DatabaseAway(
                f"the database did not answer in {ANSWER_SECONDS:.0f} seconds; {REMEDY}"
            ) from None

    def snapshot(self, query: Callable[[Connection], T]) -> T:
        """Run `query` on one unchanging view of the database."""

        def on_snapshot(connection: Connection) -> T:
            connection.execute(_SNAPSHOT)
            try:
                return query(connection)
            finally:
                with contextlib.suppress(DatabaseAway, psycopg.Error):
                    connection.execute("ROLLBACK")

        return self.read(on_snapshot)

    def purge(self, log: Log) -> bool:
        """Have dead rows of what was erased made free. Older copies of them stay: see docs/operations.md, Erasing."""
        with contextlib.closing(self.postgres.connect()) as connection:
            for table in _HOLDING_CONTENT:
                connection.execute(f"VACUUM {table}")
        return True

    @contextlib.contextmanager
    def scratch_tables(self, tables: Sequence[Table]) -> Iterator[ScratchTables | None]:
        """Where `tables` can be filled beside those in use; None where the role may make no temporary tables."""
        with open_scratch_tables(self.postgres, tables) as scratch:
            yield scratch

    @contextlib.contextmanager
    def verifiable(self, data: Path) -> Iterator[Path]:
        """The log as it is stored, in a folder as a gateway on SQLite has it, with this gateway's files beside it."""
        with TemporaryDirectory(prefix="countersign-") as temporary:
            folder = Path(temporary)
            for (
                name
            ) in _BESIDE:  # the checkpoint first: it lags behind the database, so the copy must cover it
                if (data / name).is_file():
                    shutil.copyfile(data / name, folder / name)
            self.snapshot(lambda connection: copy_log(connection, folder / DATABASE_FILE))
            yield folder

    def has_tables(self) -> bool:
        """Whether there is any table in it."""
        query = "SELECT 1 FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') LIMIT 1"
        return self.read(lambda connection: connection.execute(query).fetchone() is not None)

    @contextlib.contextmanager
    def backed_up(self, folder: Path) -> Iterator[Path]:
        """Dump all of it, as it is at one moment, into `folder`; gives a folder that holds its log for `audit`."""
        with TemporaryDirectory(prefix="countersign-") as temporary:
            copy = Path(temporary)
            for name in (CHECKPOINT_FILE, VERIFIER_KEY_FILE):
                shutil.copyfile(folder / name, copy / name)
            self.snapshot(lambda connection: self._dump(connection, folder, copy))
            yield copy

    def _dump(self, connection: Connection, folder: Path, copy: Path) -> None:
        snapshot = connection.execute("SELECT pg_export_snapshot()").fetchone()[0]
        dump(self.postgres.conninfo, snapshot, folder)
        copy_log(connection, copy / DATABASE_FILE)

    def restore(self, folder: Path, owner: str | None) -> None:
        """Fill the empty database from the dump that `backed_up` made, as the superuser whose address `owner` is."""
        if owner is None:
            raise DatabaseUnfit("a superuser's address of the empty database is needed; name it with --owner")
        restore(Postgres(owner).conninfo, folder)

    def guards_missing(self) -> list[str]:
        """The triggers that should guard the log's tables and don't."""
        return self.read(guards_missing)

    def reservations(self) -> ReservationRows:
        """What all gateways set aside for requests under way."""
        return ReservationRows(self.postgres)


def prepare_database(address: str, owner_address: str) -> str:
    """Have the owner make the log's tables for the role of `address`, whose name it gives."""
    with (
        contextlib.closing(Postgres(address).connect()) as gateway,
        contextlib.closing(Postgres(owner_address).connect()) as owner,
    ):
        current, target = (
            connection.execute("SELECT current_database(), current_user").fetchone()
            for connection in (gateway, owner)
        )
        assert current is not None  # noqa: S101 - it gives one row
        assert target is not None  # noqa: S101
        if current[0] != target[0]:
            raise DatabaseUnfit(
                f"the gateway's address names the database {current[0]}, the owner's {target[0]}; name the same in both"
            )
        prepare_log(owner, current[1])
        return str(current[1])


def _schema_version(connection: PostgresConnection) -> str | None:
    known = connection.execute("SELECT to_regclass('alembic_version') IS NOT NULL").fetchone()
    row = (
        connection.execute("SELECT version_num FROM alembic_version").fetchone()
        if known and known[0]
        else None
    )
    return row[0] if row else None
