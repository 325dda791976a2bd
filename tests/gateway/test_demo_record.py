"""The demo's record: made up, marked as such, sealed and kept to the process as one that was lived."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from audit import Transaction, verify_directory
from gateway.advice import QueueQuery, all_events, find_advice, queue
from gateway.commands.demo_record import DemoPeople, write_demo_record
from gateway.identity import Person, Role, create_application, create_person
from gateway.oversight import MeasureService, Question, drawings, list_alerts
from gateway.settings import load_settings
from gateway.startup.bootstrap import Resources, open_resources
from gateway.steps import disclose, heading_of
from tests.gateway_server import MASTER_KEY
from tests.oversight.from_the_log import measures
from tests.watching import breaches

pytestmark = pytest.mark.xdist_group("demo record")
ORIGIN = "demo.countersign.example/log"


@dataclass(frozen=True)
class Demo:
    resources: Resources
    people: DemoPeople
    two_faults: str
    events: list[dict[str, Any]]


def make_people(transaction: Transaction) -> DemoPeople:
    def make(name: str, role: Role) -> Person:
        return Person(create_person(transaction, name, [role], actor="operator")[0], name, frozenset([role]))

    create_application(transaction, "casebook", actor="operator")
    asking = make("Priya", "caseworker"), make("Owen", "caseworker")
    return DemoPeople(
        "casebook", asking, make("Mair", "reviewer"), make("Tom", "reviewer"), make("Ada", "admin")
    )


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    root = Path(__file__).parents[2]
    settings = load_settings(
        data=tmp_path_factory.mktemp("demo") / "data",
        master_key=MASTER_KEY,
        origin=ORIGIN,
        policies=root / "policies",
        prompts=root / "prompts",
    )
    people: list[DemoPeople] = []

    def made(transaction: Transaction) -> DemoPeople:
        people.append(make_people(transaction))
        return people[0]

    two_faults = write_demo_record(settings, made)
    assert two_faults is not None
    resources = open_resources(settings)
    try:
        log = resources.log
        events = [event for _, event in all_events(log)]
        yield Demo(resources, people[0], two_faults, events)
    finally:
        log.close()


def test_it_is_verified_and_kept_to_the_process_and_begins_with_what_it_is(demo: Demo) -> None:
    assert verify_directory(demo.resources.settings.data).size == len(demo.events)
    assert breaches(demo.events, ORIGIN) == []
    first = demo.events[0]
    assert first["type"] == "demonstration.written"
    assert max(event["time"] for event in demo.events) <= first["until"]
    days = {event["time"][:10] for event in demo.events if event["type"] == "decision.recorded"}
    assert len(days) >= 15


def test_an_answer_with_two_wrong_facts_waits_and_both_are_marked(demo: Demo) -> None:
    settings, vault = demo.resources.settings, demo.resources.vault

    def read(connection: Any) -> dict[str, Any]:
        advice = find_advice(connection, demo.two_faults)
        assert advice is not None
        assert (advice.status, advice.unsupported_facts) == ("pending", 2)
        return disclose(connection, vault, demo.people.hasty, advice, settings.url).document

    document = demo.resources.database.read(read)
    answer = document["completion"]["choices"][0]["message"]["content"]
    doubts = [one for one in document["evidence"]["facts"] if one["state"] != "found"]
    assert len({answer[one["start"] : one["end"]] for one in doubts}) == 2
    assert document["sent"]["messages"][-1]["content"].count("<PERSON_1>") > 1


def test_queue_pictures_alerts_and_measures_have_something_to_show(demo: Demo) -> None:
    resources = demo.resources
    waiting = resources.database.read(
        lambda connection: queue(connection, QueueQuery(demo.people.hasty.id), 50)
    )
    headings = resources.database.read(
        lambda connection: [heading_of(connection, resources.vault, one) for one in waiting]
    )
    assert len(headings) >= 6
    assert len({one.words for one in headings}) == len(headings)
    assert all((one.case or "").startswith("DEMO-") for one in headings)
    for drawing in drawings(MeasureService(resources.database), Question(), resources.policies):
        assert drawing.groups, drawing.id
    alerts = resources.database.read(list_alerts)
    assert {"rubber-stamp", "checks-missed"} <= {one["alert"] for one in alerts}


def test_its_measures_are_those_of_its_log(demo: Demo) -> None:
    expected = measures(demo.events, "policy")
    for one in MeasureService(demo.resources.database).answer(Question("policy")):
        count, value = expected[one.id].get("all", (0, None))
        if not one.whole.hidden:
            assert (one.whole.count, one.whole.value) == (count, value and pytest.approx(value)), one.id
