"""The card's figures: docs/redaction.md promises them, and a change that falls below them fails here."""

import re
from pathlib import Path

from gateway.redaction import Redactor
from tests.redaction.evaluation.figures import reports, shares

CARD = (Path(__file__).parents[2] / "docs" / "redaction.md").read_text("utf-8")
ROW = re.compile(r"^\| ([^|]+?) \| ([^|]+?) \| ([\d.]+) % \| [\d.]+ % to ", re.MULTILINE)
ROOM = 0.002
"""What two processors' floating point may make of the model's close decisions."""


def test_no_figure_falls_below_the_card(redactor: Redactor) -> None:
    promised = {(name, what): float(share) / 100 for name, what, share in ROW.findall(CARD)}
    measured = {
        (name, what): share.value
        for name, report in reports(redactor).items()
        for what, share in shares(name, report).items()
    }
    assert measured.keys() == promised.keys()
    assert {key: value for key, value in measured.items() if value > promised[key] + ROOM} == {}
