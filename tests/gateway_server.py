"""A whole gateway on loopback: real log, real database, real redaction, real HTTP; its provider is `ProviderServer`."""

import asyncio
import re
import shutil
import socket
import ssl
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
import uvicorn
from openai import OpenAI

from audit import Transaction, decode_event
from gateway.identity import (
    begin_session,
    create_application,
    create_person,
    find_password,
    hash_password,
    make_code,
    set_password,
)
from gateway.providers import ModelRoute
from gateway.settings import load_settings
from gateway.startup.app import serve_application
from gateway.startup.bootstrap import Resources, machine_time, open_resources
from tests.provider_server import ProviderServer

MASTER_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
POLICIES = Path(__file__).parent / "gateway" / "policies"
PROMPTS = Path(__file__).parent / "gateway" / "prompts"
READY_SECONDS = 60


PASSWORD = "correct horse battery"
PLAIN = ssl.create_default_context()
"""For every client: each would read the machine's certificates again, which takes longer than most requests."""


def form_token(page: str) -> str:
    """The token of a page's forms."""
    return str(re.findall(r'name="token" value="([^"]+)"', page)[-1])


def send_form(client: httpx.Client, page: str, action: str, **fields: Any) -> httpx.Response:
    """Open `page` and send one of its forms to `action`, filled in."""
    return client.post(action, data={"token": form_token(client.get(page).text), **fields})


_hashed = cache(hash_password)


class Browser(httpx.Client):
    """Does as a browser does with forms and cookies; it may have been used before `with`."""

    def __enter__(self) -> Self:
        return self


