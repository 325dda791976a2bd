"""Around each request: an id, one log line, the metrics, and an answer whatever is raised."""

import asyncio
import secrets
import time
from typing import Any

import structlog
from opentelemetry.trace import Span, SpanKind
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.api.error_answers import answer_error
from gateway.errors import GatewayError
from gateway.http import collect_codes
from gateway.telemetry import Metrics, set_failed, span, trace_id

_log = structlog.get_logger("countersign")


class RequestMiddleware:
    """ASGI middleware. The path is logged as its route's template: what a caller put into it may be anything."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        request_id = secrets.token_hex(8)
        response: dict[str, Any] = {"status": 499, "advice": None}

        async def send_marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                response["status"] = message["status"]
                response["advice"] = _header(message, b"x-advice-id")
                message["headers"] = [*message["headers"], (b"x-request-id", request_id.encode())]
            await send(message)

        codes = collect_codes()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        with span("request", kind=SpanKind.SERVER, parent=_traceparent(scope)) as current:
            if (trace := trace_id()) is not None:
                structlog.contextvars.bind_contextvars(trace_id=trace)
            try:
                await self._app(scope, receive, send_marked)
            except Exception as error:  # noqa: BLE001 - the last edge: nothing of it may reach the server's own log
                if response["status"] == 499:
                    await answer_error(error, scope["path"])(scope, receive, send_marked)
            except asyncio.CancelledError:  # only a gateway that ends does that
                if response["status"] != 499:
                    raise
                refusal = GatewayError("stopping", "The gateway ends. Send the request again.", retry_after=5)
                await answer_error(refusal, scope["path"])(scope, receive, send_marked)
            finally:
                code = codes[-1] if codes else ""
                self._finish(scope, response, code, time.perf_counter() - started, current)

    def _finish(
        self, scope: Scope, response: dict[str, Any], code: str, seconds: float, current: Span
    ) -> None:
        route = getattr(scope.get("route"), "path", "unmatched")
        self._metrics.requests.labels(route, response["status"], code).inc()
        self._metrics.seconds.labels(route).observe(seconds)
        method = scope["method"] if scope["method"] in _METHODS else "other"
        current.update_name(f"{method} {route}")
        current.set_attribute("http.request.method", method)
        current.set_attribute("http.route", route)
        current.set_attribute("http.response.status_code", response["status"])
        if response["advice"] is not None:
            current.set_attribute("countersign.advice", response["advice"])
        if code:
            current.set_attribute("countersign.error", code)
        if response["status"] >= 500 or (code and response["status"] < 400):  # an event of a stream
            set_failed(current, code or str(response["status"]))
        _log.info(
            "request",
            method=method,
            route=route,
            status=response["status"],
            milliseconds=round(seconds * 1000, 2),
            advice=response["advice"],
            **({"error_code": code} if code else {}),
        )


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def _traceparent(scope: Scope) -> dict[str, str]:
    """The one header of those for tracing that is read: the others may hold anything."""
    values = [value for name, value in scope["headers"] if name == b"traceparent"]
    return {"traceparent": values[0].decode("latin-1")} if len(values) == 1 else {}


def _header(message: Message, name: bytes) -> str | None:
    for key, value in message["headers"]:
        if key == name:
            return str(value.decode("latin-1"))
    return None
