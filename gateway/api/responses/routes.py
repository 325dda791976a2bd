"""`POST /v1/responses`, and what is done with a response by its id."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from gateway.advice import unknown_response
from gateway.api.bodies import read_object
from gateway.api.call_headers import (
    advice_headers,
    answer_headers,
    ask,
    call_of,
    context_headers,
    event_stream,
    preferred_wait,
)
from gateway.api.callers import caller_of
from gateway.api.error_answers import JSONAnswer
from gateway.api.openapi import takes
from gateway.api.responses.chat_request import ChatRequest, chat_request
from gateway.api.responses.events import Event, EventWriter
from gateway.api.responses.fields import ResponseRequest, read_fields
from gateway.api.responses.input_items import MAX_ITEMS, list_items
from gateway.api.responses.places import as_written
from gateway.api.responses.response import ResponseForm
from gateway.errors import GatewayError
from gateway.http import services_of
from gateway.identity import Application
from gateway.operations import Services
from gateway.providers import ProviderError
from gateway.redaction import InvalidRequest, Unreadable
from gateway.steps import Answer, Call, StreamedAnswer, as_chunks, require_application, split_context

router = APIRouter()


@dataclass(frozen=True)
class _TranslatedRequest:
    """A request, its translation, and what its response repeats of it."""

    chat: ChatRequest
    call: Call
    original: dict[str, Any]


@router.post("/v1/responses")
@takes(ResponseRequest)
async def create_response(request: Request) -> Response:
    """Ask for advice. `model` names a policy; everything else is OpenAI's."""
    services = services_of(request)
    application = require_application(await caller_of(request))  # before the body is read
    parsed = await _read(request, services, application)
    try:
        answered = await ask(request, parsed.call)
    except (GatewayError, InvalidRequest, ProviderError, Unreadable) as error:
        raise as_written(error, parsed.chat.places) from None
    form = ResponseForm(answered.advice, parsed.original)
    if isinstance(answered, StreamedAnswer):
        return _stream(_events(form, answered.chunks, parsed.chat), answered)
    if parsed.call.stream:
        return _stream(_replayed(form, answered), answered)
    response = (
        form.unanswered("queued", answered.completion["decision_support"])
        if answered.held
        else form.completed(answered.completion)
    )
    return JSONAnswer(response, headers=answer_headers(answered))


@router.get("/v1/responses/{response}")
async def get_response(request: Request, response: str, stream: bool = False) -> Response:
    """A response as it is now; `Prefer: wait=N` waits for a decision."""
    services = services_of(request)
    application = require_application(await caller_of(request))
    if stream:
        raise GatewayError(
            "invalid_field", "A stored response is given whole; leave `stream` out.", param="stream"
        )
    stored = await services.responses.find(application, response)
    wait = preferred_wait(request, services.settings.limits.wait_seconds)
    document = await services.pipeline.read(application, stored.advice.id, wait)
    if document["status"] == "accepted" and "completion" not in document:
        raise unknown_response()  # it was deleted meanwhile
    form = ResponseForm(stored.advice.id, stored.original)
    return JSONAnswer(form.read(document), headers=advice_headers(stored.advice.id, document["status"]))


@router.delete("/v1/responses/{response}")
async def delete_response(request: Request, response: str) -> Response:
    """Give the application nothing of it any more; its content stays on record as long as the policy says."""
    application = require_application(await caller_of(request))
    await services_of(request).responses.delete(application, response)
    return JSONAnswer({"id": response, "object": "response", "deleted": True})


@router.get("/v1/responses/{response}/input_items")
async def get_input_items(
    request: Request,
    response: str,
    order: Literal["asc", "desc"] = "desc",
    after: str | None = None,
    limit: Annotated[int, Query(ge=1, le=MAX_ITEMS)] = 20,
) -> Response:
    """What was asked, newest item first."""
    application = require_application(await caller_of(request))
    stored = await services_of(request).responses.find(application, response)
    original_input = stored.original["input"]
    return JSONAnswer(list_items(stored.advice.id, original_input, order=order, after=after, limit=limit))


async def _read(request: Request, services: Services, application: Application) -> _TranslatedRequest:
    body = await read_object(request)
    fields = read_fields(body)
    headers = context_headers(request)
    rest, context = split_context(body, headers)
    earlier = []
    if fields.previous_response_id is not None:
        earlier = await services.responses.conversation(
            application, fields.previous_response_id, context.case
        )
    chat = chat_request(fields, earlier)
    original = {name: value for name, value in rest.items() if value is not None}
    call = call_of(
        request, application, chat.body, knows_receipts=fields.background is True, original=original
    )
    return _TranslatedRequest(chat, call, original)


def _stream(events: AsyncIterator[Event], answered: Answer | StreamedAnswer) -> StreamingResponse:
    return event_stream(_server_sent(events), answered)


async def _server_sent(events: AsyncIterator[Event]) -> AsyncIterator[bytes]:
    async for event in events:
        yield b"event: " + event["type"].encode() + b"\ndata: " + orjson.dumps(event) + b"\n\n"


async def _events(
    form: ResponseForm, chunks: AsyncIterator[dict[str, Any]], chat: ChatRequest
) -> AsyncIterator[Event]:
    """The events of advice that is shown while it arrives; it ends whole, or with `error` and `response.failed`."""
    writer = EventWriter(form)
    for event in writer.begin():
        yield event
    try:
        async for chunk in chunks:
            for event in writer.feed(chunk):
                yield event
    except Exception as error:  # noqa: BLE001 - headers are sent, so every error must become an event
        for event in writer.fail(as_written(error, chat.places)):
            yield event
        return
    for event in writer.end():
        yield event


async def _replayed(form: ResponseForm, answered: Answer) -> AsyncIterator[Event]:
    """The events of an answer that is there as a whole, or of one that is held."""
    writer = EventWriter(form)
    if answered.held:
        for event in writer.queued(answered.completion["decision_support"]):
            yield event
        return
    for event in writer.begin():
        yield event
    for chunk in as_chunks(answered.completion, include_usage=True):
        for event in writer.feed(chunk):
            yield event
    for event in writer.end():
        yield event
