"""The FastAPI application: routes, error answers, and what stands around each request."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Final

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.types import ASGIApp

from gateway import VERSION
from gateway.api import (
    advice,
    advice_events,
    audit,
    chat,
    credentials,
    embeddings,
    health,
    log_key,
    models,
    oversight,
    responses,
    retention,
    transcriptions,
)
from gateway.api.error_answers import ErrorPages, add_handlers, answer_error
from gateway.api.messages import routes as messages
from gateway.api.openapi import describe
from gateway.api.requests import RequestMiddleware
from gateway.api.tokens import ProvidedTokens
from gateway.errors import GatewayError
from gateway.telemetry import Metrics

_ROUTERS: Final = tuple(
    resource.router
    for resource in (
        chat,
        responses,
        messages,
        embeddings,
        transcriptions,
        models,
        advice_events,  # before `/v1/advice/{advice}`
        advice,
        audit,
        oversight,
        credentials,
        retention,
        log_key,
        health,
    )
)

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def build_application(
    lifespan: Lifespan,
    *,
    origin: str,
    verifier_keys: Callable[[], list[str]],
    control_token: str,
    monitoring_token: str | None = None,
    pages: ErrorPages,
) -> ASGIApp:
    """All routes, without services: `lifespan` puts them on `app.state.services` when they are ready."""
    app = FastAPI(
        title="Countersign",
        version=VERSION,
        lifespan=lifespan,
        docs_url=None,  # FastAPI's pages load scripts from elsewhere
        redoc_url=None,
        # Its own telemetry would put paths and exceptions' texts into spans; ours is `gateway/telemetry/traces.py`.
        telemetry={
            "tracing": False,
            "metrics": False,
            "logs": False,
            "operation_spans": False,
            "auto_configure": False,
        },
    )
    app.state.services = None
    app.state.origin = origin
    app.state.verifier_keys = verifier_keys
    app.state.control_token = control_token
    app.state.monitoring_token = monitoring_token
    app.state.metrics = Metrics()
    for router in _ROUTERS:
        app.include_router(router)
    app.include_router(pages.router)
    routes = [route for router in _ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    add_handlers(app, pages, routes)
    app.openapi = lambda: describe(app, routes)  # type: ignore[method-assign]  # as FastAPI's own guide has it
    app.add_exception_handler(RequestValidationError, _wrong_parameter)
    return RequestMiddleware(ProvidedTokens(app, app.state), app.state.metrics)


async def _wrong_parameter(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - how it is registered
    problem = error.errors()[0]
    param = str(problem["loc"][-1])
    refusal = GatewayError("invalid_request", f"`{param}`: {problem['msg']}.", param=param)
    return answer_error(refusal, request.url.path)
