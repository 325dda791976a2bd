"""A backup is made beside a running gateway, verifies, and is put back only where nothing newer was signed."""

import os
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from audit import verify_directory
from gateway.commands.cli import app
from gateway.operations import read_backup
from gateway.redaction import RedactionSettings
from tests.gateway_server import MASTER_KEY, GatewayServer
from tests.postgres_server import PostgresServer, binaries
from tests.provider_server import ProviderServer

SECRET = "Mr John Smith, NI AB123456C"
PATTERNS = RedactionSettings(name_model=None)


@pytest.fixture(autouse=True)
def master_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTERSIGN_MASTER_KEY", MASTER_KEY)


@pytest.fixture
def provider() -> Iterator[ProviderServer]:
    with ProviderServer() as server:
        yield server


@pytest.fixture
def gateway(tmp_path: Path, provider: ProviderServer) -> Iterator[GatewayServer]:
    with GatewayServer(tmp_path / "data", provider, redaction=PATTERNS) as server:
        yield server


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def refusal(*arguments: object) -> str:
    done = run(*arguments)
    assert done.exit_code != 0
    return str(done.exception)


def again(data: Path, first: GatewayServer, **settings: Any) -> GatewayServer:
    """A gateway on what was restored, with the keys and people of the first."""
    server = GatewayServer(data, first.provider, redaction=PATTERNS, **settings)
    server._make_people = lambda: None  # type: ignore[method-assign]
    server.key, server.other_key, server.people = first.key, first.other_key, first.people
    return server


def test_what_was_held_is_decided_and_released_after_a_restore_elsewhere(
    gateway: GatewayServer, tmp_path: Path
) -> None:
    advice = gateway.ask(SECRET, model="held").headers["x-advice-id"]
    assert run("backup", tmp_path / "copy", "--data", tmp_path / "data").exit_code == 0
    key = tmp_path / "data" / "log.key"
    arguments = ("restore", tmp_path / "copy", "--data", tmp_path / "new", "--log-key", key)
    assert "--nothing-newer" in refusal(*arguments)
    assert not (tmp_path / "new" / "countersign.db").exists()
    gateway.stop()
    assert run(*arguments, "--newest", tmp_path / "data" / "checkpoint").exit_code == 0
    with again(tmp_path / "new", gateway) as restored:
        assert restored.decide("ben", advice).status_code == 201
        assert "Smith" in restored.read("application", advice).text
    assert verify_directory(tmp_path / "new").ok


def test_backups_beside_a_gateway_at_work_are_each_whole(gateway: GatewayServer, tmp_path: Path) -> None:
    ended = threading.Event()

    def work() -> None:
        while not ended.is_set():
            gateway.ask("Please help.", model="use")

    worker = threading.Thread(target=work)
    worker.start()
    sizes = []
    try:
        for number in range(3):
            assert run("backup", tmp_path / f"copy{number}", "--data", tmp_path / "data").exit_code == 0
            sizes.append(read_backup(tmp_path / f"copy{number}").checkpoint.size)
    finally:
        ended.set()
        worker.join()
    assert sizes == sorted(sizes)
    for number in range(3):
        assert verify_directory(tmp_path / f"copy{number}").ok


def test_a_backup_holds_neither_the_logs_key_nor_what_opens_content(
    gateway: GatewayServer, tmp_path: Path
) -> None:
    gateway.ask(SECRET, model="held")
    run("backup", tmp_path / "copy", "--data", tmp_path / "data")
    names = {one.name for one in (tmp_path / "copy").iterdir()}
    assert names == {"backup.json", "checkpoint", "countersign.db", "log.vkey"}
    for one in (tmp_path / "copy").iterdir():
        content = one.read_bytes()
        assert b"PRIVATE+KEY" not in content
        assert b"Smith" not in content


