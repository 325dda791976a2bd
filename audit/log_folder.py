"""A log's data folder, opened for reading only: beside a running gateway, after a crash, or on read-only media."""

import contextlib
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from audit.audit_errors import NoteInvalid, Unreadable
from audit.note import Verifier
from audit.report import WHOLE, Findings
from audit.schema import FAILURES, SCHEMA

DATABASE_FILE: Final = "countersign.db"
KEY_FILE: Final = "log.key"
VERIFIER_KEY_FILE: Final = "log.vkey"
CHECKPOINT_FILE: Final = "checkpoint"
_TABLES: Final = ("checkpoints", "events", "hashes")
_END: Final = (2**63, None)
"""Beyond the largest integer that SQLite has."""


@dataclass(frozen=True)
class LogFolder:
    """The objects of verification: the checkpoint file as it was before the snapshot, and the snapshot.

    `outside` is None where a database file alone is verified, which had no checkpoint file beside it.
    """

    database: Path

    verifiers: list[Verifier]
    outside: bytes | None
    connection: sqlite3.Connection


ALONE: Final = (
    "no checkpoint file lies beside this database, so it may be an older copy: compare the checkpoint with one"
    " that was seen elsewhere"
)


@contextlib.contextmanager
def open_log_folder(data: Path, verifier_key: str | None) -> Iterator[LogFolder]:
    """Open the folder `data`, or the database file; `Unreadable` says what is missing. Nothing in it is changed.

    `verifier_key` holds one key a line: a log that changes its key is signed by the old or the new one.
    """
    alone = data.is_file()
    database, data = (data, data.parent) if alone else (data / DATABASE_FILE, data)
    verifiers = _verifiers(data, verifier_key)
    # The file first: it lags behind the database, so a later snapshot must cover it.
    missing = alone and not (data / CHECKPOINT_FILE).exists()
    outside = None if missing else _read(data / CHECKPOINT_FILE)
    with open_snapshot(database) as connection:
        yield LogFolder(database, verifiers, outside, connection)


@contextlib.contextmanager
def open_snapshot(database: Path) -> Iterator[sqlite3.Connection]:
    """One unchanging view of the database, whatever its writer does meanwhile."""
    if not database.is_file():
        raise Unreadable(f"there is no {database.name} in this folder; name the gateway's data folder")
    with contextlib.ExitStack() as stack:
        try:
            yield _snapshot(database, stack)
        except FAILURES as error:
            kind = getattr(error, "sqlite_errorname", type(error).__name__)
            raise Unreadable(f"{database.name} can't be read as a database ({kind})") from None


def _snapshot(database: Path, stack: contextlib.ExitStack) -> sqlite3.Connection:
    try:
        return _connect(database, "mode=ro", stack)
    except sqlite3.OperationalError as error:
        # A write-ahead log needs an index beside it, which can't be made in a folder that can't be written.
        # The low byte is the kind of error, the rest says more (SQLite, Result and Error Codes).
        if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY):
            raise
    wal = database.with_name(database.name + "-wal")
    if not wal.exists() or not wal.stat().st_size:
        return _connect(database, "mode=ro&immutable=1", stack)
    copy = Path(stack.enter_context(tempfile.TemporaryDirectory())) / database.name
    shutil.copyfile(database, copy)
    shutil.copyfile(wal, copy.with_name(wal.name))
    return _connect(copy, "mode=ro", stack)


def _connect(database: Path, how: str, stack: contextlib.ExitStack) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{database.absolute().as_uri()}?{how}", uri=True, isolation_level=None)
    # Damaged names and texts must be read to be reported; everything that counts is read as bytes.
    connection.text_factory = lambda raw: raw.decode(errors="replace")
    try:
        connection.execute("PRAGMA query_only = ON")
        connection.execute("BEGIN")
        names = {row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    except BaseException:
        connection.close()
        raise
    stack.callback(connection.close)
    if missing := [name for name in _TABLES if name not in names]:
        raise Unreadable(f"{database.name} holds no log: it has no table {', '.join(missing)}")
    return connection


def _verifiers(data: Path, verifier_key: str | None) -> list[Verifier]:
    where = f"in {VERIFIER_KEY_FILE}" if verifier_key is None else "that was given"
    try:
        text = _read(data / VERIFIER_KEY_FILE).decode() if verifier_key is None else verifier_key
        # Spaces around a pasted line do no harm; any other character is no part of a key.
        keys = [Verifier.parse(line.strip(" \t\r")) for line in text.removesuffix("\n").split("\n")]
    except (NoteInvalid, UnicodeDecodeError):
        raise Unreadable(
            f"the verifier key {where} is not valid; copy the whole line that was published"
        ) from None
    if len({key.name for key in keys}) != 1 or any(key.cosigns for key in keys):
        raise Unreadable(f"the verifier keys {where} are not all of one log; copy those of this log only")
    return keys


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise Unreadable(
            f"there is no {path.name} in this folder; restore it from where it was kept"
        ) from None
    except OSError as error:
        raise Unreadable(f"{path.name} can't be read ({type(error).__name__})") from None


def rows(
    connection: sqlite3.Connection, query: str, findings: Findings
) -> Iterator[tuple[int, bytes | None]]:
    """The rows of `query` by their number; a row that has none is a finding."""
    for index, value in connection.execute(query):
        if isinstance(index, int):
            yield index, value
        else:
            findings.add(WHOLE, "there are rows without a number", subject="database")


def paired(
    events: Iterator[tuple[int, bytes | None]], hashes: Iterator[tuple[int, bytes | None]]
) -> Iterator[tuple[int, bytes | None, bytes | None]]:
    """Events and hashes side by side, in order, with None where one has no such row."""
    event, nodes = next(events, _END), next(hashes, _END)
    while (index := min(event[0], nodes[0])) < _END[0]:
        matches, recorded = event[0] == index, nodes[0] == index
        yield index, event[1] if matches else None, nodes[1] if recorded else None
        if matches:
            event = next(events, _END)
        if recorded:
            nodes = next(hashes, _END)


def guards_changed(connection: sqlite3.Connection) -> tuple[str, ...]:
    """A notice, if the tables or triggers are not as a log is made: nothing is proven, but somebody was at them."""
    with contextlib.closing(sqlite3.connect(":memory:")) as fresh:
        for statement in SCHEMA:
            fresh.execute(statement)
        expected = dict(fresh.execute("SELECT name, sql FROM sqlite_schema"))
    try:
        schema = dict(connection.execute("SELECT name, sql FROM sqlite_schema"))
    except FAILURES:
        return ()
    other = [name for name, sql in expected.items() if schema.get(name) != sql]
    problem = "the database's own guards against changes were removed or altered: "
    return (problem + ", ".join(other),) if other else ()
