"""Sending: one email for many notices, one signed request for each."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Final, Protocol

import aiosmtplib
import httpx
from standardwebhooks.webhooks import Webhook as Signer

from gateway.notices.notice_settings import Email, Webhook
from gateway.notices.notice_texts import letter, payload
from gateway.notices.outbox import Notice

_SECONDS: Final = 20.0


class NotSent(Exception):
    """It did not arrive; `reason` names the kind of failure, nothing that was sent."""


class NoticeChannel(Protocol):
    """A way to tell."""

    name: str
    application: str | None
    """The application that is told what became of its advice; None for people."""

    async def send(self, notices: Sequence[Notice]) -> None:
        """Tell all of them, or raise `NotSent`."""


class EmailChannel:
    """Letters by SMTP."""

    name = "email"
    application: str | None = None

    def __init__(self, settings: Email, base_url: str) -> None:
        self._settings = settings
        self._base_url = base_url

    async def send(self, notices: Sequence[Notice]) -> None:
        """One letter for each circle of readers."""
        circles: dict[tuple[str, ...], list[Notice]] = {}
        for notice in notices:
            readers = self._settings.by_policy.get(notice.policy, self._settings.to)
            circles.setdefault(tuple(readers), []).append(notice)
        settings = self._settings
        try:
            async with aiosmtplib.SMTP(
                hostname=settings.host,
                port=settings.port,
                use_tls=settings.security == "tls",
                start_tls=settings.security == "starttls",
                timeout=_SECONDS,
            ) as server:
                if settings.username is not None:
                    secret = settings.password
                    await server.login(settings.username, "" if secret is None else secret.get_secret_value())
                for addresses, circle in circles.items():
                    await server.send_message(self._letter(addresses, circle))
        except (aiosmtplib.SMTPException, OSError) as error:
            raise NotSent(type(error).__name__) from None

    def _letter(self, readers: Sequence[str], notices: Sequence[Notice]) -> EmailMessage:
        subject, text = letter(notices, self._base_url)
        message = EmailMessage()
        message["From"] = self._settings.sender
        message["To"] = ", ".join(readers)
        message["Subject"] = subject
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text)
        return message


class WebhookChannel:
    """Requests as Standard Webhooks 1.0 signs them."""

    def __init__(self, settings: Webhook, base_url: str, application: str | None = None) -> None:
        self.name = "webhook" if application is None else f"webhook:{application}"
        self.application = application
        self._url = settings.url
        self._signer = Signer(settings.secret.get_secret_value())
        self._base_url = base_url

    async def send(self, notices: Sequence[Notice]) -> None:
        """One request each, in order; the id is the same whenever a notice is sent again."""
        async with httpx.AsyncClient(timeout=_SECONDS, follow_redirects=False, trust_env=False) as client:
            for notice in notices:
                body = json.dumps(payload(notice, self._base_url), separators=(",", ":"))
                name, now = f"{notice.kind}_{notice.subject}", datetime.now(UTC)
                headers = {
                    "Content-Type": "application/json",
                    "webhook-id": name,
                    "webhook-timestamp": str(int(now.timestamp())),
                    "webhook-signature": self._signer.sign(name, now, body),
                }
                try:
                    answer = await client.post(self._url, content=body, headers=headers)
                except httpx.HTTPError as error:
                    raise NotSent(type(error).__name__) from None
                if not answer.is_success:
                    raise NotSent(f"status {answer.status_code}")
