"""A backup or restore that is killed at any step leaves nothing that passes for a whole one, and can be done again."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from audit import verify_directory
from gateway.operations import make_backup, read_backup, restore_backup
from gateway.redaction import RedactionSettings
from gateway.startup.bootstrap import database_of
from gateway.storage import Database
from gateway.storage.postgresql import PostgresDatabase
from tests.gateway_server import GatewayServer
from tests.postgres_server import PostgresServer, binaries
from tests.provider_server import ProviderServer
from tests.waiting import wait_for

PATTERNS = RedactionSettings(name_model=None)


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Iterator[GatewayServer]:
    """A gateway that has worked and ended."""
    with ProviderServer() as provider:
        with GatewayServer(tmp_path / "data", provider, redaction=PATTERNS) as server:
            server.ask(model="held")
        yield server


_TOUCHES = frozenset({"open", "os.rename", "os.mkdir", "shutil.copyfile", "sqlite3.connect"})


def killed_at(step: int, folder: Path, work: Callable[[], object]) -> bool:
    """Do `work` in a process that dies at its `step`-th touch of a file in `folder`; whether it did."""
    child = os.fork()
    if child == 0:
        touched = 0

        def watch(event: str, arguments: tuple[object, ...]) -> None:
            nonlocal touched
            begins = event == "subprocess.Popen"
            if begins or (event in _TOUCHES and str(folder) in str(arguments[0])):
                touched += 1
                if touched == step:
                    os._exit(9)

        sys.addaudithook(watch)
        work()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) == 9


def test_a_backup_that_is_killed_at_any_step_leaves_no_half_of_one(
    on_sqlite: GatewayServer, tmp_path: Path
) -> None:
    database, step, copy = database_of(on_sqlite.settings), 1, tmp_path / "copy"
    while killed_at(step, tmp_path, lambda: make_backup(database, tmp_path / "data", copy)):
        assert not copy.exists() or read_backup(copy)
        shutil.rmtree(copy, ignore_errors=True)
        step += 1
    assert step > 10
    assert verify_directory(copy).ok


def test_a_restore_that_is_killed_at_any_step_can_be_done_again(
    on_sqlite: GatewayServer, tmp_path: Path
) -> None:
    key, new = tmp_path / "data" / "log.key", tmp_path / "new"
    copy = make_backup(database_of(on_sqlite.settings), tmp_path / "data", tmp_path / "copy")
    database = Database(new / "countersign.db")

    def restore() -> None:
        restore_backup(copy, database, new, log_key=key, nothing_newer=True)

    step = 1
    while killed_at(step, new, restore):
        restore()
        assert verify_directory(new).ok
        shutil.rmtree(new)
        step += 1
    assert step > 8
    assert verify_directory(new).ok


KILLING = """#!/bin/sh
case "$*" in *" --version"*) ;; *) kill -9 $PPID ;; esac
exec {tool} "$@"
"""
"""The tool goes on after the command that began it was killed, as it does on a machine."""


@pytest.fixture
def on_postgresql(
    postgres: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[GatewayServer]:
    """The same on PostgreSQL; temporary folders are beside its data."""
    monkeypatch.setenv("PATH", f"{binaries()}{os.pathsep}{os.environ['PATH']}")
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    address = postgres.address(postgres.database())
    with ProviderServer() as provider:
        with GatewayServer(tmp_path / "data", provider, redaction=PATTERNS, database=address) as server:
            server.ask(model="held")
        yield server


def killing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tool: str) -> None:
    """Put a tool of PostgreSQL first on the path that kills who runs it, and does its work."""
    folder = tmp_path / "killing"
    folder.mkdir()
    (folder / tool).write_text(KILLING.format(tool=shutil.which(tool)))
    (folder / tool).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def test_a_backup_of_postgresql_that_is_killed_at_any_step_leaves_no_half_of_one(
    on_postgresql: GatewayServer, tmp_path: Path
) -> None:
    step, copy = 1, tmp_path / "copy"

    def back_up() -> None:
        make_backup(database_of(on_postgresql.settings), tmp_path / "data", copy)

    while killed_at(step, tmp_path, back_up):
        assert not copy.exists() or read_backup(copy)
        shutil.rmtree(copy, ignore_errors=True)
        step += 1
    assert step > 10
    assert read_backup(copy).checkpoint.size == on_postgresql.resources.log.size


def test_a_restore_of_postgresql_that_is_killed_at_any_step_can_be_done_again(
    on_postgresql: GatewayServer, postgres: PostgresServer, tmp_path: Path
) -> None:
    copy = make_backup(database_of(on_postgresql.settings), tmp_path / "data", tmp_path / "copy")
    step, killed = 1, True
    while killed:
        name, new = postgres.empty_database(), tmp_path / f"new{step}"
        database = PostgresDatabase(postgres.address(name), tmp_path / "lock")

        def restore(name: str = name, new: Path = new) -> None:
            key = tmp_path / "data" / "log.key"
            again = PostgresDatabase(postgres.address(name), tmp_path / "lock")
            restore_backup(
                copy, again, new, log_key=key, nothing_newer=True, owner=postgres.address(name, "owner")
            )

        killed = killed_at(step, tmp_path, restore)
        restore()
        with database.verifiable(new) as log:
            assert verify_directory(log).ok
        step += 1
    assert step > 10


@pytest.mark.parametrize("tool", ["pg_dump", "pg_restore"])
def test_a_tool_of_postgresql_that_outlives_the_command_does_no_harm(
    on_postgresql: GatewayServer,
    postgres: PostgresServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    tool: str,
) -> None:
    name, copy, path = postgres.empty_database(), tmp_path / "copy", os.environ["PATH"]
    key, new = tmp_path / "data" / "log.key", tmp_path / "new"

    def work() -> None:
        backup = (
            read_backup(copy)
            if copy.exists()
            else make_backup(database_of(on_postgresql.settings), tmp_path / "data", copy)
        )
        database = PostgresDatabase(postgres.address(name), tmp_path / "lock")
        owner = postgres.address(name, "owner")
        restore_backup(backup, database, new, log_key=key, nothing_newer=True, owner=owner)

    killing(tmp_path, monkeypatch, tool)
    child = os.fork()
    if child == 0:
        work()
        os._exit(0)
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
    if tool == "pg_restore":
        database = PostgresDatabase(postgres.address(name), tmp_path / "lock")
        wait_for(database.has_tables)
    monkeypatch.setenv("PATH", path)
    work()
    assert read_backup(copy).checkpoint.size == on_postgresql.resources.log.size
