"""Starting on a log that must not be signed ends the command in a sentence that names what was found and what to do."""

import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from audit import verify_directory
from gateway.storage import LocalKey
from tests.gateway.test_commands import command
from tests.gateway_server import MASTER_KEY, POLICIES, PROMPTS, GatewayServer


def backup(database: Path, copy: Path) -> None:
    """As docs/operations.md does it."""
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)


def restore(copy: Path, database: Path) -> None:
    for name in ("", "-wal", "-shm"):
        database.with_name(database.name + name).unlink(missing_ok=True)
    shutil.copyfile(copy, database)


def serve(data: Path, key: str = MASTER_KEY) -> subprocess.CompletedProcess[str]:
    return command(
        "serve",
        "--data",
        data,
        "--port",
        "0",
        COUNTERSIGN_MASTER_KEY=key,
        COUNTERSIGN_POLICIES=str(POLICIES),
        COUNTERSIGN_PROMPTS=str(PROMPTS),
    )


def refused(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


@pytest.fixture
def stopped(fresh: Callable[..., GatewayServer]) -> GatewayServer:
    gateway = fresh()
    gateway.ask(model="held")
    gateway.stop()
    return gateway


def test_a_database_restored_from_yesterday_is_not_signed(
    stopped: GatewayServer, fresh: Callable[..., GatewayServer], tmp_path: Path
) -> None:
    data = stopped.settings.data
    backup(data / "countersign.db", tmp_path / "yesterday")
    older = stopped.resources.log.size
    today = fresh()
    today.ask(model="held")
    today.stop()
    restore(tmp_path / "yesterday", data / "countersign.db")
    said = refused(serve(data))
    assert "the database is an older copy" in said
    assert f"size {older} root" in said
    assert f"size {today.resources.log.size} root" in said
    assert "restore the newest database" in said
    assert verify_directory(data).size == older, "nothing was signed"


def test_a_database_that_is_none_says_what_may_have_been_mixed(stopped: GatewayServer) -> None:
    data = stopped.settings.data
    (data / "countersign.db").write_bytes(bytes(range(256)) * 64)
    assert "the -wal and -shm files beside it" in refused(serve(data))


def test_a_second_gateway_on_the_same_folder_is_refused(fresh: Callable[..., GatewayServer]) -> None:
    gateway = fresh()
    assert "open already; stop the other gateway" in refused(serve(gateway.settings.data))
    assert gateway.ask(model="held").status_code == 202


def test_the_wrong_master_key_is_refused_before_anything_is_served(stopped: GatewayServer) -> None:
    assert "not the one that this database was sealed with" in refused(
        serve(stopped.settings.data, LocalKey.generate())
    )


def test_a_missing_master_key_says_where_it_belongs(stopped: GatewayServer) -> None:
    said = refused(serve(stopped.settings.data, ""))
    assert "give the key that" in said
