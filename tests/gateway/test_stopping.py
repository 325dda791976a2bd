"""A gateway that ends: anyone who waits for a decision is answered before it is gone."""

import threading
import time
from pathlib import Path

import httpx

from tests.gateway.test_killed import ANSWER, Killed
from tests.provider_server import ProviderServer
from tests.waiting import wait_for


def test_a_caller_who_waits_for_a_decision_gets_the_receipt_when_the_gateway_stops(
    tmp_path: Path, provider: ProviderServer
) -> None:
    provider.answer = ANSWER
    gateway = Killed(tmp_path, provider)
    process = gateway.start()
    answers: list[httpx.Response] = []

    def ask() -> None:
        headers = {"Authorization": f"Bearer {gateway.key}", "Prefer": "wait=60"}
        body = {"model": "held", "messages": [{"role": "user", "content": "Hello"}]}
        url = f"http://127.0.0.1:{gateway.port}/v1/chat/completions"
        answers.append(httpx.post(url, json=body, headers=headers, timeout=60))

    caller = threading.Thread(target=ask)
    caller.start()
    queue = f"http://127.0.0.1:{gateway.port}/v1/advice?status=pending"
    key = {"Authorization": f"Bearer {gateway.key}"}
    wait_for(lambda: bool(httpx.get(queue, headers=key).json()["data"]))
    process.terminate()
    began = time.monotonic()
    caller.join(30)
    process.wait(30)
    assert time.monotonic() - began < 15  # the decision was waited for, for a minute
    assert answers[0].status_code == 202
    assert answers[0].json()["decision_support"]["status"] == "pending"
