"""The headers of a request for advice and of its answer."""

import re
from collections.abc import Mapping
from typing import Final

from fastapi import Request

from gateway.errors import GatewayError

_LONGEST_KEY: Final = 200
_KNOWS_RECEIPTS: Final = re.compile(r"(?:^|,)\s*(?:wait=\d+|respond-async)\s*(?:,|;|$)")
_WAIT: Final = re.compile(r"(?:^|,)\s*wait=(\d{1,6})\s*(?:,|;|$)")


def advice_headers(advice: str, status: str) -> dict[str, str]:
    """For clients that drop unknown fields of the body."""
    return {"X-Advice-Id": advice, "X-Advice-Status": status}


def context_headers(request: Request) -> Mapping[str, str]:
    """What the request is about, as far as its headers say it."""
    return {name: value for name, value in request.headers.items() if name.startswith("x-countersign-")}


def preferred_wait(request: Request, longest: int) -> float:
    """The seconds of `Prefer: wait=N` (RFC 7240, 4.3), within what the gateway allows."""
    match = _WAIT.search(request.headers.get("prefer", ""))
    return min(int(match[1]), longest) if match else 0


def knows_receipts(request: Request) -> bool:
    """Whether `Prefer` says that the application waits, or takes a receipt."""
    return _KNOWS_RECEIPTS.search(request.headers.get("prefer", "")) is not None


def idempotency_key(request: Request) -> str | None:
    """The `Idempotency-Key`; a 400 `GatewayError` for one that is too long."""
    key = request.headers.get("idempotency-key")
    if key is not None and not 1 <= len(key) <= _LONGEST_KEY:
        raise GatewayError(
            "invalid_request",
            f"`Idempotency-Key` must have 1 to {_LONGEST_KEY} characters.",
            param="Idempotency-Key",
        )
    return key
