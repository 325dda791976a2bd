"""Fixtures that tests of several parts share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.ledger import Ledger, open_ledger
from tests.postgres_server import PostgresServer, own_server

# No test depends on how fast the machine is just now.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """One PostgreSQL server a test process; each test takes a database of its own from it."""
    with own_server() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ledger]:
    """On both kinds of database, whatever is tested with it."""
    address = None
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres")
        address = server.address(server.database())
    with open_ledger(tmp_path, address) as opened:
        yield opened
