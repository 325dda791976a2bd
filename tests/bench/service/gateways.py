"""Gateways in processes of their own, and callers that send them whole requests over kept connections."""

import asyncio
import json
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import orjson
from typer.testing import CliRunner

from gateway.commands.cli import app
from tests.bench import targets
from tests.bench.load import Connection
from tests.bench.targets import Process
from tests.forked_gateway import start_forked
from tests.free_port import free_port
from tests.gateway_server import MASTER_KEY

MAIN: Final = [sys.executable, "-c", "from gateway.commands.cli import main; main()"]
SECONDS: Final = 150.0
"""Longest wait for an answer."""


@dataclass
class Service:
    """One or several gateways on one database, with an application and a reviewer."""

    folder: Path
    provider: str
    address: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""
    reviewer: str = ""
    admin: str = ""

    def command(self, *words: str, data: str = "one") -> str:
        """In this process: importing everything anew takes seconds."""
        done = CliRunner().invoke(app, list(words), env=self._environ(data), catch_exceptions=False)
        if done.exit_code:
            raise RuntimeError(f"{words}: {done.output}")
        return done.stdout

    def make_keys(self) -> None:
        """An application's key, a reviewer's and an admin's."""
        made = (
            ("application", "bench"),
            ("person", "Rev", "--role", "reviewer"),
            ("person", "Ada", "--role", "admin"),
        )
        self.key, self.reviewer, self.admin = (self.command("keys", *words).split()[-1] for words in made)

    @contextmanager
    def serving(self, name: str = "one") -> Iterator["Gateway"]:
        """A gateway until the block ends; another one gets copies of the first one's files, as the docs say."""
        data = self.folder / name
        if name != "one":
            data.mkdir(exist_ok=True)
            for file in ("log.key", "log.vkey", "checkpoint"):
                shutil.copy(self.folder / "one" / file, data / file)
        port, config, environ = self.configured(name)
        targets.PEERS.mkdir(exist_ok=True)
        command = [*MAIN, "serve", "--config", config]
        process, seconds = targets.start(command, port, "/health/ready", **environ)
        try:
            yield Gateway(port, process, seconds)
        finally:
            process.end()

    def forked(self, name: str = "one") -> tuple[BaseProcess, str]:
        """A gateway in a process that its caller ends, and its address, before it is ready."""
        port, config, environ = self.configured(name)
        return start_forked(config, environ), f"http://127.0.0.1:{port}"

    def configured(self, name: str) -> tuple[int, Path, dict[str, str]]:
        """A free port, the settings' file that names it, and the environment, for a gateway of this name."""
        port = free_port()
        config = self.folder / f"{name}.yaml"
        route = {"model": "openai/fake", "api_base": self.provider, "retries": 0}
        whole = {
            "port": port,
            "policies": str(targets.HERE / "policies"),
            "prompts": str(targets.HERE / "prompts"),
            "models": {"default": route},
            **self.settings,
        }
        config.write_text(json.dumps(whole))
        return port, config, self._environ(name)

    def _environ(self, name: str) -> dict[str, str]:
        shared = {"COUNTERSIGN_DATABASE": self.address} if self.address else {}
        return {"COUNTERSIGN_MASTER_KEY": MASTER_KEY, "COUNTERSIGN_DATA": str(self.folder / name), **shared}


@dataclass
class Gateway:
    """One of them."""

    port: int
    process: Process
    start_seconds: float

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def megabytes(self) -> float:
        return self.process.memory()


@dataclass(frozen=True)
class Answer:
    """What came back; `status` is 0 where the connection was lost."""

    status: int
    body: bytes
    seconds: float

    @property
    def code(self) -> str:
        """The error's code, of a stream's last event too; "" where there is none."""
        for line in reversed([self.body, *self.body.split(b"\n")]):
            try:
                found = orjson.loads(line.removeprefix(b"data: "))
                return str(found["error"]["code"])
            except (ValueError, KeyError, TypeError):
                continue
        return ""

    @property
    def advice(self) -> str:
        """The advice's id in the body of a receipt or an answer."""
        return str(orjson.loads(self.body)["decision_support"]["advice_id"])


class Caller:
    """One connection at a time to one gateway."""

    def __init__(self, url: str) -> None:
        self._where = urlsplit(url)
        self._connection: Connection | None = None

    async def send(self, method: str, path: str, key: str, body: object = None, **headers: str) -> Answer:
        loop = asyncio.get_running_loop()
        raw = b"" if body is None else orjson.dumps(body)
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        head += f"Content-Type: application/json\r\nContent-Length: {len(raw)}\r\n\r\n"
        began = loop.time()
        try:
            if self._connection is None or self._connection.transport.is_closing():
                made = await loop.create_connection(Connection, self._where.hostname, self._where.port)
                self._connection = made[1]
            async with asyncio.timeout(SECONDS):
                status, answer = await self._connection.ask(head.encode() + raw)
        except (OSError, TimeoutError) as error:
            self.close()
            return Answer(0, repr(error).encode(), loop.time() - began)
        return Answer(status, answer, loop.time() - began)

    async def ask(
        self,
        key: str,
        model: str,
        text: str,
        *,
        stream: bool = False,
        case: str | None = None,
        **headers: str,
    ) -> Answer:
        body = {"model": model, "messages": [{"role": "user", "content": text}], "stream": stream}
        if case is not None:
            body["metadata"] = {"case": case}
        return await self.send("POST", "/v1/chat/completions", key, body, **headers)

    async def accept(self, reviewer: str, advice: str) -> Answer:
        return await self.send("POST", f"/v1/advice/{advice}/decisions", reviewer, {"decision": "accept"})

    def close(self) -> None:
        if self._connection is not None:
            self._connection.transport.close()
            self._connection = None


def percentile(values: list[float], share: float) -> float:
    """Of sorted or unsorted values; NaN of none."""
    ordered = sorted(values) or [float("nan")]
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