class GatewayServer:
    """Serves from `start` to `stop` in a thread, with two applications and five people."""

    def __init__(
        self,
        data: Path,
        provider: ProviderServer,
        *,
        beside: "GatewayServer | None" = None,
        named: str | None = None,
        clock: Callable[[], datetime] = machine_time,
        **settings: Any,
    ) -> None:
        """`beside`: another gateway on the same log, whose keys and people are known here too; `named`: the host by
        which it is reached, since browsers know no passkeys at a bare number; `clock`: the log's.
        """
        self.provider = provider
        self._beside = beside
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # as `countersign serve` does
        port = self._listening.getsockname()[1]
        if named is not None:
            settings["base_url"] = f"http://{named}:{port}"
        self._named = named
        self._clock = clock
        route = ModelRoute(
            model="openai/test-model", api_base=provider.base_url, retries=0, timeout_seconds=5
        )
        self.settings = load_settings(
            data=data,
            port=port,
            **{
                "master_key": MASTER_KEY,
                "policies": POLICIES,
                "prompts": PROMPTS,
                "models": {"default": route},
                **settings,
            },
        )
        self.resources: Resources
        self.key = self.other_key = ""
        self.people: dict[str, tuple[str, str]] = {}
        self.passwords: tuple[str, ...] = ()
        """Who of them may sign in to the pages, with their label and `PASSWORD`."""

    @property
    def url(self) -> str:
        return self.settings.local_url if self._named is None else self.settings.url

    def start(self) -> Self:
        if self._beside is not None:
            self._join(self._beside)
        self.resources = open_resources(self.settings, self._clock)
        if self._beside is None:
            self._make_people()
            for who in self.passwords:
                self.give_password(who)
        config = uvicorn.Config(
            serve_application(self.resources, self._failed), log_config=None, access_log=False
        )
        self._server = uvicorn.Server(config)
        self._ended: Future[None] = Future()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        self._wait_until_ready()
        return self

    def _join(self, first: "GatewayServer") -> None:
        """As docs/operations.md says."""
        self.settings.data.mkdir(parents=True, exist_ok=True)
        for name in ("log.key", "log.vkey", "checkpoint"):
            shutil.copyfile(first.settings.data / name, self.settings.data / name)
        self.key, self.other_key, self.people = first.key, first.other_key, first.people

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(30)
        assert not self._thread.is_alive()

    def _failed(self, error: Exception) -> None:
        raise error

    def _serve(self) -> None:
        asyncio.run(self._serving())

    async def _serving(self) -> None:
        self._loop = asyncio.get_running_loop()
        await self._server.serve(sockets=[self._listening])

    def hang_up(self) -> None:
        """What SIGHUP does to a gateway in a process of its own."""
        self._loop.call_soon_threadsafe(self.resources.reload.set)

    def _wait_until_ready(self) -> None:
        end = time.monotonic() + READY_SECONDS
        while time.monotonic() < end:
            try:
                if httpx.get(f"{self.url}/health/ready", verify=PLAIN).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.02)
        raise TimeoutError("the gateway did not get ready")

    def _make_people(self) -> None:
        log = self.resources.log
        self.key = log.submit(lambda tx: create_application(tx, "casebook", actor="operator")).result().result
        self.other_key = (
            log.submit(lambda tx: create_application(tx, "other", actor="operator")).result().result
        )
        for name, role in (
            ("ana", "caseworker"),
            ("ben", "reviewer"),
            ("cai", "reviewer"),
            ("olu", "oversight"),
            ("ada", "admin"),
        ):
            self.people[name] = (
                log.submit(lambda tx, name=name, role=role: create_person(tx, name, [role], actor="operator"))
                .result()
                .result
            )

    def give_password(self, who: str, password: str = PASSWORD) -> None:
        """Let a person sign in to the pages, with their label as user name."""
        log, person = self.resources.log, self.people[who][0]
        hashed = _hashed(password)

        def command(transaction: Transaction) -> None:
            code = make_code(transaction, person, who, actor="operator")
            assert set_password(transaction, who, code, hashed) == person

        log.submit(command).result()

    # What a user does

    def session(self, who: str) -> str:
        """A session of somebody with a password, begun without the form and its slow hash; gives its cookie."""
        password = self.resources.database.read(lambda connection: find_password(connection, who))
        assert password is not None
        ends = "2999-01-01T00:00:00.000000Z"
        command = partial(begin_session, credential=password.credential, ends_at=ends)
        return str(self.resources.log.submit(command).result().result)

    def browser(self, who: str | None = None) -> Browser:
        """Signed in to the pages if `who` is named."""
        headers = {"Origin": self.url, "Accept": "text/html"}
        client = Browser(base_url=self.url, headers=headers, timeout=20, verify=PLAIN)
        if who is not None:
            # A cookie jar knows a host without a dot by another name (RFC 2965).
            client.cookies.set(
                "session", self.session(who), domain="localhost.local" if self._named else "127.0.0.1"
            )
        return client

    def openai(self, key: str | None = None) -> OpenAI:
        plain = httpx.Client(verify=PLAIN)
        return OpenAI(
            base_url=f"{self.url}/v1", api_key=key or self.key, max_retries=0, timeout=20, http_client=plain
        )

    def client(self, who: str = "application") -> httpx.Client:
        token = self.key if who == "application" else self.people[who][1]
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=20, verify=PLAIN)

    def ask(self, text: str = "Please help.", *, model: str = "held", **body: Any) -> httpx.Response:
        headers = body.pop("headers", {})
        request = {"model": model, "messages": [{"role": "user", "content": text}], **body}
        with self.client() as client:
            return client.post("/v1/chat/completions", json=request, headers=headers)

    def decide(self, who: str, advice: str, decision: str = "accept", **more: Any) -> httpx.Response:
        with self.client(who) as client:
            return client.post(f"/v1/advice/{advice}/decisions", json={"decision": decision, **more})

    def read(self, who: str, advice: str, **headers: str) -> httpx.Response:
        with self.client(who) as client:
            return client.get(f"/v1/advice/{advice}", headers=headers)

    def policy(self, policy: str) -> dict[str, Any]:
        """As it is in force."""
        with self.client() as client:
            found: dict[str, Any] = client.get(f"/v1/policies/{policy}").json()
        return found

    def events(self, advice: str | None = None) -> list[dict[str, Any]]:
        log = self.resources.log
        found = [decode_event(raw) for raw in log.read(0, log.size)]
        return [event for event in found if advice in (None, event.get("advice"))]

    def types(self, advice: str) -> list[str]:
        return [event["type"] for event in self.events(advice)]

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
