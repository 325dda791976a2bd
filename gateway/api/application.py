"""The FastAPI application: routes, error answers, and what stands around each request."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.types import ASGIApp

from gateway.api import (
    advice,
    audit,
    chat,
    credentials,
    embeddings,
    health,
    models,
    oversight,
    responses,
    retention,
)
from gateway.api.error_answers import ErrorPages, add_handlers, answer_error
from gateway.api.messages import routes as messages
from gateway.api.requests import EachRequest
from gateway.api.tokens import ProvidedTokens
from gateway.errors import GatewayError
from gateway.metrics import Metrics
from gateway.version import VERSION

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def build_application(
    lifespan: Lifespan, *, origin: str, verifier_keys: list[str], control_token: str, pages: ErrorPages
) -> ASGIApp:
    """All routes, without services: `lifespan` puts them on `app.state.services` when they are ready."""
    app = FastAPI(
        title="Countersign",
        version=VERSION,
        lifespan=lifespan,
        docs_url=None,  # FastAPI's pages load scripts from elsewhere
        redoc_url=None,
    )
    app.state.services = None
    app.state.origin = origin
    app.state.verifier_keys = verifier_keys
    app.state.control_token = control_token
    app.state.metrics = Metrics()
    for resource in (
        chat,
        responses,
        messages,
        embeddings,
        models,
        advice,
        audit,
        oversight,
        credentials,
        retention,
        health,
    ):
        app.include_router(resource.router)
    app.include_router(pages.router)
    add_handlers(app, pages)
    app.add_exception_handler(RequestValidationError, _wrong_parameter)
    return EachRequest(ProvidedTokens(app, app.state), app.state.metrics)


async def _wrong_parameter(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - how it is registered
    param = str(error.errors()[0]["loc"][-1])
    refusal = GatewayError("invalid_request", f"`{param}` has the wrong type.", param=param)
    return answer_error(refusal, request.url.path)
