"""The rules of the process, each with the one event that breaks it."""

import json
from typing import Any

import pytest

from audit.watch import RULES
from tests.audit.conftest import Folder
from tests.audit.logs import key_of, run

VERSION, OTHER = "a" * 64, "b" * 64
POLICY = {"id": "case-summary", "version": VERSION}
REVIEW = {
    "gate": "release",
    "deciders": 1,
    "not_the_requester": True,
    "view_first": True,
    "accept_reason": False,
    "reject_reason": True,
    "decide_within": 3600,
    "confirm": [],
}
FAR = "2099-01-01T00:00:00.000000Z"

Event = dict[str, Any]

EMBEDDING = {
    "type": "embedding.requested",
    "embedding": "e",
    "actor": "application:casebook",
    "policy": POLICY,
    "models": ["default"],
    "leaves": True,
    "inputs": 2,
    "redactions": {"PERSON": 1},
}


def about(kind: str, advice: str, actor: str, /, **more: Any) -> Event:
    return {"type": kind, "advice": advice, "actor": actor, **more}


def people() -> list[Event]:
    made = [{"type": "policy.loaded", "actor": "gateway", "policy": POLICY}]
    for name, role in (("ana", "caseworker"), ("ben", "reviewer"), ("cai", "reviewer"), ("olu", "oversight")):
        key = {"credential": f"c-{name}", "holder": f"person:p-{name}", "roles": [role]}
        made.append({"type": "key.created", "actor": "operator", **key})
    return made


def requested(advice: str = "a", **review: Any) -> Event:
    return about(
        "advice.requested",
        advice,
        "application:casebook",
        policy=POLICY,
        requester="p-ana",
        redactions={"PERSON": 1},
        commitments={"request": "1" * 64},
        review={**REVIEW, **review},
    )


def received(advice: str = "a") -> Event:
    caveats = [{"id": "not-a-decision", "text": "This is advice. The decision is yours."}]
    return about(
        "advice.received", advice, "gateway", policy=POLICY, model="default", caveats=caveats, decide_by=FAR
    )


def shown(to: str, advice: str = "a") -> Event:
    return about("advice.shown", advice, "gateway", to=to)


def viewed(who: str, advice: str = "a") -> Event:
    return about("view.recorded", advice, f"person:{who}", commitments={"view": "2" * 64})


def decision(who: str, what: str = "accept", advice: str = "a", **more: Any) -> Event:
    given = {"commitments": {"reason": "3" * 64}} if what == "reject" else {}
    members = {"decision": what, "text": 0, "caveats_read": [], **given, **more}
    return about("decision.recorded", advice, f"person:{who}", policy=POLICY, **members)


def accepted(advice: str = "a", text: int = 0) -> Event:
    return about("advice.accepted", advice, "person:p-ben", policy=POLICY, text=text)


def outcome(kind: str, advice: str = "a") -> Event:
    return about(f"advice.{kind}", advice, "gateway", policy=POLICY)


def passed_on(*tools: str, advice: str = "a") -> Event:
    return about("advice.passed_on", advice, "gateway", tools=list(tools), calls=["c"])


def released(advice: str = "a", text: int = 0) -> Event:
    return about("advice.released", advice, "application:casebook", text=text)


def deleted(by: str = "application:casebook") -> Event:
    return about("advice.response_deleted", "a", by)


def decided_well(advice: str = "a") -> list[Event]:
    return [
        requested(advice),
        received(advice),
        shown("operator", advice),
        viewed("p-ben", advice),
        decision("p-ben", advice=advice),
        accepted(advice),
        released(advice),
    ]


def append_all(folder: Folder, events: list[Event]) -> None:
    log = folder.open()
    placed = [
        {**event, "upto": index + event["upto"]} if event.get("upto", 0) < 0 else event
        for index, event in enumerate(events)
    ]
    log.submit(lambda transaction: [transaction.append(event) for event in placed]).result()
    log.close()


def breaches(
    folder: Folder, capsys: Any, events: list[Event], first: list[Event] | None = None
) -> list[Event]:
    append_all(folder, [*(people() if first is None else first), *events])
    code, out, _ = run(capsys, "watch", folder.path, "--key", key_of(folder), "--json")
    found = json.loads(out)
    assert code == (1 if found["findings"] else 0)
    return found["findings"]


