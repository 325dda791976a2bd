"""The card's figures: docs/redaction.md promises them, and a change that falls below them fails here."""

import re
from pathlib import Path

import pytest

from gateway.redaction import Redactor
from tests.redaction.evaluation.figures import SETS, reports, shares

CARD = (Path(__file__).parents[2] / "docs" / "redaction.md").read_text("utf-8")
ROW = re.compile(r"^\| ([^|]+?) \| ([^|]+?) \| ([\d.]+) % \| [\d.]+ % to ", re.MULTILINE)
ROOM = 0.002
"""What two processors' floating point may make of the model's close decisions."""


PROMISED = {(name, what): float(share) / 100 for name, what, share in ROW.findall(CARD)}


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem)
def test_no_figure_falls_below_the_card(redactor: Redactor, path: Path) -> None:
    promised = {key: share for key, share in PROMISED.items() if key[0].partition(",")[0] == path.stem}
    measured = {
        (name, what): share.value
        for name, report in reports(redactor, [path]).items()
        for what, share in shares(name, report).items()
    }
    assert measured.keys() == promised.keys()
    assert {key: value for key, value in measured.items() if value > promised[key] + ROOM} == {}


def test_the_card_has_no_other_sets() -> None:
    assert {name.partition(",")[0] for name, _ in PROMISED} == {path.stem for path in SETS}
