"""A completion that is still coming."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from gateway.providers.chunks import Chunk
from gateway.providers.foreign_errors import cut
from gateway.providers.provider_errors import ProviderCut, ProviderError, ProviderTimeout
from gateway.providers.request_end import RequestEnd


@dataclass(frozen=True)
class Attempt:
    """One try: the route's name, `answered` or the error's code, the provider's HTTP status and how long it
    took.
    """

    model: str
    outcome: str
    provider_status: int | None
    milliseconds: int


@dataclass(frozen=True)
class Completion:
    """A whole answer: the provider's `chat.completion`, the route that gave it, and all tries in their
    order.
    """

    body: dict[str, Any]
    model: str
    attempts: tuple[Attempt, ...]


class CompletionStream:
    """Chunks of one answer; its first chunk is here already, so what fails from now on is a cut stream.

    Iterate it once and close it: `aclose`, or `async with`. An error while iterating, cancellation included,
    closes the provider's connection. It raises ProviderCut or ProviderTimeout, or ProvidersBusy where the gateway
    `end`s; it never ends early in silence.
    """

    def __init__(
        self,
        first: Chunk,
        rest: AsyncIterator[Chunk],
        model: str,
        attempts: tuple[Attempt, ...],
        end: RequestEnd,
    ) -> None:
        self.model = model
        self.attempts = attempts
        self._first: Chunk | None = first
        self._rest = rest
        self._end = end

    def __aiter__(self) -> "CompletionStream":
        return self

    async def __anext__(self) -> Chunk:
        if (first := self._first) is not None:
            self._first = None
            return first
        async with self._end.limit():
            return await self._next()

    async def _next(self) -> Chunk:
        failure: ProviderError
        try:
            return await anext(self._rest)
        except ProviderError as error:
            failure = _while_streaming(error)
        raise failure

    async def __aenter__(self) -> "CompletionStream":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the provider's connection, if the answer has not ended. May be called twice."""
        self._first = None
        await close(self._rest)


def _while_streaming(error: ProviderError) -> ProviderError:
    """After the first chunk there is no status to answer with: whatever fails, the answer is incomplete."""
    if isinstance(error, ProviderCut | ProviderTimeout):
        return error
    broken = cut()
    broken.provider_code, broken.provider_status = error.provider_code, error.provider_status
    return broken


async def close(chunks: AsyncIterator[Chunk]) -> None:
    """End the generator, so that its `finally` gives the connection back."""
    aclose = getattr(chunks, "aclose", None)
    if aclose is not None:
        await aclose()
