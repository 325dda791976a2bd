"""The HTTP edges, one file a resource, thin: they read a request, call the pipeline, and write its answer."""

from gateway.api.application import build_application

__all__ = ["build_application"]
