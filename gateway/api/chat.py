"""`POST /v1/chat/completions`, as OpenAI's, streamed and not."""

import re
from collections.abc import AsyncIterator
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from gateway.api.bodies import read_object
from gateway.api.callers import caller_of
from gateway.api.chat_fields import check_fields
from gateway.api.disconnection import CallerGone, while_connected
from gateway.api.error_answers import JSONAnswer
from gateway.errors import GatewayError
from gateway.http import services_of, translate
from gateway.steps import Answer, Call, as_chunks, require_application

router = APIRouter()

_CALLER_GONE = 499  # of nobody's interest but the log's
_HELD = 202
_LONGEST_KEY = 200
_KNOWS_RECEIPTS = re.compile(r"(?:^|,)\s*(?:wait=\d+|respond-async)\s*(?:,|;|$)")
_WAIT = re.compile(r"(?:^|,)\s*wait=(\d{1,6})\s*(?:,|;|$)")


@router.post("/v1/chat/completions")
async def chat_completions(request: Request) -> Response:
    """Ask for advice. `model` names a policy; everything else is OpenAI's."""
    services = services_of(request)
    pipeline = services.pipeline
    application = require_application(await caller_of(request))  # before the body is read
    body = await read_object(request, services.settings.limits)
    check_fields(body)
    call = Call(
        application=application,
        body=body,
        headers={name: value for name, value in request.headers.items() if name.startswith("x-countersign-")},
        idempotency_key=_idempotency_key(request),
        wait=preferred_wait(request, services.settings.limits.wait_seconds),
        knows_receipts=_KNOWS_RECEIPTS.search(request.headers.get("prefer", "")) is not None,
    )
    try:
        answered = await while_connected(request, pipeline.ask(call))
    except CallerGone:
        return Response(status_code=_CALLER_GONE)
    if not isinstance(answered, Answer):
        return _stream(answered.chunks, answered.advice, "pending", 200)
    status = _HELD if answered.held else 200
    if call.stream:
        return _stream(_replayed(answered, call), answered.advice, answered.advice_status, status)
    return JSONAnswer(answered.completion, status, advice_headers(answered.advice, answered.advice_status))


def advice_headers(advice: str, status: str) -> dict[str, str]:
    """For clients that drop unknown fields of the body."""
    return {"X-Advice-Id": advice, "X-Advice-Status": status}


def preferred_wait(request: Request, longest: int) -> float:
    """The seconds of `Prefer: wait=N` (RFC 7240, 4.3), within what the gateway allows."""
    match = _WAIT.search(request.headers.get("prefer", ""))
    return min(int(match[1]), longest) if match else 0


def _idempotency_key(request: Request) -> str | None:
    key = request.headers.get("idempotency-key")
    if key is not None and not 1 <= len(key) <= _LONGEST_KEY:
        raise GatewayError(
            "invalid_request",
            f"`Idempotency-Key` must have 1 to {_LONGEST_KEY} characters.",
            param="Idempotency-Key",
        )
    return key


def _stream(chunks: AsyncIterator[dict[str, Any]], advice: str, status: str, code: int) -> StreamingResponse:
    headers = {**advice_headers(advice, status), "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_events(chunks), code, headers, media_type="text/event-stream")


async def _events(chunks: AsyncIterator[dict[str, Any]]) -> AsyncIterator[bytes]:
    """Server-sent events; after an error there is no `[DONE]`, so that nobody takes half an answer for a whole."""
    try:
        async for chunk in chunks:
            yield b"data: " + orjson.dumps(chunk) + b"\n\n"
    except Exception as error:  # noqa: BLE001 - headers are sent, so every error must become an event
        yield b"data: " + orjson.dumps(translate(error).body()) + b"\n\n"
        return
    yield b"data: [DONE]\n\n"


async def _replayed(answered: Answer, call: Call) -> AsyncIterator[dict[str, Any]]:
    for chunk in as_chunks(answered.completion, include_usage=call.include_usage):
        yield chunk
