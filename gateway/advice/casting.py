"""A view and a decision, in the log's transaction: judged by the state as it is then, recorded with what is sealed."""

from dataclasses import replace
from typing import Any

import orjson

from audit import Transaction
from gateway.advice.deciding import Ballot, Counted, Repeated, Turned, weigh
from gateway.advice.erasing import gone
from gateway.advice.projection import record
from gateway.advice.queries import decisions_on, find_advice, view_of
from gateway.advice.seeded import reveal, reveal_unjudged
from gateway.advice.state import Advice
from gateway.advice.wording import Amendment
from gateway.errors import Conflict, GatewayError
from gateway.identity import Person
from gateway.storage import SealedMissing, Vault


def record_view(transaction: Transaction, vault: Vault, advice: str, person: Person, view: str) -> None:
    """`view.recorded`: what the person thinks before seeing the advice; the same view again does nothing more."""
    found = existing(transaction, advice)
    _turn_away(transaction, found)
    if view_of(transaction.connection, advice, person.id):
        _same_view(transaction, vault, found, person, view)
        return
    sealed = _seal(transaction, vault, advice, f"view.{person.id}", view)
    event = {
        "type": "view.recorded",
        "advice": advice,
        "actor": person.actor,
        "commitments": {"view": sealed},
    }
    record(transaction, event)


def cast(
    transaction: Transaction, vault: Vault, advice: str, ballot: Ballot, amendment: Amendment | None
) -> tuple[Advice, Counted | Repeated | Turned]:
    """`decision.recorded`, and `advice.accepted` or `.rejected` where it settles the advice; gives what came of it."""
    found = expire(transaction, existing(transaction, advice))
    before = decisions_on(transaction.connection, advice)
    text = _text_number(transaction, vault, found, amendment)
    given = view_of(transaction.connection, advice, ballot.person.id)
    counting = replace(ballot, text=text, view_given=given)
    verdict = weigh(found, before, counting)
    if isinstance(verdict, Counted):
        _count(transaction, vault, found, counting, amendment, verdict)
        found = existing(transaction, advice)
    return found, verdict


def existing(transaction: Transaction, advice: str) -> Advice:
    """The advice with this id; a 404 `GatewayError` if there is none."""
    found = find_advice(transaction.connection, advice)
    if found is None:
        raise GatewayError("unknown_advice", "There is no such advice.")
    return found


def expire(transaction: Transaction, advice: Advice) -> Advice:
    """`advice.expired`, if its time to decide is over and nobody did; gives its state after that."""
    if not advice.expired_at(transaction.now):
        return advice
    policy = {"id": advice.policy, "version": advice.policy_version}
    record(transaction, {"type": "advice.expired", "advice": advice.id, "actor": "gateway", "policy": policy})
    reveal_unjudged(transaction, advice)
    return existing(transaction, advice.id)


def _turn_away(transaction: Transaction, advice: Advice) -> None:
    if advice.status != "pending" or advice.expired_at(transaction.now):
        raise Conflict(
            "advice_settled", "This advice no longer waits for a decision, so a view can't be added."
        )


def _count(
    transaction: Transaction,
    vault: Vault,
    advice: Advice,
    ballot: Ballot,
    amendment: Amendment | None,
    verdict: Counted,
) -> None:
    commitments: dict[str, str] = {}
    if ballot.reason:
        kind = f"reason.{ballot.person.id}"
        commitments["reason"] = _seal(transaction, vault, advice.id, kind, ballot.reason)
    if amendment is not None:
        commitments["amendment"] = _amendment(transaction, vault, advice, ballot.text, amendment.text)
    event = {
        "advice": advice.id,
        "actor": ballot.person.actor,
        "policy": {"id": advice.policy, "version": advice.policy_version},
    }
    decision: dict[str, Any] = {
        **event,
        "type": "decision.recorded",
        "decision": ballot.decision,
        "text": ballot.text,
        "caveats_read": sorted(ballot.caveats_read),
        "commitments": commitments,
    }
    if amendment is not None:
        decision["changed"] = amendment.changed
    if ballot.own_view is not None:
        decision["own_view"] = ballot.own_view
    record(transaction, decision)
    if verdict.outcome == "accepted":
        record(transaction, {**event, "type": "advice.accepted", "text": ballot.text})
        text = None if amendment is None else amendment.text
        reveal(transaction, vault, advice, text, accepted=True)
    elif verdict.outcome == "rejected":
        record(transaction, {**event, "type": "advice.rejected"})
        reveal(transaction, vault, advice, None, accepted=False)


def _text_number(transaction: Transaction, vault: Vault, advice: Advice, amendment: Amendment | None) -> int:
    """0 for the model's answer; the number of this amendment, whether somebody made the same one or it is new."""
    if amendment is None:
        return 0
    if advice.erased_at is not None:
        raise gone(advice)
    number = 1
    while True:
        try:
            kept = vault.open(transaction.connection, advice=advice.id, kind=f"amendment.{number}")
        except SealedMissing:
            return number
        if orjson.loads(kept.content) == amendment.text:
            return number
        number += 1


def _amendment(transaction: Transaction, vault: Vault, advice: Advice, number: int, amendment: str) -> str:
    kind = f"amendment.{number}"
    try:
        return vault.open(transaction.connection, advice=advice.id, kind=kind).commitment
    except SealedMissing:
        return _seal(transaction, vault, advice.id, kind, amendment)


def _same_view(transaction: Transaction, vault: Vault, advice: Advice, person: Person, view: str) -> None:
    kept = vault.open(transaction.connection, advice=advice.id, kind=f"view.{person.id}")
    if orjson.loads(kept.content) != view:
        raise Conflict("view_recorded", "You recorded another view before; the first one stands.")


def _seal(transaction: Transaction, vault: Vault, advice: str, kind: str, content: Any) -> str:
    contents = {kind: orjson.dumps(content)}
    return vault.seal(transaction.connection, advice=advice, contents=contents)[kind]
