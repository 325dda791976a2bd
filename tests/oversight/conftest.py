"""A made-up history on both kinds of database, read by the tests of two modules, in one worker."""

from collections.abc import Iterator

import pytest

from tests.ledger import Ledger, open_ledger
from tests.oversight.history import write_history
from tests.postgres_server import PostgresServer

_PIECES = 200
"""Of advice, the same each time."""


@pytest.fixture(scope="session")
def history_on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    with open_ledger(tmp_path_factory.mktemp("ledger"), None) as opened:
        write_history(opened, _PIECES, seed=3)
        yield opened


@pytest.fixture(scope="session")
def history_on_postgresql(
    postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Ledger]:
    with open_ledger(tmp_path_factory.mktemp("ledger"), postgres.address(postgres.database())) as opened:
        write_history(opened, _PIECES, seed=3)
        yield opened


@pytest.fixture(params=["sqlite", "postgresql"])
def history(request: pytest.FixtureRequest) -> Ledger:
    """On each in turn; whatever order the tests come in, each is written once."""
    ledger: Ledger = request.getfixturevalue(f"history_on_{request.param}")
    return ledger
