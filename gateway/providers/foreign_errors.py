"""Foreign errors become ours here and nowhere else, the most specific first."""

import email.utils
import math
import re
import ssl
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

import httpcore
import httpx
import orjson

from gateway.providers.provider_errors import (
    ProviderCut,
    ProviderError,
    ProviderFailed,
    ProviderRateLimited,
    ProviderRefused,
    ProvidersBusy,
    ProviderTimeout,
)

MAX_RETRY_AFTER: Final = 3600
"""Seconds; a provider that asks for more is believed up to here."""

_SLOW = "The provider did not answer in time. Try again, or raise timeout_seconds of this model's route."
_UNREACHED = "The provider can't be reached. Check api_base of this model's route, and the network."
_NONSENSE = "The provider's answer can't be read as what was asked for. Check api_base of this model's route."
_CUT = "The provider ended its answer too early; what came of it is incomplete. Try again."
_REFUSED = (
    "The provider refused the request. Change the field that `param` names, where it does, or the model."
)
_TOO_LONG = (
    "The request is longer than the model's context length (context_length_exceeded). Shorten it, or use a policy"
    " whose model reads more."
)
"""In words that LangChain and LiteLLM look for in the message."""
_LIMITED = (
    "The provider's limit is reached. Wait as long as Retry-After says, or raise the limit with the provider."
)
_OURS = (
    "The provider refused the gateway's own configuration. Check this model's route: model, key and api_base."
)
_FAILED = "The provider failed. Try again; a second model in the policy's `models` would have been tried."
_UNKNOWN = "The provider's library failed in an unknown way. Check this model's route, or use another."
_FULL = "All connections to the provider are in use. Try again in a moment."

OVERFLOW: Final = "context_length_exceeded"
"""OpenAI's code for a request that is too long for the model."""

_OVERFLOW_WORDS: Final = re.compile(
    r"maximum context length|prompt is too long|context window", re.IGNORECASE
)
"""How servers say it that have no code for it: vLLM, Mistral, Anthropic."""

Row = tuple[type[BaseException], Callable[[], ProviderError]]

TRANSPORT_ERRORS: Final = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.UnsupportedProtocol,
    httpcore.ConnectionNotAvailable,
    httpx.InvalidURL,
    OSError,
)
"""What asking over HTTP can raise: httpcore's errors have no base class of their own."""

FOREIGN: Final[tuple[Row, ...]] = (
    (httpcore.PoolTimeout, lambda: ProvidersBusy(_FULL)),
    (httpcore.TimeoutException, lambda: ProviderTimeout(_SLOW)),
    (httpcore.UnsupportedProtocol, lambda: ProviderFailed(_UNREACHED, retryable=False)),
    (httpcore.NetworkError, lambda: ProviderFailed(_UNREACHED)),
    (httpcore.ProtocolError, lambda: ProviderFailed(_UNREACHED)),
    (httpcore.ProxyError, lambda: ProviderFailed(_UNREACHED)),
    (httpcore.ConnectionNotAvailable, lambda: ProviderFailed(_UNREACHED)),
    (httpx.PoolTimeout, lambda: ProvidersBusy(_FULL)),
    (httpx.TimeoutException, lambda: ProviderTimeout(_SLOW)),
    (httpx.UnsupportedProtocol, lambda: ProviderFailed(_UNREACHED, retryable=False)),
    (httpx.TransportError, lambda: ProviderFailed(_UNREACHED)),
    (httpx.DecodingError, lambda: ProviderFailed(_NONSENSE)),
    (httpx.TooManyRedirects, lambda: ProviderFailed(_OURS, retryable=False)),
    (httpx.HTTPError, lambda: ProviderFailed(_UNREACHED)),
    (httpx.InvalidURL, lambda: ProviderFailed(_OURS, retryable=False)),
    (httpx.StreamError, lambda: ProviderCut(_CUT)),
    (httpx.CookieConflict, lambda: ProviderFailed(_OURS, retryable=False)),
    (TimeoutError, lambda: ProviderTimeout(_SLOW)),
    (orjson.JSONDecodeError, lambda: ProviderFailed(_NONSENSE)),
    (ssl.SSLError, lambda: ProviderFailed(_UNREACHED)),
    (OSError, lambda: ProviderFailed(_UNREACHED)),
)
"""httpcore's, httpx's and Python's own. A row stands before the rows of its base classes."""

