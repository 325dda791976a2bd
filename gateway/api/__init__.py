"""The HTTP edges, one file a resource, thin: they read a request, call the pipeline, and write its answer."""

from gateway.api.application import build_application
from gateway.api.credentials import NewCredential, make_credential
from gateway.api.keeping import About, erasure_reason, hold_reason
from gateway.api.parts import Parts

__all__ = [
    "About",
    "NewCredential",
    "Parts",
    "build_application",
    "erasure_reason",
    "hold_reason",
    "make_credential",
]
