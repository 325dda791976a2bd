"""`POST /v1/chat/completions`, as OpenAI's, streamed and not."""

from collections.abc import AsyncIterator
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from gateway.api.bodies import read_object
from gateway.api.call_headers import (
    advice_headers,
    context_headers,
    idempotency_key,
    knows_receipts,
    preferred_wait,
)
from gateway.api.callers import caller_of
from gateway.api.chat_fields import check_fields
from gateway.api.disconnection import while_connected
from gateway.api.error_answers import JSONAnswer
from gateway.http import services_of, translate
from gateway.steps import Answer, Call, as_chunks, require_application

router = APIRouter()

_HELD = 202


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
        headers=context_headers(request),
        idempotency_key=idempotency_key(request),
        wait=preferred_wait(request, services.settings.limits.wait_seconds),
        knows_receipts=knows_receipts(request),
    )
    answered = await while_connected(request, pipeline.ask(call))
    if not isinstance(answered, Answer):
        return _stream(answered.chunks, answered.advice, "pending", 200)
    status = _HELD if answered.held else 200
    if call.stream:
        return _stream(_replayed(answered, call), answered.advice, answered.advice_status, status)
    return JSONAnswer(answered.completion, status, advice_headers(answered.advice, answered.advice_status))


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
