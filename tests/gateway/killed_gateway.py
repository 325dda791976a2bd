"""A gateway in a process of its own, which tests end by SIGKILL, and what it leaves."""

import json
import os
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import httpx
from typer.testing import CliRunner

from audit import decode_event
from gateway.commands.cli import app
from gateway.storage import open_database
from tests.free_port import free_port
from tests.gateway_server import MASTER_KEY, PLAIN, POLICIES, PROMPTS
from tests.provider_server import ProviderServer

COMMAND = [sys.executable, "-c", "from gateway.commands.cli import main; main()"]
KILLS_ITSELF = """
import os, signal
from gateway.steps.idempotency import Idempotency

async def kill(*_):
    os.kill(os.getpid(), signal.SIGKILL)

Idempotency.delivered = kill
from gateway.commands.cli import main
main()
"""
"""Ends by SIGKILL when an answer is recorded and about to be given to a caller who waits for it."""


class Killed:
    """A gateway in a process of its own, on a data folder that outlives it, or on PostgreSQL at `address`."""

    def __init__(self, folder: Path, provider: ProviderServer, address: str | None = None) -> None:
        self.data = folder / "data"
        self.address = address
        self.port = free_port()
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

    def run(self, *arguments: str) -> str:
        """A command of its own, in this process: importing everything anew takes seconds."""
        done = CliRunner().invoke(app, list(arguments), env=self.environ, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout

    def start(self, code: str = COMMAND[-1]) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [*COMMAND[:-1], code, "serve", "--config", str(self.config)],
            env=self.environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        end = time.monotonic() + 60
        while time.monotonic() < end:
            assert process.poll() is None, "the gateway ended by itself"
            try:
                if httpx.get(f"http://127.0.0.1:{self.port}/health/ready", verify=PLAIN).status_code == 200:
                    return process
            except httpx.TransportError:
                pass
            time.sleep(0.02)
        raise TimeoutError("not ready")


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
