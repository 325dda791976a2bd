from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from audit import CHECKPOINT_FILE, DATABASE_FILE, KEY_FILE, VERIFIER_KEY_FILE, Log, Signer, SQLiteFile

ORIGIN = "countersign.example/log"
EVENT = {"type": "advice.requested", "advice": "adv-1", "commitments": {"content": "f" * 64}}


class Folder:
    """A gateway's data folder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.database = path / DATABASE_FILE
        self.checkpoint_file = path / CHECKPOINT_FILE
        self.logs: list[Log] = []

    def begin(self) -> Folder:
        self.path.mkdir(parents=True, exist_ok=True)
        signer = Signer.generate(ORIGIN)
        signer.save(self.path / KEY_FILE)
        (self.path / VERIFIER_KEY_FILE).write_text(signer.verifier_key + "\n")
        return self

    @property
    def signer(self) -> Signer:
        return Signer.load(self.path / KEY_FILE)

    def open(self, **settings: Any) -> Log:
        storage = SQLiteFile(self.database, settings.pop("store", None))
        log = Log.open(storage, self.signer, **{"checkpoint_file": self.checkpoint_file, **settings})
        self.logs.append(log)
        return log

    def write(self, count: int, **members: object) -> None:
        """Record `count` events, each with a commit and so a checkpoint of its own."""
        log = self.open()
        for _ in range(count):
            append(log, **members)
        log.close()

    def change(self, *statements: str | tuple[str, tuple[object, ...]]) -> None:
        """What somebody with the file and an SQL shell can do: the guards are dropped first."""
        with sqlite3.connect(self.database) as connection:
            triggers = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall()
            for (name,) in triggers:
                connection.execute(f"DROP TRIGGER {name}")
            connection.execute("PRAGMA ignore_check_constraints = ON")
            for statement in statements:
                connection.execute(*((statement,) if isinstance(statement, str) else statement))
        connection.close()

    def rows(self, query: str) -> list[Any]:
        connection = sqlite3.connect(f"{self.database.as_uri()}?mode=ro", uri=True)
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()


def append(log: Log, **members: object) -> int:
    """Record one event and wait for it; gives its index."""
    return log.submit(lambda transaction: transaction.append({**EVENT, **members})).result().result


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    made = Folder(tmp_path / "data").begin()
    yield made
    for log in made.logs:
        log.close()


@pytest.fixture
def make_folder(tmp_path: Path) -> Callable[[str], Folder]:
    return lambda name: Folder(tmp_path / name).begin()
