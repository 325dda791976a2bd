"""A view and a decision, in the log's transaction: judged by the state as it is then, recorded with what is sealed."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson

from audit import Transaction, decision_to_sign
from gateway.advice.content import open_content, open_numbered
from gateway.advice.decision_rules import Counted, DecisionRequest, Refused, Repeated, evaluate
from gateway.advice.erasure import erased_error
from gateway.advice.projection import record
from gateway.advice.queries import decisions_on, find_advice, seen_by, view_of
from gateway.advice.seeded_check_outcome import reveal, reveal_unjudged
from gateway.advice.state import Advice
from gateway.advice.word_counts import Amendment
from gateway.errors import Conflict, GatewayError
from gateway.identity import Person, Signing
from gateway.storage import Connection, SealedMissing, Vault


def record_view(transaction: Transaction, vault: Vault, advice: str, person: Person, view: str) -> None:
    """`view.recorded`: what the person thinks before seeing the advice; the same view again does nothing more."""
    found = require_advice(transaction, advice)
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


def record_decision(
    transaction: Transaction,
    vault: Vault,
    signing: Signing | None,
    advice: str,
    request: DecisionRequest,
    amendment: Amendment | None,
) -> tuple[Advice, Counted | Repeated | Refused]:
    """`decision.recorded`, and `advice.accepted` or `.rejected` where it settles the advice; gives what came of it."""
    connection = transaction.connection
    found = expire(transaction, require_advice(transaction, advice))
    counting, verdict = _evaluated(connection, vault, found, request, amendment)
    if not isinstance(verdict, Counted):
        return found, verdict
    decision, contents = _decision(connection, vault, found, counting, amendment)
    if found.review.signature == "passkey":
        error = _unsigned(signing, connection, vault, found, counting, decision)
        if error is not None:
            return found, Refused(error)
        decision["signature"] = dict(request.signature or {})
    vault.seal(connection, advice=advice, contents=contents, deterministic_salt=True)
    record(transaction, decision)
    _settle(transaction, vault, found, decision, amendment, verdict)
    return require_advice(transaction, advice), verdict


def to_sign(
    connection: Connection,
    vault: Vault,
    signing: Signing,
    advice: Advice,
    request: DecisionRequest,
    amendment: Amendment | None,
) -> bytes:
    """The bytes that the person signs for this decision; a `GatewayError` if the decision would not count now."""
    counting, verdict = _evaluated(connection, vault, advice, request, amendment)
    if isinstance(verdict, Refused):
        raise verdict.error
    decision, _ = _decision(connection, vault, advice, counting, amendment)
    return _signed_bytes(signing, connection, vault, advice, decision)


def _evaluated(
    connection: Connection,
    vault: Vault,
    advice: Advice,
    request: DecisionRequest,
    amendment: Amendment | None,
) -> tuple[DecisionRequest, Counted | Repeated | Refused]:
    """The request with what only the record knows of it, and what it comes to."""
    before = decisions_on(connection, advice.id)
    text = _text_number(connection, vault, advice, amendment)
    given = view_of(connection, advice.id, request.person.id)
    shown = seen_by(connection, advice.id, request.person.actor)
    due = _facts_due(connection, vault, advice)
    counting = replace(request, text=text, view_given=given, shown=shown, facts_due=due)
    return counting, evaluate(advice, before, counting)


def _unsigned(
    signing: Signing | None,
    connection: Connection,
    vault: Vault,
    advice: Advice,
    request: DecisionRequest,
    decision: Mapping[str, Any],
) -> GatewayError | None:
    """Why the request's signature does not make the decision the person's own."""
    if request.signature is None or signing is None:
        return GatewayError(
            "signature_required",
            "This policy wants the decision signed with your passkey, on the advice's own page: its address is"
            " `review_url` in `decision_support`.",
            advice=advice.id,
        )
    to_be_signed = _signed_bytes(signing, connection, vault, advice, decision)
    try:
        signing.check(connection, request.signature, to_be_signed, request.person.id)
    except GatewayError as error:
        return error
    return None


def _signed_bytes(
    signing: Signing, connection: Connection, vault: Vault, advice: Advice, decision: Mapping[str, Any]
) -> bytes:
    caveats = [caveat["id"] for caveat in advice.caveats]
    return decision_to_sign(signing.log, decision, vault.commitments(connection, advice.id), caveats)


def require_advice(transaction: Transaction, advice: str) -> Advice:
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
    return require_advice(transaction, advice.id)


def _turn_away(transaction: Transaction, advice: Advice) -> None:
    if advice.status != "pending" or advice.expired_at(transaction.now):
        raise Conflict(
            "advice_settled", "This advice no longer waits for a decision, so a view can't be added."
        )


def _settle(
    transaction: Transaction,
    vault: Vault,
    advice: Advice,
    decision: Mapping[str, Any],
    amendment: Amendment | None,
    verdict: Counted,
) -> None:
    event = {name: decision[name] for name in ("advice", "actor", "policy")}
    if verdict.outcome == "accepted":
        record(transaction, {**event, "type": "advice.accepted", "text": decision["text"]})
        text = None if amendment is None else amendment.text
        reveal(transaction, vault, advice, text, accepted=True)
    elif verdict.outcome == "rejected":
        record(transaction, {**event, "type": "advice.rejected"})
        reveal(transaction, vault, advice, None, accepted=False)


def _decision(
    connection: Connection,
    vault: Vault,
    advice: Advice,
    request: DecisionRequest,
    amendment: Amendment | None,
) -> tuple[dict[str, Any], dict[str, bytes]]:
    """`decision.recorded` as it will be but for a signature, and the content to be sealed with it, by kind."""
    commitments: dict[str, str] = {}
    contents: dict[str, bytes] = {}

    def commit_to(name: str, kind: str, text: str) -> None:
        contents[kind] = orjson.dumps(text)
        commitments[name] = vault.precommit(connection, advice=advice.id, kind=kind, content=contents[kind])

    if request.reason:
        commit_to("reason", f"reason.{request.person.id}", request.reason)
    if amendment is not None:
        kind = f"amendment.{request.text}"
        try:  # somebody else may have made the same one
            commitments["amendment"] = vault.open(connection, advice=advice.id, kind=kind).commitment
        except SealedMissing:
            commit_to("amendment", kind, amendment.text)
    event: dict[str, Any] = {
        "type": "decision.recorded",
        "advice": advice.id,
        "actor": request.person.actor,
        "policy": {"id": advice.policy, "version": advice.policy_version},
        "decision": request.decision,
        "text": request.text,
        "caveats_read": sorted(request.caveats_read),
        "commitments": commitments,
    }
    if request.facts_confirmed:
        event["facts_confirmed"] = sorted(request.facts_confirmed)
    if amendment is not None:
        event["changed"] = amendment.changed
    if request.own_view is not None:
        event["own_view"] = request.own_view
    return event, contents


def _facts_due(connection: Connection, vault: Vault, advice: Advice) -> frozenset[str]:
    """The facts that are to be confirmed, by their ids."""
    if not advice.review.confirm_facts or not advice.unsupported_facts:
        return frozenset()
    sealed = open_content(connection, vault, advice, "evidence")
    return frozenset(fact["id"] for fact in sealed["facts"] if fact["state"] != "found")


def _text_number(connection: Connection, vault: Vault, advice: Advice, amendment: Amendment | None) -> int:
    """0 for the model's answer; the number of this amendment, whether somebody made the same one or it is new."""
    if amendment is None:
        return 0
    if advice.erased_at is not None:
        raise erased_error(advice)
    texts = open_numbered(connection, vault, advice, "amendment")
    return texts.index(amendment.text) + 1 if amendment.text in texts else len(texts) + 1


def _same_view(transaction: Transaction, vault: Vault, advice: Advice, person: Person, view: str) -> None:
    if open_content(transaction.connection, vault, advice, f"view.{person.id}") != view:
        raise Conflict("view_recorded", "You recorded another view before; the first one stands.")


def _seal(transaction: Transaction, vault: Vault, advice: str, kind: str, content: Any) -> str:
    contents = {kind: orjson.dumps(content)}
    return vault.seal(transaction.connection, advice=advice, contents=contents)[kind]
