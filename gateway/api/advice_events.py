"""`GET /v1/advice/events`: what becomes of an application's advice, as server-sent events, so that it need not ask."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Final

import orjson
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from audit import MAX_INTEGER
from gateway.advice import AdviceChange, changes_of, review_url
from gateway.api.callers import caller_of
from gateway.errors import GatewayError
from gateway.http import services_of
from gateway.operations import Services
from gateway.steps import require_application

router = APIRouter()

_LOOK_SECONDS: Final = 1.0
"""Several gateways may write the log, so each stream looks for what is new in it."""
_QUIET_LOOKS: Final = 15
"""So many looks without an event, and a comment is sent: proxies end what is silent for long."""


@router.get("/v1/advice/events", responses={200: {"content": {"text/event-stream": {}}}})
async def follow_advice(
    request: Request, after: Annotated[int | None, Query(ge=0, le=MAX_INTEGER)] = None
) -> Response:
    """The changes of the application's own advice, from now on, or from after event `after` or `Last-Event-ID` on."""
    application = require_application(await caller_of(request))
    services = services_of(request)
    last = _last_event(request) if after is None else after
    start = await services.database.run_in_thread(lambda: services.log.size) if last is None else last + 1
    return StreamingResponse(
        _events(request, services, application.id, start),
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        media_type="text/event-stream",
    )


def _last_event(request: Request) -> int | None:
    value = request.headers.get("last-event-id", "")
    if not value:
        return None
    if not value.isascii() or not value.isdigit() or int(value[:17]) > MAX_INTEGER or len(value) > 16:
        raise GatewayError(
            "invalid_request",
            "`Last-Event-ID` is the `id` of an event of this stream.",
            param="Last-Event-ID",
        )
    return int(value)


async def _events(request: Request, services: Services, application: str, start: int) -> AsyncIterator[bytes]:
    """Until the caller goes, the gateway stops, or the credential is in force no more."""
    quiet = 0
    yield b": from now on\n\n"
    while not services.stopping.is_set():
        at = start
        events, start = await services.database.fetch(
            lambda connection, at=at: changes_of(connection, services.log, application, at)  # type: ignore[misc]
        )
        for change in events:
            yield _event(change, services.settings.url)
        if start > at:
            continue
        quiet = (quiet + 1) % _QUIET_LOOKS
        if quiet == 0:
            try:
                require_application(await caller_of(request))
            except GatewayError:
                return
            yield b": nothing new\n\n"
        await _pause(services.stopping)


async def _pause(stopping: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(stopping.wait(), _LOOK_SECONDS)
    except TimeoutError:
        return


def _event(change: AdviceChange, base_url: str) -> bytes:
    advice = change.advice
    data = {
        "advice_id": advice.id,
        "status": change.status,
        "at": change.at,
        "policy": {"id": advice.policy, "version": advice.policy_version},
        "review_url": review_url(advice.id, base_url),
    }
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (change.index, change.type.encode(), orjson.dumps(data))
