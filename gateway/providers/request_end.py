"""Ends what waits for a provider once the gateway itself ends."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from gateway.providers.provider_errors import ProvidersBusy

_RETRY_SECONDS: Final = 5


class RequestEnd:
    """Every wait for a provider stands within `limit`; after `begin` each of them ends with a ProviderError."""

    def __init__(self) -> None:
        self._limits: set[asyncio.Timeout] = set()
        self._begun = False

    def begin(self) -> None:
        """Wait for no provider any longer."""
        self._begun = True
        now = asyncio.get_running_loop().time()
        for limit in self._limits:
            limit.reschedule(now)

    @asynccontextmanager
    async def limit(self) -> AsyncIterator[None]:
        """Around a wait for a provider; `ProvidersBusy` with the code `stopping` if the gateway ends meanwhile."""
        limit = asyncio.timeout(0 if self._begun else None)
        try:
            async with limit:
                self._limits.add(limit)
                try:
                    yield
                finally:
                    self._limits.discard(limit)
        except TimeoutError:
            if not limit.expired():
                raise
            raise ProvidersBusy(
                "The gateway ends. Send the request again in some seconds.",
                code="stopping",
                retry_after=_RETRY_SECONDS,
            ) from None
