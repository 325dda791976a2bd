"""A rolling upgrade: the version before the newest migration beside this one, on one log, while people work."""

import itertools
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from gateway.storage import SCHEMA_HEAD
from tests.free_port import free_port
from tests.gateway.test_commands import command
from tests.gateway_server import MASTER_KEY, PLAIN, POLICIES, PROMPTS
from tests.operations.earlier import ROOT, earlier_version
from tests.postgres_server import PostgresServer
from tests.provider_server import ProviderServer
from tests.waiting import wait_for

pytestmark = pytest.mark.xdist_group("several")

MAIN = "from {cli} import main; main()"
FIRST_COMMANDS = """
import sys
from {cli} import app
for words in ("database prepare", "keys application casebook", "keys person Ben --role reviewer"):
    sys.argv = ["countersign", *words.split()]
    app(standalone_mode=False)
"""
"""In one process: each would spend seconds on importing alone."""
CALLERS = 2
MIN = 6
"""Requests that are answered between two steps of the upgrade, so that each step has load around it."""


@dataclass
class Version:
    """One version's code, with the database that all share."""

    code: Path
    environ: dict[str, str]

    @property
    def cli(self) -> str:
        """The module of its commands."""
        return "gateway.cli" if (self.code / "gateway" / "cli.py").exists() else "gateway.commands.cli"

    def first_commands(self, data: Path) -> tuple[str, str]:
        """Prepare the database, and make an application's key and a reviewer's; gives both."""
        done = subprocess.run(
            [sys.executable, "-c", FIRST_COMMANDS.format(cli=self.cli)],
            env=self._environ(data),
            cwd=self.code,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        made = [line.split()[-1] for line in done.stdout.splitlines() if "cs_" in line]
        return made[0], made[1]

    @contextmanager
    def serving(self, data: Path) -> Iterator["Running"]:
        port = free_port()
        command = [sys.executable, "-c", MAIN.format(cli=self.cli), "serve", "--port", str(port)]
        with (data.parent / f"{data.name}.log").open("ab") as output:
            process = subprocess.Popen(
                command, env=self._environ(data), cwd=self.code, stdout=output, stderr=output
            )
        running = Running(f"http://127.0.0.1:{port}", process)
        try:
            wait_for(running.is_ready, 90)
            yield running
        finally:
            running.end()

    def _environ(self, data: Path) -> dict[str, str]:
        return {
            **os.environ,
            **self.environ,
            "PYTHONPATH": str(self.code),
            "COUNTERSIGN_DATA": str(data),
        }


@dataclass
class Running:
    """A gateway in a process of its own."""

    url: str
    process: "subprocess.Popen[bytes]"

    def is_ready(self) -> bool:
        assert self.process.poll() is None, "the gateway ended by itself"
        try:
            return httpx.get(f"{self.url}/health/ready", trust_env=False, verify=PLAIN).status_code == 200
        except httpx.TransportError:
            return False

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(40)


@dataclass
class Callers:
    """Applications and people that go on all the time, each request to the next gateway of the balancer's list."""

    key: str
    reviewer: str
    balancer: list[str]
    answers: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    under_way: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)
    over: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._turn = itertools.count()
        self._threads = [threading.Thread(target=self._work, args=(n,), daemon=True) for n in range(CALLERS)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self.over.set()
        for thread in self._threads:
            thread.join(60)

    def go_on(self) -> None:
        """Until so many more requests were answered."""
        goal = sum(self.answers.values()) + MIN
        wait_for(lambda: self.failures or sum(self.answers.values()) >= goal, 120)

    def take_off(self, url: str) -> None:
        """As a balancer does with a gateway that is to end: nobody is sent to it, and what runs finishes."""
        with self.lock:
            self.balancer.remove(url)
        wait_for(lambda: not self.under_way[url])

    def _work(self, number: int) -> None:
        with httpx.Client(trust_env=False, timeout=60, verify=PLAIN) as client:
            for turn in itertools.count():
                if self.over.is_set():
                    return
                try:
                    self._case(client, f"{number}-{turn}")
                except (httpx.HTTPError, KeyError) as error:
                    self.failures.append(repr(error))

    def _case(self, client: httpx.Client, case: str) -> None:
        """Advice is asked for at one gateway, decided on at the next, and fetched from the one after that; and a stream
        is read to its end.
        """
        body = {"model": "held", "messages": [{"role": "user", "content": f"Please help with {case}."}]}
        asked = self._send(client, "POST", "/v1/chat/completions", 202, self.key, json=body)
        advice = f"/v1/advice/{asked.headers['x-advice-id']}"
        decision = {"decision": "accept"}
        self._send(client, "POST", f"{advice}/decisions", 201, self.reviewer, json=decision)
        released = self._send(client, "GET", advice, 200, self.key)
        if "completion" not in released.json():
            self.failures.append(f"not released: {released.text}")
        body = {**body, "model": "use", "stream": True}
        streamed = self._send(client, "POST", "/v1/chat/completions", 200, self.key, json=body)
        if not streamed.text.endswith("data: [DONE]\n\n"):
            self.failures.append(f"a stream without its end: {streamed.text[-200:]}")

    def _send(
        self, client: httpx.Client, method: str, path: str, expected: int, key: str, **more: object
    ) -> httpx.Response:
        with self.lock:
            url = self.balancer[next(self._turn) % len(self.balancer)]
            self.under_way[url] += 1
        try:
            headers = {"Authorization": f"Bearer {key}"}
            answer = client.request(method, url + path, headers=headers, **more)  # type: ignore[arg-type]
        finally:
            with self.lock:
                self.under_way[url] -= 1
        self.answers[url] += 1
        if answer.status_code != expected:
            self.failures.append(f"{method} {path} at {url}: {answer.status_code} {answer.text}")
        return answer


def test_no_request_fails_while_an_old_gateway_is_replaced_by_a_new_one(
    postgres: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    schema = earlier_version(tmp_path / "earlier")
    name = postgres.empty_database()
    for folder, file in ((POLICIES, "held.yaml"), (POLICIES, "use.yaml"), (PROMPTS, "plain.md")):
        (tmp_path / folder.name).mkdir(exist_ok=True)
        shutil.copy(folder / file, tmp_path / folder.name)
    with ProviderServer() as provider, ExitStack() as stack:
        environ = {
            "COUNTERSIGN_DATABASE": postgres.address(name),
            "COUNTERSIGN_DATABASE_OWNER": postgres.address(name, "owner"),
            "COUNTERSIGN_MASTER_KEY": MASTER_KEY,
            "COUNTERSIGN_REDACTION": '{"name_model": null}',
            "COUNTERSIGN_POLICIES": str(tmp_path / "policies"),
            "COUNTERSIGN_PROMPTS": str(tmp_path / "prompts"),
            "OPENAI_API_BASE": provider.base_url,
        }
        for variable, value in environ.items():
            monkeypatch.setenv(variable, value)  # for commands of the new version, in this process
        old, new = Version(tmp_path / "earlier", environ), Version(ROOT, environ)
        before, after = tmp_path / "old", tmp_path / "new"
        key, reviewer = old.first_commands(before)
        after.mkdir()
        for file in ("log.key", "log.vkey", "checkpoint"):
            shutil.copy(before / file, after / file)
        replaced = stack.enter_context(old.serving(before))
        callers = Callers(key, reviewer, [replaced.url])
        callers.start()
        stack.callback(callers.stop)
        callers.go_on()
        assert schema_of(postgres, name) == schema
        for _ in range(3):  # while the old one serves
            assert command("database", "prepare", "--data", after).returncode == 0
        assert schema_of(postgres, name) == SCHEMA_HEAD
        callers.go_on()
        running = stack.enter_context(new.serving(after))
        with callers.lock:
            callers.balancer.append(running.url)
        callers.go_on()  # old and new side by side
        callers.take_off(replaced.url)
        replaced.end()
        callers.go_on()
        callers.stop()
        assert callers.failures == []
        assert set(callers.answers) == {replaced.url, running.url}
        running.end()
        for check in (("audit", "verify"), ("check",)):
            done = command(*check, "--data", after)
            assert done.returncode == 0, done.stdout + done.stderr


def schema_of(postgres: PostgresServer, name: str) -> str:
    with postgres.connect(name) as connection:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    assert row is not None
    return str(row[0])
