"""A gateway that ends: anyone who waits for a decision is answered before it is gone."""

import asyncio
import time
from pathlib import Path

import orjson

from tests.bench.service.gateways import Answer, Caller, Service
from tests.bench.service.kills import PATTERNS, start_forked, wait_until_ready
from tests.provider_server import ProviderServer


def test_a_caller_who_waits_for_a_decision_gets_the_receipt_when_the_gateway_stops(
    tmp_path: Path, provider: ProviderServer
) -> None:
    service = Service(tmp_path, provider.base_url, settings=PATTERNS)
    service.make_keys()
    process, url = start_forked(service)
    wait_until_ready(process, url)

    async def asked() -> tuple[Answer, float]:
        waiting = asyncio.create_task(Caller(url).ask(service.key, "bench-held", "Hello", Prefer="wait=60"))
        queue, caller = "/v1/advice?status=pending", Caller(url)
        while not orjson.loads((await caller.send("GET", queue, service.key)).body)["data"]:
            assert not waiting.done()
            await asyncio.sleep(0.02)
        process.terminate()
        began = time.monotonic()
        return await waiting, began

    answer, began = asyncio.run(asked())
    process.join(30)
    assert not process.is_alive()
    assert time.monotonic() - began < 15  # the decision was waited for, for a minute
    assert answer.status == 202
    assert orjson.loads(answer.body)["decision_support"]["status"] == "pending"
