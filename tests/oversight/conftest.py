"""A made-up history on both kinds of database, for all tests of a module."""

from collections.abc import Iterator

import pytest

from tests.ledger import Ledger, open_ledger
from tests.oversight.history import write_history


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def history(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """500 pieces of advice, the same each time."""
    address = None
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres")
        address = server.address(server.database())
    with open_ledger(tmp_path_factory.mktemp("ledger"), address) as opened:
        write_history(opened, 500, seed=3)
        yield opened
