"""Who may see what of one advice.

| caller | sees the answer |
|---|---|
| the application that asked | held advice once it is accepted; advice in use unless it was rejected; calls of tools |
| a caseworker or reviewer | while pending, if they may decide and gave the view that the policy asks for; and after |
| oversight, admin | never here: the state and the decisions only |

A response that the application deleted shows it the state only.
Erased advice is a 410 to anyone who could have seen its content; its state stays visible to oversight and admins.

What was asked is shown to those who may decide, with the pseudonyms that stood in for what; with the answer, the
personal data that the model added and what it rests on. Amendments are shown to them too, without who made them. A view
is shown to nobody but the person who gave it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from gateway.advice import (
    Advice,
    amended,
    decision_support,
    decisions_on,
    erased_error,
    is_response_deleted,
    is_seeded,
    open_content,
    open_if_sealed,
    open_numbered,
    revealed,
    view_of,
)
from gateway.errors import GatewayError
from gateway.evidence import evidence_of, shipped_model
from gateway.identity import Application, Caller, Person
from gateway.redaction import Pseudonym, Restorer
from gateway.steps.answer_evidence import compared_texts
from gateway.steps.calls import asks_for_json
from gateway.steps.tool_calls import without_text
from gateway.storage import Connection, Vault

_log = structlog.get_logger("countersign")


@dataclass(frozen=True)
class VisibleAdvice:
    """The document for one caller, and what showing it must put on the record first."""

    document: dict[str, Any]
    shows_answer: bool


def released_completion(connection: Connection, vault: Vault, advice: Advice) -> dict[str, Any]:
    """The completion as it may be used: the accepted text, with the pseudonyms of its request put back."""
    if advice.status == "passed_on" and advice.review.gate == "release":
        return without_text(restored_answer(connection, vault, advice))
    if advice.released_text:
        answer = open_content(connection, vault, advice, "answer")
        return amended(answer, open_content(connection, vault, advice, f"amendment.{advice.released_text}"))
    return restored_answer(connection, vault, advice)


def restored_answer(connection: Connection, vault: Vault, advice: Advice) -> dict[str, Any]:
    """The model's answer as people see it, with the pseudonyms of its request put back."""
    request = open_content(connection, vault, advice, "request")
    return _restored(request, open_content(connection, vault, advice, "answer"))


def _restored(request: Mapping[str, Any], answer: Mapping[str, Any]) -> dict[str, Any]:
    issued = tuple(Pseudonym(*one) for one in request["issued"])
    return Restorer(issued, asks_for_json(request["body"]), request.get("call_ids", {})).completion(answer)


def recorded_evidence(connection: Connection, vault: Vault, advice: Advice) -> dict[str, Any] | None:
    """What the answer rests on: its facts as they were recorded, and its sentences, compared now if that was left."""
    request = open_content(connection, vault, advice, "request")
    sent = open_content(connection, vault, advice, "sent")
    completion = _restored(request, open_content(connection, vault, advice, "answer"))
    recorded = open_if_sealed(connection, vault, advice, "evidence")
    return _with_sentences(recorded, request, sent, completion, _added(connection, vault, advice))


def _with_sentences(
    recorded: dict[str, Any] | None,
    request: Mapping[str, Any],
    sent: Mapping[str, Any],
    completion: Mapping[str, Any],
    added: Mapping[str, Sequence[str]],
) -> dict[str, Any] | None:
    if recorded is None or recorded["sentences"] is not None:
        return recorded
    issued = [Pseudonym(*one) for one in request["issued"]]
    compared = compared_texts(sent, request.get("prompt_at", 0), completion, issued, added)
    if compared is None:
        return recorded
    return {**recorded, "sentences": evidence_of(*compared, shipped_model()).as_json()["sentences"]}


def disclose(
    connection: Connection, vault: Vault, caller: Caller, advice: Advice, base_url: str
) -> VisibleAdvice:
    """What `caller` sees of `advice`; a 404 `GatewayError` where it is not theirs to know of."""
    if isinstance(caller, Application):
        return _to_application(connection, vault, caller, advice, base_url)
    if caller.may_decide:
        return _to_decider(connection, vault, caller, advice, base_url)
    return VisibleAdvice(_state(connection, advice, base_url), shows_answer=False)


