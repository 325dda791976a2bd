"""A long request takes its time, and nobody else waits for it."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from tests.gateway_server import GatewayServer
from tests.long_prose import prose
from tests.provider_server import ProviderServer


def test_others_are_answered_while_a_long_request_is_redacted(
    fresh: Callable[..., GatewayServer], provider: ProviderServer
) -> None:
    gateway = fresh()
    turns = [{"role": "user", "content": prose(100, seed=at)} for at in range(5_000)]
    waits: list[float] = []
    with ThreadPoolExecutor(1) as threads, gateway.client() as client, gateway.client() as other:
        client.timeout = 300
        began = time.monotonic()
        body = {"model": "use", "messages": turns}
        long = threads.submit(client.post, "/v1/chat/completions", json=body)
        while not long.done():
            asked = time.monotonic()
            assert other.get("/health/live").status_code == 200
            waits.append(time.monotonic() - asked)
            time.sleep(0.02)
        assert long.result().status_code == 200
    assert max(waits) < (time.monotonic() - began) / 3
    assert len(provider.requests[-1].json["messages"]) >= 5_000
