"""A made-up but whole history of advice and decisions, written as events through the real log."""

import random
from collections.abc import Iterator
from typing import Any

from audit import Transaction
from gateway.advice import record
from tests.ledger import Ledger

PEOPLE = [f"person:p_{number:016x}" for number in range(8)]
APPLICATIONS = ["casebook", "tribunal-desk"]
POLICIES = {"case-summary": "1" * 64, "letter-draft": "2" * 64}
CAVEATS = [{"id": "not-a-decision", "text": "This is advice. The decision is yours."}]


def write_history(ledger: Ledger, pieces: int, seed: int, *, batch: int = 1) -> None:
    """`pieces` of advice, each asked for, answered, shown and mostly decided; some refused, late or checks."""
    draw = random.Random(seed)
    for policy, version in POLICIES.items():
        loaded = {"type": "policy.loaded", "actor": "gateway", "policy": {"id": policy, "version": version}}
        ledger.run(lambda transaction, loaded=loaded: record(transaction, {**loaded, "stage": "pilot"}))
    waiting: list[dict[str, Any]] = []
    for number in range(pieces):
        for minutes, events in _piece(draw, number):
            if minutes and waiting and batch == 1:
                _write(ledger, waiting)
            ledger.clock.forward(minutes=minutes)
            waiting += events
        if number % batch == 0 and waiting:
            _write(ledger, waiting)
    if waiting:
        _write(ledger, waiting)


def _write(ledger: Ledger, events: list[dict[str, Any]]) -> None:
    def command(transaction: Transaction) -> None:
        for event in events:
            record(transaction, event)

    ledger.run(command)
    events.clear()


def _piece(draw: random.Random, number: int) -> Iterator[tuple[float, list[dict[str, Any]]]]:
    advice = f"adv_{number:028x}"
    policy_id = draw.choice(list(POLICIES))
    policy = {"id": policy_id, "version": POLICIES[policy_id]}
    about = {"advice": advice, "policy": policy}
    application = f"application:{draw.choice(APPLICATIONS)}"
    if draw.random() < 0.05:
        refused = {"type": "advice.refused", "actor": application, "refused_by": "no-sentencing"}
        yield draw.expovariate(1 / 30), [{**about, **refused}]
        return
    gate = draw.choice(["use", "release"])
    deciders = draw.choice([1, 1, 2])
    review = {
        "gate": gate,
        "deciders": deciders,
        "not_the_requester": False,
        "view_first": True,
        "accept_reason": False,
        "reject_reason": False,
        "decide_within": 3600,
        "confirm": [],
    }
    asked = {
        **about,
        "type": "advice.requested",
        "actor": application,
        "requester": draw.choice(PEOPLE).removeprefix("person:"),
        "case": f"case_{number // 4:040x}",
        "review": review,
        "redactions": {},
        "retention": {"content": 86_400, "pseudonyms": 86_400},
        "commitments": {},
    }
    yield draw.expovariate(1 / 30), [asked]
    if draw.random() < 0.03:
        yield 0, [{**about, "type": "advice.failed", "actor": "gateway", "code": "provider_timeout"}]
        return
    received = {
        **about,
        "type": "advice.received",
        "actor": "gateway",
        "model": "summariser",
        "attempts": [],
        "caveats": CAVEATS,
        "entities": [],
        "added": {},
        "usage": {},
        "words": draw.randrange(20, 600),
        "complete": True,
        "decide_by": "2026-11-25T00:00:00.000000Z" if draw.random() < 0.2 else "2099-01-01T00:00:00.000000Z",
        "commitments": {},
    }
    if draw.random() < 0.9:
        received |= {"unsupported_facts": draw.choice([0, 0, 1, 3]), "unsupported_sentences": 0}
    answered = [received]
    if gate == "use":
        answered.append({"type": "advice.shown", "actor": "gateway", "advice": advice, "to": application})
    yield 0, answered
    if draw.random() < 0.05:
        if gate == "release":
            yield 0, [{**about, "type": "advice.expired", "actor": "gateway"}]
        return
    yield from _decided(draw, about, gate, deciders)


def _decided(
    draw: random.Random, about: dict[str, Any], gate: str, deciders: int
) -> Iterator[tuple[float, list[dict[str, Any]]]]:
    outcome = "advice.accepted"
    text = 0
    for place, person in enumerate(draw.sample(PEOPLE, deciders)):
        if gate == "release" or draw.random() < 0.5:
            shown = {"type": "advice.shown", "advice": about["advice"], "actor": "gateway", "to": person}
            yield draw.expovariate(1 / 5), [shown]
        if draw.random() < 0.1:
            missed = {"type": "redaction.missed", "entity": "PERSON", "number": place + 1, "commitments": {}}
            yield 0, [{**about, **missed, "actor": person}]
        decision: dict[str, Any] = {**about, "type": "decision.recorded", "actor": person, "caveats_read": []}
        roll = draw.random()
        text = 1 if roll > 0.75 else 0
        decision |= {"decision": "reject" if roll < 0.2 else "accept", "text": text, "commitments": {}}
        if text:
            decision["changed"] = draw.randrange(1, 400)
        if draw.random() < 0.6:
            decision["own_view"] = draw.choice(["agrees", "agrees", "differs"])
        yield draw.expovariate(1 / 2), [decision]
        if roll < 0.2:
            outcome = "advice.rejected"
            break
    settled = {**about, "type": outcome, "actor": decision["actor"]}
    check = {**about, "type": "check.revealed", "actor": "gateway", "check": "wrong-date"}
    check["caught"] = outcome == "advice.rejected"
    if draw.random() < 0.8:
        check["marked"] = draw.random() < 0.5
    ending = [settled] if outcome == "advice.rejected" else [{**settled, "text": text}]
    yield 0, [*ending, *([check] if draw.random() < 0.1 else [])]
