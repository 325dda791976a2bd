"""`/v1/advice`: the queue, one advice, a person's view, a person's decision, what a person saw unredacted."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from gateway.advice import Advice, Status, decision_support, list_advice
from gateway.api.bodies import read_model
from gateway.api.call_headers import advice_headers, preferred_wait
from gateway.api.callers import caller_of
from gateway.api.error_answers import JSONAnswer
from gateway.api.openapi import takes
from gateway.http import decode_cursor, encode_cursor, services_of
from gateway.identity import Application
from gateway.steps import Decision, MissedRedaction, View, require_decider

router = APIRouter()

_MAX_PAGE_SIZE = 100


@router.get("/v1/advice")
async def queue(
    request: Request,
    status: Status | None = None,
    policy: str | None = None,
    after: str | None = None,
    limit: Annotated[int, Query(ge=1, le=_MAX_PAGE_SIZE)] = 20,
) -> Response:
    """The queue, newest first: an application sees its own, people see all. `after` is `next` of the page before."""
    caller = await caller_of(request)
    services = services_of(request)
    place = decode_cursor(after)
    entries = await services.database.fetch(
        lambda connection: list_advice(
            connection,
            status=status,
            policy=policy,
            application=caller.id if isinstance(caller, Application) else None,
            after=place,
            most=limit + 1,
        )
    )
    page = entries[:limit]
    return JSONAnswer(
        {
            "object": "list",
            "data": [_entry(advice, services.settings.url) for advice in page],
            "next": encode_cursor((page[-1].requested_at, page[-1].id)) if len(entries) > limit else None,
        }
    )


@router.get("/v1/advice/{advice}")
async def get_advice(request: Request, advice: str) -> Response:
    """One advice as the caller may see it; `Prefer: wait=N` waits for a decision."""
    services = services_of(request)
    wait = preferred_wait(request, services.settings.limits.wait_seconds)
    document = await services.pipeline.read(await caller_of(request), advice, wait)
    return JSONAnswer(document, headers=advice_headers(advice, document["status"]))


@router.post("/v1/advice/{advice}/view", status_code=201)
@takes(View)
async def give_view(request: Request, advice: str) -> Response:
    """Record the person's own view, before the advice is shown to them."""
    services = services_of(request)
    caller = require_decider(await caller_of(request))
    view = await read_model(request, View)
    await services.decisions.give_view(caller, advice, view.view)
    return JSONAnswer({"object": "view", "advice_id": advice, "person": caller.id}, 201)


@router.post("/v1/advice/{advice}/decisions", status_code=201)
@takes(Decision)
async def decide(request: Request, advice: str) -> Response:
    """Accept or reject, in the caller's own name."""
    services = services_of(request)
    caller = require_decider(await caller_of(request))
    decision = await read_model(request, Decision)
    after = await services.pipeline.decide(caller, advice, decision)
    return JSONAnswer(
        {
            "object": "decision",
            "advice_id": advice,
            "person": caller.id,
            "decision": decision.decision,
            "status": after.status,
            "decision_support": decision_support(after, services.settings.url),
        },
        201,
        advice_headers(advice, after.status),
    )


@router.post("/v1/advice/{advice}/missed-redactions", status_code=201)
@takes(MissedRedaction)
async def report_missed(request: Request, advice: str) -> Response:
    """Report a value that left unredacted; it is redacted in its case from then on."""
    services = services_of(request)
    caller = require_decider(await caller_of(request))
    report = await read_model(request, MissedRedaction)
    missed = await services.missed_redactions.report(caller, advice, report)
    return JSONAnswer(
        {
            "object": "missed_redaction",
            "advice_id": missed.advice,
            "type": missed.type,
            "redacted_in_case": missed.in_case,
        },
        201,
    )


def _entry(advice: Advice, base_url: str) -> dict[str, Any]:
    return {
        "id": advice.id,
        "object": "advice",
        "status": advice.status,
        "application": advice.application,
        "requester": advice.requester,
        "requested_at": advice.requested_at,
        "erased_at": advice.erased_at,
        "decision_support": decision_support(advice, base_url),
    }
