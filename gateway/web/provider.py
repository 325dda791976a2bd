"""Signing in by way of an identity provider: sent there with a state, a nonce and a PKCE challenge, and back."""

import hmac
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import orjson
from fastapi import Response

from audit import time_text
from gateway.errors import GatewayError
from gateway.identity import (
    IdentityProvider,
    IdentityProviderError,
    consume_pending_sign_in,
    provision_person,
    save_pending_sign_in,
)
from gateway.web.csrf import local_address
from gateway.web.drafts import save_text
from gateway.web.page_request import ARRIVAL, PageRequest

_MINUTES: Final = 10
_MAX_KEPT_LENGTH: Final = 400_000


async def redirect_to_provider(page: PageRequest) -> Response:
    """Send the browser to the provider; what was typed waits here for its return."""
    provider = _provider(page)
    sends = page.request.method == "POST"
    back = local_address(page.value("return") if sends else page.query("return")) or "/"
    kept = page.value("kept") if sends else ""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    content = orjson.dumps(
        {
            "nonce": nonce,
            "verifier": verifier,
            "back": back,
            "kept": kept if len(kept) <= _MAX_KEPT_LENGTH else "",
        }
    )
    until = time_text(datetime.now(UTC) + timedelta(minutes=_MINUTES))
    try:
        address = await provider.authorization_url(
            state=state, nonce=nonce, verifier=verifier, redirect_uri=_redirect_uri(page)
        )
    except IdentityProviderError as error:
        raise _failed(error) from None
    await page.services.recorder.submit(
        lambda transaction: save_pending_sign_in(transaction, state, content, until)
    )
    page.remember(ARRIVAL, state)
    return page.redirect(address)


async def complete_sign_in(page: PageRequest) -> Response:
    """Begin a session for the person whom the provider identifies; only the browser that left may come back."""
    provider = _provider(page)
    state = page.query("state")
    page.remember(ARRIVAL, None)
    if not state or not hmac.compare_digest(state.encode(), page.cookie(ARRIVAL).encode()):
        raise GatewayError("sign_in_failed", "This sign-in was not begun in this browser.")
    kept = await page.services.recorder.submit(
        lambda transaction: consume_pending_sign_in(transaction, state)
    )
    if kept is None:
        raise GatewayError("sign_in_failed", "This sign-in is too old, or was finished before.")
    begun: dict[str, Any] = orjson.loads(kept)
    if page.query("iss") not in ("", provider.settings.issuer):
        raise GatewayError("sign_in_failed", "Another provider answered.")
    if not page.query("code"):
        raise GatewayError("sign_in_failed", "The provider did not sign anybody in.")
    try:
        identity = await provider.redeem(
            page.query("code"),
            nonce=begun["nonce"],
            verifier=begun["verifier"],
            redirect_uri=_redirect_uri(page),
        )
    except IdentityProviderError as error:
        raise _failed(error) from None
    person, credential = await page.services.recorder.submit(
        lambda transaction: provision_person(
            transaction, identity.issuer, identity.subject, identity.name, identity.roles
        )
    )
    if not person.roles:
        raise GatewayError("role_required", "The provider gives this person no role here.")
    await page.sign_in(credential, person)
    back = begun["back"]
    return page.redirect(await save_text(page, back, begun["kept"]) if begun["kept"] else back)


async def signed_out(page: PageRequest) -> Response:
    """The session here is over; the one at the provider may be ended, too."""
    address = None
    if page.services.oidc is not None:
        try:
            address = await page.services.oidc.end_session_url(f"{page.settings.url}/signed-out")
        except IdentityProviderError:
            address = None
    name = page.settings.oidc.name if page.settings.oidc else ""
    return page.render("signed-out.html", provider=name, address=address)


def _provider(page: PageRequest) -> IdentityProvider:
    if page.services.oidc is None:
        raise GatewayError("not_found", "There is no identity provider here.")
    return page.services.oidc


def _redirect_uri(page: PageRequest) -> str:
    return f"{page.settings.url}/sign-in/callback"


def _failed(error: IdentityProviderError) -> GatewayError:
    return GatewayError("sign_in_failed", f"Signing in did not work: {error}.")
