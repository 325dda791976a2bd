"""Errors in Anthropic's shape, on the paths of the Messages API."""

from collections.abc import Mapping
from typing import Any, Final

from gateway.errors import GatewayError

PATH: Final = "/v1/messages"

_TYPES: Final[Mapping[int, str]] = {
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    503: "overloaded_error",
    504: "timeout_error",
}


def answers_in_anthropics_shape(path: str) -> bool:
    """Whether a path is one of the Messages API."""
    return path == PATH or path.startswith(f"{PATH}/")


def error_body(refusal: GatewayError) -> dict[str, Any]:
    """Anthropic's `type` and `message`, and beside them what every error of ours has."""
    kind = _TYPES.get(refusal.status, "api_error" if refusal.status >= 500 else "invalid_request_error")
    own = {"message": refusal.message, "code": refusal.code, "param": refusal.param, **refusal.details}
    return {"type": "error", "error": {"type": kind, **own}}
