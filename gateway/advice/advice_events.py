"""What the events of one advice say, from the request to its answer."""

from collections.abc import Mapping, Sequence
from typing import Any

from audit import later
from gateway.advice.request_and_answer import AnswerRecord, RequestRecord
from gateway.advice.usage_projection import AnswerUsage

Event = dict[str, Any]


def requested_event(request: RequestRecord, commitments: Mapping[str, str]) -> Event:
    """`advice.requested`."""
    event: Event = {
        "type": "advice.requested",
        "advice": request.advice,
        "actor": request.actor,
        "policy": dict(request.policy),
        "review": request.review.as_event(),
        "retention": dict(request.retention),
        "redactions": dict(request.redactions),
        "commitments": commitments,
    }
    if request.case_given:
        event["case"] = request.scope
    if request.requester is not None:
        event["requester"] = request.requester
    if request.continues is not None:
        event["continues"] = request.continues
    return event


def refused_event(request: RequestRecord, refused_by: str, commitments: Mapping[str, str]) -> Event:
    """`advice.refused` by the policy's rule `refused_by`."""
    event: Event = {
        "type": "advice.refused",
        "advice": request.advice,
        "actor": request.actor,
        "policy": dict(request.policy),
        "refused_by": refused_by,
        "retention": dict(request.retention),
        "redactions": dict(request.redactions),
        "commitments": commitments,
    }
    if request.case_given:
        event["case"] = request.scope
    return event


def received_event(
    request: RequestRecord, answered: AnswerRecord, now: str, commitments: Mapping[str, str]
) -> Event:
    """`advice.received`; its time to decide begins `now`."""
    return {
        "type": "advice.received",
        "advice": request.advice,
        "actor": "gateway",
        "policy": dict(request.policy),
        "attempts": [dict(attempt) for attempt in answered.attempts],
        "caveats": [dict(caveat) for caveat in answered.caveats],
        "entities": sorted(answered.entities),
        "added": _counts(answered.added),
        **_unsupported(answered),
        **answered.used.as_event(),
        "words": answered.words,
        "complete": answered.complete,
        "decide_by": later(now, request.review.decide_within),
        "commitments": commitments,
    }


def passed_on_event(advice: str, answered: AnswerRecord) -> Event:
    """`advice.passed_on`: the turn of a conversation calls tools, and waits for no decision."""
    return {
        "type": "advice.passed_on",
        "advice": advice,
        "actor": "gateway",
        "tools": list(answered.tools),
        "calls": list(answered.calls),
    }


def failed_event(
    request: RequestRecord,
    code: str,
    commitments: Mapping[str, str] | None,
    added: Mapping[str, Sequence[str]] | None,
    used: AnswerUsage | None,
) -> Event:
    """`advice.failed`, with what was sealed, added and used of a part of an answer."""
    event: Event = {
        "type": "advice.failed",
        "advice": request.advice,
        "actor": "gateway",
        "policy": dict(request.policy),
        "code": code,
    }
    if commitments is not None:
        event["commitments"] = commitments
    if added is not None:
        event["added"] = _counts(added)
    if used is not None:
        event |= used.as_event()
    return event


def shown_event(advice: str, viewer: str) -> Event:
    """`advice.shown`."""
    return {"type": "advice.shown", "advice": advice, "actor": "gateway", "to": viewer}


def _counts(added: Mapping[str, Sequence[str]]) -> dict[str, int]:
    return {entity: len(values) for entity, values in added.items()}


def _unsupported(answered: AnswerRecord) -> dict[str, int]:
    if answered.evidence is None:
        return {}
    counts = {"unsupported_facts": answered.unsupported_facts}
    if answered.unsupported_sentences is not None:
        counts["unsupported_sentences"] = answered.unsupported_sentences
    return counts
