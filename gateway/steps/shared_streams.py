"""Equal requests for a stream share one stream, and one piece of advice.

A stream runs apart from its callers. Its chunks are stored until one caller has received all of them, so a client that
heard nothing in time can ask again and gets the stream from its start. Once a caller has received words, the stream
ends when the last caller leaves.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from dataclasses import replace
from typing import Any

import structlog

from gateway.steps.calls import Answer, Call, StreamedAnswer
from gateway.steps.detached_tasks import DetachedTasks
from gateway.steps.shared_requests import UNDELIVERED_SECONDS, Deliveries, key_of

_log = structlog.get_logger("countersign")

Chunk = dict[str, Any]


class _Stream:
    """One stream: what came of it so far, and how many callers are there for it."""

    def __init__(self) -> None:
        self.opened: asyncio.Future[Answer | StreamedAnswer] = asyncio.get_running_loop().create_future()
        self.chunks: list[Chunk] = []
        self.problem: Exception | None = None
        self.ended = False
        self.shown = False
        """Whether anybody was given a word of it."""
        self.callers = 0
        self.delivered = asyncio.Event()
        self.task: asyncio.Task[None] | None = None
        self._more = asyncio.Event()

    async def run(self, ask: Callable[[], Coroutine[Any, Any, Answer | StreamedAnswer]]) -> None:
        """Ask, and take in what comes."""
        try:
            answered = await ask()
            self.opened.set_result(answered)
            if isinstance(answered, StreamedAnswer):
                async for chunk in answered.chunks:
                    self.chunks.append(chunk)
                    self._tell()
        except Exception as error:  # noqa: BLE001 - the callers get it
            self.problem = error
            if not self.opened.done():
                self.opened.set_exception(error)
                self.opened.exception()  # seen, though no caller may be left to see it
        finally:
            self.ended = True
            self._tell()

    async def chunk(self, number: int) -> Chunk | None:
        """The chunk with this number, once it is there; None after the last one."""
        while number >= len(self.chunks):
            if self.problem is not None:
                raise self.problem
            if self.ended:
                return None
            await self._more.wait()
        return self.chunks[number]

    def leave(self) -> None:
        """One caller is there no longer."""
        self.callers -= 1
        if self.shown and not self.callers and not self.ended and self.task is not None:
            self.task.cancel()

    def _tell(self) -> None:
        self._more.set()
        self._more = asyncio.Event()


class _Follower(AsyncIterator[Chunk]):
    """A stream from its beginning, for one caller."""

    def __init__(self, stream: _Stream, deliver: Callable[[], Awaitable[None]]) -> None:
        self._stream = stream
        self._deliver = deliver
        self._number = 0
        self._there = True

    async def __anext__(self) -> Chunk:
        try:
            chunk = await self._stream.chunk(self._number)
            # The words before this chunk are not the whole answer.
            if chunk is not None and "decision_support" in chunk:
                await self._deliver()
        except BaseException:
            self._leave()
            raise
        if chunk is None:
            self._leave()
            raise StopAsyncIteration
        self._number += 1
        self._stream.shown = True
        return chunk

    def _leave(self) -> None:
        if self._there:
            self._there = False
            self._stream.leave()

    def __del__(self) -> None:
        """The caller has gone between two chunks."""
        self._leave()


class SharedStreams:
    """Joins equal requests for streams at this gateway; `remembering` as of `SharedRequests`.

    A stream that was ended half-way counts as delivered: what was seen of it waits for a decision, and the same request
    is a new one.
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
        self._streams: dict[bytes, _Stream] = {}

    async def answer(
        self, call: Call, ask: Callable[[], Coroutine[Any, Any, Answer | StreamedAnswer]]
    ) -> Answer | StreamedAnswer:
        """The answer to `call`: what `ask` gives, or an equal request of before is given."""
        key = key_of(call)
        stream = self._streams.get(key)
        if stream is None:
            stream = self._streams[key] = _Stream()
            stream.task = asyncio.ensure_future(stream.run(ask))
            self._detached.start(self._settle(key, call, stream, stream.task))
        stream.callers += 1
        try:
            answered = await asyncio.shield(stream.opened)
            if isinstance(answered, Answer):
                await self._delivered(key, call, stream, answered.advice)
                stream.leave()
                return answered
        except BaseException:
            stream.leave()
            raise
        advice = answered.advice
        return replace(answered, chunks=_Follower(stream, lambda: self._delivered(key, call, stream, advice)))

    async def _delivered(self, key: bytes, call: Call, stream: _Stream, advice: str) -> None:
        self._forget(key, stream)
        if not stream.delivered.is_set():
            stream.delivered.set()
            await self._deliveries.delivered(call, advice)

    async def _settle(self, key: bytes, call: Call, stream: _Stream, task: "asyncio.Task[None]") -> None:
        """Forget the stream once somebody has it, it has failed, or nobody has come back for it."""
        try:
            await asyncio.wait([task])
            if stream.problem is not None or not stream.opened.done():
                return
            advice = stream.opened.result().advice
            if task.cancelled():
                await self._delivered(key, call, stream, advice)
                return
            if not self._remembering:
                self._forget(key, stream)
            if not (stream.callers or stream.delivered.is_set()):
                await self._deliveries.undelivered(call, advice)
            await self._detached.wait_for(stream.delivered, self._seconds)
            if stream.shown:
                await self._delivered(key, call, stream, advice)
            elif not (stream.delivered.is_set() or stream.callers or call.idempotency_key is not None):
                await self._deliveries.abandon(call, advice)
        except Exception as error:  # noqa: BLE001 - the callers have what there is
            _log.info("a shared stream could not be settled", error_type=type(error).__name__)
        finally:
            self._forget(key, stream)

    def _forget(self, key: bytes, stream: _Stream) -> None:
        if self._streams.get(key) is stream:
            del self._streams[key]
