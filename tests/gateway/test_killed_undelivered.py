"""SIGKILL of a gateway whose answer has reached nobody: the next one abandons it."""

import asyncio
import signal
from pathlib import Path

import httpx
import pytest

from audit import later, now_text
from gateway.operations import abandon_undelivered
from gateway.settings import load_settings
from gateway.startup.bootstrap import open_resources
from tests.gateway.killed_gateway import Killed, kill_before_giving, recorded, rows
from tests.gateway_server import MASTER_KEY, PLAIN, POLICIES, PROMPTS
from tests.provider_server import ProviderServer
from tests.waiting import wait_for

pytestmark = pytest.mark.xdist_group("killed")


def ask(gateway: Killed, text: str, seconds: float = 20) -> httpx.Response:
    body = {"model": "use", "messages": [{"role": "user", "content": text}]}
    headers = {"Authorization": f"Bearer {gateway.key}"}
    url = f"http://127.0.0.1:{gateway.port}/v1/chat/completions"
    return httpx.post(url, json=body, headers=headers, timeout=seconds, verify=PLAIN)


def abandon_at(gateway: Killed, now: str) -> None:
    """What a gateway that starts at this time does."""
    settings = load_settings(
        data=gateway.data,
        master_key=MASTER_KEY,
        policies=POLICIES,
        prompts=PROMPTS,
        **({"database": gateway.address} if gateway.address else {}),
    )
    resources = open_resources(settings)
    try:
        asyncio.run(abandon_undelivered(resources.make_recorder(), resources.database, now))
    finally:
        resources.log.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def gateway(tmp_path: Path, provider: ProviderServer, request: pytest.FixtureRequest) -> Killed:
    address = None
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres")
        address = server.address(server.database())
    return Killed(tmp_path, provider, address)


def test_what_a_killed_gateway_gave_to_nobody_is_abandoned_by_the_next(
    gateway: Killed, provider: ProviderServer
) -> None:
    process = gateway.start()
    given = ask(gateway, "Somebody waits for this.").headers["x-advice-id"]
    provider.latency_seconds = 1.0
    with pytest.raises(httpx.ReadTimeout):
        ask(gateway, "Nobody waits for this.", seconds=0.5)
    wait_for(lambda: len(rows(gateway, "SELECT id FROM advice WHERE status = 'pending'")) == 2)
    wait_for(lambda: rows(gateway, "SELECT advice FROM idempotency"))
    process.kill()
    process.join()
    ((lost,),) = rows(gateway, "SELECT advice FROM idempotency")
    assert lost != given
    abandon_at(gateway, now_text())
    assert recorded(gateway)[lost][-1] != "advice.abandoned"
    abandon_at(gateway, later(now_text(), 3_600))
    assert recorded(gateway)[lost][-1] == "advice.abandoned"
    assert "advice.abandoned" not in recorded(gateway)[given]
    assert rows(gateway, "SELECT advice FROM idempotency") == []


def test_an_answer_whose_gateway_was_killed_before_giving_it_is_abandoned(
    gateway: Killed,
) -> None:
    process = gateway.start(kill_before_giving)
    with pytest.raises(httpx.TransportError):
        ask(gateway, "Somebody waits for this in vain.")
    process.join()
    assert process.exitcode == -signal.SIGKILL
    ((lost, status),) = rows(gateway, "SELECT id, status FROM advice")
    assert status == "pending"
    process = gateway.start()
    given = ask(gateway, "Somebody waits for this.").headers["x-advice-id"]
    process.kill()
    process.join()
    abandon_at(gateway, later(now_text(), 3_600))
    assert recorded(gateway)[lost][-1] == "advice.abandoned"
    assert "advice.abandoned" not in recorded(gateway)[given]
    assert rows(gateway, "SELECT advice FROM idempotency") == []
