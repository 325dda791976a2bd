"""Many who wait: callers whose advice is held, and streams that a slow model writes, all at once at one gateway."""

import asyncio
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import orjson

from tests.bench.service.gateways import SECONDS, Answer, Caller, Gateway, Service, percentile
from tests.provider_server import ProviderServer

CHUNK_SECONDS: Final = 0.1
ANSWER: Final = "The applicant appears to meet the residency condition. " * 4
STARTING: Final = 50
"""Requests that are sent at a time, so that the kernel's queue of new connections is no part of what is measured."""


async def _held(
    gateway: Gateway, service: Service, provider: ProviderServer, held: int
) -> "list[asyncio.Task[Answer]]":
    """Callers who wait for a decision, once the model has answered all of them."""
    waiting: list[asyncio.Task[Answer]] = []
    for number in range(held):
        asking = Caller(gateway.url).ask(
            service.key, "bench-held", f"Summarise case {number}.", Prefer=f"wait={int(SECONDS)}"
        )
        waiting.append(asyncio.create_task(asking))
        while number + 1 - len(provider.requests) > STARTING:
            await asyncio.sleep(0.01)
            _none_answered(waiting)
    while len(await _pending(gateway, service)) < held:
        await asyncio.sleep(0.2)
        _none_answered(waiting)
    return waiting


def _none_answered(waiting: "list[asyncio.Task[Answer]]") -> None:
    early = [one.result() for one in waiting if one.done()]
    assert not early, f"somebody who waits was answered too early: {early[0].status} {early[0].code}"


async def _pending(gateway: Gateway, service: Service) -> list[str]:
    """The ids of all advice that waits, page by page."""
    found: list[str] = []
    caller, after = Caller(gateway.url), ""
    while True:
        path = "/v1/advice?status=pending&limit=100&policy=bench-held" + (
            f"&after={quote(after)}" if after else ""
        )
        page = orjson.loads((await caller.send("GET", path, service.reviewer)).body)
        found += [one["id"] for one in page["data"]]
        after = page.get("next")
        if not after:
            caller.close()
            return found


async def _streams(gateway: Gateway, service: Service, many: int) -> list[Answer]:
    return await asyncio.gather(
        *(
            Caller(gateway.url).ask(service.key, "bench", f"Summarise case {number}.", stream=True)
            for number in range(many)
        )
    )


async def _decided(gateway: Gateway, service: Service, advice: list[str]) -> list[float]:
    caller, seconds = Caller(gateway.url), []
    for one in advice:
        answer = await caller.accept(service.reviewer, one)
        assert answer.status == 201, answer.body
        seconds.append(answer.seconds)
    caller.close()
    return seconds


async def _measure(
    gateway: Gateway, service: Service, provider: ProviderServer, held: int, streams: int
) -> dict[str, Any]:
    loop = asyncio.get_running_loop()
    before, began = gateway.megabytes(), loop.time()
    async with asyncio.timeout(SECONDS):  # as long as the first of them waits
        waiting = await _held(gateway, service, provider, held)
    asked = loop.time() - began
    with_held = gateway.megabytes()
    provider.chunk_seconds = CHUNK_SECONDS
    streaming = asyncio.create_task(_streams(gateway, service, streams))
    await asyncio.sleep(1)
    alive = await Caller(gateway.url).send("GET", "/health/ready", service.key)
    at_most = gateway.megabytes()
    streamed = await streaming
    assert {one.status for one in streamed} == {200}, {one.status: one.body[:200] for one in streamed}
    assert not [one for one in streamed if b"data: [DONE]" not in one.body or one.code]
    deciding = await _decided(gateway, service, await _pending(gateway, service))
    last = loop.time()
    answers = await asyncio.gather(*waiting)
    assert {one.status for one in answers} == {200}, {one.status: one.body[:200] for one in answers}
    assert all(ANSWER.strip().encode() in one.body for one in answers)
    return {
        "held": held,
        "streams": streams,
        "failed": 0,
        "seconds_to_hold": asked,
        "ready_ms": alive.seconds * 1000,
        "stream_p50_seconds": percentile([one.seconds for one in streamed], 0.5),
        "stream_p99_seconds": percentile([one.seconds for one in streamed], 0.99),
        "stream_least_seconds": (len(ANSWER) / provider.chunk_characters + 3) * CHUNK_SECONDS,
        "deciding_p50_ms": percentile(deciding, 0.5) * 1000,
        "deciding_p99_ms": percentile(deciding, 0.99) * 1000,
        "told_after_last_ms": (loop.time() - last) * 1000,
        "megabytes_before": before,
        "megabytes_held": with_held,
        "megabytes_most": at_most,
    }


def run(folder: Path, *, held: int = 1_000, streams: int = 200) -> dict[str, Any]:
    """All of them answered, none too early; the figures. AssertionError where a caller was told wrong."""
    with ProviderServer() as provider:
        provider.answer = ANSWER
        provider.chunk_characters = 20
        service = Service(folder, provider.base_url, settings={"redaction": {"name_model": None}})
        service.make_keys()
        with service.serving() as gateway:
            return asyncio.run(_measure(gateway, service, provider, held, streams))
