"""Fixtures that tests of several parts share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ledger import Ledger, open_ledger


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(tmp_path) as opened:
        yield opened