WELL = {
    "decided by somebody else with their own view": decided_well(),
    "rejected with a reason": [
        requested(),
        received(),
        viewed("p-ben"),
        decision("p-ben", "reject"),
        outcome("rejected"),
    ],
    "still waiting": [requested(), received()],
    "under way": [requested()],
    "failed": [requested(), outcome("failed")],
    "refused": [outcome("refused")],
    "in use, seen at once by the application": [
        requested(gate="use", view_first=False),
        received(),
        shown("application:casebook"),
        decision("p-ben"),
        accepted(),
    ],
    "two people": [
        requested(deciders=2),
        received(),
        viewed("p-ben"),
        viewed("p-cai"),
        decision("p-ben"),
        decision("p-cai"),
        accepted(),
    ],
    "an amendment, agreed on": [
        requested(deciders=2, view_first=False),
        received(),
        decision("p-ben", text=1),
        decision("p-cai", text=1),
        accepted(text=1),
        released(text=1),
    ],
    "opened by the operator": [*decided_well(), about("content.opened", "a", "operator", kind="sent")],
    "an older version, a moment after the new one": [
        {"type": "policy.loaded", "actor": "gateway", "policy": {**POLICY, "version": OTHER}},
        *decided_well(),
    ],
}


CASE = {**requested(view_first=False), "case": "c" * 40}
HOLD = {"type": "hold.placed", "actor": "operator", "case": "c" * 40, "why": "inquest"}
HOLD_ON_ADVICE = {"type": "hold.placed", "actor": "operator", "advice": "a", "why": "inquest"}
ERASED = {
    "type": "content.erased",
    "advice": "a",
    "actor": "operator",
    "why": "retention",
    "erased": ["content"],
}
DONE = [received(), decision("p-ben"), accepted()]
WELL["its response deleted before and after it was decided on"] = [CASE, deleted(), *DONE]
WELL["its response deleted once released"] = [*decided_well(), deleted()]
WELL["erased once settled"] = [CASE, *DONE, ERASED]
OTHER_HOLD = {**HOLD, "why": "litigation"}
LIFTED = [{**HOLD, "type": "hold.lifted"}, {**OTHER_HOLD, "type": "hold.lifted"}]
WELL["erased once both holds were lifted"] = [CASE, HOLD, OTHER_HOLD, *DONE, *LIFTED, ERASED]
WELL["erased once the hold was lifted"] = [CASE, HOLD, *DONE, {**HOLD, "type": "hold.lifted"}, ERASED]


START = [requested(view_first=False), received()]
REJECTED = [*START, decision("p-ben", "reject"), outcome("rejected")]
ACCEPTED = [*START, decision("p-ben"), accepted()]
ADMIN = {
    "type": "key.created",
    "actor": "operator",
    "credential": "c-ada",
    "holder": "person:p-ada",
    "roles": ["admin"],
}


def revealed(**verdict: Any) -> Event:
    return about("check.revealed", "a", "gateway", policy=POLICY, check="wrong-day", **verdict)


def concern(kind: str, who: str, **more: Any) -> Event:
    return about(
        f"concern.{kind}", "a", f"person:{who}", **{"concern": "concern_1", "policy": POLICY, **more}
    )


def answered(who: str = "p-ada", number: int = 1, **more: Any) -> Event:
    return concern("answered", who, state="upheld", number=number, **more)


def alert(back: int = 1, decisions: int = 1, **shares: int) -> Event:
    """About decisions up to the event that stands `back` before it; `breaches` says which that is."""
    return {
        "type": "alert.raised",
        "actor": "gateway",
        "policy": POLICY,
        "alert": "rubber-stamp",
        "decisions": decisions,
        "upto": -back,
        "shares": shares,
    }


def admins() -> list[Event]:
    made = []
    for name in ("dan", "eve"):
        key = {"credential": f"c-{name}", "holder": f"person:p-{name}", "roles": ["admin"]}
        made.append({"type": "key.created", "actor": "operator", **key})
    return made


def agreed(who: str, version: str = OTHER) -> Event:
    policy = {"id": "case-summary", "version": version}
    return {
        "type": "policy.approved",
        "actor": f"person:p-{who}",
        "policy": policy,
        "loosens": ["review.gate"],
    }


def weakened(*who: str, needed: int = 2, **more: Any) -> Event:
    people = [f"person:p-{one}" for one in who]
    policy = {"id": "case-summary", "version": OTHER}
    change = {"loosens": ["review.gate"], "needed": needed, "approved_by": people}
    return {"type": "policy.loaded", "actor": people[-1], "policy": policy, **change, **more}


