from .logs import configure_logs as configure_logs
from .metrics import Metrics as Metrics
from .traces import (
    TelemetryMissing as TelemetryMissing,
)
from .traces import (
    TelemetrySettings as TelemetrySettings,
)
from .traces import (
    outgoing_headers as outgoing_headers,
)
from .traces import (
    set_failed as set_failed,
)
from .traces import (
    span as span,
)
from .traces import (
    start_tracing as start_tracing,
)
from .traces import (
    stop_tracing as stop_tracing,
)
from .traces import (
    trace_id as trace_id,
)
