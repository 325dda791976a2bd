"""A gateway in a process of its own, which tests end by SIGKILL, and what it leaves."""

import json
import os
import signal
from collections import defaultdict
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from audit import decode_event
from gateway.commands.cli import app
from gateway.steps.idempotency import Idempotency
from gateway.storage import open_database
from tests.forked_gateway import start_forked, wait_until_ready
from tests.free_port import free_port
from tests.gateway_server import MASTER_KEY, POLICIES, PROMPTS
from tests.provider_server import ProviderServer


def kill_before_giving() -> None:
    """From now on: SIGKILL when an answer is recorded and about to be given to a caller who waits for it."""

    async def kill(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    Idempotency.delivered = kill  # type: ignore[method-assign,assignment]


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

    def start(self, before: Callable[[], None] | None = None) -> BaseProcess:
        process = start_forked(self.config, self.environ, before)
        wait_until_ready(process, f"http://127.0.0.1:{self.port}")
        return process


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