TWO = [*ACCEPTED, *(one | {"advice": "b"} for one in ACCEPTED)]
WELL |= {
    "a check that was caught": [*REJECTED, revealed(caught=True)],
    "a check that was not": [*ACCEPTED, revealed(caught=False)],
    "a check that nobody decided on": [
        START[0],
        {**received(), "decide_by": "2020-01-01T00:00:00.000000Z"},
        outcome("expired"),
        revealed(),
    ],
    "a check whose words were changed": [
        *START,
        decision("p-ben", text=1),
        accepted(text=1),
        revealed(caught=True),
    ],
    "a concern, answered twice": [
        *START,
        ADMIN,
        concern("raised", "p-ben"),
        answered(),
        answered(number=2),
    ],
    "an agent's run": [
        requested(),
        received(),
        passed_on("look_up"),
        {**requested("b", view_first=False), "continues": "a"},
        received("b"),
        *(one | {"advice": "b"} for one in decided_well()[2:] if one["type"] != "view.recorded"),
    ],
    "a safeguard that two admins weakened, anyone who wrote it": [
        *admins(),
        agreed("dan"),
        weakened("dan", "eve", commits=[{"author": "person:p-ana"}]),
    ],
    "an alert over each two decisions": [
        *TWO,
        alert(2, 2),
        *(one | {"advice": one["advice"] * 2} for one in TWO),
        alert(2, 2),
    ],
}


@pytest.mark.parametrize("name", WELL)
def test_a_process_that_was_kept_to(folder, capsys, name):
    assert breaches(folder, capsys, WELL[name]) == []


BROKEN: list[tuple[str, str, list[Event]]] = [
    ("requested-first", "nobody asked for", [received()]),
    ("requested-first", "asked for before", [requested(), requested()]),
    ("requested-first", "asked for before", [outcome("refused"), requested()]),
    ("requested-first", "names no advice", [{"type": "advice.shown", "to": "x"}]),
    ("policy-in-force", "never loaded", [{**requested(), "policy": {"id": "other", "version": VERSION}}]),
    (
        "policy-in-force",
        "not in force at the time",
        [{**requested(), "policy": {**POLICY, "version": OTHER}}],
    ),
    ("policy-in-force", "never loaded", [{**EMBEDDING, "policy": {"id": "other", "version": VERSION}}]),
    (
        "policy-in-force",
        "not in force at the time",
        [{**EMBEDDING, "policy": {**POLICY, "version": OTHER}}],
    ),
    (
        "policy-in-force",
        "another version",
        [requested(), {**received(), "policy": {**POLICY, "version": OTHER}}],
    ),
    ("one-answer", "second answer", [*START, received()]),
    ("one-answer", "comes after", [requested(), outcome("failed"), received()]),
    ("one-outcome", "one outcome", [*START, decision("p-ben"), accepted(), outcome("expired")]),
    ("one-outcome", "one outcome", [*START, decision("p-ben"), accepted(), accepted()]),
    ("one-outcome", "had been received", [*START, outcome("failed")]),
    ("one-outcome", "before any answer", [requested(), outcome("expired")]),
    (
        "decided-by-people",
        "not by a person",
        [*START, {**decision("p-ben"), "actor": "application:casebook"}],
    ),
    ("decided-by-people", "no credential", [*START, decision("p-nobody")]),
    ("decided-by-people", "no credential", [*START, decision("p-olu")]),
    (
        "decided-by-people",
        "no credential",
        [
            *START,
            {"type": "key.revoked", "actor": "operator", "credential": "c-ben", "holder": "person:p-ben"},
            decision("p-ben"),
        ],
    ),
    (
        "decided-by-people",
        "second decision",
        [requested(deciders=2, view_first=False), received(), decision("p-ben"), decision("p-ben")],
    ),
    ("decided-by-people", "is settled", [*START, decision("p-ben"), accepted(), decision("p-cai")]),
    ("decided-by-people", "no answer yet", [requested(view_first=False), decision("p-ben")]),
    (
        "decided-by-people",
        "after its time",
        [START[0], {**received(), "decide_by": "2020-01-01T00:00:00.000000Z"}, decision("p-ben"), accepted()],
    ),
    ("not-the-requester", "had asked for it", [*START, decision("p-ana")]),
    ("view-first", "without their own view", [requested(), received(), decision("p-ben")]),
    (
        "view-first",
        "before their own view",
        [requested(), received(), shown("person:p-ben"), viewed("p-ben")],
    ),
    ("reason-given", "without the reason", [*START, decision("p-ben", "reject", commitments={})]),
    (
        "reason-given",
        "without confirming",
        [
            requested(view_first=False, confirm=["not-a-decision"]),
            received(),
            decision("p-ben"),
        ],
    ),
    (
        "reason-given",
        "without confirming 1 facts",
        [
            requested(view_first=False, confirm_facts=True),
            {**received(), "unsupported_facts": 2},
            decision("p-ben", facts_confirmed=["f1"]),
        ],
    ),
    (
        "signed-by-passkey",
        "is not signed",
        [requested(view_first=False, signature="passkey"), received(), decision("p-ben")],
    ),
    ("passkeys-trusted", "registers no passkey", [{"type": "passkey.registered", "actor": "person:p-ben"}]),
    ("accepted-by-enough", "0 of 1", [*START, accepted()]),
    (
        "accepted-by-enough",
        "1 of 2",
        [requested(deciders=2, view_first=False), received(), decision("p-ben"), accepted()],
    ),
    (
        "accepted-by-enough",
        "1 of 2",
        [
            requested(deciders=2, view_first=False),
            received(),
            decision("p-ben"),
            decision("p-cai", text=1),
            accepted(),
        ],
    ),
    ("accepted-by-enough", "nobody rejected", [*START, outcome("rejected")]),
    (
        "accepted-by-enough",
        "somebody rejected",
        [
            *START,
            decision("p-cai", "reject"),
            decision("p-ben"),
            accepted(),
        ],
    ),
    ("no-release-without-accept", "without having been accepted", [*START, released()]),
    ("no-release-without-accept", "another text", [*START, decision("p-ben"), accepted(), released(text=1)]),
    (
        "no-release-without-accept",
        "second time",
        [*START, decision("p-ben"), accepted(), released(), released()],
    ),
    ("no-release-without-accept", "shows held advice", [*START, shown("application:casebook")]),
    (
        "shown-first",
        "not been shown",
        [requested(view_first=False, shown_first=True), received(), decision("p-ben")],
    ),
    ("passed-on-as-tool-calls", "calls no tool", [*START, passed_on()]),
    (
        "passed-on-as-tool-calls",
        "calls send_letter, which the policy holds",
        [requested(tools=["send_letter"]), received(), passed_on("look_up", "send_letter")],
    ),
    ("passed-on-as-tool-calls", "was not passed on", [*START, {**requested("b"), "continues": "a"}]),
    ("expired-in-time", "before its time", [*START, outcome("expired")]),
    (
        "expires-at-last",
        "still waits",
        [START[0], {**received(), "decide_by": "2020-01-01T00:00:00.000000Z"}],
    ),
]


