"""Every error of the API in OpenAI's shape; on the paths of the Messages API in Anthropic's."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import orjson
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.routing import Match

from audit import AuditError
from gateway.api.disconnection import CallerGone
from gateway.api.messages.error_answer import answers_in_anthropics_shape, error_body
from gateway.errors import GatewayError
from gateway.http import explain
from gateway.providers import ProviderError
from gateway.redaction import InvalidRequest, RedactionFailed, Unreadable
from gateway.storage import MasterKeyInvalid, SealedDamaged, SealedMissing

_CALLER_GONE = 499
"""Nobody reads it but the log."""


class JSONAnswer(Response):
    """A JSON body by orjson."""

    media_type = "application/json"

    def __init__(
        self, content: Mapping[str, Any], status_code: int = 200, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(orjson.dumps(content), status_code, dict(headers or {}))


class ErrorPages(Protocol):
    """The pages for people, which stand beside the API in one application (`gateway.web`)."""

    @property
    def router(self) -> APIRouter:
        """Their routes; they answer their own errors."""

    async def answer_unmatched(self, request: Request, error: HTTPException) -> Response:
        """The page for a browser that asks for a path outside the API."""


def answer_error(error: Exception, path: str) -> Response:
    """The response to any exception of a request for `path`."""
    refusal = explain(error)
    body = error_body(refusal) if answers_in_anthropics_shape(path) else refusal.body()
    return JSONAnswer(body, refusal.status, refusal.headers)


def _methods(request: Request, routes: Sequence[APIRoute]) -> list[str]:
    """The methods of those of `routes` that have the request's path."""
    matching = [route.methods or () for route in routes if route.matches(request.scope)[0] is not Match.NONE]
    return sorted({method for methods in matching for method in methods})


def add_handlers(app: FastAPI, pages: ErrorPages, routes: Sequence[APIRoute]) -> None:
    """Answer every exception: unknown paths to a browser with a page, all else through `answer_error`."""

    async def handle(request: Request, error: Exception) -> Response:
        return answer_error(error, request.url.path)

    async def unmatched(request: Request, error: Exception) -> Response:
        browser = "text/html" in request.headers.get("accept", "")
        if browser and isinstance(error, HTTPException) and request.scope.get("route") is None:
            return await pages.answer_unmatched(request, error)
        answer = answer_error(error, request.url.path)
        if answer.status_code == 405:
            answer.headers["Allow"] = ", ".join(_methods(request, routes))  # RFC 9110, section 15.5.6
        return answer

    async def without_answer(_: Request, error: Exception) -> Response:
        return Response(status_code=_CALLER_GONE)

    app.add_exception_handler(CallerGone, without_answer)
    for kind in (
        GatewayError,
        Unreadable,
        InvalidRequest,
        RedactionFailed,
        ProviderError,
        SealedMissing,
        SealedDamaged,
        MasterKeyInvalid,
        AuditError,
        Exception,
    ):
        app.add_exception_handler(kind, handle)
    app.add_exception_handler(HTTPException, unmatched)
