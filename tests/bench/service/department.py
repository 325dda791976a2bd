"""The busiest hour of a department: people ask, wait for a model, and decide; two gateways on one PostgreSQL.

Requests come by chance, as many a minute as so many people ask in the busiest hour of their day; whether earlier ones
were answered makes no difference to them. Gateways are as they come: names are read, everything is on record.
"""

import asyncio
import itertools
import random
import sys
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import psutil

from tests.bench import targets
from tests.bench.prompts_pool import prompt
from tests.bench.service.gateways import Answer, Caller, Gateway, Service, percentile
from tests.free_port import free_port
from tests.postgres_server import own_server

PER_PERSON: Final = 6
"""Requests of one person a working day."""
HOURS: Final = 8
PEAK: Final = 3.0
"""How much more is asked in the busiest hour than in a mean one."""
MODEL_SECONDS: Final = 2.0
DECIDING_SECONDS: Final = 60.0
"""The mean time until somebody decides, so that queues are as they are by day, but a run ends."""
SIZES: Final = {1_000: 70, 4_000: 25, 10_000: 5}
"""Bytes of a prompt, and how many of a hundred have them."""
KINDS: Final = {"shown": 60, "held": 30, "streamed": 10}


def peak_rate(people: int) -> float:
    """Requests a second in the busiest hour."""
    return people * PER_PERSON / HOURS / 3600 * PEAK


@dataclass
class Seen:
    """What happened."""

    statuses: Counter[str] = field(default_factory=Counter)
    asking: list[float] = field(default_factory=list)
    deciding: list[float] = field(default_factory=list)
    samples: list[dict[str, float]] = field(default_factory=list)


class Department:
    """Callers of some gateways, each request at the next one."""

    def __init__(self, service: Service, gateways: list[Gateway], rng: random.Random) -> None:
        self._service = service
        self._urls = itertools.cycle([gateway.url for gateway in gateways])
        self._rng = rng
        self._idle: dict[str, list[Caller]] = {gateway.url: [] for gateway in gateways}
        self.seen = Seen()

    async def run(self, rate: float, seconds: float, sample: Any) -> Seen:
        """Ask for so long; then everything that waits is decided."""
        loop = asyncio.get_running_loop()
        end = next_at = loop.time()
        end += seconds
        async with asyncio.TaskGroup() as people:
            sampling = people.create_task(self._sample(sample))
            asking = []
            for number in itertools.count(self._rng.randrange(10**9)):
                next_at += self._rng.expovariate(rate)
                if next_at > end:
                    break
                await asyncio.sleep(max(0.0, next_at - loop.time()))
                asking.append(people.create_task(self._case(number)))
            await asyncio.wait(asking)
            sampling.cancel()
        return self.seen

    async def _sample(self, sample: Any) -> None:
        while True:
            self.seen.samples.append({**sample(), "at": asyncio.get_running_loop().time()})
            await asyncio.sleep(60)

    async def _case(self, number: int) -> None:
        size = self._rng.choices(list(SIZES), list(SIZES.values()))[0]
        kind = self._rng.choices(list(KINDS), list(KINDS.values()))[0]
        text, _ = prompt(size, number)
        model = "bench-held" if kind == "held" else "bench"
        key = self._service.key
        answer = await self._at_next(lambda c: c.ask(key, model, text, stream=kind == "streamed"))
        self.seen.asking.append(answer.seconds)
        self._count(kind, answer)
        if answer.status not in (200, 202) or kind == "streamed":
            return
        await asyncio.sleep(min(self._rng.expovariate(1 / DECIDING_SECONDS), 3 * DECIDING_SECONDS))
        decided = await self._at_next(lambda c: c.accept(self._service.reviewer, answer.advice))
        self.seen.deciding.append(decided.seconds)
        self._count("decided", decided)
        if kind == "held":
            path = f"/v1/advice/{answer.advice}"
            self._count("fetched", await self._at_next(lambda c: c.send("GET", path, key)))

    async def _at_next(self, do: Any) -> Answer:
        url = next(self._urls)
        caller = self._idle[url].pop() if self._idle[url] else Caller(url)
        answer: Answer = await do(caller)
        self._idle[url].append(caller)
        return answer

    def _count(self, what: str, answer: Answer) -> None:
        self.seen.statuses[f"{what} {answer.status} {answer.code}".strip()] += 1


def run(
    folder: Path, *, people: int, minutes: float, gateways: int = 2, names: bool = True
) -> dict[str, Any]:
    """The hour, or less of it; the figures."""
    rate = peak_rate(people)
    with ExitStack() as stack:
        server = stack.enter_context(own_server("max_connections=200", within=folder))
        name = server.database()
        port = free_port()
        command = [sys.executable, "-m", "tests.bench.provider", port, MODEL_SECONDS]
        targets.PEERS.mkdir(exist_ok=True)
        provider, _ = targets.start(command, port, "/leaks")
        stack.callback(provider.end)
        settings = {} if names else {"redaction": {"name_model": None}}
        service = Service(folder, f"http://127.0.0.1:{port}/v1", server.address(name), settings)
        service.make_keys()
        running = [
            stack.enter_context(service.serving(which)) for which in ("one", "two", "three")[:gateways]
        ]
        database = psutil.Process(server.pid)
        began = {gateway.port: gateway.process.cpu() for gateway in running}
        database_began = _processor_seconds(database)
        started = time.monotonic()

        def sample() -> dict[str, float]:
            return {"megabytes": sum(gateway.megabytes() for gateway in running)}

        department = Department(service, running, random.Random(1))
        seen = asyncio.run(department.run(rate, minutes * 60, sample))
        wall = time.monotonic() - started
        with server.connect(name) as connection:
            size = connection.execute("SELECT pg_database_size(current_database())").fetchone()
            events = connection.execute("SELECT count(*) FROM events").fetchone()
        spent = sum(gateway.process.cpu() - began[gateway.port] for gateway in running)
        asked = len(seen.asking)
        return {
            "people": people,
            "gateways": gateways,
            "minutes": minutes,
            "rate": rate,
            "asked": asked,
            "statuses": dict(sorted(seen.statuses.items())),
            "p50_added_ms": (percentile(seen.asking, 0.5) - MODEL_SECONDS) * 1000,
            "p99_added_ms": (percentile(seen.asking, 0.99) - MODEL_SECONDS) * 1000,
            "p50_deciding_ms": percentile(seen.deciding, 0.5) * 1000,
            "p99_deciding_ms": percentile(seen.deciding, 0.99) * 1000,
            "gateway_cpu_ms": spent * 1000 / max(1, asked),
            "database_cpu_ms": (_processor_seconds(database) - database_began) * 1000 / max(1, asked),
            "processors_used": spent / wall,
            "database_bytes": (size or (0,))[0] / max(1, asked),
            "events": (events or (0,))[0],
            "megabytes": [round(one["megabytes"]) for one in seen.samples],
        }


def _processor_seconds(server: psutil.Process) -> float:
    """Of the server and its processes, those that have ended too."""
    total = 0.0
    for one in [server, *server.children(recursive=True)]:
        try:
            times = one.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
    ended = server.cpu_times()
    return float(total + ended.children_user + ended.children_system)
