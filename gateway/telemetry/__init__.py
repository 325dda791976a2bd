"""What an operator sees from outside: `logs.py`, `metrics.py`, and `traces.py`. None of it holds personal data."""

from typing import TYPE_CHECKING

from gateway.lazy_imports import load_when_used

if TYPE_CHECKING:
    from gateway.telemetry.logs import configure_logs
    from gateway.telemetry.metrics import Metrics
    from gateway.telemetry.traces import (
        TelemetryMissing,
        TelemetrySettings,
        outgoing_headers,
        set_failed,
        span,
        start_tracing,
        stop_tracing,
        trace_id,
    )
else:
    __getattr__ = load_when_used(__name__, __file__)

__all__ = [
    "Metrics",
    "TelemetryMissing",
    "TelemetrySettings",
    "configure_logs",
    "outgoing_headers",
    "set_failed",
    "span",
    "start_tracing",
    "stop_tracing",
    "trace_id",
]
