"""Errors of all packages are translated here and nowhere else: any exception becomes a `GatewayError`.

Nothing of an exception's own text is shown unless it is one of ours, written to hold no data.
"""

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import Any, Final

import structlog
from starlette.exceptions import HTTPException

from audit import AuditError, LogFull, NotInLog, TileInvalid
from gateway.errors import CODES, GatewayError
from gateway.providers import ProviderError, ProvidersBusy
from gateway.reading import ReadingStopped
from gateway.redaction import AnalyzerAway, InvalidRequest, RedactionFailed, Unreadable
from gateway.storage import MasterKeyInvalid, SealedDamaged, SealedMissing, Unstorable

_log = structlog.get_logger("countersign")

_KEPT_CODES: Final = {
    "context_length_exceeded": "context_length_exceeded",
    "content_filter": "content_filter",
    "content_policy_violation": "content_filter",
    "rate_limit_exceeded": "rate_limit_exceeded",
    "insufficient_quota": "insufficient_quota",
    "model_not_found": "model_not_found",
}
"""Providers' codes that applications act on, and what each is called here."""

_HTTP_CODES = {404: "not_found", 405: "method_not_allowed"}


_codes: ContextVar[list[str] | None] = ContextVar("error_codes", default=None)
"""A list that tasks of one request share, since a stream's error is met in another task than the request's."""


def collect_codes() -> list[str]:
    """The codes with which errors of this request are explained from now on, in their order."""
    codes: list[str] = []
    _codes.set(codes)
    return codes


def explain(error: Exception) -> GatewayError:
    """Translate an error; an unexpected one is logged by its type alone, since its text may hold data."""
    refusal = translate(error)
    if refusal.code == "content_damaged":
        _log.error("content damaged", advice=refusal.details.get("advice"))
    if refusal.code == "internal_error":
        _log.error("unexpected error", error_type=type(error).__name__, where=_where(error))
    codes = _codes.get()
    if codes is not None:
        codes.append(refusal.code)
    return refusal


def translate(error: Exception) -> GatewayError:
    """Any exception as a `GatewayError`; what nobody foresaw is a 500 that says nothing."""
    for kind, answer in _ANSWERS:
        if isinstance(error, kind):
            return answer(error)
    return GatewayError(
        "internal_error", "The gateway failed; nothing was released. Its log names this request's id."
    )


def _from_http(error: HTTPException) -> GatewayError:
    code = _HTTP_CODES.get(error.status_code, "invalid_request")
    return GatewayError(code, f"{CODES[code][1]} See GET /openapi.json.", status=error.status_code)


def _from_provider(error: ProviderError) -> GatewayError:
    details: dict[str, Any] = {} if error.provider_code is None else {"provider_code": error.provider_code}
    code = _KEPT_CODES.get(error.provider_code or "", error.code)
    return GatewayError(
        code,
        error.message,
        param=error.param,
        status=error.status if code == error.code else None,
        retry_after=error.retry_after,
        final=not isinstance(error, ProvidersBusy),
        **details,
    )


def _log_away(_: Exception) -> GatewayError:
    return GatewayError(
        "log_unavailable", "The audit log can't be written now; send it again later.", retry_after=5
    )


def _content_damaged(_: Exception) -> GatewayError:
    return GatewayError(
        "content_damaged",
        "Content of this case is missing or was changed, and no event on record explains it."
        " Tell the operator: `countersign check` names what is concerned.",
    )


_ANSWERS: Final[Sequence[tuple[type[Exception], Callable[[Any], GatewayError]]]] = (
    (GatewayError, lambda error: error),
    (Unreadable, lambda error: GatewayError("unreadable_content", error.message, param=error.param)),
    (InvalidRequest, lambda error: GatewayError("invalid_request", error.message, param=error.param)),
    (
        AnalyzerAway,
        lambda _: GatewayError(
            "analyzer_unavailable",
            "The analyzer server can't be used now, so nothing was sent.",
            retry_after=5,
        ),
    ),
    (
        RedactionFailed,
        lambda _: GatewayError("redaction_failed", "A text could not be analysed, so it was not passed on."),
    ),
    (
        ReadingStopped,
        lambda _: GatewayError(
            "busy",
            "The process that read the text has ended, so it was not passed on; send it again.",
            retry_after=5,
        ),
    ),
    (ProviderError, _from_provider),
    (
        LogFull,
        lambda _: GatewayError(
            "busy", "Too many events are waiting for the log; send it again.", retry_after=1
        ),
    ),
    (SealedMissing, _content_damaged),
    (SealedDamaged, _content_damaged),
    (MasterKeyInvalid, lambda error: GatewayError("master_key_unavailable", f"{error}.")),
    (NotInLog, lambda _: GatewayError("unknown_event", "The log has no such entry or tile yet.")),
    (TileInvalid, lambda _: GatewayError("unknown_event", "This path names no tile; see C2SP tlog-tiles.")),
    (
        Unstorable,
        lambda _: GatewayError(
            "invalid_request", "A value has a NUL character, which can't be kept or looked for; leave it out."
        ),
    ),
    (AuditError, _log_away),
    (HTTPException, _from_http),
)
"""How each kind of exception is answered, most specific first."""


def _where(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "unknown"
    return f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}"
