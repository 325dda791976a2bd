"""Fixtures that tests of several parts share."""

import asyncio
import functools
import gc
import os
import shutil
import ssl
import threading
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from _pytest.nodeid import NodeId
from argon2 import PasswordHasher
from hypothesis import settings

from gateway.identity import passwords
from gateway.storage import database as sqlite_database
from gateway.storage.postgresql import PostgresDatabase
from tests.ledger import Ledger, open_ledger
from tests.postgres_server import PostgresServer, own_server

# Each worker computes on one core: with threads of their own in each, the workers wait for each other's.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

MANY = 50
"""Tests of a module that run in one worker."""

# No test depends on how fast the machine is just now.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A module's tests are a group, too, where they share a fixture, which is made once, or where they are many, as it
    takes long to hand out thousands one by one.

    pytest-xdist 3.8 reads the groups from the ids' endings, but with pytest 9.2 it can't put them there
    (pytest-dev/pytest-xdist#1386) and runs each test wherever it likes, without a word.
    """
    if not getattr(config.option, "loadgroup", False):
        return
    sizes = Counter(item.path for item in items)
    for item in items:
        groups = {str(mark.args[0]) for mark in item.iter_markers("xdist_group")}
        if not groups and (sizes[item.path] >= MANY or _shares_a_fixture(item)):
            groups = {f"{item.path.parent.name}/{item.path.stem}"}
        if groups and "@" not in item.nodeid.rpartition("]")[2]:
            item._id = NodeId.parse(f"{item.nodeid}@{'_'.join(sorted(groups))}")


def _shares_a_fixture(test: pytest.Item) -> bool:
    if not isinstance(test, pytest.Function):
        return False
    found = test._fixtureinfo.name2fixturedefs.values()
    return any(fixture.scope == "module" for same_name in found for fixture in same_name)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is collected stays: nobody need look for garbage among it, now or later."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def migrated_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A new SQLite database is a copy of one that the migrations made: all of them take longer than most tests."""
    template = tmp_path_factory.mktemp("migrated") / "countersign.db"
    prepare = sqlite_database.prepare

    def copied(path: Path) -> None:
        if not path.exists():
            if not template.exists():
                prepare(template)
            shutil.copyfile(template, path)
        prepare(path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite_database, "prepare", copied)
        yield


@pytest.fixture(scope="session", autouse=True)
def trusted_once() -> Iterator[None]:
    """The authorities that this machine trusts are read once, and not for each gateway, which takes 27 ms."""
    create = httpx.create_ssl_context
    made = functools.cache(lambda *_where: create())

    def shared() -> ssl.SSLContext:
        return made(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(httpx, "create_ssl_context", shared)
        yield


@pytest.fixture(scope="session", autouse=True)
def quick_hashes() -> Iterator[None]:
    """Passwords are hashed in a millisecond; `tests/identity/test_passwords.py` has what it costs in service."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """One PostgreSQL server a test process; each test takes a database of its own, and many gateways are there."""
    with own_server("max_connections=300", "autovacuum=off") as server, pytest.MonkeyPatch.context() as patch:
        patch.setattr(PostgresDatabase, "read", _off_the_loop(PostgresDatabase.read))
        yield server


def _off_the_loop(read: Callable[..., Any]) -> Callable[..., Any]:
    """A server that hangs must not silence the gateway: no event loop waits for it."""

    def guarded(database: PostgresDatabase, query: Callable[..., Any]) -> Any:
        if threading.current_thread() is not threading.main_thread():  # a test's own loop may wait
            with suppress(RuntimeError):
                asyncio.get_running_loop()
                pytest.fail("the database is read on the event loop: use `fetch`")
        return read(database, query)

    return guarded


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ledger]:
    """On both kinds of database, whatever is tested with it."""
    address = None
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres")
        address = server.address(server.database())
    with open_ledger(tmp_path, address) as opened:
        yield opened
