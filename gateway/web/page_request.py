"""One request for a page: who visits, in which language, what they sent, and how they are answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from fastapi import Request, Response

from audit import Transaction, now_text, time_text
from gateway.errors import GatewayError
from gateway.http import read_body, services_of
from gateway.identity import (
    TOUCH_SECONDS,
    Person,
    Session,
    begin_session,
    end_session,
    find_session,
    touch_session,
)
from gateway.operations import Services
from gateway.settings import Settings
from gateway.web.csrf import cookie_name, form_token, is_valid_csrf_token, new_visit
from gateway.web.language import COOKIE as LANGUAGE
from gateway.web.language import Language
from gateway.web.navigation import navigation
from gateway.web.renderer import Renderer, page_headers

SESSION: Final = "session"
VISIT: Final = "visit"
ARRIVAL: Final = "arrival"
FORM_FIELD: Final = "token"

_MAX_FIELDS: Final = 500

Form = Mapping[str, list[str]]


@dataclass
class PageRequest:
    """One request; `session` is the one in force, `form` what a checked POST sent, field by field."""

    request: Request
    settings: Settings
    renderer: Renderer
    languages: Mapping[str, Language]
    language: Language
    session: Session | None = None
    form: Form = field(default_factory=dict)
    sent: Form | None = None
    """What a form sent, checked or not: to be given back, never to be acted on."""
    _cookies: dict[str, str | None] = field(default_factory=dict)

    # Who visits

    @property
    def services(self) -> Services:
        """What the gateway is made of; a 503 `GatewayError` while models load."""
        return services_of(self.request)

    @property
    def person(self) -> Person:
        """Whoever is signed in; a page that nobody need be signed in for has no use for it."""
        if self.session is None:
            raise GatewayError("missing_credential", "Sign in first.")
        return self.session.person

    async def load_session(self) -> None:
        """Find the session of the request's cookie, and write down now and then that it is used."""
        services = self.services
        token = self.cookie(SESSION)
        if not token:
            return
        now = datetime.now(UTC)
        web = self.settings.web
        self.session = await services.database.fetch(
            lambda connection: find_session(
                connection,
                token,
                now=now_text(),
                idle_since=time_text(now - timedelta(minutes=web.idle_minutes)),
                touched_since=time_text(now - timedelta(seconds=TOUCH_SECONDS)),
                used=services.last_used.record_use,
            )
        )
        session = self.session
        if session is not None and session.stale:
            await self.services.recorder.submit(lambda transaction: touch_session(transaction, session))

    async def sign_in(self, credential: str, person: Person) -> None:
        """Begin a session with this credential; the one before, if any, ends, so that no id outlives a sign-in."""
        earlier = self.cookie(SESSION)
        ends_at = time_text(datetime.now(UTC) + timedelta(hours=self.settings.web.longest_hours))

        def command(transaction: Transaction) -> str:
            if earlier:
                end_session(transaction, earlier)
            return begin_session(transaction, credential, ends_at)

        token = await self.services.recorder.submit(command)
        self._cookies.update({SESSION: token, VISIT: None})
        self.session = Session.begun(person, token)

    async def sign_out(self) -> None:
        """End the session at once; the cookie that is left opens nothing."""
        token = self.cookie(SESSION)
        if token:
            await self.services.recorder.submit(lambda transaction: end_session(transaction, token))
        self._cookies[SESSION] = None

    # What they sent

    async def read_form(self) -> Form:
        """The fields of a form, bounded as every body is; a 400 `GatewayError` for what is no form."""
        raw = await read_body(self.request, self.settings.limits)
        try:
            self.sent = parse_qs(
                raw.decode("ascii"),
                keep_blank_values=True,
                encoding="utf-8",
                errors="strict",
                max_num_fields=_MAX_FIELDS,
            )
            return self.sent
        except ValueError:
            raise GatewayError("invalid_request", "The form can't be read.") from None

    def has_valid_csrf_token(self, form: Form) -> bool:
        """Whether the form holds the token of this browser."""
        token = form.get(FORM_FIELD, [""])[0]
        cookie = self.cookie(SESSION if self.session is not None else VISIT)
        return is_valid_csrf_token(self.services.vault, cookie, self._author, token)

    @property
    def _author(self) -> str | None:
        return None if self.session is None else self.session.person.id

    def value(self, name: str) -> str:
        """A field of the form, with the line ends that browsers send made plain; empty if it is missing."""
        return self.form.get(name, [""])[0].replace("\r\n", "\n")

    def query(self, name: str) -> str:
        """A field of the address, or nothing."""
        return self.request.query_params.get(name, "")

    # How they are answered

    def render(
        self, template: str, *, status: int = 200, form_action: str = "'self'", **context: Any
    ) -> Response:
        """A page, with what the layout needs beside the `context`."""
        answer = self.renderer.render(
            self.language,
            template,
            {**self._layout(), **context},
            status=status,
            form_action=form_action,
        )
        return self._with_cookies(answer)

    def redirect(self, address: str) -> Response:
        """Send the browser to another page, by GET; `address` is one of ours."""
        return self._with_cookies(Response(status_code=303, headers={**page_headers(), "Location": address}))

    def remember(self, name: str, value: str | None) -> None:
        """Set a cookie with the answer; None forgets it."""
        self._cookies[name] = value

    @property
    def secure(self) -> bool:
        """Whether people reach us over TLS, so that cookies may say that they must."""
        return self.settings.url.startswith("https://")

    def _layout(self) -> dict[str, Any]:
        ready = self.request.app.state.services is not None
        person = None if self.session is None else self.session.person
        return {
            "service": self.settings.web.service_name,
            "demonstration": self.settings.web.demonstration,
            "person": person,
            "navigation": navigation(person, self.request.url.path),
            "languages": list(self.languages.values()),
            "here": self.request.url.path + (f"?{self.request.url.query}" if self.request.url.query else ""),
            "site_origin": "{0.scheme}://{0.netloc}".format(urlsplit(self.settings.url)),
            "token": self._token() if ready else "",
        }

    def _token(self) -> str:
        name = SESSION if self.session is not None else VISIT
        cookie = self._cookies.get(name) or self.cookie(name)
        if not cookie:
            cookie = self._cookies[VISIT] = new_visit()
        return form_token(self.services.vault, cookie, self._author)

    def cookie(self, name: str) -> str:
        """What the browser sent as this cookie, or nothing."""
        return self.request.cookies.get(cookie_name(name, secure=self.secure), "")

    def _with_cookies(self, answer: Response) -> Response:
        for name, value in self._cookies.items():
            full = name if name == LANGUAGE else cookie_name(name, secure=self.secure)
            age = 365 * 86_400 if name == LANGUAGE else None
            if value is None:
                answer.delete_cookie(full, path="/", secure=self.secure, httponly=True, samesite="lax")
            else:
                answer.set_cookie(
                    full, value, max_age=age, path="/", secure=self.secure, httponly=True, samesite="lax"
                )
        return answer