BROKEN += [
    ("deleted-by-its-application", "a second time", [*decided_well(), deleted(), deleted()]),
    ("deleted-by-its-application", "by application:other", [*decided_well(), deleted("application:other")]),
    ("deleted-by-its-application", "is released although", [CASE, deleted(), *DONE, released()]),
    ("erased-when-allowed", "not settled", [CASE, received(), ERASED]),
    ("erased-when-allowed", "legal hold on the case", [CASE, HOLD, *DONE, ERASED]),
    ("erased-when-allowed", "legal hold on the case", [CASE, HOLD, OTHER_HOLD, *DONE, LIFTED[0], ERASED]),
    ("erased-when-allowed", "legal hold on the advice", [CASE, *DONE, HOLD_ON_ADVICE, ERASED]),
    ("checks-revealed", "nobody was shown", [revealed(caught=True)]),
    ("checks-revealed", "not settled", [*START, revealed()]),
    ("checks-revealed", "a second time", [*REJECTED, revealed(caught=True), revealed(caught=True)]),
    ("checks-revealed", "releases a seeded check", [*ACCEPTED, revealed(caught=False), released()]),
    ("checks-revealed", "what was released", [*ACCEPTED, released(), revealed(caught=False)]),
    ("checks-revealed", "rejected check as caught", [*REJECTED, revealed(caught=False)]),
    ("checks-revealed", "accepted as it stood", [*ACCEPTED, revealed(caught=True)]),
    ("checks-revealed", "no verdict", [*ACCEPTED, revealed()]),
    ("checks-revealed", "nobody decided on", [requested(), outcome("failed"), revealed(caught=True)]),
    (
        "checks-revealed",
        "in use",
        [requested(gate="use", view_first=False), *ACCEPTED[1:], revealed(caught=False)],
    ),
    ("concerns-answered", "nobody raised", [*START, ADMIN, answered()]),
    ("concerns-answered", "raised before", [*START, concern("raised", "p-ben"), concern("raised", "p-ben")]),
    ("concerns-answered", "nobody asked for", [concern("raised", "p-ben")]),
    ("concerns-answered", "not by a person", [*START, {**concern("raised", "p"), "actor": "gateway"}]),
    ("concerns-answered", "who had raised it", [*START, ADMIN, concern("raised", "p-ada"), answered()]),
    (
        "concerns-answered",
        "no credential of an admin",
        [*START, concern("raised", "p-ben"), answered("p-cai")],
    ),
    ("concerns-answered", "after 0", [*START, ADMIN, concern("raised", "p-ben"), answered(number=2)]),
    (
        "concerns-answered",
        "another advice",
        [*START, ADMIN, concern("raised", "p-ben"), answered() | {"advice": "b"}],
    ),
    ("alerts-over-decisions", "no decision on its policy", [*ACCEPTED, alert(1)]),
    ("alerts-over-decisions", "2 decisions, but there are 1", [*ACCEPTED, alert(2, 2)]),
    ("alerts-over-decisions", "1 decisions, but there are 0", [*ACCEPTED, alert(2), alert(3)]),
    ("alerts-over-decisions", "thousandths", [*ACCEPTED, alert(2, accepted=1001)]),
    ("weakened-by-enough", "1 of 2 different admins", [*admins(), weakened("eve", "eve")]),
    ("weakened-by-enough", "no credential of an admin", [*admins(), agreed("ben"), weakened("ben", "eve")]),
    ("weakened-by-enough", "whose agreement is not on record", [*admins(), weakened("dan", "eve")]),
    (
        "weakened-by-enough",
        "whose agreement is not on record",
        [*admins(), agreed("dan", version=VERSION), weakened("dan", "eve")],
    ),
    (
        "weakened-by-enough",
        "who had written it",
        [*admins(), agreed("dan"), weakened("dan", "eve", commits=[{"author": "person:p-dan"}])],
    ),
    (
        "weakened-by-enough",
        "with 1 admin, where it took 2 before",
        [*admins(), agreed("dan"), weakened("dan", "eve"), weakened("eve", needed=1)],
    ),
]


