"""`POST /v1/messages` and `POST /v1/messages/count_tokens`, as Anthropic's."""

import asyncio
from collections.abc import AsyncIterator

from fastapi import APIRouter, Request, Response

from gateway.api.bodies import read_object
from gateway.api.call_headers import HELD, answer_headers, ask, call_of, event_stream, replayed
from gateway.api.callers import caller_of
from gateway.api.disconnection import CallerGone
from gateway.api.error_answers import JSONAnswer
from gateway.api.messages.answer import message_of
from gateway.api.messages.error_answer import PATH, error_body
from gateway.api.messages.events import events_of, written
from gateway.api.messages.fields import MessageRequest
from gateway.api.messages.places import Places
from gateway.api.messages.request import translate_request
from gateway.api.openapi import takes
from gateway.errors import GatewayError
from gateway.http import explain, services_of, translate
from gateway.identity import Application
from gateway.providers import count_tokens
from gateway.steps import Answer, find_policy, require_application

router = APIRouter()


@router.post(PATH)
@takes(MessageRequest)
async def create_message(request: Request) -> Response:
    """Ask for advice. `model` names a policy; everything else is Anthropic's."""
    application = await _application(request)  # before the body is read
    translated = translate_request(await read_object(request))
    call = call_of(request, application, translated.body)
    try:
        answered = await ask(request, call)
    except CallerGone:
        raise
    except Exception as error:
        refusal = translate(error)
        if refusal.param is None:
            raise
        raise translated.places.named(refusal) from None
    if not isinstance(answered, Answer):
        events = events_of(answered.chunks, answered.advice, translated.stop_sequences)
        return event_stream(_until_error(events, translated.places), answered)
    status = HELD if answered.held else 200
    if call.stream:
        events = events_of(replayed(answered, call), answered.advice, translated.stop_sequences)
        return event_stream(_until_error(events, translated.places), answered, status)
    message = message_of(answered.completion, answered.advice, translated.stop_sequences)
    return JSONAnswer(message, status, answer_headers(answered))


@router.post(f"{PATH}/count_tokens")
@takes(MessageRequest)
async def count_message_tokens(request: Request) -> Response:
    """An estimate of what a request would be counted as, with the policy's prompt; nothing leaves."""
    services = services_of(request)
    application = await _application(request)
    body = await read_object(request)
    translated = translate_request(body, max_tokens=False)
    policy = find_policy(services.in_force, translated.body["model"], application)
    try:
        read = await services.pipeline.read_documents(translated.body)
    except GatewayError as refusal:
        raise translated.places.named(refusal) from None
    sent = policy.compose(read)
    tokens = await asyncio.to_thread(count_tokens, sent["messages"], sent.get("tools"))
    return JSONAnswer({"input_tokens": tokens})


async def _application(request: Request) -> Application:
    """The application by its key, in `x-api-key` as Anthropic's clients send it, or as a bearer token."""
    key = request.headers.get("x-api-key")
    if "authorization" in request.headers:
        return require_application(await caller_of(request))
    if key is None:
        raise GatewayError(
            "missing_credential", "Send the application's key as `x-api-key`, or as a bearer token."
        )
    return require_application(await services_of(request).pipeline.identify(f"Bearer {key}"))


async def _until_error(events: AsyncIterator[bytes], places: Places) -> AsyncIterator[bytes]:
    """After an error there is no `message_stop`, so that nobody takes half an answer for a whole."""
    try:
        async for event in events:
            yield event
    except Exception as error:  # noqa: BLE001 - headers are sent, so every error must become an event
        yield written(("error", error_body(places.named(explain(error)))))
