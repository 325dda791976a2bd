"""People are told by email and by webhook, until it has arrived, and never about whom."""

import base64
import json
import threading
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from standardwebhooks.webhooks import Webhook

from tests.free_port import free_port
from tests.gateway_server import POLICIES, GatewayServer
from tests.waiting import wait_for as until

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
QUESTION = "Summarise: Mr John Smith, NI AB123456C."


class MailServer:
    """A real SMTP server that keeps what it is given, and refuses as long as it is told to."""

    def __init__(self) -> None:
        self.letters: list[tuple[list[str], str, str]] = []
        self.refuses = False
        self.refused = 0
        self.port = free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if self.refuses:
            self.refused += 1
            return "451 later"
        letter = message_from_bytes(envelope.content, policy=policy.default)
        self.letters.append((envelope.rcpt_tos, str(letter["Subject"]), str(letter.get_content())))
        return "250 ok"

    def stop(self) -> None:
        self._controller.stop()


class Hook:
    """A real HTTP server that checks each signature."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                Webhook(SECRET).verify(body, dict(self.headers.items()))
                hook.told.append(json.loads(body))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def mail() -> Iterator[MailServer]:
    server = MailServer()
    yield server
    server.stop()


@pytest.fixture
def hook() -> Iterator[Hook]:
    server = Hook()
    yield server
    server.stop()


@pytest.fixture
def other_hook() -> Iterator[Hook]:
    server = Hook()
    yield server
    server.stop()


def email(mail: MailServer, **more: Any) -> dict[str, Any]:
    return {
        "host": "127.0.0.1",
        "port": mail.port,
        "security": "none",
        "sender": "countersign@justice.example",
        "to": ["team@justice.example"],
        **more,
    }


def test_new_advice_is_told_by_email_and_webhook_once_and_names_nobody(
    fresh: Callable[..., GatewayServer], mail: MailServer, hook: Hook
) -> None:
    notices = {"email": email(mail), "webhook": {"url": hook.url, "secret": SECRET}, "every_seconds": 0.05}
    gateway = fresh(notices={**notices, "remind_minutes": 1})
    advice = {str(gateway.ask(QUESTION, model="held").headers["x-advice-id"]) for _ in range(3)}
    until(lambda: {one["data"]["id"] for one in hook.told} == advice)
    until(lambda: advice <= set("".join(text for _, _, text in mail.letters).replace("/", " ").split()))
    more = str(gateway.ask(QUESTION, model="held").headers["x-advice-id"])
    until(lambda: len(hook.told) == 4)  # what was told before is not told again
    assert hook.told[-1]["data"]["id"] == more
    assert hook.told[0]["type"] == "advice.new"
    assert hook.told[0]["data"]["url"] == f"{gateway.url}/advice/{hook.told[0]['data']['id']}"
    for private in ("Smith", "AB123456C", "John"):
        assert private not in json.dumps([hook.told, mail.letters])
    assert mail.letters[0][0] == ["team@justice.example"]


def test_advice_becomes_due_and_overdue(fresh: Callable[..., GatewayServer], hook: Hook) -> None:
    gateway = fresh(notices={"webhook": {"url": hook.url, "secret": SECRET}, "every_seconds": 0.05})
    advice = str(gateway.ask(QUESTION, model="due").headers["x-advice-id"])
    until(lambda: [one["type"] for one in hook.told][-1:] == ["advice.overdue"])
    assert {one["data"]["id"] for one in hook.told} == {advice}


def test_a_limit_that_is_used_up_is_told_without_whose_it_is(
    fresh: Callable[..., GatewayServer], hook: Hook, tmp_path: Path
) -> None:
    text = (POLICIES / "limited.yaml").read_text().replace("requests_per_minute: 2", "tokens_per_day: 1000")
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "limited.yaml").write_text(text)
    webhook = {"url": hook.url, "secret": SECRET}
    gateway = fresh(policies=tmp_path / "policies", notices={"webhook": webhook, "every_seconds": 0.1})
    assert gateway.ask(model="limited", max_tokens=900).status_code == 200
    assert gateway.ask(model="limited", max_tokens=999).status_code == 429
    until(lambda: {"limit.approached", "limit.reached"} <= {one["type"] for one in hook.told})
    told = next(one for one in hook.told if one["type"] == "limit.reached")["data"]
    assert (told["policy"], told["url"]) == ("limited", f"{gateway.settings.url}/usage?by=policy")
    assert "casebook" not in json.dumps(hook.told)


def test_each_policys_readers_are_told_of_their_own(
    fresh: Callable[..., GatewayServer], mail: MailServer
) -> None:
    settings = email(mail, by_policy={"held": ["letters@justice.example"]})
    gateway = fresh(notices={"email": settings, "every_seconds": 0.05})
    held = str(gateway.ask(QUESTION, model="held").headers["x-advice-id"])
    used = str(gateway.ask(QUESTION, model="use").headers["x-advice-id"])
    until(lambda: all(any(one in text for _, _, text in mail.letters) for one in (held, used)))
    for readers, _, text in mail.letters:
        assert (held in text) == (readers == ["letters@justice.example"])


def test_what_did_not_arrive_is_sent_again_also_after_a_restart(
    fresh: Callable[..., GatewayServer], mail: MailServer
) -> None:
    mail.refuses = True
    gateway = fresh(notices={"email": email(mail), "every_seconds": 0.05})
    with gateway.client("ana") as client:
        body = {"policy": "held", "severity": "urgent", "what": "Mr Smith is mixed up."}
        concern = client.post("/v1/concerns", json=body).json()["id"]
    until(lambda: mail.refused >= 2)
    metrics = gateway.client("olu").get("/metrics").text
    assert 'countersign_notices_failed_total{channel="email"}' in metrics
    gateway.stop()
    mail.refuses = False
    again = GatewayServer(gateway.settings.data, gateway.provider, notices=gateway.settings.notices)
    with again:
        until(lambda: any(concern in text for _, _, text in mail.letters))
    assert "Smith" not in str(mail.letters)


def test_an_application_is_told_of_decisions_on_its_own_advice_only(
    fresh: Callable[..., GatewayServer], hook: Hook, other_hook: Hook
) -> None:
    urls = {"casebook": hook.url, "other": other_hook.url}
    webhooks = {name: {"url": url, "secret": SECRET} for name, url in urls.items()}
    gateway = fresh(notices={"applications": webhooks, "every_seconds": 0.05})
    accepted, rejected, undecided = (
        str(gateway.ask(QUESTION, model="held").headers["x-advice-id"]) for _ in range(3)
    )
    gateway.decide("ben", accepted)
    gateway.decide("cai", rejected, "reject", reason="No.")
    until(lambda: len(hook.told) == 2)
    assert {(one["type"], one["data"]["id"]) for one in hook.told} == {
        ("advice.accepted", accepted),
        ("advice.rejected", rejected),
    }
    assert hook.told[0]["data"]["url"] == f"{gateway.url}/v1/advice/{hook.told[0]['data']['id']}"
    gateway.decide("ben", undecided)
    until(lambda: len(hook.told) == 3)  # and none of the others again
    assert hook.told[2]["data"]["id"] == undecided
    assert other_hook.told == []
