"""A client that hears nothing in time and asks again: one call of the provider, one piece of advice."""

import asyncio
from typing import Any

import httpx
import pytest

from gateway.steps import SharedRequests
from tests.gateway_server import GatewayServer
from tests.provider_server import ProviderServer
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
        async with httpx.AsyncClient(base_url=gateway.url, headers=headers) as client:
            body = {"model": "use", "messages": [{"role": "user", "content": "Asked at once."}]}
            return await asyncio.gather(*(client.post("/v1/chat/completions", json=body) for _ in range(2)))

    try:
        one, other = asyncio.run(both())
    finally:
        provider.latency_seconds = 0.0
    assert one.json() == other.json()
    assert len(provider.requests) == before + 1


def test_a_stream_whose_caller_left_before_its_first_word_is_failed(
    gateway: GatewayServer, provider: ProviderServer
) -> None:
    provider.latency_seconds = 1.0
    try:
        body = {"model": "use", "messages": [{"role": "user", "content": "Gone."}], "stream": True}
        with gateway.client() as client, pytest.raises(httpx.ReadTimeout):
            client.post("/v1/chat/completions", json=body, timeout=0.3)
        wait_for(lambda: gateway.events()[-1].get("code") == "caller_gone")
    finally:
        provider.latency_seconds = 0.0


class _Detached:
    """Runs work on its own; time passes at once."""

    def __init__(self) -> None:
        self.tasks: list[asyncio.Task[Any]] = []

    def start(self, work: Any) -> None:
        self.tasks.append(asyncio.ensure_future(work))

    async def pause(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def test_an_answer_that_nobody_comes_back_for_is_abandoned(gateway: GatewayServer) -> None:
    advice = gateway.ask(model="use").headers["x-advice-id"]
    recorder = gateway.resources.make_recorder()

    async def run() -> None:
        detached = _Detached()
        shared = SharedRequests(
            detached,  # type: ignore[arg-type]
            lambda call, advice: recorder.abandoned(advice),
            lambda call, advice: asyncio.sleep(0),
            seconds=0.05,
        )

        async def ask() -> Any:
            await asyncio.sleep(0.05)
            return type("Answer", (), {"advice": advice})()

        caller = asyncio.ensure_future(shared.answer(_call(), ask))
        await asyncio.sleep(0.01)
        caller.cancel()
        await asyncio.gather(*detached.tasks)

    asyncio.run(run())
    assert gateway.types(advice)[-1] == "advice.abandoned"
    assert gateway.read("ana", advice).json()["status"] == "abandoned"


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
