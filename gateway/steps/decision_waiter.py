"""Waiting for somebody's decision, without asking the database again and again."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable

from gateway.advice import Advice

_ELSEWHERE = 2.0
"""Seconds after which a waiting caller looks for itself: the advice may have been settled elsewhere."""


class DecisionWaiter:
    """Wakes those who wait for an advice once it is settled.

    Once the gateway is `stopping` nobody waits any longer: each gets what there is within two seconds.
    """

    def __init__(self, stopping: asyncio.Event) -> None:
        self._stopping = stopping
        self._waiting: defaultdict[str, set[asyncio.Event]] = defaultdict(set)

    def notify(self, advice: str) -> None:
        """The advice was accepted, rejected or has expired."""
        for event in self._waiting.get(advice, ()):
            event.set()

    async def wait(self, advice: str, seconds: float, read: Callable[[], Awaitable[Advice]]) -> Advice:
        """The advice once `read` gives it settled, or as it is after `seconds`."""
        event = asyncio.Event()
        self._waiting[advice].add(event)
        try:
            return await self._until(event, asyncio.get_running_loop().time() + seconds, read)
        finally:
            self._waiting[advice].discard(event)
            if not self._waiting[advice]:
                del self._waiting[advice]

    async def _until(self, event: asyncio.Event, end: float, read: Callable[[], Awaitable[Advice]]) -> Advice:
        loop = asyncio.get_running_loop()
        while True:
            advice = await read()
            remaining = end - loop.time()
            if advice.status not in ("requested", "pending") or remaining <= 0 or self._stopping.is_set():
                return advice
            try:
                await asyncio.wait_for(event.wait(), min(remaining, _ELSEWHERE))
            except TimeoutError:
                continue
