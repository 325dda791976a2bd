"""Whether a gateway can do its work: each thing that it needs, by name, and what to do where it can't."""

import asyncio
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest

from audit import Signer
from audit.cosignature import COSIGNATURE
from gateway.operations import Health, check_disk
from gateway.policy import InForce
from gateway.redaction import RedactionSettings
from gateway.storage import Vault
from tests.gateway_server import PLAIN, GatewayServer
from tests.provider_server import ProviderServer
from tests.waiting import wait_for

Start = Callable[..., GatewayServer]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a gateway without name models; ends it."""
    with ProviderServer() as provider:
        servers: list[GatewayServer] = []

        def begin(**settings: Any) -> GatewayServer:
            settings = {"redaction": RedactionSettings(name_model=None), **settings}
            servers.append(GatewayServer(tmp_path / "data", provider, **settings))
            return servers[-1].start()

        yield begin
        for server in servers:
            server.stop()


def health_of(gateway: GatewayServer, in_force: InForce | None = None, **changed: Any) -> Health:
    resources = gateway.resources
    needs = {"data": gateway.settings.data, "least_free_bytes": 0, "unready_seconds": 600.0, **changed}
    return Health(
        log=resources.log,
        database=resources.database,
        vault=resources.vault,
        in_force=in_force or InForce(resources.policies),
        witnesses_failing=lambda: 0.0,
        **needs,
    )


def problems(health: Health) -> dict[str, str]:
    return {one.name: one.problem for one in asyncio.run(health.check()) if one.problem is not None}


def ready(gateway: GatewayServer) -> httpx.Response:
    return httpx.get(f"{gateway.url}/health/ready", verify=PLAIN)


def test_a_gateway_that_can_work_says_so_for_each_thing_it_needs(start: Start) -> None:
    answer = ready(start())
    assert answer.status_code == 200
    names = ("log", "disk", "policies", "master_key", "witnesses")
    assert answer.json()["checks"] == dict.fromkeys(names, "ok")


def test_a_log_that_has_stopped_makes_it_unready_by_name(start: Start) -> None:
    gateway = start()
    gateway.resources.log.close()
    answer = ready(gateway)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (503, "not_ready")
    assert answer.headers["retry-after"] == "5"
    assert "restart" in error["checks"].pop("log")
    assert set(error["checks"].values()) == {"ok"}


def test_a_policy_that_is_out_of_step_is_named(start: Start) -> None:
    gateway = start()
    in_force = InForce(gateway.resources.policies)
    in_force.put(gateway.resources.policies, {"held"})
    assert "held" in problems(health_of(gateway, in_force))["policies"]
    in_force.put(gateway.resources.policies)
    assert problems(health_of(gateway, in_force)) == {}


def test_a_disk_that_is_nearly_full_is_told(start: Start, tmp_path: Path) -> None:
    assert "MiB are free" in problems(health_of(start(), least_free_bytes=2**62))["disk"]
    assert "can't be looked at" in str(check_disk(tmp_path / "missing", 1).problem)


def test_a_master_key_that_opens_nothing_is_told_within_a_minute_and_forgotten_at_once(start: Start) -> None:
    gateway = start()
    now = [0.0]
    health = health_of(gateway, clock=lambda: now[0])
    assert problems(health) == {}
    master = gateway.resources.database.read(
        lambda connection: connection.execute("SELECT master FROM keyring").fetchone()[0]
    )
    change = "UPDATE keyring SET master = 'another'"
    gateway.resources.log.submit(lambda transaction: transaction.connection.execute(change)).result()
    assert problems(health) == {}  # AWS KMS is not asked at every look
    now[0] = 61.0
    assert "master key" in problems(health)["master_key"]
    change = f"UPDATE keyring SET master = '{master}'"
    gateway.resources.log.submit(lambda transaction: transaction.connection.execute(change)).result()
    assert problems(health) == {}  # at once, not after a minute


async def test_a_master_key_that_is_not_answered_for_is_told_and_asked_for_once(start: Start) -> None:
    gateway = start()
    health = health_of(gateway, answer_seconds=0.05)
    asked, answer = [], threading.Event()

    class Silent:
        def check_master_keys(self, _: object) -> None:
            asked.append(1)
            answer.wait(60)

    health._vault = cast(Vault, SimpleNamespace(ring=Silent()))  # as a database or KMS that hangs
    for _ in range(3):
        found = {check.name: check.problem for check in await health.check()}
        assert "does not answer" in str(found["master_key"])
        assert found["log"] is None
    answer.set()
    while (await health.check())[3].problem is not None:
        pass
    assert len(asked) == 1


def test_witnesses_of_whom_too_few_answer_for_long_make_it_unready(start: Start) -> None:
    key = Signer.generate("witness.example/away", COSIGNATURE)
    witness = {"url": "http://127.0.0.1:9", "keys": [key.verifier_key]}
    policies = [{"from": "2026-01-01", "quorum": 1, "witnesses": [witness]}]
    times = {"every_seconds": 0.05, "quiet_seconds": 0.05, "unready_seconds": 1.0}
    gateway = start(witnessing={**times, "policies": policies})
    wait_for(lambda: ready(gateway).status_code == 503)
    assert "cosigned" in ready(gateway).json()["error"]["checks"]["witnesses"]
    with gateway.client(
        "olu"
    ) as client:  # so that the alert fires, although no checkpoint was ever witnessed
        age = re.search(
            r"^countersign_witnessed_checkpoint_age_seconds (\S+)", client.get("/metrics").text, re.MULTILINE
        )
    assert age is not None
    assert float(age[1]) > 1.0