@pytest.mark.parametrize(
    ("rule", "what", "events"), BROKEN, ids=[f"{rule} {what}" for rule, what, _ in BROKEN]
)
def test_a_process_that_was_not_kept_to(folder, capsys, rule, what, events):
    found = breaches(folder, capsys, events)
    assert [one["rule"] for one in found if what in one["what"]] == [rule], found
    assert {one["rule"] for one in found} == {rule}
    last = len(people()) + len(events) - 1
    assert (
        found[0]["index"] == (len(people()) if rule == "expires-at-last" else last)
        or len(found) > 1
        or rule
        in (
            "decided-by-people",
            "view-first",
        )
    )


def test_each_rule_but_the_order_of_time_is_broken_by_some_test():
    assert {rule.id for rule in RULES} - {rule for rule, _, _ in BROKEN} == {"in-order-of-time"}


@pytest.mark.parametrize(
    "event",
    [
        {"type": "advice.requested", "advice": "x"},
        {"type": "advice.requested", "advice": 5, "policy": [], "review": 7},
        {"type": "advice.received", "advice": None, "caveats": {}},
        {
            "type": "decision.recorded",
            "advice": "a",
            "actor": 5,
            "text": "x",
            "caveats_read": 7,
            "commitments": [],
        },
        {"type": "key.created", "holder": [], "roles": {}},
        {"type": "policy.loaded", "policy": "x"},
        {"type": "key.revoked"},
        {"type": "passkey.approved", "credential": []},
        {"type": "passkey.revoked", "credential": {}, "actor": 5},
        {"type": "some.thing"},
    ],
)
def test_an_event_that_makes_no_sense_is_no_traceback(folder, capsys, event):
    found = breaches(folder, capsys, [*START, event])
    if event["type"].startswith(("advice", "decision")):
        assert found


def test_the_summary_counts_how_advice_ended(folder, capsys):
    breaches(folder, capsys, [*decided_well("x"), *decided_well("y"), requested("z"), received("z")])
    _, out, _ = run(capsys, "watch", folder.path, "--key", key_of(folder))
    assert "The process was kept to in all 21 events." in out
    assert [line.split() for line in out.splitlines()[1:3]] == [["requested", "3"], ["accepted", "2"]]
    assert "waiting     1, of which 0 past their time" in out