_WITHOUT_STATUS: Final[Mapping[str, Callable[[], ProviderError]]] = {
    "APITimeoutError": lambda: ProviderTimeout(_SLOW),
    "APIConnectionError": lambda: ProviderFailed(_UNREACHED),
    "APIResponseValidationError": lambda: ProviderFailed(_NONSENSE),
    "UnsupportedParamsError": lambda: ProviderRefused(_REFUSED, provider_code="unsupported_parameter"),
    "ContextWindowExceededError": lambda: ProviderRefused(_TOO_LONG, provider_code=OVERFLOW),
    "ContentPolicyViolationError": lambda: ProviderRefused(
        _REFUSED, provider_code="content_policy_violation"
    ),
    "LiteLLMUnknownProvider": lambda: ProviderFailed(_OURS, retryable=False),
    "MidStreamFallbackError": lambda: ProviderCut(_CUT),
    "BudgetExceededError": lambda: ProviderFailed(_OURS, retryable=False),
    "ModelNotMappedError": lambda: ProviderFailed(_OURS, retryable=False),
    "GuardrailRaisedException": lambda: ProviderRefused(_REFUSED),
    "BlockedPiiEntityError": lambda: ProviderRefused(_REFUSED),
    "ModifyResponseException": lambda: ProviderRefused(_REFUSED),
    "SensitiveDataRouteException": lambda: ProviderRefused(_REFUSED),
    "AuthenticationError": lambda: from_status(401),
    "PermissionDeniedError": lambda: from_status(403),
    "NotFoundError": lambda: from_status(404),
    "BadRequestError": lambda: from_status(400),
    "UnprocessableEntityError": lambda: from_status(422),
    "RateLimitError": lambda: from_status(429),
    "InternalServerError": lambda: from_status(500),
    "ConflictError": lambda: from_status(409),
    "APIStatusError": lambda: from_status(500),
    "APIError": lambda: from_status(500),
    "OpenAIError": lambda: ProviderFailed(_OURS, retryable=False),
}
"""litellm's and openai's classes by name: neither library is imported to tell its errors apart."""


def translate(error: BaseException) -> ProviderError:
    """Our error for a foreign one. Nothing of its text is kept; its HTTP status and `Retry-After` are."""
    if isinstance(error, ProviderError):
        return error
    for foreign, own in FOREIGN:
        if isinstance(error, foreign):
            return own()
    return _from_library(error) or ProviderFailed(_UNKNOWN, retryable=False)


def _from_library(error: BaseException) -> ProviderError | None:
    """For an error of litellm or openai, or one that carries an HTTP status as theirs do."""
    status = getattr(error, "status_code", None)
    for ancestor in type(error).__mro__:
        if own := _WITHOUT_STATUS.get(ancestor.__name__):
            known = own()
            generic = ancestor.__name__ in ("APIStatusError", "APIError")
            return (
                from_status(status, _headers_of(error))
                if generic and _is_status(status)
                else _wait(known, error)
            )
    return from_status(status, _headers_of(error)) if _is_status(status) else None


def _wait(known: ProviderError, error: BaseException) -> ProviderError:
    known.retry_after = retry_after(_headers_of(error)) if isinstance(known, ProviderRateLimited) else None
    return known


def _is_status(status: object) -> bool:
    return isinstance(status, int) and 400 <= status <= 599


def _headers_of(error: BaseException) -> Mapping[str, str]:
    headers = getattr(getattr(error, "response", None), "headers", None)
    return headers if isinstance(headers, Mapping) else {}


def from_status(
    status: Any, headers: Mapping[str, str] | None = None, body: bytes | Mapping[str, Any] = b""
) -> ProviderError:
    """Our error for an HTTP answer that is no success; of its body only machine names are kept."""
    details = {"provider_status": status, **machine_names(body)}
    if status == 429:
        return ProviderRateLimited(_LIMITED, retry_after=retry_after(headers or {}), **details)
    if status in (400, 413, 422):
        return ProviderRefused(_TOO_LONG if details.get("provider_code") == OVERFLOW else _REFUSED, **details)
    if status == 408:
        return ProviderTimeout(_SLOW, **details)
    if status == 409 or status >= 500:
        return ProviderFailed(_FAILED, retry_after=retry_after(headers or {}), **details)
    return ProviderFailed(_OURS, retryable=False, **details)


def nonsense() -> ProviderFailed:
    """For an answer that is not what the interface promises."""
    return ProviderFailed(_NONSENSE)


def cut(body: Mapping[str, Any] | None = None) -> ProviderCut:
    """For a stream without its end, or with an error event (`body`) in it."""
    return ProviderCut(_CUT, **machine_names(body or {}))


def unsupported(param: str, provider: str) -> ProviderRefused:
    """For a field of the request that the route's provider does not have."""
    return ProviderRefused(
        f"{provider} has no such field, so it would be lost. Leave it out, or use another model.",
        param=param,
        provider_code="unsupported_parameter",
    )


def machine_names(body: bytes | Mapping[str, Any]) -> dict[str, Any]:
    """`provider_code` and `param` of an error body in OpenAI's or Anthropic's shape; empty for any other."""
    try:
        document = orjson.loads(body) if isinstance(body, bytes) else body
    except orjson.JSONDecodeError:
        return {}
    error = document.get("error", document) if isinstance(document, Mapping) else None
    if not isinstance(error, Mapping):
        return {}
    code = error.get("code") if isinstance(error.get("code"), str) else None  # vLLM repeats the status there
    if isinstance(error.get("message"), str) and _OVERFLOW_WORDS.search(error["message"]):
        code = OVERFLOW
    return {"provider_code": code or error.get("type"), "param": error.get("param")}


def retry_after(headers: Mapping[str, str]) -> int | None:
    """Seconds of a `Retry-After` header, a number or a date (RFC 9110, 10.2.3); None if there is none to
    read.
    """
    value = headers.get("retry-after") or headers.get("Retry-After") or ""
    try:
        seconds = float(value)
    except ValueError:
        seconds = _seconds_until(value)
    return min(MAX_RETRY_AFTER, math.ceil(max(0.0, seconds))) if math.isfinite(seconds) else None


def _seconds_until(date: str) -> float:
    try:
        return email.utils.parsedate_to_datetime(date).timestamp() - time.time()
    except (TypeError, ValueError, OverflowError):
        return math.nan
