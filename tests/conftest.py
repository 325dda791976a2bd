"""Fixtures that tests of several parts share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.ledger import Ledger, open_ledger

# No test depends on how fast the machine is just now.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(tmp_path) as opened:
        yield opened
