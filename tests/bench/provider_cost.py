"""What asking a provider costs: raw httpx, ours, litellm's own call, in turn, in one run.

    .venv/bin/python -m tests.bench.provider_cost [calls a round]

CPU is this process's alone: the provider runs in another one, on loopback. Medians of interleaved rounds.
"""

import asyncio
import multiprocessing
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from multiprocessing.connection import Connection
from typing import Any

import httpx
import orjson

from gateway.providers import ModelRoute, Providers
from tests.provider_server import ProviderServer

ROUNDS = 7
CHUNKS = 100
PROMPT = "The tenant reported the broken heating on 3 March and again on 9 March. " * 14  # about 1 kB
ANSWER = "word " * CHUNKS
REQUEST: dict[str, Any] = {"model": "m", "messages": [{"role": "user", "content": PROMPT}], "temperature": 0}

Ask = Callable[[], Awaitable[int]]


def _provide(pipe: Connection) -> None:
    with ProviderServer() as provider:
        provider.answer, provider.chunk_characters = ANSWER, 5
        pipe.send(provider.base_url)
        pipe.recv()


def _ways(base: str, providers: Providers) -> dict[str, Ask]:
    import litellm  # after Providers.load, which switches off what it sends home

    client, url = httpx.AsyncClient(), f"{base}/chat/completions"

    async def raw() -> int:
        return len((await client.post(url, json=REQUEST)).json()["choices"])

    async def ours() -> int:
        return len((await providers.complete(["fast"], REQUEST)).body["choices"])

    async def theirs() -> int:
        given = {**REQUEST, "model": "openai/m"}
        return len((await litellm.acompletion(**given, api_base=base, api_key="k")).choices)

    async def raw_stream() -> int:
        chunks = 0
        async with client.stream("POST", url, json={**REQUEST, "stream": True}) as response:
            async for line in response.aiter_lines():
                chunks += line.startswith("data: {") and bool(orjson.loads(line[6:]))
        return chunks

    async def our_stream() -> int:
        async with await providers.stream(["fast"], REQUEST) as stream:
            return len([chunk async for chunk in stream])

    async def their_stream() -> int:
        given = {**REQUEST, "model": "openai/m", "stream": True}
        answer = await litellm.acompletion(**given, api_base=base, api_key="k")
        return len([chunk async for chunk in answer])

    return {
        "raw httpx": raw,
        "Countersign": ours,
        "litellm.acompletion": theirs,
        "raw httpx, stream": raw_stream,
        "Countersign, stream": our_stream,
        "litellm.acompletion, stream": their_stream,
    }


async def _measure(base: str, calls: int) -> dict[str, tuple[float, float, int]]:
    routes = {"fast": ModelRoute(model="openai/m", api_base=base), "litellm": ModelRoute(model="rehearsal/x")}
    providers = Providers(routes)
    providers.load()
    ways = _ways(base, providers)
    cpu: dict[str, list[float]] = {name: [] for name in ways}
    wall: dict[str, list[float]] = {name: [] for name in ways}
    pieces = {name: await ask() for name, ask in ways.items()}
    for _ in range(ROUNDS):
        for name, ask in ways.items():
            await asyncio.sleep(0.1)  # litellm logs in the background
            started, cpu_started = time.perf_counter(), time.process_time()
            for _ in range(calls):
                await ask()
            wall[name].append((time.perf_counter() - started) / calls)
            await asyncio.sleep(0.1)
            cpu[name].append((time.process_time() - cpu_started) / calls)
    await providers.aclose()
    return {
        name: (statistics.median(cpu[name]), statistics.median(wall[name]), pieces[name]) for name in ways
    }


def main() -> None:
    """Print the table."""
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    here, there = multiprocessing.get_context("spawn").Pipe()
    provider = multiprocessing.get_context("spawn").Process(target=_provide, args=(there,), daemon=True)
    provider.start()
    try:
        results = asyncio.run(_measure(here.recv(), calls))
    finally:
        here.send(None)
        provider.join(10)
    print(f"{'one call, 1 kB prompt':30} {'CPU us':>8} {'wall us':>8} {'chunks':>7} {'CPU us a chunk':>15}")
    for name, (cpu, wall, pieces) in results.items():
        each = f"{cpu / pieces * 1e6:15.0f}" if "stream" in name else ""
        print(f"{name:30} {cpu * 1e6:8.0f} {wall * 1e6:8.0f} {pieces:7} {each}")


if __name__ == "__main__":
    main()
