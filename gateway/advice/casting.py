"""A view and a decision, in the log's transaction: judged by the state as it is then, recorded with what is sealed."""

from dataclasses import replace
from typing import Any

import orjson

from audit import Transaction, decision_to_sign
from gateway.advice.deciding import Ballot, Counted, Repeated, Turned, weigh
from gateway.advice.erasing import gone
from gateway.advice.projection import record
from gateway.advice.queries import decisions_on, find_advice, view_of
from gateway.advice.seeded import reveal, reveal_expired
from gateway.advice.state import Advice
from gateway.advice.wording import Amendment
from gateway.errors import Conflict, GatewayError
from gateway.identity import Person, Signing
from gateway.storage import Connection, SealedMissing, Vault


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
    transaction: Transaction,
    vault: Vault,
    signing: Signing | None,
    advice: str,
    ballot: Ballot,
    amendment: Amendment | None,
) -> tuple[Advice, Counted | Repeated | Turned]:
    """`decision.recorded`, and `advice.accepted` or `.rejected` where it settles the advice; gives what came of it."""
    connection = transaction.connection
    found = expire(transaction, existing(transaction, advice))
    counting, verdict = _weighed(connection, vault, found, ballot, amendment)
    if isinstance(verdict, Counted):
        error = _unsigned(connection, vault, signing, found, counting, amendment)
        if error is not None:
            return found, Turned(error)
        _count(transaction, vault, found, counting, amendment, verdict)
        found = existing(transaction, advice)
    return found, verdict


def to_sign(
    connection: Connection,
    vault: Vault,
    signing: Signing,
    advice: Advice,
    ballot: Ballot,
    amendment: Amendment | None,
) -> bytes:
    """What the person signs so that this ballot counts as things stand; a `GatewayError` if it would not."""
    counting, verdict = _weighed(connection, vault, advice, ballot, amendment)
    if isinstance(verdict, Turned):
        raise verdict.error
    return _to_sign(connection, vault, signing, advice, counting, amendment)


def _weighed(
    connection: Connection, vault: Vault, advice: Advice, ballot: Ballot, amendment: Amendment | None
) -> tuple[Ballot, Counted | Repeated | Turned]:
    """The ballot with what only the record knows of it, and what it comes to."""
    before = decisions_on(connection, advice.id)
    text = _text_number(connection, vault, advice, amendment)
    given = view_of(connection, advice.id, ballot.person.id)
    counting = replace(ballot, text=text, view_given=given)
    return counting, weigh(advice, before, counting)


def _unsigned(
    connection: Connection,
    vault: Vault,
    signing: Signing | None,
    advice: Advice,
    ballot: Ballot,
    amendment: Amendment | None,
) -> GatewayError | None:
    """Why the ballot's signature does not make it the person's own, if it must."""
    if advice.review.signature != "passkey":
        return None
    if ballot.signature is None or signing is None:
        return GatewayError(
            "signature_required",
            "This policy wants the decision signed with your passkey, on the advice's own page: its address is"
            " `review_url` in `decision_support`.",
            advice=advice.id,
        )
    signed = _to_sign(connection, vault, signing, advice, ballot, amendment)
    try:
        signing.check(connection, ballot.signature, signed, ballot.person.id)
    except GatewayError as error:
        return error
    return None


def _to_sign(
    connection: Connection,
    vault: Vault,
    signing: Signing,
    advice: Advice,
    ballot: Ballot,
    amendment: Amendment | None,
) -> bytes:
    event, _ = _decision(connection, vault, advice, ballot, amendment)
    caveats = [caveat["id"] for caveat in advice.caveats]
    return decision_to_sign(signing.log, event, vault.commitments(connection, advice.id), caveats)


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
    reveal_expired(transaction, advice)
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
    decision, contents = _decision(transaction.connection, vault, advice, ballot, amendment)
    vault.seal(transaction.connection, advice=advice.id, contents=contents, foreseen=True)
    if ballot.signature is not None and advice.review.signature == "passkey":
        decision["signature"] = dict(ballot.signature)
    event = {name: decision[name] for name in ("advice", "actor", "policy")}
    record(transaction, decision)
    if verdict.outcome == "accepted":
        record(transaction, {**event, "type": "advice.accepted", "text": ballot.text})
        text = None if amendment is None else amendment.text
        reveal(transaction, vault, advice, text, accepted=True)
    elif verdict.outcome == "rejected":
        record(transaction, {**event, "type": "advice.rejected"})
        reveal(transaction, vault, advice, None, accepted=False)


def _decision(
    connection: Connection, vault: Vault, advice: Advice, ballot: Ballot, amendment: Amendment | None
) -> tuple[dict[str, Any], dict[str, bytes]]:
    """`decision.recorded` as it will be but for a signature, and the content to be sealed with it, by kind."""
    commitments: dict[str, str] = {}
    contents: dict[str, bytes] = {}

    def commit_to(name: str, kind: str, text: str) -> None:
        contents[kind] = orjson.dumps(text)
        commitments[name] = vault.foresee(connection, advice=advice.id, kind=kind, content=contents[kind])

    if ballot.reason:
        commit_to("reason", f"reason.{ballot.person.id}", ballot.reason)
    if amendment is not None:
        kind = f"amendment.{ballot.text}"
        try:  # somebody else may have made the same one
            commitments["amendment"] = vault.open(connection, advice=advice.id, kind=kind).commitment
        except SealedMissing:
            commit_to("amendment", kind, amendment.text)
    event: dict[str, Any] = {
        "type": "decision.recorded",
        "advice": advice.id,
        "actor": ballot.person.actor,
        "policy": {"id": advice.policy, "version": advice.policy_version},
        "decision": ballot.decision,
        "text": ballot.text,
        "caveats_read": sorted(ballot.caveats_read),
        "commitments": commitments,
    }
    if amendment is not None:
        event["changed"] = amendment.changed
    if ballot.own_view is not None:
        event["own_view"] = ballot.own_view
    return event, contents


def _text_number(connection: Connection, vault: Vault, advice: Advice, amendment: Amendment | None) -> int:
    """0 for the model's answer; the number of this amendment, whether somebody made the same one or it is new."""
    if amendment is None:
        return 0
    if advice.erased_at is not None:
        raise gone(advice)
    number = 1
    while True:
        try:
            kept = vault.open(connection, advice=advice.id, kind=f"amendment.{number}")
        except SealedMissing:
            return number
        if orjson.loads(kept.content) == amendment.text:
            return number
        number += 1


def _same_view(transaction: Transaction, vault: Vault, advice: Advice, person: Person, view: str) -> None:
    kept = vault.open(transaction.connection, advice=advice.id, kind=f"view.{person.id}")
    if orjson.loads(kept.content) != view:
        raise Conflict("view_recorded", "You recorded another view before; the first one stands.")


def _seal(transaction: Transaction, vault: Vault, advice: str, kind: str, content: Any) -> str:
    contents = {kind: orjson.dumps(content)}
    return vault.seal(transaction.connection, advice=advice, contents=contents)[kind]
