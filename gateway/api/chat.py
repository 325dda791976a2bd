"""`POST /v1/chat/completions`, as OpenAI's, streamed and not."""

from collections.abc import AsyncIterator
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response

from gateway.api.bodies import read_object
from gateway.api.call_headers import HELD, answer_headers, ask, call_of, event_stream, replayed
from gateway.api.callers import caller_of
from gateway.api.chat_fields import ChatRequest, check_fields
from gateway.api.error_answers import JSONAnswer
from gateway.api.openapi import takes
from gateway.http import explain
from gateway.steps import Answer, require_application

router = APIRouter()


@router.post("/v1/chat/completions")
@takes(ChatRequest)
async def chat_completions(request: Request) -> Response:
    """Ask for advice. `model` names a policy; everything else is OpenAI's."""
    application = require_application(await caller_of(request))  # before the body is read
    body = await read_object(request)
    check_fields(body)
    call = call_of(request, application, body)
    answered = await ask(request, call)
    if not isinstance(answered, Answer):
        return event_stream(_events(answered.chunks), answered)
    status = HELD if answered.held else 200
    if call.stream:
        events = _events(replayed(answered, call))
        return event_stream(events, answered, status)
    return JSONAnswer(answered.completion, status, answer_headers(answered))


async def _events(chunks: AsyncIterator[dict[str, Any]]) -> AsyncIterator[bytes]:
    """Server-sent events; after an error there is no `[DONE]`, so that nobody takes half an answer for a whole."""
    try:
        async for chunk in chunks:
            yield b"data: " + orjson.dumps(chunk) + b"\n\n"
    except Exception as error:  # noqa: BLE001 - headers are sent, so every error must become an event
        yield b"data: " + orjson.dumps(explain(error).body()) + b"\n\n"
        return
    yield b"data: [DONE]\n\n"
