"""A provider's stream, cut or split at each byte: what is passed on is the whole answer, or ends with an error."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any, cast

import pytest

from gateway.advice import Advice
from gateway.providers import CompletionStream, ProviderError
from gateway.providers.chunks import Completeness
from gateway.providers.direct import _chunks
from gateway.providers.request_end import RequestEnd
from gateway.providers.transport import ByteStream
from gateway.redaction import Pseudonym, Restorer
from gateway.steps.detached_tasks import DetachedTasks
from gateway.steps.stream_assembly import Transcript
from gateway.steps.streaming import Relay, StreamOutcome
from tests.gateway.provider_streams import STREAMS, chunk, events

Chunk = dict[str, Any]

ISSUED = (Pseudonym("<PERSON_1>", "PERSON", 'Siân "Si" Pugh'),)
_PIECES = ("Rhoddodd <PER", "SON", "_1", "> y ffurflen – ", "<PERSON_1>", ", ŵyr. 🙂")
WORDS = events([*(chunk({"content": one}) for one in _PIECES), chunk({}, "stop")])
RECORDED = {"words": WORDS, "a tool call": STREAMS["tool call after words"]}


class Packets:
    """The bytes of one answer, in these packets."""

    def __init__(self, packets: Sequence[bytes]) -> None:
        self._packets = iter(packets)

    async def read(self) -> bytes:
        return next((one for one in self._packets if one), b"")

    async def finish(self) -> None: ...

    async def aclose(self) -> None: ...


class Outcome:
    """What would be put on the record."""

    def __init__(self) -> None:
        self.completion: Chunk | None = None
        self.failed_with: str | None = None

    async def complete(self, completion: Chunk) -> tuple[Advice, Chunk]:
        self.completion = completion
        return cast(Advice, None), {"status": "pending"}

    async def failed(self, partial: Chunk, code: str) -> None:
        self.failed_with = code

    def caller_left(self, partial: Chunk) -> None:
        raise AssertionError("nobody went away")


async def relayed(packets: Sequence[bytes]) -> tuple[list[Chunk], Outcome]:
    """What the caller is given of a stream that comes in these packets, and what is recorded of it."""
    outcome = Outcome()
    shown: list[Chunk] = []
    coming: AsyncIterator[Chunk] = _chunks(cast(ByteStream, Packets(packets)), Completeness({}))
    try:
        upstream = CompletionStream(await anext(coming), coming, "m", (), RequestEnd())
    except (ProviderError, StopAsyncIteration) as error:
        outcome.failed_with = getattr(error, "code", "provider_failed")
        return shown, outcome
    relay = Relay(
        upstream,
        Restorer(ISSUED, json_content=False),
        cast(StreamOutcome, outcome),
        inline_caveats=False,
        include_usage=False,
    )
    try:
        await _take(relay, shown)
    except ProviderError:
        assert outcome.failed_with is not None
    return shown, outcome


async def _take(relay: Relay, shown: list[Chunk]) -> None:
    async for one in relay.chunks():
        shown += [one]


def message(chunks: Sequence[Chunk]) -> Chunk:
    transcript = Transcript()
    for one in chunks:
        transcript.add(one)
    choices = transcript.completion()["choices"]
    return dict(choices[0]) if choices else {"message": {}, "finish_reason": None}


def said(chunks: Sequence[Chunk]) -> str:
    """The words and the arguments, one behind the other."""
    found = message(chunks)["message"]
    calls = found.get("tool_calls") or ()
    return str(found.get("content") or "") + "".join(one["function"].get("arguments") or "" for one in calls)


@pytest.mark.parametrize("name", RECORDED)
async def test_a_stream_split_at_any_byte_is_the_same_answer(name: str) -> None:
    raw = RECORDED[name]
    whole, recorded = await relayed([raw])
    assert recorded.completion is not None
    assert message(whole)["finish_reason"]
    for place in range(1, len(raw)):
        shown, outcome = await relayed([raw[:place], raw[place:]])
        assert message(shown) == message(whole), place
        assert outcome.completion == recorded.completion, place


@pytest.mark.parametrize("name", RECORDED)
async def test_a_stream_cut_at_any_byte_is_whole_or_an_error(name: str) -> None:
    raw = RECORDED[name]
    whole, recorded = await relayed([raw])
    finished = raw.index(b'"finish_reason": "')
    for place in range(len(raw)):
        shown, outcome = await relayed([raw[:place]])
        if outcome.failed_with is None:
            assert place > finished, place
            assert message(shown) == message(whole), place
            assert outcome.completion == recorded.completion, place
            continue
        assert outcome.completion is None, place
        assert message(shown)["finish_reason"] is None, place
        assert said(whole).startswith(said(shown)), place
        assert not any("decision_support" in one for one in shown), place


async def test_values_are_put_back_in_a_stream_that_comes_byte_by_byte() -> None:
    shown, _ = await relayed([bytes([one]) for one in WORDS])
    assert said(shown) == 'Rhoddodd Siân "Si" Pugh y ffurflen – Siân "Si" Pugh, ŵyr. 🙂'


async def test_who_leaves_while_the_answer_is_recorded_gets_it_recorded_once() -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()
    recorded: list[bool] = []

    async def answered(completion: Chunk, *, complete: bool) -> Advice:
        begun.set()
        await go_on.wait()
        recorded.append(complete)
        return cast(Advice, None)

    async def failed(partial: Chunk, code: str) -> None:
        raise AssertionError(code)

    coming = _chunks(cast(ByteStream, Packets([WORDS])), Completeness({}))
    detached = DetachedTasks()
    relay = Relay(
        CompletionStream(await anext(coming), coming, "m", (), RequestEnd()),
        Restorer(ISSUED, json_content=False),
        StreamOutcome(detached, "", answered, failed),
        inline_caveats=False,
        include_usage=False,
    )
    caller = asyncio.ensure_future(_take(relay, []))
    await begun.wait()
    caller.cancel()
    await asyncio.wait([caller])
    go_on.set()
    await detached.drain()
    assert recorded == [True]
