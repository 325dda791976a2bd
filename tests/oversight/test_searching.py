"""Every search finds what matches and nothing else, page by page, newest first."""

from collections.abc import Iterator
from typing import Any

import pytest

from gateway.oversight import Search, known_policies, search
from tests.ledger import Ledger, open_ledger
from tests.oversight.history import write_history


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    with open_ledger(tmp_path_factory.mktemp("ledger")) as opened:
        write_history(opened, 150, seed=8)
        yield opened


def found(ledger: Ledger, most: int = 20, **wanted: Any) -> list[str]:
    after, ids = None, []
    while True:
        page = ledger.database.read(
            lambda connection, after=after: search(connection, Search(**wanted), after=after, most=most)
        )
        ids += [one.id for one in page.advice]
        if not page.more:
            assert page.count == len(ids)
            return ids
        after = (page.advice[-1].requested_at, page.advice[-1].id)


def asked(ledger: Ledger) -> list[dict[str, Any]]:
    return list(reversed(ledger.events("advice.requested")))


def test_everything_is_found_newest_first_whatever_a_page_holds(ledger: Ledger) -> None:
    assert found(ledger) == found(ledger, most=7) == [event["advice"] for event in asked(ledger)]


def test_by_policy_application_stage_and_day(ledger: Ledger) -> None:
    events = asked(ledger)
    day = events[len(events) // 2]["time"][:10]
    assert found(ledger, policy="case-summary") == [
        event["advice"] for event in events if event["policy"]["id"] == "case-summary"
    ]
    assert found(ledger, application="casebook") == [
        event["advice"] for event in events if event["actor"] == "application:casebook"
    ]
    assert found(ledger, since=day, until=day) == [
        event["advice"] for event in events if event["time"][:10] == day
    ]
    assert found(ledger, stage="pilot") == found(ledger)
    assert found(ledger, stage="scale") == []
    assert ledger.database.read(known_policies) == ["case-summary", "letter-draft"]


def test_by_outcome_and_person(ledger: Ledger) -> None:
    rejected = {event["advice"] for event in ledger.events("advice.rejected")}
    assert set(found(ledger, status="rejected")) == rejected
    person = ledger.events("decision.recorded")[0]["actor"]
    theirs = {event["advice"] for event in ledger.events("decision.recorded") if event["actor"] == person}
    assert set(found(ledger, person=person.removeprefix("person:"))) == theirs
