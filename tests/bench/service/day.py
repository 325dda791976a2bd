"""A day of traffic as fast as it goes: asked, decided and fetched, in cases that come back; does memory stay flat?"""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from tests.bench.prompts_pool import prompt
from tests.bench.service.gateways import Caller, Gateway, Service
from tests.provider_server import ProviderServer

CALLERS: Final = 8
SAMPLES: Final = 20
CASES: Final = 500
"""They are asked about again and again, as by day."""
TEXTS: Final = 301
"""Few, and soon known: what is remembered of texts (50,000 of them) would hide what is left behind. No text comes again
for its case within a run, since it would be told of the same advice.
"""
_SIZES: Final = (500, 1_000, 2_000)


async def _caller(gateway: Gateway, service: Service, numbers: Iterator[int]) -> None:
    """One of several that share the numbers of the requests."""
    caller = Caller(gateway.url)
    for number in numbers:
        held = number % 3 == 0
        known = number % TEXTS
        text, _ = prompt(_SIZES[known % len(_SIZES)], known)
        model = "bench-held" if held else "bench"
        stream = not held and number % 5 == 0
        answer = await caller.ask(service.key, model, text, stream=stream, case=f"case-{number % CASES}")
        assert answer.status in (200, 202), answer.body
        if answer.body.startswith(b"{"):
            decided = await caller.accept(service.reviewer, answer.advice)
            assert decided.status == 201, decided.body
            fetched = await caller.send("GET", f"/v1/advice/{answer.advice}", service.key)
            assert fetched.status == 200, fetched.body
    caller.close()


async def _day(
    gateway: Gateway, service: Service, provider: ProviderServer, requests: int
) -> list[tuple[int, float]]:
    samples, done = [], 0
    for part in range(1, SAMPLES + 1):
        most = requests * part // SAMPLES
        numbers = iter(range(done, most))
        await asyncio.gather(*(_caller(gateway, service, numbers) for _ in range(CALLERS)))
        provider.requests.clear()
        samples.append((most, gateway.megabytes()))
        done = most
    return samples


def run(folder: Path, *, requests: int = 20_000, names: bool = False) -> dict[str, Any]:
    """Megabytes after each twentieth of the requests; then how long it takes to make all projections again."""
    with ProviderServer() as provider:
        provider.answer = "The applicant appears to meet the residency condition."
        settings = {} if names else {"redaction": {"name_model": None}}
        service = Service(folder, provider.base_url, settings=settings)
        service.make_keys()
        with service.serving() as gateway:
            began = time.monotonic()
            samples = asyncio.run(_day(gateway, service, provider, requests))
            wall = time.monotonic() - began
        size = sum(file.stat().st_size for file in (folder / "one").glob("countersign.db*"))
        began = time.monotonic()
        told = service.command("rebuild")
        rebuilt = time.monotonic() - began
        events = int(next(word for word in told.replace(",", "").split() if word.isdigit()))
    settled = [megabytes for done, megabytes in samples if done >= requests // 4]
    return {
        "requests": requests,
        "seconds": wall,
        "samples": samples,
        "growth_megabytes": settled[-1] - settled[0],
        "database_bytes": size / requests,
        "events": events,
        "rebuild_events_per_second": events / rebuilt,
    }
