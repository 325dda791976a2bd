"""Every search finds what matches and nothing else, page by page, newest first."""

from typing import Any

import pytest

from gateway.oversight import Search, known_policies, search
from tests.ledger import Ledger

pytestmark = pytest.mark.xdist_group("oversight history")


def found(history: Ledger, most: int = 20, **wanted: Any) -> list[str]:
    after, ids = None, []
    while True:
        page = history.database.read(
            lambda connection, after=after: search(connection, Search(**wanted), after=after, most=most)
        )
        ids += [one.id for one in page.advice]
        if not page.more:
            assert page.count == len(ids)
            return ids
        after = (page.advice[-1].requested_at, page.advice[-1].id)


def asked(history: Ledger) -> list[dict[str, Any]]:
    return list(reversed(history.events("advice.requested")))


def test_everything_is_found_newest_first_whatever_a_page_holds(history: Ledger) -> None:
    assert found(history) == found(history, most=7) == [event["advice"] for event in asked(history)]


def test_by_policy_application_stage_and_day(history: Ledger) -> None:
    events = asked(history)
    day = events[len(events) // 2]["time"][:10]
    assert found(history, policy="case-summary") == [
        event["advice"] for event in events if event["policy"]["id"] == "case-summary"
    ]
    assert found(history, application="casebook") == [
        event["advice"] for event in events if event["actor"] == "application:casebook"
    ]
    assert found(history, since=day, until=day) == [
        event["advice"] for event in events if event["time"][:10] == day
    ]
    assert found(history, stage="pilot") == found(history)
    assert found(history, stage="scale") == []
    assert history.database.read(known_policies) == ["case-summary", "letter-draft"]


def test_by_outcome_and_person(history: Ledger) -> None:
    rejected = {event["advice"] for event in history.events("advice.rejected")}
    assert set(found(history, status="rejected")) == rejected
    person = history.events("decision.recorded")[0]["actor"]
    name = person.removeprefix("person:")
    theirs = {event["advice"] for event in history.events("decision.recorded") if event["actor"] == person}
    theirs |= {event["advice"] for event in history.events("advice.requested") if event["requester"] == name}
    assert set(found(history, person=name)) == theirs
