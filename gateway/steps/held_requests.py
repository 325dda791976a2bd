"""One piece of advice for one question, although a client that was told that it is held sends the same again.

OpenAI's and Anthropic's clients heed `x-should-retry`; others repeat every 409.
"""

import hashlib
import time
from collections.abc import Callable

from gateway.steps.calls import Call
from gateway.steps.release import Releases
from gateway.steps.shared_requests import REMEMBERED_SECONDS


class HeldRequests:
    """Which requests without a key of their own were refused as `advice_held` by this gateway a moment ago."""

    def __init__(self, releases: Releases, clock: Callable[[], float] = time.monotonic) -> None:
        self._releases = releases
        self._clock = clock
        self._held: dict[bytes, tuple[float, str]] = {}

    def remember(self, call: Call, advice: str) -> None:
        """A request whose advice is held now."""
        if call.idempotency_key is None and not call.takes_receipt:
            key = _key(call)
            self._held.pop(key, None)
            self._held[key] = (self._clock() + REMEMBERED_SECONDS, advice)

    async def earlier(self, call: Call) -> str | None:
        """The advice of the same request of before, while it waits for a decision or is accepted."""
        self._forget()
        if call.idempotency_key is not None or not self._held:
            return None
        _, advice = self._held.get(_key(call), (0.0, None))
        return advice if advice is not None and await self._releases.is_current(advice) else None

    def _forget(self) -> None:
        """The oldest come first."""
        while self._held and next(iter(self._held.values()))[0] < self._clock():
            del self._held[next(iter(self._held))]


def _key(call: Call) -> bytes:
    return hashlib.sha256(f"{call.application.id} ".encode() + call.fingerprint).digest()