def _to_application(
    connection: Connection, vault: Vault, caller: Application, advice: Advice, base_url: str
) -> VisibleAdvice:
    if advice.application != caller.id or is_seeded(connection, advice.id):
        raise unknown_advice()
    if advice.erased_at is not None:
        raise erased_error(advice)
    in_use = advice.review.gate == "use" and advice.status == "pending"
    document = _state(connection, advice, base_url)
    deleted = is_response_deleted(connection, advice.id)
    if deleted or (not in_use and advice.status not in ("accepted", "passed_on")):
        return VisibleAdvice(document, shows_answer=False)
    completion = released_completion(connection, vault, advice)
    completion["decision_support"] = document["decision_support"]
    return VisibleAdvice({**document, "completion": completion}, shows_answer=True)


def _to_decider(
    connection: Connection, vault: Vault, person: Person, advice: Advice, base_url: str
) -> VisibleAdvice:
    if advice.erased_at is not None:
        raise erased_error(advice)
    own_request = advice.review.not_the_requester and advice.requester == person.id
    held_back = advice.status == "pending" and own_request and advice.review.gate == "release"
    blind = advice.status == "pending" and advice.review.view_first
    view_due = blind and not view_of(connection, advice.id, person.id)
    document = _state(
        connection, advice, base_url, without_others=person if advice.status == "pending" else None
    )
    document["view_required"] = view_due
    document["check"] = _check(connection, vault, advice)
    request = open_content(connection, vault, advice, "request")
    document["request"] = request["body"]
    document["case"] = request.get("case")
    document["prompt_at"] = request.get("prompt_at", 0)
    document["pseudonyms"] = [
        dict(zip(("text", "type", "value"), one, strict=True)) for one in request["issued"]
    ]
    document["view"] = _own_view(connection, vault, advice, person)
    document["sent"] = open_content(connection, vault, advice, "sent")
    if held_back or view_due or advice.received_at is None:
        return VisibleAdvice(document, shows_answer=False)
    answer = open_content(connection, vault, advice, "answer")
    completion = document["completion"] = _restored(request, answer)
    added = document["added"] = _added(connection, vault, advice)
    recorded = document["evidence"] = open_if_sealed(connection, vault, advice, "evidence")
    try:
        document["evidence"] = _with_sentences(recorded, request, document["sent"], completion, added)
    except Exception as error:  # noqa: BLE001 - as when an answer comes: it is not lost for that
        _log.error("evidence failed", error_type=type(error).__name__)
    document["amendments"] = _amendments(connection, vault, advice)
    return VisibleAdvice(document, shows_answer=True)


def _state(
    connection: Connection, advice: Advice, base_url: str, without_others: Person | None = None
) -> dict[str, Any]:
    decisions = decisions_on(connection, advice.id)
    if without_others is not None:  # a second decider makes up their own mind
        decisions = [one for one in decisions if one.person == without_others.id]
    return {
        "id": advice.id,
        "object": "advice",
        "status": advice.status,
        "policy": {"id": advice.policy, "version": advice.policy_version},
        "application": advice.application,
        "requester": advice.requester,
        "continues": advice.continues,
        "requested_at": advice.requested_at,
        "received_at": advice.received_at,
        "settled_at": advice.settled_at,
        "released_at": advice.released_at,
        "erased_at": advice.erased_at,
        "erased_why": advice.erased_why,
        "deciders": advice.review.deciders,
        "decisions": [
            {
                "person": one.person,
                "decision": one.decision,
                "text": one.text,
                "decided_at": one.decided_at,
                "signed_with": one.passkey,
            }
            for one in decisions
        ],
        "decision_support": decision_support(advice, base_url),
    }


def _own_view(connection: Connection, vault: Vault, advice: Advice, person: Person) -> str | None:
    if not view_of(connection, advice.id, person.id):
        return None
    view: str = open_content(connection, vault, advice, f"view.{person.id}")
    return view


def _check(connection: Connection, vault: Vault, advice: Advice) -> dict[str, Any] | None:
    """What it turned out to be, once decided on: advice that was known to be wrong."""
    found = revealed(connection, vault, advice.id)
    return None if found is None else {"id": found.check, "caught": found.caught, "why": found.why}


def _amendments(connection: Connection, vault: Vault, advice: Advice) -> list[dict[str, Any]]:
    texts = open_numbered(connection, vault, advice, "amendment")
    return [{"text": number, "content": text} for number, text in enumerate(texts, 1)]


def _added(connection: Connection, vault: Vault, advice: Advice) -> dict[str, list[str]]:
    """What the answer holds that was not in the request, by type; sealed only where there is any."""
    found: dict[str, list[str]] = open_if_sealed(connection, vault, advice, "added") or {}
    return found


def unknown_advice() -> GatewayError:
    """The same answer whether there is none or it is somebody else's."""
    return GatewayError(
        "unknown_advice", "There is no advice with this id for you; check the id and the key."
    )
