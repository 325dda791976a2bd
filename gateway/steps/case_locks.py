"""One request at a time where a case's pseudonyms are given out."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class CaseLocks:
    """Two requests of one case must not give two people the same pseudonym."""

    def __init__(self) -> None:
        self._locks: dict[str, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def hold(self, scope: str) -> AsyncIterator[None]:
        """Wait for the case's turn; the lock is forgotten when nobody waits for it."""
        lock, waiting = self._locks.get(scope, (asyncio.Lock(), 0))
        self._locks[scope] = (lock, waiting + 1)
        try:
            async with lock:
                yield
        finally:
            lock, waiting = self._locks.pop(scope)
            if waiting > 1:
                self._locks[scope] = (lock, waiting - 1)
