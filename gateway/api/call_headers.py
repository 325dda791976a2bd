"""A request for advice as it came over HTTP: what its headers say beside its body, and its answer's headers."""

import re
from collections.abc import AsyncIterator, Mapping
from typing import Any

from fastapi import Request
from fastapi.responses import StreamingResponse

from gateway.api.disconnection import while_connected
from gateway.api.keep_alive import with_comments
from gateway.errors import GatewayError
from gateway.http import services_of
from gateway.identity import Application
from gateway.steps import Answer, Call, StreamedAnswer, as_chunks

HELD = 202
_MAX_KEY_LENGTH = 200
_KNOWS_RECEIPTS = re.compile(r"(?:^|,)\s*(?:wait=\d+|respond-async)\s*(?:,|;|$)")
_WAIT = re.compile(r"(?:^|,)\s*wait=(\d{1,6})\s*(?:,|;|$)")


def call_of(
    request: Request,
    application: Application,
    body: Mapping[str, Any],
    *,
    knows_receipts: bool = False,
    original: Mapping[str, Any] | None = None,
) -> Call:
    """The call for the pipeline. `body` is a chat completion request, translated from `original` if there is one."""
    return Call(
        application=application,
        body=body,
        headers=context_headers(request),
        idempotency_key=_idempotency_key(request),
        wait=preferred_wait(request, services_of(request).settings.limits.wait_seconds),
        knows_receipts=knows_receipts
        or _KNOWS_RECEIPTS.search(request.headers.get("prefer", "")) is not None,
        original=original,
    )


async def ask(request: Request, call: Call) -> Answer | StreamedAnswer:
    """What the pipeline answers, while the caller is there."""
    return await while_connected(request, services_of(request).pipeline.ask(call))


def context_headers(request: Request) -> dict[str, str]:
    """What the request is about, as far as its headers say it."""
    return {name: value for name, value in request.headers.items() if name.startswith("x-countersign-")}


def preferred_wait(request: Request, longest: int) -> float:
    """The seconds of `Prefer: wait=N` (RFC 7240, 4.3), within what the gateway allows."""
    match = _WAIT.search(request.headers.get("prefer", ""))
    return min(int(match[1]), longest) if match else 0


def advice_headers(advice: str, status: str) -> dict[str, str]:
    """For clients that drop unknown fields of the body."""
    return {"X-Advice-Id": advice, "X-Advice-Status": status}


def answer_headers(answered: Answer | StreamedAnswer) -> dict[str, str]:
    """The same of an answer, with how the policy's limits stand."""
    status = answered.advice_status if isinstance(answered, Answer) else "pending"
    return {**advice_headers(answered.advice, status), **answered.headers}


def event_stream(
    events: AsyncIterator[bytes], answered: Answer | StreamedAnswer, code: int = 200
) -> StreamingResponse:
    """Server-sent events about one advice, with comments while there are none."""
    headers = {**answer_headers(answered), "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(with_comments(events), code, headers, media_type="text/event-stream")


async def replayed(answered: Answer, call: Call) -> AsyncIterator[dict[str, Any]]:
    """A whole answer for a caller who asked for a stream."""
    for chunk in as_chunks(answered.completion, include_usage=call.include_usage):
        yield chunk


def _idempotency_key(request: Request) -> str | None:
    key = request.headers.get("idempotency-key")
    if key is not None and not 1 <= len(key) <= _MAX_KEY_LENGTH:
        raise GatewayError(
            "invalid_request",
            f"`Idempotency-Key` must have 1 to {_MAX_KEY_LENGTH} characters.",
            param="Idempotency-Key",
        )
    return key
