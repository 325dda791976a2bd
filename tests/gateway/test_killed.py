"""SIGKILL at random moments under load: no answer is lost, nothing is released that was not accepted, and what was
erased is gone, while content keys are moved from one wrapping key to the next.
"""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from audit import decode_event, verify_directory
from gateway.cli import app
from gateway.storage import DESTROYED, open_database
from tests.gateway_server import MASTER_KEY, POLICIES, PROMPTS
from tests.provider_server import ProviderServer

ROUNDS = int(os.environ.get("COUNTERSIGN_KILL_ROUNDS", "1"))
COMMAND = [sys.executable, "-c", "from gateway.cli import main; main()"]
ANSWER = "The answer is marmalade."


@dataclass
class Acknowledged:
    """What the gateway answered, by what must then be on record."""

    events: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    released: set[str] = field(default_factory=set)
    erased: set[str] = field(default_factory=set)

    def wait_for_erasure(self) -> None:
        end = time.monotonic() + 60
        while not self.erased and time.monotonic() < end:
            time.sleep(0.01)


class Killed:
    """A gateway in a process of its own, on a data folder that outlives it, or on PostgreSQL at `address`."""

    def __init__(self, folder: Path, provider: ProviderServer, address: str | None = None) -> None:
        self.data = folder / "data"
        self.address = address
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.config = folder / "countersign.yaml"
        route = {"model": "openai/test", "api_base": provider.base_url, "retries": 0}
        settings = {"port": self.port, "redaction": {"name_model": None}, "models": {"default": route}}
        paths = {"data": str(self.data), "policies": str(POLICIES), "prompts": str(PROMPTS)}
        self.config.write_text(json.dumps({**settings, **paths}))
        self.environ = {
            **os.environ,
            "COUNTERSIGN_MASTER_KEY": MASTER_KEY,
            "COUNTERSIGN_DATA": str(self.data),
            **({"COUNTERSIGN_DATABASE": address} if address else {}),
        }
        self.key = self.run("keys", "application", "casebook").split()[-1]
        self.token = self.run("keys", "person", "Ben", "--role", "reviewer").split()[-1]
        self.admin = self.run("keys", "person", "Ada", "--role", "admin").split()[-1]

    def run(self, *arguments: str) -> str:
        """A command of its own, in this process: importing everything anew takes seconds."""
        done = CliRunner().invoke(app, list(arguments), env=self.environ, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout

    def start(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [*COMMAND, "serve", "--config", str(self.config)],
            env=self.environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        end = time.monotonic() + 60
        while time.monotonic() < end:
            assert process.poll() is None, "the gateway ended by itself"
            try:
                if httpx.get(f"http://127.0.0.1:{self.port}/health/ready").status_code == 200:
                    return process
            except httpx.TransportError:
                pass
            time.sleep(0.02)
        raise TimeoutError("not ready")

    def load(self, stop: threading.Event, said: Acknowledged) -> None:
        """Ask, decide, fetch and erase until the gateway is gone."""
        base = f"http://127.0.0.1:{self.port}"
        application, person = ({"Authorization": f"Bearer {token}"} for token in (self.key, self.token))
        body = {
            "model": "held",
            "messages": [{"role": "user", "content": "Hello"}],
            "metadata": {"case": "1"},
        }
        with httpx.Client(base_url=base, timeout=10) as client:
            while not stop.is_set():
                try:
                    asked = client.post("/v1/chat/completions", json=body, headers=application)
                    advice = asked.headers["x-advice-id"]
                    said.events[advice] |= {"advice.requested", "advice.received"}
                    decision = random.choice(
                        [{"decision": "accept"}, {"decision": "reject", "reason": "No."}]
                    )
                    decided = client.post(f"/v1/advice/{advice}/decisions", json=decision, headers=person)
                    status = decided.json()["status"]
                    said.events[advice] |= {"decision.recorded", f"advice.{status}"}
                    read = client.get(f"/v1/advice/{advice}", headers=application)
                    if "completion" in read.json():
                        said.events[advice].add("advice.released")
                        said.released.add(advice)
                    if random.random() < 0.3:
                        self.erase(client, advice, said)
                except (httpx.TransportError, KeyError, ValueError):
                    return

    def erase(self, client: httpx.Client, advice: str, said: Acknowledged) -> None:
        """Erase as an admin, and now and then move all keys."""
        admin = {"Authorization": f"Bearer {self.admin}"}
        body = {"advice": advice, "reason": "subject_request"}
        if client.post("/v1/erasures", json=body, headers=admin).status_code == 200:
            said.events[advice].add("content.erased")
            said.erased.add(advice)
        if random.random() < 0.3:
            client.post("/v1/master-key/rotations", headers=admin)


def rows(gateway: Killed, query: str) -> list[Any]:
    database = open_database(gateway.data / "countersign.db", gateway.address)
    return database.read(lambda connection: connection.execute(query).fetchall())


def recorded(gateway: Killed) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for (raw,) in rows(gateway, "SELECT event FROM events ORDER BY idx"):
        event: dict[str, Any] = decode_event(raw.encode())
        if "advice" in event:
            found[event["advice"]].append(event["type"])
    return found


def sealed(gateway: Killed) -> set[str]:
    """The advice whose content or key is there."""
    content = rows(gateway, "SELECT advice FROM sealed")
    keys = rows(gateway, "SELECT scope, wrapped FROM content_keys")
    return {row[0] for row in content} | {scope for scope, wrapped in keys if wrapped != DESTROYED}


@pytest.mark.xdist_group("killed")
@pytest.mark.parametrize("kept_in", ["sqlite", "postgresql"])
def test_what_was_answered_survives_sigkill_and_nothing_unaccepted_is_released(
    tmp_path: Path, provider: ProviderServer, request: pytest.FixtureRequest, kept_in: str
) -> None:
    provider.answer = ANSWER
    address = None
    if kept_in == "postgresql":
        server = request.getfixturevalue("postgres")
        address = server.address(server.database())
    gateway = Killed(tmp_path, provider, address)
    said = Acknowledged()
    for number in range(ROUNDS if address is None else max(1, ROUNDS // 4)):
        process = gateway.start()
        stop = threading.Event()
        with ThreadPoolExecutor(4) as pool:
            for _ in range(4):
                pool.submit(gateway.load, stop, said)
            if number == 0:  # on however slow a machine, each kind of answer was given
                said.wait_for_erasure()
            time.sleep(random.uniform(0.1, 0.8))
            process.send_signal(signal.SIGKILL)
            process.wait()
            stop.set()
        with open_database(gateway.data / "countersign.db", address).verifiable(gateway.data) as folder:
            report = verify_directory(folder)
        assert report.ok, [str(finding) for finding in report.findings]
        assert gateway.run("check") == "All content is as recorded.\n"
        assert not said.erased & sealed(gateway)
        on_record = recorded(gateway)
        for advice, events in said.events.items():
            assert events <= set(on_record[advice])
        for advice in said.released:
            assert "advice.accepted" in on_record[advice]
            assert "advice.rejected" not in on_record[advice]
    assert said.events
    assert said.erased
    last = gateway.start()  # settles what the last kill left
    last.terminate()
    last.wait()
    assert not [advice for advice, types in recorded(gateway).items() if types == ["advice.requested"]]
