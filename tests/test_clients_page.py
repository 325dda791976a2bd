"""The page on clients shows what the scripts run, in the versions that they are pinned to."""

import re
from pathlib import Path

import pytest

from tests.clients.run import CLIENTS, HERE, version_of

PAGE = (Path(__file__).parent.parent / "docs" / "clients.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(?:python|js)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def test_each_block_stands_in_the_script_of_its_client() -> None:
    assert len(BLOCKS) == len(CLIENTS)
    for block, client in zip(BLOCKS, CLIENTS, strict=True):
        assert block in (HERE / client).read_text("utf-8"), client


@pytest.mark.parametrize("client", CLIENTS)
def test_the_table_has_the_pinned_version(client: str) -> None:
    rows = re.findall(r"^\| [A-Z\w][\w, ]+? ([\d.]+) \|", PAGE, re.MULTILINE | re.IGNORECASE)
    assert rows[CLIENTS.index(client)] == version_of(client)
