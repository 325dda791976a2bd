"""What the client raises.

CountersignError        the gateway refused; `code` is one of docs/errors.md
├── Unreachable         no answer of the gateway came (`unreachable`)
└── NotDecided          nobody decided while the client waited (`not_decided`)
"""

from collections.abc import Mapping
from typing import Any


class CountersignError(Exception):
    """A refusal. `code` is stable, `message` names the remedy, `details` are further members of the error."""

    def __init__(
        self,
        code: str,
        message: str,
        *,
        status: int | None = None,
        param: str | None = None,
        retry_after: float | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        self.param = param
        self.retry_after = retry_after
        self.details = dict(details or {})


class Unreachable(CountersignError):
    """The gateway did not answer, or something else did."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__("unreachable", message, status=status)


class NotDecided(CountersignError):
    """The time to wait is over; `advice` may still be decided on."""

    def __init__(self, advice: str) -> None:
        super().__init__("not_decided", "Nobody has decided yet. Wait again, or see review_url.")
        self.advice = advice
