"""A real log in a real database, with what the gateway keeps beside it, for tests of single parts."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from audit import Log, Signer, decode_event
from gateway.advice import Recorder
from gateway.storage import Database, Keyring, LocalKey, MasterKeys, Vault, open_database, store_fresh

MASTER = LocalKey(bytes(range(32)))


class Clock:
    """The log's clock, moved by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Ledger:
    path: Path
    log: Log
    database: Database
    vault: Vault
    recorder: Recorder
    clock: Clock
    signer: Signer

    def events(self, kind: str | None = None) -> list[dict[str, Any]]:
        found = [decode_event(raw) for raw in self.log.read(0, self.log.size)]
        return [event for event in found if kind in (None, event["type"])]

    def run(self, command: Any) -> Any:
        return self.log.submit(command).result().result

    def change(self, statement: str, *values: object) -> None:
        """What somebody with the database and an SQL shell can do."""
        self.run(lambda transaction: transaction.connection.execute(self.sql(statement), values) and None)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return self.database.read(lambda connection: connection.execute(self.sql(query)).fetchall())

    def sql(self, statement: str) -> str:
        """SQLite's words in those of the database at hand."""
        if self.database.shared:
            statement = re.sub(r"zeroblob\((\d+)\)", r"decode(repeat('00', \1), 'hex')", statement)
            statement = statement.replace("?", "%s").replace("rowid", "ctid")
        return statement


@contextmanager
def open_ledger(folder: Path, address: str | None = None) -> Iterator[Ledger]:
    """In a SQLite file in `folder`, or in the PostgreSQL database at `address`."""
    path = folder / "countersign.db"
    clock = Clock()
    signer = Signer.generate("test.example/log")
    database = open_database(path, address)
    database.prepare()
    log = Log.open(database.log_storage(), signer, checkpoint_file=folder / "checkpoint", clock=clock)
    ring = Keyring(MasterKeys([MASTER]))
    fresh = database.read(ring.fresh)
    log.submit(lambda transaction: store_fresh(transaction.connection, fresh, transaction.now)).result()
    database.read(ring.load)
    vault = Vault(ring)
    try:
        yield Ledger(path, log, database, vault, Recorder(log, vault), clock, signer)
    finally:
        log.close()
