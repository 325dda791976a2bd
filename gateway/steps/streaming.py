"""Advice shown while it arrives (`gate: use`): steps 6 to 9 of the pipeline, chunk by chunk.

Words go out as the provider sends them, with pseudonyms put back; where the policy masks what the model adds, sentence
by sentence. The end of the answer (its `finish_reason`) waits
until the whole of it is inspected and on the record, and carries `decision_support` with the final caveats.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass
from typing import Any, Final, Protocol

from gateway.advice import Advice, caveats_text, decision_support
from gateway.providers import CompletionStream, ProviderError
from gateway.redaction import Restorer, StreamMask
from gateway.steps.detached_tasks import DetachedTasks
from gateway.steps.stream_assembly import Transcript

Chunk = dict[str, Any]

_OF_EACH: Final = frozenset({"id", "object", "created", "model", "choices", "usage"})


@dataclass(frozen=True)
class Masking:
    """Masks a stream's chunks before any of their words is seen or kept."""

    mask: StreamMask

    async def feed(self, chunk: Chunk) -> Chunk:
        """What of a chunk can be let go."""
        masked: Chunk = await asyncio.to_thread(self.mask.feed, chunk)
        return masked

    async def end(self) -> list[Chunk]:
        """What is left."""
        left: list[Chunk] = await asyncio.to_thread(self.mask.end)
        return left


class RecordAnswer(Protocol):
    """Inspects what a stream said, and puts it on the record."""

    def __call__(self, completion: Chunk, *, complete: bool) -> Coroutine[Any, Any, Advice]:
        """The advice after it."""


class RecordFailure(Protocol):
    """Puts on the record that the provider broke off."""

    def __call__(self, partial: Chunk, code: str) -> Coroutine[Any, Any, None]:
        """Once what was shown so far is on it."""


@dataclass(frozen=True)
class StreamOutcome:
    """Puts on the record how a stream ended, whichever way it did."""

    detached: DetachedTasks
    base_url: str
    answered: RecordAnswer
    failed: RecordFailure

    async def complete(self, completion: Chunk) -> tuple[Advice, Chunk]:
        """The whole answer arrived: the advice, and its `decision_support`. It is recorded though the caller leaves."""
        advice = await asyncio.shield(self.detached.start(self.answered(completion, complete=True)))
        return advice, decision_support(advice, self.base_url)

    def caller_left(self, partial: Chunk) -> None:
        """The caller went away: what they saw still waits for a decision."""
        self.detached.start(self.answered(partial, complete=False))


class Relay:
    """Passes one stream on; `outcome` learns how it ended."""

    def __init__(
        self,
        upstream: CompletionStream,
        restorer: Restorer,
        outcome: StreamOutcome,
        *,
        inline_caveats: bool,
        include_usage: bool,
        masking: Masking | None = None,
    ) -> None:
        self._upstream = upstream
        self._restoring = restorer.stream()
        self._transcript = Transcript()
        self._outcome = outcome
        self._inline_caveats = inline_caveats
        self._include_usage = include_usage
        self._masking = masking
        self._aside: Chunk = {}
        """What chunks without choices say beside, such as Azure's first: it goes with the next that has some, since
        most code reads `choices[0]` of each.
        """

    async def chunks(self) -> AsyncIterator[Chunk]:
        """What the caller receives. Whatever happens, what was shown is put on the record."""
        settled = False
        try:
            last: list[Chunk] = []
            async for chunk in self._mask():
                self._transcript.add(chunk)
                if not chunk.get("choices") and not chunk.get("usage"):
                    self._aside.update(_own_members(chunk))
                    continue
                shown, end = _split(self._restoring.feed({**self._aside, **chunk}))
                self._aside.clear()
                if shown is not None:
                    yield shown
                if end is not None:
                    last.append(end)
            for chunk in self._restoring.end():
                yield chunk
            try:
                advice, support = await self._outcome.complete(self._transcript.completion())
            except asyncio.CancelledError:
                settled = True
                raise
            settled = True
            for chunk in self._closing(advice, support, last):
                yield chunk
        except ProviderError as error:
            settled = True
            await self._outcome.failed(self._transcript.completion(), error.code)
            raise
        finally:
            await self._upstream.aclose()
            if not settled:
                self._outcome.caller_left(self._transcript.completion())

    async def _mask(self) -> AsyncIterator[Chunk]:
        if self._masking is None:
            async for chunk in self._upstream:
                yield chunk
            return
        async for chunk in self._upstream:
            yield await self._masking.feed(chunk)
        for chunk in await self._masking.end():
            yield chunk

    def _closing(self, advice: Advice, support: Chunk, last: list[Chunk]) -> list[Chunk]:
        """The chunks that end the answer; the first of them has a choice, since clients read `choices[0]`."""
        closing = [chunk for chunk in last if chunk.get("choices")]
        closing = closing or [self._transcript.empty_chunk()]
        closing += [
            chunk for chunk in last if chunk.get("usage") and chunk not in closing and self._include_usage
        ]
        closing[0] = {**self._aside, **closing[0], "decision_support": support}
        if not (self._inline_caveats and advice.caveats):
            return closing
        place = closing[0]["choices"][0]["index"]
        words = {"index": place, "delta": {"content": caveats_text(advice.caveats)}, "finish_reason": None}
        return [{**closing[0], "choices": [words]}, *closing]


def _own_members(chunk: Chunk) -> Chunk:
    """What a chunk says beside what each chunk of the answer says."""
    return {name: value for name, value in chunk.items() if name not in _OF_EACH and value is not None}


def _split(chunk: Chunk) -> tuple[Chunk | None, Chunk | None]:
    """A chunk's words, to be shown now, and its end (finish reasons, usage), to be shown after the record."""
    choices = chunk.get("choices") or []
    ending = [choice for choice in choices if choice.get("finish_reason")]
    if choices and not ending:
        return chunk, None
    words = [
        {**choice, "finish_reason": None}
        for choice in choices
        if choice not in ending or any(choice.get("delta", {}).values())
    ]
    closing = [{**choice, "delta": {}} for choice in ending]
    shown = {**chunk, "choices": words, "usage": None} if words else None
    return shown, {**chunk, "choices": closing}