def test_a_backup_that_is_older_than_what_was_signed_is_refused(
    gateway: GatewayServer, tmp_path: Path
) -> None:
    gateway.ask(model="held")
    run("backup", tmp_path / "older", "--data", tmp_path / "data")
    gateway.ask(model="held")
    gateway.stop()
    for file in (tmp_path / "data").glob("countersign.db*"):
        file.unlink()
    assert "would fork the log" in refusal("restore", tmp_path / "older", "--data", tmp_path / "data")
    shutil.copytree(tmp_path / "data", tmp_path / "new")
    newest = tmp_path / "newest"
    (tmp_path / "new" / "checkpoint").rename(newest)
    arguments = ("restore", tmp_path / "older", "--data", tmp_path / "new", "--newest", newest)
    assert "would fork the log" in refusal(*arguments)
    newest.write_text("x\n")
    assert "can't be relied on" in refusal(*arguments)


def test_a_file_of_the_backup_that_was_changed_or_another_key_is_refused(
    gateway: GatewayServer, tmp_path: Path
) -> None:
    gateway.ask(model="held")
    run("backup", tmp_path / "copy", "--data", tmp_path / "data")
    arguments = ("restore", tmp_path / "copy", "--data", tmp_path / "new", "--nothing-newer", "--log-key")
    assert "--log-key" in refusal(*arguments[:-1])
    with closing(sqlite3.connect(tmp_path / "copy" / "countersign.db")) as changed:
        changed.execute("DELETE FROM cases")
        changed.commit()
        changed.execute("VACUUM")
    assert "countersign.db was changed" in refusal(*arguments, tmp_path / "data" / "log.key")
    (tmp_path / "copy" / "backup.json").unlink()
    assert "no whole backup" in refusal(*arguments, tmp_path / "data" / "log.key")


def test_nothing_is_put_in_the_place_of_a_record_or_of_a_backup(
    gateway: GatewayServer, tmp_path: Path
) -> None:
    arguments = ("backup", tmp_path / "copy", "--data", tmp_path / "data")
    assert run(*arguments).exit_code == 0
    assert "is there already" in refusal(*arguments)
    gateway.ask(model="held")
    restore = ("restore", tmp_path / "copy", "--data", tmp_path / "data")
    assert "there is a database already" in refusal(*restore)


def test_a_backup_that_can_not_be_made_leaves_nothing_and_says_what_is_missing(
    gateway: GatewayServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "other").mkdir()
    for file in ("countersign.db", "log.vkey"):
        shutil.copyfile(tmp_path / "data" / file, tmp_path / "other" / file)
    assert "checkpoint is missing" in refusal("backup", tmp_path / "copy", "--data", tmp_path / "other")
    monkeypatch.setattr("gateway.operations.backup.verify_directory", fail)
    assert run("backup", tmp_path / "copy", "--data", tmp_path / "data").exit_code != 0
    assert not [one.name for one in tmp_path.iterdir() if "copy" in one.name]


def fail(_: Path) -> None:
    raise OSError("no space left")


def test_a_backup_of_postgresql_goes_into_an_empty_database(
    postgres: PostgresServer, provider: ProviderServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{binaries()}{os.pathsep}{os.environ['PATH']}")
    first, second = postgres.database(), postgres.empty_database()
    with GatewayServer(
        tmp_path / "data", provider, redaction=PATTERNS, database=postgres.address(first)
    ) as gateway:
        advice = gateway.ask(SECRET, model="held").headers["x-advice-id"]
        monkeypatch.setenv("COUNTERSIGN_DATABASE", postgres.address(first))
        assert run("backup", tmp_path / "copy", "--data", tmp_path / "data").exit_code == 0
        assert b"Smith" not in (tmp_path / "copy" / "database.dump").read_bytes()
    arguments = ("restore", tmp_path / "copy", "--data", tmp_path / "new", "--nothing-newer")
    key = ("--log-key", tmp_path / "data" / "log.key")
    assert "there is a database already" in refusal(*arguments, *key)
    monkeypatch.setenv("COUNTERSIGN_DATABASE", postgres.address(second))
    owner = ("--owner", postgres.address(second, "owner"))
    done = run(*arguments, *key, *owner)
    assert done.exit_code == 0, done.exception
    with again(tmp_path / "new", gateway, database=postgres.address(second)) as restored:
        assert restored.decide("ben", advice).status_code == 201
        assert "Smith" in restored.read("application", advice).text
