"""A policy's own thresholds over its newest decisions: each full window of them raises one alert at most."""

from pathlib import Path

import pytest

from gateway.advice import record
from gateway.oversight import MeasureService
from gateway.policy import KnownNames, PolicySet, load_policies
from tests.ledger import Ledger, open_ledger

POLICY = """
id: quick
title: Quick
purpose: Try alerts.
owner: Tests
stage: pilot
applications: [casebook]
models: [default]
prompt: plain
alerts:
  - id: rubber-stamp
    over: 10
    when: decisions.accepted > 0.98 && decisions.hasty > 0.5
    say: Nearly everything is accepted faster than it can be read.
"""


@pytest.fixture
def policies(tmp_path: Path) -> PolicySet:
    (tmp_path / "quick.yaml").write_text(POLICY)
    (tmp_path / "plain.md").write_text("---\nid: plain\ntitle: Plain\n---\nAnswer plainly.\n")
    return load_policies(tmp_path, tmp_path, KnownNames(models=["default"]))


def decide(ledger: Ledger, number: int, decision: str = "accept", seconds: float = 1) -> None:
    about = {"advice": f"adv_{number}", "policy": {"id": "quick", "version": "0" * 64}}
    review = {"gate": "release", "deciders": 1, "not_the_requester": False, "view_first": False}
    review |= {"accept_reason": False, "reject_reason": False, "decide_within": 60, "confirm": []}
    person = "person:p_0000000000000001"
    asked = {**about, "type": "advice.requested", "actor": "application:casebook", "review": review}
    asked |= {"redactions": {}, "retention": {"content": 60, "pseudonyms": 60}, "commitments": {}}
    answered = {
        **about,
        "type": "advice.received",
        "actor": "gateway",
        "caveats": [],
        "usage": {},
        "words": 100,
    }
    answered |= {"decide_by": "2099-01-01T00:00:00.000000Z"}
    shown = {"type": "advice.shown", "advice": about["advice"], "actor": "gateway", "to": person}
    for event in (asked, answered, shown):
        ledger.run(lambda transaction, event=event: record(transaction, event))
    ledger.clock.forward(seconds=seconds)
    decided = {**about, "type": "decision.recorded", "actor": person, "decision": decision, "text": 0}
    ledger.run(lambda transaction: record(transaction, {**decided, "caveats_read": [], "commitments": {}}))


async def test_an_alert_is_raised_once_for_each_full_window_of_decisions(
    tmp_path: Path, policies: PolicySet
) -> None:
    with open_ledger(tmp_path) as ledger:
        measuring = MeasureService(ledger.database)
        for number in range(9):
            decide(ledger, number)
        assert await measuring.alerts(policies, ledger.recorder) == []
        decide(ledger, 9)
        (raised,) = await measuring.alerts(policies, ledger.recorder)
        assert raised.alert.id == "rubber-stamp"
        decide(ledger, 10)
        assert await measuring.alerts(policies, ledger.recorder) == []
        for number in range(11, 20):
            decide(ledger, number)
        assert len(await measuring.alerts(policies, ledger.recorder)) == 1
        first, second = ledger.events("alert.raised")
        assert (first["decisions"], first["upto"]) == (10, raised.upto)
        assert second["upto"] > first["upto"]
        assert first["shares"] == {"accepted": 1000, "rejected": 0, "changed": 0, "hasty": 1000, "late": 0}
        assert not any("person:" in str(value) for value in first.values())


@pytest.mark.parametrize(("decision", "seconds"), [("reject", 1), ("accept", 60)])
async def test_people_who_reject_or_take_their_time_raise_none(
    tmp_path: Path, policies: PolicySet, decision: str, seconds: float
) -> None:
    with open_ledger(tmp_path) as ledger:
        for number in range(10):
            decide(ledger, number, decision, seconds)
        assert await MeasureService(ledger.database).alerts(policies, ledger.recorder) == []
        assert ledger.events("alert.raised") == []
