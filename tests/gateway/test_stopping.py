"""A gateway that ends: anyone who has asked for something is answered before it is gone."""

import asyncio
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import httpx
import pytest

from audit import decode_event
from gateway.api.requests import RequestMiddleware
from gateway.telemetry import Metrics
from tests.bench.service.gateways import Service
from tests.bench.service.kills import PATTERNS, Record
from tests.bench.targets import free_port
from tests.forked_gateway import wait_until_ready
from tests.gateway_server import PLAIN, POLICIES, PROMPTS
from tests.provider_server import Fault, ProviderServer
from tests.waiting import wait_for

SECONDS = 30
"""Far longer than these gateways may take to end, on a slow machine too."""
MESSAGES = {"messages": [{"role": "user", "content": "Hello"}]}
STREAMS = {
    "/v1/chat/completions": {"model": "use", "stream": True, **MESSAGES},
    "/v1/responses": {"model": "use", "stream": True, "input": "Hello"},
    "/v1/messages": {"model": "use", "stream": True, "max_tokens": 100, **MESSAGES},
}


@dataclass
class Ending:
    """A gateway that is to be told to end, and callers."""

    service: Service
    process: BaseProcess
    url: str
    monitoring: str
    began: float = 0.0

    def ask(self, path: str, body: dict[str, Any], **headers: str) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.service.key}", **headers}
        return httpx.post(
            self.url + path, json=body, headers=headers, timeout=90, trust_env=False, verify=PLAIN
        )

    def end(self) -> None:
        self.process.terminate()
        self.began = time.monotonic()

    def has_ended(self) -> bool:
        self.process.join(SECONDS)
        return not self.process.is_alive() and time.monotonic() - self.began < SECONDS

    def events(self, kind: str) -> list[dict[str, Any]]:
        rows = Record(self.service).rows("SELECT event FROM events ORDER BY idx")
        found = [decode_event(raw.encode()) for (raw,) in rows]
        return [event for event in found if event["type"] == kind]


Start = Callable[[float], Ending]


@pytest.fixture
def start(tmp_path: Path, provider: ProviderServer) -> Iterator[Start]:
    processes = []

    def begin(stop_seconds: float) -> Ending:
        monitoring = free_port()
        settings = {
            **PATTERNS,
            "policies": str(POLICIES),
            "prompts": str(PROMPTS),
            "limits": {"stop_seconds": stop_seconds},
            "monitoring": {"port": monitoring},
        }
        service = Service(tmp_path, provider.base_url, settings=settings)
        service.key = service.command("keys", "application", "casebook").split()[-1]
        process, url = service.forked()
        processes.append(process)
        wait_until_ready(process, url)
        return Ending(service, process, url, f"http://127.0.0.1:{monitoring}")

    yield begin
    for process in processes:
        process.kill()
        process.join()


@pytest.fixture
def callers() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as pool:
        yield pool


def test_a_caller_who_waits_for_a_decision_gets_the_receipt(
    start: Start, callers: ThreadPoolExecutor
) -> None:
    gateway = start(60)
    body = {"model": "held", **MESSAGES}
    waits = callers.submit(gateway.ask, "/v1/chat/completions", body, Prefer="wait=60")
    wait_for(lambda: gateway.events("advice.received"))
    gateway.end()
    answer = waits.result(SECONDS)
    assert answer.status_code == 202
    assert answer.json()["decision_support"]["status"] == "pending"
    assert gateway.has_ended()


def test_what_is_answered_in_time_is_whole(
    start: Start, provider: ProviderServer, callers: ThreadPoolExecutor
) -> None:
    gateway = start(60)
    provider.latency_seconds = 1.0
    plain = callers.submit(gateway.ask, "/v1/chat/completions", {"model": "use", **MESSAGES})
    streams = [callers.submit(gateway.ask, path, body) for path, body in STREAMS.items()]
    wait_for(lambda: len(gateway.events("advice.requested")) == 4)
    gateway.end()
    assert plain.result(SECONDS).status_code == 200
    for stream, last in zip(streams, ("[DONE]", "response.completed", "message_stop"), strict=True):
        assert last in stream.result(SECONDS).text
    assert gateway.has_ended()
    assert gateway.events("advice.failed") == []


def test_what_takes_longer_is_told_that_the_gateway_ends(
    start: Start, provider: ProviderServer, callers: ThreadPoolExecutor
) -> None:
    gateway = start(1)
    provider.faults += [Fault(hang_after=1)] * 3
    streams = [callers.submit(gateway.ask, path, body) for path, body in STREAMS.items()]
    wait_for(lambda: len(provider.requests) == 3)
    provider.faults.append(Fault(hang=True))
    plain = callers.submit(gateway.ask, "/v1/chat/completions", {"model": "use", **MESSAGES})
    wait_for(lambda: len(provider.requests) == 4)
    gateway.end()
    ready = httpx.get(f"{gateway.monitoring}/health/ready", trust_env=False, verify=PLAIN)
    assert (ready.status_code, ready.json()["error"]["code"]) == (503, "stopping")
    answer = plain.result(SECONDS)
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "stopping")
    assert answer.headers["retry-after"] == "5"
    for stream in streams:  # whole, since a connection that is cut would have raised
        assert '"code":"stopping"' in stream.result(SECONDS).text
        assert "[DONE]" not in stream.result().text
    assert gateway.has_ended()
    assert [event["code"] for event in gateway.events("advice.failed")] == ["stopping"] * 4


async def test_a_request_that_is_cancelled_is_told_that_the_gateway_ends() -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def work(*_: object) -> None:
        await asyncio.sleep(3_600)

    scope = {"type": "http", "method": "GET", "path": "/v1/models", "headers": []}
    serving = asyncio.ensure_future(RequestMiddleware(work, Metrics())(scope, work, send))  # type: ignore[arg-type]
    await asyncio.sleep(0)
    serving.cancel()
    await serving
    assert sent[0]["status"] == 503
    assert b'"code":"stopping"' in sent[1]["body"]
