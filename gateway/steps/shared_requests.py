"""One piece of advice for one question, although a client that hears nothing in time asks again.

The same body from the same application, without a key of its own, is the same request while the first is in flight,
and for some minutes after if nobody was there for its answer. What nobody comes back for is abandoned.
"""

import asyncio
import hashlib
from collections.abc import Callable, Coroutine
from typing import Any, Final, Protocol

import structlog

from gateway.steps.calls import Answer, Call
from gateway.steps.detached_tasks import DetachedTasks

UNDELIVERED_SECONDS: Final = 300.0
REMEMBERED_SECONDS: Final = 60.0
"""How long a request that was refused as `advice_held` is told of the same advice: see `HeldRequests`."""

_log = structlog.get_logger("countersign")


class Deliveries(Protocol):
    """Puts down whether an answer has reached somebody."""

    async def undelivered(self, call: Call, advice: str) -> None:
        """It is here, and nobody is there for it so far."""

    async def delivered(self, call: Call, advice: str) -> None:
        """Somebody is about to be given it."""

    async def abandon(self, call: Call, advice: str) -> None:
        """Nobody has come back for it."""


class _Request:
    """One request: the task that answers it, and how many callers wait for that."""

    def __init__(self, task: "asyncio.Task[Answer]") -> None:
        self.task = task
        self.waiting = 0
        self.delivered = asyncio.Event()


class SharedRequests:
    """Joins equal requests of this gateway.

    Without `remembering` it joins requests in flight only: of several gateways any may deliver the answer, so the
    database knows.
    """

    def __init__(
        self,
        detached: DetachedTasks,
        deliveries: Deliveries,
        seconds: float = UNDELIVERED_SECONDS,
        *,
        remembering: bool = True,
    ) -> None:
        self._detached = detached
        self._deliveries = deliveries
        self._seconds = seconds
        self._remembering = remembering
        self._requests: dict[bytes, _Request] = {}

    async def answer(self, call: Call, ask: Callable[[], Coroutine[Any, Any, Answer]]) -> Answer:
        """The answer to `call`: what `ask` gives, or what it gives to an equal request of before."""
        key = key_of(call)
        request = self._requests.get(key)
        if request is None:
            request = self._requests[key] = _Request(asyncio.ensure_future(ask()))
            self._detached.start(self._follow(key, call, request))
        request.waiting += 1
        try:
            answer = await asyncio.shield(request.task)
            await self._deliveries.delivered(call, answer.advice)
            request.delivered.set()
            return answer
        finally:
            request.waiting -= 1

    async def _follow(self, key: bytes, call: Call, request: _Request) -> None:
        """Forget the request once it is delivered, has failed, or nobody has come back for its answer."""
        try:
            answer = await request.task
            if not self._remembering:
                self._forget(key, request)
            if not request.waiting:
                await self._deliveries.undelivered(call, answer.advice)
                await self._detached.wait_for(request.delivered, self._seconds)
            by_key = call.idempotency_key is not None
            if not request.delivered.is_set() and not request.waiting and not by_key:
                await self._deliveries.abandon(call, answer.advice)
        except Exception as error:  # noqa: BLE001 - the callers who wait get it
            _log.info("a shared request failed", error_type=type(error).__name__)
        finally:
            self._forget(key, request)

    def _forget(self, key: bytes, request: _Request) -> None:
        if self._requests.get(key) is request:
            del self._requests[key]


def key_of(call: Call) -> bytes:
    """The same for calls that are the same request, and are answered in the same way."""
    asked = f"{call.application.id} {call.wait} {call.knows_receipts} {call.idempotency_key} "
    return hashlib.sha256(asked.encode() + call.fingerprint).digest()
