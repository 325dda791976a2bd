"""Work that goes on after its caller has gone, until the gateway ends."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, Final, TypeVar

T = TypeVar("T")

_DRAIN_SECONDS: Final = 2.0
"""How long, when the gateway ends, this work may take by itself, and once more after it was cancelled."""


class DetachedTasks:
    """Runs what must be finished though nobody waits for its answer."""

    def __init__(self) -> None:
        self._ending = asyncio.Event()
        self._running: set[asyncio.Task[Any]] = set()

    @property
    def ending(self) -> bool:
        """Whether the gateway ends, so that nothing new should begin."""
        return self._ending.is_set()

    def start(self, work: Coroutine[Any, Any, T]) -> "asyncio.Task[T]":
        """Run `work` on its own."""
        task = asyncio.ensure_future(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    async def pause(self, seconds: float) -> None:
        """Wait so long, or until the gateway ends."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._ending.wait(), seconds)

    async def wait_for(self, event: asyncio.Event, seconds: float) -> None:
        """Wait until the event is set, but no longer than so long or until the gateway ends."""
        waits = [asyncio.ensure_future(event.wait()), asyncio.ensure_future(self.pause(seconds))]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for task in waits:
            task.cancel()

    async def drain(self) -> None:
        """Wait for all that runs, before the log is closed; what takes too long is cancelled."""
        self._ending.set()
        for _ in range(2):
            if self._running:
                await asyncio.wait(self._running, timeout=_DRAIN_SECONDS)
            for task in self._running:
                task.cancel()
