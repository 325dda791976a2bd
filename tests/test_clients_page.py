"""The page on clients shows what the scripts run, in the versions that they are pinned to."""

import re
from pathlib import Path

import pytest

from tests.clients.run import CLIENTS, FEATURES, HERE, version_of

DOCS = Path(__file__).parent.parent / "docs"
PAGE = (DOCS / "clients.md").read_text("utf-8")
PAGES = re.findall(r"^\| \[[^]]+\]\((clients/[\w-]+\.md)\)", PAGE, re.MULTILINE)
TABLE = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.partition("## Results")[2].partition("\n## ")[0].splitlines()
    if line.startswith("|")
]


def test_each_client_has_a_page_whose_block_stands_in_its_script() -> None:
    assert len(PAGES) == len(CLIENTS)
    for page, client in zip(PAGES, CLIENTS, strict=True):
        text = (DOCS / page).read_text("utf-8")
        (block,) = re.findall(r"^```(?:python|js)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
        assert block in (HERE / client).read_text("utf-8"), client


@pytest.mark.parametrize("client", CLIENTS)
def test_the_table_has_the_pinned_version(client: str) -> None:
    rows = re.findall(r"^\| \[[^]]+\]\([^)]+\) ([\d.]+) \|", PAGE, re.MULTILINE | re.IGNORECASE)
    assert rows[CLIENTS.index(client)] == version_of(client)


def test_each_column_is_explained() -> None:
    tried = PAGE.partition("## What was tried")[2].partition("## Results")[0]
    explained = re.findall(r"^\| (\w+) \|", tried, re.MULTILINE)
    assert TABLE[0] == ["client", *FEATURES] == ["client", *explained[1:]]


@pytest.mark.parametrize("client", CLIENTS)
def test_the_table_says_yes_of_what_is_tried_and_nothing_else(client: str) -> None:
    script = (HERE / client).read_text("utf-8")
    tried = set(re.findall(r'feature\("(\w+)"', script))
    cells = TABLE[2 + CLIENTS.index(client)][1:]
    assert cells == ["yes" if feature in tried else "–" for feature in FEATURES]
