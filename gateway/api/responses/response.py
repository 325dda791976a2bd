"""The response object, from what was asked and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from gateway.api.responses.output import incomplete_reason, output_items
from gateway.errors import GatewayError
from gateway.steps import response_id

_ECHOED: Final = (
    "model",
    "instructions",
    "previous_response_id",
    "max_output_tokens",
    "temperature",
    "top_p",
    "user",
    "safety_identifier",
    "prompt_cache_key",
    "prompt_cache_retention",
    "service_tier",
)
_LIMITED: Final = frozenset(
    ["rate_limited", "budget_exceeded", "provider_rate_limited", "rate_limit_exceeded", "insufficient_quota"]
)
_REFUSED: Final = frozenset(["content_filter", "context_length_exceeded", "provider_refused"])
_NOT_GIVEN: Final = {
    "rejected": ("failed", "This advice was rejected, so it is not released; ask again with a new request."),
    "expired": (
        "cancelled",
        "Nobody decided in time, so this is not released; ask again with a new request.",
    ),
    "abandoned": ("cancelled", "Nobody was there for the answer; ask again with a new request."),
    "failed": ("failed", "The model gave no answer, or not all of it; ask again with a new request."),
}
"""What a response is whose answer the application is not given, by the status of its advice."""

Response = dict[str, Any]


@dataclass(frozen=True)
class ResponseForm:
    """Makes the response object of one advice, whatever has become of it so far."""

    advice: str
    original: Mapping[str, Any]

    def unanswered(self, status: str, support: Mapping[str, Any] | None = None) -> Response:
        """Without output: `in_progress` or `queued`."""
        return self._response(status, support)

    def completed(self, completion: Mapping[str, Any]) -> Response:
        """With the answer of a chat completion and its `decision_support`."""
        choice = completion["choices"][0]
        status = "incomplete" if incomplete_reason(choice.get("finish_reason")) else "completed"
        items = output_items(self.advice, choice["message"], status)
        return self.answered(
            items, choice.get("finish_reason"), completion.get("usage"), completion.get("decision_support")
        )

    def answered(
        self,
        items: list[dict[str, Any]],
        finish_reason: object,
        usage: Mapping[str, Any] | None,
        support: Mapping[str, Any] | None,
    ) -> Response:
        """With its output, all of it or as much as the model could say."""
        reason = incomplete_reason(finish_reason)
        return {
            **self._response("completed" if reason is None else "incomplete", support),
            "incomplete_details": None if reason is None else {"reason": reason},
            "output": items,
            "usage": _usage(usage),
        }

    def failed(self, error: GatewayError, items: list[dict[str, Any]]) -> Response:
        """Broken off, with what was said until then."""
        return {
            **self._response("failed", None),
            "output": items,
            "error": {"code": _error_code(error.code), "message": error.message},
        }

    def read(self, document: Mapping[str, Any]) -> Response:
        """As it is now, from the advice as the application sees it."""
        support = document["decision_support"]
        if "completion" in document:
            return self.completed(document["completion"])
        if document["status"] in _NOT_GIVEN:
            status, message = _NOT_GIVEN[document["status"]]
            error = {"code": "server_error", "message": message}
            return {**self._response(status, support), "error": error}
        return self._response("queued" if document["status"] == "pending" else "in_progress", support)

    def _response(self, status: str, support: Mapping[str, Any] | None) -> Response:
        request = self.original
        text, reasoning = request.get("text") or {}, request.get("reasoning") or {}
        return {
            "id": response_id(self.advice),
            "object": "response",
            "created_at": _created_at(self.advice),
            "status": status,
            "background": request.get("background") is True,
            "error": None,
            "incomplete_details": None,
            **{name: request.get(name) for name in _ECHOED},
            "metadata": request.get("metadata") or {},
            "output": [],
            "parallel_tool_calls": request.get("parallel_tool_calls") is not False,
            "reasoning": {"effort": reasoning.get("effort"), "summary": reasoning.get("summary")},
            "store": request.get("store") is not False,
            "text": {**text, "format": text.get("format") or {"type": "text"}},
            "tool_choice": request.get("tool_choice") or "auto",
            "tools": request.get("tools") or [],
            "truncation": "disabled",
            "usage": None,
            **({} if support is None else {"decision_support": support}),
        }


def _created_at(advice: str) -> int:
    """Seconds since 1970: an advice's id begins with the time."""
    return int(advice.removeprefix("adv_")[:12], 16) // 1000


def _usage(usage: Any) -> dict[str, Any] | None:
    """The provider's own count; None where it gave none."""
    if not usage or not isinstance(usage, Mapping):
        return None
    read, written = _count(usage, "prompt_tokens"), _count(usage, "completion_tokens")
    of_read, of_written = usage.get("prompt_tokens_details"), usage.get("completion_tokens_details")
    return {
        "input_tokens": read,
        "input_tokens_details": {
            "cached_tokens": _count(of_read, "cached_tokens"),
            "cache_write_tokens": _count(of_read, "cache_write_tokens")
            or _count(of_read, "cache_creation_tokens"),
        },
        "output_tokens": written,
        "output_tokens_details": {"reasoning_tokens": _count(of_written, "reasoning_tokens")},
        "total_tokens": _count(usage, "total_tokens") or read + written,
    }


def _count(usage: Any, name: str) -> int:
    value = usage.get(name) if isinstance(usage, Mapping) else None
    return value if isinstance(value, int) else 0


def _error_code(code: str) -> str:
    """The nearest of the codes that a response's error may have."""
    if code in _LIMITED:
        return "rate_limit_exceeded"
    return "invalid_prompt" if code in _REFUSED else "server_error"
