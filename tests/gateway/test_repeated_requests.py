"""A client that hears nothing in time and asks again: one call of the provider, one piece of advice."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from gateway.advice import Recorder
from gateway.api.keep_alive import COMMENT, with_comments
from gateway.steps import DetachedTasks, SharedRequests, SharedStreams, StreamedAnswer
from tests.gateway_server import PLAIN, GatewayServer
from tests.provider_server import Fault, ProviderServer
from tests.waiting import wait_for


def test_a_client_that_timed_out_gets_the_answer_of_its_first_request(
    gateway: GatewayServer, provider: ProviderServer
) -> None:
    before = len(provider.requests)
    provider.latency_seconds = 1.0
    try:
        with gateway.client() as client:
            body = {"model": "use", "messages": [{"role": "user", "content": "Asked twice."}]}
            with pytest.raises(httpx.ReadTimeout):
                client.post("/v1/chat/completions", json=body, timeout=0.4)
            answer = client.post("/v1/chat/completions", json=body)
            late = client.post("/v1/chat/completions", json=body)
    finally:
        provider.latency_seconds = 0.0
    assert answer.status_code == late.status_code == 200
    assert len(provider.requests) == before + 2
    assert answer.headers["x-advice-id"] != late.headers["x-advice-id"]


def test_the_same_question_of_two_callers_at_once_is_asked_once(
    gateway: GatewayServer, provider: ProviderServer
) -> None:
    before = len(provider.requests)
    provider.latency_seconds = 0.5

    async def both() -> list[httpx.Response]:
        headers = {"Authorization": gateway.client().headers["authorization"]}
        async with httpx.AsyncClient(base_url=gateway.url, headers=headers, verify=PLAIN) as client:
            body = {"model": "use", "messages": [{"role": "user", "content": "Asked at once."}]}
            return await asyncio.gather(*(client.post("/v1/chat/completions", json=body) for _ in range(2)))

    try:
        one, other = asyncio.run(both())
    finally:
        provider.latency_seconds = 0.0
    assert one.json() == other.json()
    assert len(provider.requests) == before + 1


STREAM: dict[str, Any] = {"model": "use", "stream": True}


def asking(text: str) -> dict[str, Any]:
    return {**STREAM, "messages": [{"role": "user", "content": text}]}


def test_a_client_that_timed_out_gets_the_stream_of_its_first_request(
    gateway: GatewayServer, provider: ProviderServer
) -> None:
    provider.latency_seconds = 1.0
    try:
        with gateway.client() as client:
            body = asking("Streamed twice.")
            with pytest.raises(httpx.ReadTimeout):
                client.post("/v1/chat/completions", json=body, timeout=0.3)
            answer = client.post("/v1/chat/completions", json=body)
            assert len(provider.requests) == 1
            late = client.post("/v1/chat/completions", json=body)
    finally:
        provider.latency_seconds = 0.0
    assert answer.text.endswith("data: [DONE]\n\n")
    assert len(provider.requests) == 2
    assert answer.headers["x-advice-id"] != late.headers["x-advice-id"]


def test_who_asks_the_same_during_a_stream_is_given_it_from_its_beginning(
    gateway: GatewayServer, provider: ProviderServer
) -> None:
    provider.chunk_characters, provider.chunk_seconds = 4, 0.1
    body = asking("The same stream, please.")
    with gateway.client() as client, client.stream("POST", "/v1/chat/completions", json=body) as first:
        lines = first.iter_lines()
        begun = [next(lines)]
        with gateway.client() as other:
            again = other.post("/v1/chat/completions", json=body)
        whole = [*begun, *lines]
    assert [line for line in whole if line] == [line for line in again.text.split("\n") if line]
    assert first.headers["x-advice-id"] == again.headers["x-advice-id"]
    assert len(provider.requests) == 1


async def test_a_stream_without_words_for_long_is_sent_comments_and_loses_nothing() -> None:
    spoken = asyncio.Event()

    async def events() -> AsyncIterator[bytes]:
        yield b"first"
        await spoken.wait()
        yield b"second"

    found = []
    async for event in with_comments(events(), 0.01):
        found.append(event)
        if found.count(COMMENT) == 2:
            spoken.set()
    assert [event for event in found if event != COMMENT] == [b"first", b"second"]
    assert found.index(COMMENT) == 1


async def test_a_stream_that_is_left_during_a_comment_ends_what_it_waits_for() -> None:
    ended = asyncio.Event()

    async def events() -> AsyncIterator[bytes]:
        try:
            await asyncio.Event().wait()
            yield b""
        finally:
            ended.set()

    stream = with_comments(events(), 0.01)
    assert await anext(stream) == COMMENT
    await stream.aclose()
    await asyncio.wait_for(ended.wait(), 10)


def test_one_of_two_who_leaves_a_stream_does_not_end_it_for_the_other(
    gateway: GatewayServer, provider: ProviderServer
) -> None:
    provider.chunk_characters, provider.chunk_seconds = 4, 0.1
    body = asking("One leaves, the other stays.")
    with gateway.client() as client, client.stream("POST", "/v1/chat/completions", json=body) as stays:
        lines = stays.iter_lines()
        begun = [next(lines)]
        with gateway.client() as other, other.stream("POST", "/v1/chat/completions", json=body) as leaves:
            next(leaves.iter_lines())
        whole = [line for line in [*begun, *lines] if line]
    assert whole[-1] == "data: [DONE]"
    assert len(provider.requests) == 1


def test_a_stream_that_was_left_half_way_is_another_for_who_asks_again(
    gateway: GatewayServer, provider: ProviderServer
) -> None:
    body = asking("Left half-way, with some words.")
    provider.faults.append(Fault(hang_after=3))
    with gateway.client() as client, client.stream("POST", "/v1/chat/completions", json=body) as left:
        next(left.iter_bytes())
    advice = left.headers["x-advice-id"]
    wait_for(lambda: "advice.received" in gateway.types(advice))
    with gateway.client() as client:
        again = client.post("/v1/chat/completions", json=body)
    assert again.text.endswith("data: [DONE]\n\n")
    assert again.headers["x-advice-id"] != advice


def test_after_a_stream_that_failed_the_same_request_is_a_new_one(
    gateway: GatewayServer, provider: ProviderServer
) -> None:
    provider.faults.append(Fault(cut_after=2))
    with gateway.client() as client:
        failed, answer = (client.post("/v1/chat/completions", json=asking("Cut once.")) for _ in range(2))
    assert "provider_cut" in failed.text
    assert answer.text.endswith("data: [DONE]\n\n")


class _Deliveries:
    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    async def undelivered(self, call: Any, advice: str) -> None:
        await self._recorder.undelivered(advice)

    async def delivered(self, call: Any, advice: str) -> None:
        await self._recorder.delivered(advice)

    async def abandon(self, call: Any, advice: str) -> None:
        await self._recorder.abandoned(advice)


def test_an_answer_that_nobody_comes_back_for_is_abandoned(gateway: GatewayServer) -> None:
    advice = gateway.ask(model="use").headers["x-advice-id"]

    async def ask() -> Any:
        await asyncio.sleep(0.05)
        return type("Answer", (), {"advice": advice})()

    _left_alone(gateway, SharedRequests, ask)
    assert gateway.types(advice)[-1] == "advice.abandoned"
    assert gateway.read("ana", advice).json()["status"] == "abandoned"


def test_a_stream_that_nobody_comes_back_for_is_abandoned(gateway: GatewayServer) -> None:
    advice = gateway.ask(model="use").headers["x-advice-id"]

    async def chunks() -> AsyncIterator[dict[str, Any]]:
        yield {"choices": []}

    async def ask() -> Any:
        await asyncio.sleep(0.05)
        return StreamedAnswer(advice, chunks())

    _left_alone(gateway, SharedStreams, ask)
    assert gateway.types(advice)[-1] == "advice.abandoned"


def _left_alone(gateway: GatewayServer, kind: Any, ask: Any) -> None:
    """Ask, leave before there is an answer, and let the time pass in which somebody could come back."""
    recorder = gateway.resources.make_recorder()

    async def run() -> None:
        detached = DetachedTasks()
        shared = kind(detached, _Deliveries(recorder), seconds=0.05)
        caller = asyncio.ensure_future(shared.answer(_call(), ask))
        await asyncio.sleep(0.01)
        caller.cancel()
        await asyncio.gather(*detached._running)

    asyncio.run(run())


def _call() -> Any:
    application = type("Application", (), {"id": "casebook"})()
    members = {"application": application, "wait": 0, "knows_receipts": False, "idempotency_key": None}
    return type("Call", (), {**members, "fingerprint": b"body"})()


@pytest.mark.parametrize("stream", [False, True])
def test_a_client_that_repeats_every_409_is_told_of_the_same_advice(
    stream: bool, gateway: GatewayServer, provider: ProviderServer
) -> None:
    provider.answer = '{"held": true}'
    asked = {"response_format": {"type": "json_object"}, "stream": stream}
    first = gateway.ask("Held, as JSON.", **asked)
    again = gateway.ask("Held, as JSON.", **asked)
    assert (first.status_code, again.status_code) == (409, 409)
    advice = first.json()["error"]["advice"]
    assert again.json()["error"]["advice"] == advice
    assert len(provider.requests) == 1
    assert gateway.decide("ana", advice).status_code == 201
    released = gateway.ask("Held, as JSON.", **asked)
    assert (released.status_code, released.headers["x-advice-id"]) == (200, advice)
    assert "held" in released.text
    assert len(provider.requests) == 1


def test_after_a_rejection_the_same_request_is_a_new_one(
    gateway: GatewayServer, provider: ProviderServer
) -> None:
    asked = {"response_format": {"type": "json_object"}}
    first = gateway.ask("Rejected, as JSON.", **asked).json()["error"]["advice"]
    assert gateway.decide("ana", first, "reject", reason="It is wrong.").status_code == 201
    assert gateway.ask("Rejected, as JSON.", **asked).json()["error"]["advice"] != first
    assert gateway.ask("Rejected, as JSON.", **asked, headers={"Idempotency-Key": "own"}).status_code == 409
    assert len(provider.requests) == 3
