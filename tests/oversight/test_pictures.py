"""The pictures that oversight looks at first: they are the measures, and alerts have their lines in them."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from gateway.oversight import MeasureService, Question, draw_picture, drawings, lines_of
from gateway.policy import KnownNames, PolicySet, load_policies
from tests.ledger import Ledger

pytestmark = pytest.mark.xdist_group("oversight history")
POLICY = """
id: {id}
title: Pictures
purpose: Try pictures.
owner: Tests
stage: pilot
applications: [casebook]
models: [default]
prompt: plain
alerts:
  - id: rubber-stamp
    over: 10
    when: decisions.accepted > {accepted} && decisions.hasty > 0.5
    say: Nearly everything is accepted.
  - id: caught
    over: 10
    when: decisions.caught <= 0.8
    say: Checks are overlooked.
"""


@pytest.fixture
def policies(tmp_path: Path) -> PolicySet:
    (tmp_path / "plain.md").write_text("---\nid: plain\ntitle: Plain\n---\nAnswer plainly.\n")
    for name, accepted in (("case-summary", 0.9), ("letter-draft", 0.75)):
        (tmp_path / f"{name}.yaml").write_text(POLICY.format(id=name, accepted=accepted))
    return load_policies(tmp_path, tmp_path, KnownNames(models=["default"]))


def test_pictures_have_the_figures_of_their_measures(history: Ledger, policies: PolicySet) -> None:
    measuring = MeasureService(history.database)
    found = {one.id: one for one in drawings(measuring, Question(), policies)}
    assert list(found) == ["outcomes", "times", "overdue", "unsupported_accepted", "caught", "marked_missed"]
    weeks = {one.id: {fig.group: fig for fig in one.groups} for one in measuring.answer(Question("week"))}
    outcomes = found["outcomes"]
    assert outcomes.groups
    for place, week in enumerate(outcomes.groups):
        shares = [series.bars[place].value or 0 for series in outcomes.series]
        assert sum(shares) == pytest.approx(1)
        assert shares[2] == pytest.approx(weeks["rejected"][week].value)
        assert outcomes.counts[place] == weeks["accepted"][week].count
        took = found["times"].series[0].bars[place].value
        assert took == pytest.approx((weeks["time_to_decide"][week].value or 0) / 60)
    assert found["overdue"].groups == ("case-summary", "letter-draft")


def test_a_line_stands_where_an_alert_is_raised(history: Ledger, policies: PolicySet) -> None:
    measuring = MeasureService(history.database)
    found = {one.id: one for one in drawings(measuring, Question(), policies)}
    assert [(one.policy, one.above, one.value) for one in found["outcomes"].lines] == [
        ("case-summary", True, 0.9),
        ("letter-draft", True, 0.75),
    ]
    assert [(one.above, one.value) for one in found["caught"].lines] == [(False, 0.8)] * 2
    assert found["overdue"].lines == ()
    root = ElementTree.fromstring(draw_picture(found["outcomes"], str.upper))
    texts = [text for one in root.iter() if one.tag.endswith("text") and (text := one.text)]
    assert {"ALERT: > 90 %", "ALERT: > 75 %", "REJECTED"} <= set(texts)
    heights = [float(y) for y in re.findall(r'd="M0\.0 ([\d.]+) H', ElementTree.tostring(root).decode())]
    assert heights == sorted(heights), "the line at 75 per cent is below that at 90"


def test_one_policy_has_its_own_lines_and_one_decider_no_advice(history: Ledger, policies: PolicySet) -> None:
    measuring = MeasureService(history.database)
    [outcomes, *_] = drawings(measuring, Question(policy="letter-draft"), policies)
    assert [one.policy for one in outcomes.lines] == ["letter-draft"]
    person = measuring.answer(Question("decider"), only={"accepted"})[0].groups[0].group
    assert {one.id for one in drawings(measuring, Question(decider=person), policies)} == {
        "outcomes",
        "times",
        "unsupported_accepted",
    }
    assert lines_of("accepted", Question("week"), policies) == []
    assert len(lines_of("accepted", Question("policy"), policies)) == 2
    assert [one.value for one in lines_of("accepted", Question("week", "case-summary"), policies)] == [0.9]
