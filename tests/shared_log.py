"""One log in PostgreSQL and several gateways' ends of it, each with a data folder of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from audit import Log, Report, Signer, verify_directory
from gateway.storage import Database, open_database
from gateway.storage.postgresql import PostgresDatabase
from tests.postgres_server import PostgresServer

EVENT = {"type": "advice.requested", "advice": "adv-1"}


def verify_of(database: Database, data: Path) -> Report:
    """The whole log in PostgreSQL as it is stored, held against the files in a gateway's data folder."""
    with database.verifiable(data) as folder:
        return verify_directory(folder)


class SharedLog:
    """`server` keeps it, in the database `name`."""

    def __init__(self, server: PostgresServer, folder: Path) -> None:
        self.server = server
        self.name = server.database()
        self.folder = folder
        self.signer = Signer.generate("test.example/log")
        self.logs: list[Log] = []

    @property
    def address(self) -> str:
        return self.server.address(self.name)

    def database(self, gateway: str = "a") -> PostgresDatabase:
        folder = self.folder / gateway
        folder.mkdir(exist_ok=True)
        database = open_database(folder / "countersign.db", self.address)
        assert isinstance(database, PostgresDatabase)
        return database

    def open(self, gateway: str = "a", **settings: Any) -> Log:
        """The log as one gateway has it open."""
        storage = self.database(gateway).log_storage()
        log = Log.open(storage, self.signer, checkpoint_file=self.folder / gateway / "checkpoint", **settings)
        self.logs.append(log)
        return log

    def join(self, gateway: str, first: str = "a", **settings: Any) -> Log:
        """As docs/operations.md says: a gateway that joins gets a copy of the checkpoint file."""
        (self.folder / gateway).mkdir(exist_ok=True)
        (self.folder / gateway / "checkpoint").write_bytes((self.folder / first / "checkpoint").read_bytes())
        return self.open(gateway, **settings)

    def verify(self, gateway: str = "a") -> Report:
        """The whole log as it is stored, held against one gateway's checkpoint file."""
        (self.folder / gateway / "log.vkey").write_text(self.signer.verifier_key + "\n")
        return verify_of(self.database(gateway), self.folder / gateway)

    def sql(self, statement: str) -> list[tuple[Any, ...]]:
        """As the owner of the tables, who may do everything."""
        with self.server.connect(self.name) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []


@contextmanager
def shared_log(server: PostgresServer, folder: Path) -> Iterator[SharedLog]:
    shared = SharedLog(server, folder)
    try:
        yield shared
    finally:
        for log in shared.logs:
            log.close()


def append(log: Log, **members: object) -> int:
    """Record one event and wait for it; gives its index."""
    return log.submit(lambda transaction: transaction.append({**EVENT, **members})).result().result
