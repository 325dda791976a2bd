"""Advice that is known to be wrong is mixed in, decided on like any other, never given to an application, revealed."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from audit import decode_event, verify_directory
from gateway.advice import QueueQuery, check_content, queue, usage_rows
from gateway.policy import PolicyInvalid
from gateway.storage import stored_events
from tests.gateway.conftest import ProviderServer
from tests.gateway_server import GatewayServer
from tests.waiting import wait_for
from tests.watching import breaches

POLICY = """
id: seeded
title: Seeded
purpose: Try seeded checks.
owner: Tests
stage: pilot
applications: [casebook]
models: [default]
prompt: plain
caveats:
  - id: not-a-decision
    say: This is advice. The decision, and the responsibility for it, are yours.
review:
  gate: {gate}
  check_one_in: 2
  decide_within: {within}
"""
CHECK = """
id: wrong-day
policy: seeded
ask: When is the hearing of Ana Pryce, on 4 May 2026?
answer: The hearing is on 14 May 2026, in room 3.
wrong: [14 May 2026]
why: The hearing is on 4 May.
"""


@pytest.fixture
def seeded(
    tmp_path: Path, provider: ProviderServer, fresh: Callable[..., GatewayServer]
) -> Callable[..., Any]:
    def start(
        *,
        gate: str = "release",
        within: str = "1h",
        review: str = "",
        check: str = CHECK,
        minutes: float = 0,
    ) -> GatewayServer:
        for folder in ("policies", "prompts", "checks"):
            (tmp_path / folder).mkdir()
        (tmp_path / "policies" / "seeded.yaml").write_text(POLICY.format(gate=gate, within=within) + review)
        (tmp_path / "prompts" / "plain.md").write_text("---\nid: plain\ntitle: Plain\n---\nAnswer plainly.\n")
        (tmp_path / "checks" / "wrong-day.yaml").write_text(check)
        folders = {name: tmp_path / name for name in ("policies", "prompts", "checks")}
        return fresh(**folders, checks_within_minutes=minutes)

    return start


def mixed_in(gateway: GatewayServer, **body: Any) -> tuple[str, list[str]]:
    """Asks until a check has come; gives its id, and those of what was asked."""
    asked = []
    for _ in range(100):
        asked.append(str(gateway.ask("Write a letter.", model="seeded", **body).headers["x-advice-id"]))
        with gateway.client("ben") as client:
            waiting = client.get("/v1/advice?status=pending&limit=100").json()["data"]
        others = [one["id"] for one in waiting if one["id"] not in asked]
        if others:
            return others[0], asked
    raise AssertionError("no check came")


def revealed(gateway: GatewayServer, advice: str) -> dict[str, Any] | None:
    return next((one for one in gateway.events(advice) if one["type"] == "check.revealed"), None)


def shape(value: Any) -> Any:
    """What a document looks like apart from its words, numbers and times."""
    if isinstance(value, dict):
        return {name: shape(one) for name, one in value.items()}
    return [shape(one) for one in value] if isinstance(value, list) else type(value).__name__


def test_nothing_tells_a_check_from_other_advice_before_it_is_decided_on(
    seeded: Callable[..., GatewayServer],
) -> None:
    gateway = seeded(review="  not_the_requester: true\n")
    about = {"case": "D-1", "on_behalf_of": gateway.people["ana"][0]}
    check, asked = mixed_in(gateway, metadata=about, temperature=0.5, max_tokens=300)
    real, made_up = gateway.events(asked[0]), gateway.events(check)
    assert [one["type"] for one in real] == [one["type"] for one in made_up]
    for one, other in zip(real, made_up, strict=True):
        varies = {"time", "advice", "case", "redactions", "entities", "added", "words", "usage", "decide_by"}
        varies |= {"unsupported_facts", "unsupported_sentences"}
        assert set(one) == set(other)
        assert set(one["commitments"]) == set(other["commitments"])
        for name in set(one) - varies - {"commitments"}:
            assert one[name] == other[name], name
    assert made_up[0]["case"].startswith("case_")
    assert made_up[0]["case"] != real[0]["case"]
    for name, count in made_up[1]["usage"].items():
        assert 0 < count != real[1]["usage"][name]
    documents = [gateway.read("ben", one).json() for one in (asked[0], check)]
    for document in documents:
        document["pseudonyms"] = document["decision_support"]["redactions"] = document["evidence"] = None
    assert shape(documents[0]) == shape(documents[1])
    shown = documents[1]
    assert shown["check"] is None
    assert "14 May 2026" in shown["completion"]["choices"][0]["message"]["content"]
    assert "Ana Pryce" in shown["request"]["messages"][-1]["content"]
    assert shown["request"]["temperature"] == 0.5
    assert gateway.decide("ana", check).status_code == 403  # whom it names may not decide on it either
    assert verify_directory(gateway.settings.data).ok


def test_the_person_whom_a_check_names_does_not_find_it_among_what_they_asked_for(
    seeded: Callable[..., GatewayServer],
) -> None:
    gateway = seeded(review="  not_the_requester: true\n")
    ana = gateway.people["ana"][0]
    check, asked = mixed_in(gateway, metadata={"on_behalf_of": ana})
    found = gateway.resources.database.read(
        lambda connection: queue(connection, QueueQuery(ana, whose="mine", order="newest"), 200)
    )
    assert {one.id for one in found} == set(asked)
    assert gateway.events(check)[0]["requester"] == ana


def test_it_uses_up_none_of_the_applications_tokens(seeded: Callable[..., GatewayServer]) -> None:
    gateway = seeded()
    check, asked = mixed_in(gateway)
    rows = gateway.resources.database.read(lambda connection: usage_rows(connection, "2000", "2999"))
    used = sum(row["prompt_tokens"] + row["completion_tokens"] for row in rows)
    tokens = {one["advice"]: sum(one["usage"].values()) for one in gateway.events() if "usage" in one}
    assert used == sum(tokens[one] for one in asked)
    assert tokens[check] > 0


def test_one_that_still_waits_for_its_moment_when_the_gateway_ends_is_forgotten(
    seeded: Callable[..., GatewayServer],
) -> None:
    gateway = seeded(minutes=1_000_000)
    asked = {gateway.ask(model="seeded").headers["x-advice-id"] for _ in range(12)}
    gateway.stop()
    on_record = gateway.resources.database.read(
        lambda connection: [decode_event(raw) for raw in stored_events(connection)]
    )
    assert {one["advice"] for one in on_record if one["type"] == "advice.requested"} == asked


def test_it_is_erased_with_its_made_up_case_as_other_advice_is(seeded: Callable[..., GatewayServer]) -> None:
    gateway = seeded(review="retention: {content: 1s, pseudonyms: 1s}\n")
    check, _ = mixed_in(gateway, metadata={"case": "D-1"})
    case = gateway.events(check)[0]["case"]
    gateway.decide("ben", check, "reject", reason="It is on the 4th.")

    def erased() -> set[str]:
        gone = [one for one in gateway.events() if one["type"] == "content.erased"]
        return {name for one in gone for name in (one.get("advice"), one.get("case")) if name}

    wait_for(lambda: {check, case} <= erased())
    assert gateway.read("ben", check).status_code == 410
    database, vault = gateway.resources.database, gateway.resources.vault
    assert database.snapshot(lambda connection: list(check_content(connection, vault))) == []


def test_what_is_asked_may_have_several_messages(seeded: Callable[..., GatewayServer]) -> None:
    turns = "[{role: system, content: Be kind.}, {role: user, content: When is it?}]"
    gateway = seeded(check=CHECK.replace("When is the hearing of Ana Pryce, on 4 May 2026?", turns))
    check, _ = mixed_in(gateway)
    messages = gateway.read("ben", check).json()["request"]["messages"]
    assert [(one["role"], one["content"]) for one in messages] == [
        ("system", "Be kind."),
        ("user", "When is it?"),
    ]


def test_no_application_is_given_one(seeded: Callable[..., GatewayServer]) -> None:
    gateway = seeded()
    check, asked = mixed_in(gateway)
    gateway.decide("ben", check)
    assert gateway.read("application", check).status_code == 404
    with gateway.client() as client:
        listed = {one["id"] for one in client.get("/v1/advice?limit=100").json()["data"]}
    assert listed == set(asked)
    assert "advice.released" not in gateway.types(check)


@pytest.mark.parametrize(
    ("decision", "more", "caught"),
    [
        ("reject", {"reason": "It is on the 4th."}, True),
        ("accept", {}, False),
        ("accept", {"amendment": "The hearing is on 4 May 2026, in room 3."}, True),
        ("accept", {"amendment": "The hearing is on 14  may 2026, upstairs."}, False),
    ],
)
def test_the_decision_reveals_whether_it_was_caught(
    seeded: Callable[..., GatewayServer], decision: str, more: dict[str, str], caught: bool
) -> None:
    gateway = seeded()
    check, _ = mixed_in(gateway)
    gateway.decide("ben", check, decision, **more)
    event = revealed(gateway, check)
    assert event is not None
    assert (event["check"], event["caught"], event["actor"]) == ("wrong-day", caught, "gateway")
    gateway.give_password("ben")
    assert gateway.browser("ben").get(f"/advice/{check}/statement").status_code == 404
    told = gateway.read("ben", check).json()["check"]
    assert told == {"id": "wrong-day", "caught": caught, "why": "The hearing is on 4 May."}


def test_one_that_nobody_decided_on_is_revealed_without_a_verdict(
    seeded: Callable[..., GatewayServer],
) -> None:
    gateway = seeded(within="1s")
    check, _ = mixed_in(gateway)
    end = time.monotonic() + 60
    while (event := revealed(gateway, check)) is None and time.monotonic() < end:
        pass
    assert event is not None
    assert "caught" not in event


def test_decisions_on_checks_are_not_counted_as_casework(seeded: Callable[..., GatewayServer]) -> None:
    gateway = seeded()
    checks = 0
    for _ in range(12):
        check, asked = mixed_in(gateway)
        gateway.decide("ben", check, "reject", reason="Wrong.")
        checks += 1
        for advice in asked:
            gateway.decide("ben", advice)
    with gateway.client("olu") as client:
        found = {one["id"]: one for one in client.get("/v1/oversight/measures").json()["data"]}
    decisions = sum(one["type"] == "decision.recorded" for one in gateway.events())
    assert found["accepted"]["all"]["count"] == decisions - checks
    assert found["rejected"]["all"]["value"] == 0
    assert (found["caught"]["all"]["count"], found["caught"]["all"]["value"]) == (checks, 1)
    assert breaches(gateway.events()) == []


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"gate": "use"}, "gate: release"),
        (
            {"check": CHECK.replace("wrong: [14 May 2026]", "wrong: [15 May 2026]")},
            "does not stand in `answer`",
        ),
        ({"check": CHECK.replace("policy: seeded", "policy: other")}, "no policy in force"),
    ],
)
def test_checks_that_cannot_be_used_keep_the_gateway_from_starting(
    seeded: Callable[..., GatewayServer], changes: dict[str, str], complaint: str
) -> None:
    with pytest.raises(PolicyInvalid, match=complaint):
        seeded(**changes)


PLANTED = """
id: wrong-day
policy: seeded
ask: When is the hearing of Ana Pryce, and what is her fine? It is on 4 May 2026, and the fine is £180.
answer: The hearing is on 4 May 2026. The fine is £180.
plant: [date, sum]
"""


@pytest.mark.parametrize("decision", ["accept", "reject"])
def test_of_a_good_answer_one_fact_is_made_wrong_marked_and_told_of_afterwards(
    seeded: Callable[..., GatewayServer], decision: str
) -> None:
    gateway = seeded(check=PLANTED)
    check, _ = mixed_in(gateway)
    document = gateway.read("ben", check).json()
    answer = document["completion"]["choices"][0]["message"]["content"]
    assert ("4 May 2026" in answer) != ("£180" in answer)
    assert sum(one["state"] == "unsupported" for one in document["evidence"]["facts"]) == 1
    assert gateway.decide("ben", check, decision, reason="Seen.").status_code == 201
    event = revealed(gateway, check)
    assert event is not None
    assert event["planted"] == ("sum" if "4 May 2026" in answer else "date")
    assert (event["caught"], event["marked"]) == (decision == "reject", True)
    why = gateway.read("ben", check).json()["check"]["why"]
    assert why.startswith("The answer says ")
    assert why.endswith(("What was sent says 4 May 2026.", "What was sent says £180."))


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ("plant: [date, name]", "no name from `ask`"),
        ("plant: [date]\nwrong: [£180]", "either `wrong` and `why`, or `plant`"),
        ("plant: [date]\nwhy: So.", "none with `plant`"),
        ("plant: [colour]", "plant"),
    ],
)
def test_a_check_of_which_nothing_can_be_made_wrong_ends_the_start(
    seeded: Callable[..., GatewayServer], changed: str, problem: str
) -> None:
    with pytest.raises(PolicyInvalid, match=problem):
        seeded(check=PLANTED.replace("plant: [date, sum]", changed))
