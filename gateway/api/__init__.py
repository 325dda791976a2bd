"""The HTTP API, one file a resource, thin: they read a request, call the pipeline, and write its answer."""

from gateway.api.application import build_application
from gateway.api.credentials import NewCode, NewCredential, make_credential, make_password_code
from gateway.api.monitoring import MonitoringPort
from gateway.api.retention import About, erasure_reason, hold_reason

__all__ = [
    "About",
    "MonitoringPort",
    "NewCode",
    "NewCredential",
    "build_application",
    "erasure_reason",
    "hold_reason",
    "make_credential",
    "make_password_code",
]
