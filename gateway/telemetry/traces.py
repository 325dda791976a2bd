"""Traces by OpenTelemetry, from an application's `traceparent` to the provider; off until an endpoint is set.

Spans say which route, step, policy and model, how long and with what outcome: our own words, never a caller's. So no
exception is recorded on a span, no `baggage` or `tracestate` is passed on, and no URL or header is an attribute.
Names follow the semantic conventions for HTTP and for generative AI.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from opentelemetry import trace
from opentelemetry.trace import Span, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from pydantic import BaseModel, Field

from gateway import VERSION
from gateway.errors import ExplainedError

_PARENT: Final = "traceparent"
_FLUSH_MILLISECONDS: Final = 3_000
_propagator: Final = TraceContextTextMapPropagator()
_tracer: Final = trace.get_tracer("countersign", VERSION)


class TelemetrySettings(BaseModel, extra="forbid"):
    """Where traces go; without an endpoint none are made."""

    endpoint: str | None = Field(
        default=None,
        pattern=r"^https?://",
        description="a collector's address for OTLP over HTTP, such as http://collector:4318",
    )
    service_name: str = Field(default="countersign", description="how the gateway is called in traces")
    share: float = Field(
        default=1.0, ge=0, le=1, description="share of traces that begin here; a parent decides for its own"
    )


class TelemetryMissing(ExplainedError):
    """The SDK is not installed; the message says how."""


def start_tracing(settings: TelemetrySettings) -> None:
    """Send spans to the settings' endpoint from now on; once a process."""
    if settings.endpoint is None:
        return
    try:  # an extra: few operators want it, and it brings ten packages
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
        from opentelemetry.sdk.trace.sampling import ParentBasedTraceIdRatio
    except ImportError:
        raise TelemetryMissing(
            "telemetry.endpoint: needs OpenTelemetry's SDK: python -m pip install 'countersign[telemetry]'"
        ) from None
    resource = Resource({"service.name": settings.service_name, "service.version": VERSION})
    provider = TracerProvider(ParentBasedTraceIdRatio(settings.share), resource)
    exporter = OTLPSpanExporter(f"{settings.endpoint.rstrip('/')}/v1/traces")
    provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)


def stop_tracing() -> None:
    """Send what waits, if the collector takes it within seconds; does nothing where no tracing was started."""
    flush = getattr(trace.get_tracer_provider(), "force_flush", None)
    if flush is not None:
        flush(_FLUSH_MILLISECONDS)


@contextmanager
def span(
    name: str, *, kind: SpanKind = SpanKind.INTERNAL, parent: Mapping[str, str] | None = None
) -> Iterator[Span]:
    """A span around some work; `parent` has the `traceparent` of a request that came in."""
    context = None if parent is None else _propagator.extract(parent)
    with _tracer.start_as_current_span(
        name, context, kind, record_exception=False, set_status_on_exception=False
    ) as current:
        yield current


def set_failed(current: Span, code: str) -> None:
    """Say that the span's work failed, with one of our codes."""
    current.set_attribute("error.type", code)
    current.set_status(Status(StatusCode.ERROR))


def outgoing_headers() -> dict[str, str]:
    """`traceparent` for a request that leaves; empty where nothing is traced."""
    if not trace.get_current_span().is_recording():
        return {}
    carrier: dict[str, str] = {}
    _propagator.inject(carrier)
    return {_PARENT: carrier[_PARENT]}


def trace_id() -> str | None:
    """The current trace's id, for log lines; None where nothing is traced."""
    current = trace.get_current_span()
    return trace.format_trace_id(current.get_span_context().trace_id) if current.is_recording() else None
