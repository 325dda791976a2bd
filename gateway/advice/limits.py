"""A policy's limits for each application: requests a minute, tokens a day (UTC)."""

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from gateway.advice.queries import tokens_since
from gateway.errors import GatewayError
from gateway.storage import Connection

_MINUTE = 60.0
_DAY = 86_400
_TOKENS_SECONDS = 1.0
"""How old the count of what all gateways used may be."""


@dataclass
class _Used:
    """Tokens used on one day, as read from the record at `read_at` and counted on since."""

    day: int
    tokens: int
    read_at: float


class RequestCounter(Protocol):
    """Counts requests in the minute that ends now."""

    def count(self, application: str, policy: str, limit: int) -> float | None:
        """Count one request, or where `limit` are counted already give the seconds until there is room for one."""
        ...


class OwnRequests:
    """What this process was asked: all there is, where it is the only gateway."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._recent: dict[tuple[str, str], deque[float]] = {}

    def count(self, application: str, policy: str, limit: int) -> float | None:
        """Count one request, or give the seconds to wait."""
        now = self._monotonic()
        recent = self._recent.setdefault((application, policy), deque())
        while recent and recent[0] <= now - _MINUTE:
            recent.popleft()
        if len(recent) >= limit:
            return recent[0] + _MINUTE - now
        recent.append(now)
        return None


class Limiter:
    """Holds each application to a policy's limits.

    Requests are counted in memory, or by `requests` where several gateways share them; then the day's tokens are read
    from the record again after `_TOKENS_SECONDS`, else once a day and counted on.
    """

    def __init__(
        self,
        monotonic: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
        requests: RequestCounter | None = None,
    ) -> None:
        self._monotonic = monotonic
        self._wall = wall
        self._requests = requests or OwnRequests(monotonic)
        self._shared = requests is not None
        self._tokens: dict[tuple[str, str], _Used] = {}

    def admit_request(self, application: str, policy: str, limit: int | None) -> None:
        """Count one request, or refuse it with a 429 that says when to come back."""
        if limit is None:
            return
        wait = self._requests.count(application, policy, limit)
        if wait is not None:
            seconds = max(1, math.ceil(wait))
            raise GatewayError(
                "rate_limited",
                f"This policy takes {limit} requests a minute from an application; try again in {seconds} s.",
                retry_after=seconds,
            )

    def admit_tokens(self, connection: Connection, application: str, policy: str, limit: int | None) -> None:
        """Refuse with a 429 once the day's tokens are used up."""
        if limit is not None and self._used(connection, application, policy) >= limit:
            raise GatewayError(
                "rate_limited",
                f"This policy's {limit} tokens for today are used up; they start again at midnight UTC.",
                retry_after=_DAY - int(self._wall()) % _DAY,
            )

    def count_tokens(self, application: str, policy: str, tokens: int) -> None:
        """Add what an answer used."""
        used = self._tokens.get((application, policy))
        if used is not None and used.day == self._today():
            used.tokens += tokens

    def _used(self, connection: Connection, application: str, policy: str) -> int:
        today, now = self._today(), self._monotonic()
        used = self._tokens.get((application, policy))
        if used is None or used.day != today or (self._shared and now - used.read_at > _TOKENS_SECONDS):
            midnight = datetime.fromtimestamp(today * _DAY, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
            tokens = tokens_since(connection, policy=policy, application=application, since=midnight)
            used = self._tokens[application, policy] = _Used(today, tokens, now)
        return used.tokens

    def _today(self) -> int:
        return int(self._wall()) // _DAY
