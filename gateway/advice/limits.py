"""A policy's limits for each application: requests a minute, tokens a day (UTC)."""

import math
import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime

from gateway.advice.queries import tokens_since
from gateway.errors import GatewayError
from gateway.storage import Connection

_MINUTE = 60.0
_DAY = 86_400


class Limiter:
    """Counts in memory; the day's tokens are read back from the record after a restart."""

    def __init__(
        self, monotonic: Callable[[], float] = time.monotonic, wall: Callable[[], float] = time.time
    ) -> None:
        self._monotonic = monotonic
        self._wall = wall
        self._requests: dict[tuple[str, str], deque[float]] = {}
        self._tokens: dict[tuple[str, str], tuple[int, int]] = {}

    def admit_request(self, application: str, policy: str, limit: int | None) -> None:
        """Count one request, or refuse it with a 429 that says when to come back."""
        if limit is None:
            return
        now = self._monotonic()
        recent = self._requests.setdefault((application, policy), deque())
        while recent and recent[0] <= now - _MINUTE:
            recent.popleft()
        if len(recent) >= limit:
            wait = math.ceil(recent[0] + _MINUTE - now)
            raise GatewayError(
                "rate_limited",
                f"This policy takes {limit} requests a minute from an application; try again in {wait} s.",
                retry_after=max(1, wait),
            )
        recent.append(now)

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
        day, used = self._tokens.get((application, policy), (0, 0))
        if day == self._today():
            self._tokens[application, policy] = (day, used + tokens)

    def _used(self, connection: Connection, application: str, policy: str) -> int:
        today = self._today()
        day, used = self._tokens.get((application, policy), (0, 0))
        if day != today:
            midnight = datetime.fromtimestamp(today * _DAY, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
            used = tokens_since(connection, policy=policy, application=application, since=midnight)
            self._tokens[application, policy] = (today, used)
        return used

    def _today(self) -> int:
        return int(self._wall()) // _DAY
