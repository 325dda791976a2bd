"""A day of traffic, faster than the clock: asked, decided, fetched, in cases that come back; does memory stay flat?"""

import asyncio
import itertools
import random
import sqlite3
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from tests.bench.prompts_pool import prompt
from tests.bench.service.gateways import Caller, Gateway, Service
from tests.provider_server import ProviderServer

CALLERS: Final = 8
BY_HOUR: Final = (1,) * 7 + (10, 40, 60, 60, 50, 40, 50, 60, 60, 40, 10) + (1,) * 6
"""How many requests come in each hour of the day, compared with the others."""
CASES: Final = 500
"""They are asked about again and again, as by day."""
TEXTS: Final = 301
"""Few, and soon known: what is remembered of texts (50,000 of them) would hide what is left behind. No text comes again
for its case within a run, since it would be told of the same advice.
"""
_SIZES: Final = (500, 1_000, 2_000)


async def _caller(gateway: Gateway, service: Service, due: Callable[[], Awaitable[int | None]]) -> None:
    """One of several that share the requests; `due` gives the number of the next one when its time has come."""
    caller = Caller(gateway.url)
    while (number := await due()) is not None:
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


def _arrivals(requests: int, hours: float) -> list[list[float]]:
    """When requests come, in seconds from the beginning, hour by hour."""
    rng = random.Random(1)
    weights = [BY_HOUR[hour % 24] for hour in range(max(1, round(hours)))]
    found: list[list[float]] = [[] for _ in weights]
    for hour in rng.choices(range(len(weights)), weights, k=requests):
        found[hour].append((hour + rng.random()) * 3600)
    return [sorted(times) for times in found]


async def _day(
    gateway: Gateway, service: Service, provider: ProviderServer, arrivals: list[list[float]], speed: float
) -> tuple[list[tuple[int, float]], float]:
    """The megabytes after each hour, with the requests until then; and by how many seconds a request was late."""
    loop = asyncio.get_running_loop()
    began, latest, done = loop.time(), 0.0, 0
    samples: list[tuple[int, float]] = [(0, gateway.megabytes())]
    numbers = itertools.count()
    for number, times in enumerate(arrivals, 1):
        waiting = iter(times)

        async def due(waiting: Iterator[float] = waiting) -> int | None:
            nonlocal latest
            at = next(waiting, None)
            if at is None:
                return None
            late = loop.time() - began - at / speed
            latest = max(latest, late)
            await asyncio.sleep(max(0.0, -late))
            return next(numbers)

        await asyncio.gather(*(_caller(gateway, service, due) for _ in range(CALLERS)))
        await asyncio.sleep(max(0.0, began + number * 3600 / speed - loop.time()))
        provider.requests.clear()
        done += len(times)
        samples.append((done, gateway.megabytes()))
    return samples, latest


def run(
    folder: Path,
    *,
    requests: int = 20_000,
    hours: float = 24,
    speed: float = float("inf"),
    names: bool = False,
) -> dict[str, Any]:
    """Megabytes after each hour, of which `speed` pass in one by the clock."""
    with ProviderServer() as provider:
        provider.answer = "The applicant appears to meet the residency condition."
        settings = {} if names else {"redaction": {"name_model": None}}
        service = Service(folder, provider.base_url, settings=settings)
        service.make_keys()
        with service.serving() as gateway:
            began = time.monotonic()
            arrivals = _arrivals(requests, hours)
            samples, latest = asyncio.run(_day(gateway, service, provider, arrivals, speed))
            wall = time.monotonic() - began
        size = sum(file.stat().st_size for file in (folder / "one").glob("countersign.db*"))
        with closing(sqlite3.connect(folder / "one" / "countersign.db")) as connection:
            (events,) = connection.execute("SELECT count(*) FROM events").fetchone()
    settled = [megabytes for done, megabytes in samples if done >= requests // 4]
    return {
        "requests": requests,
        "hours": hours,
        "speed": None if speed == float("inf") else speed,
        "latest_seconds": latest,
        "seconds": wall,
        "samples": samples,
        "growth_megabytes": settled[-1] - settled[0],
        "database_bytes": size / requests,
        "events": events,
    }
