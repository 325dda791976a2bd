"""Signing in by way of an identity provider: sent there with a state, a nonce and a PKCE challenge, and back."""

import hmac
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import orjson
from fastapi import Response

from gateway.errors import GatewayError
from gateway.identity import (
    IdentityProvider,
    ProviderRefused,
    consume_pending_sign_in,
    provision_person,
    save_pending_sign_in,
)
from gateway.timestamps import time_text
from gateway.web.drafts import keep_text
from gateway.web.guarding import local_address
from gateway.web.visit import ARRIVAL, Visit

_MINUTES: Final = 10
_LONGEST_KEPT: Final = 400_000


async def leave(visit: Visit) -> Response:
    """Send the browser to the provider; what was typed waits here for its return."""
    provider = _provider(visit)
    sends = visit.request.method == "POST"
    back = local_address(visit.value("return") if sends else visit.query("return")) or "/"
    kept = visit.value("kept") if sends else ""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    content = orjson.dumps(
        {
            "nonce": nonce,
            "verifier": verifier,
            "back": back,
            "kept": kept if len(kept) <= _LONGEST_KEPT else "",
        }
    )
    until = time_text(datetime.now(UTC) + timedelta(minutes=_MINUTES))
    try:
        address = await provider.authorization_url(
            state=state, nonce=nonce, verifier=verifier, redirect_uri=_redirect_uri(visit)
        )
    except ProviderRefused as error:
        raise _failed(error) from None
    await visit.services.recorder.submit(
        lambda transaction: save_pending_sign_in(transaction, state, content, until)
    )
    visit.remember(ARRIVAL, state)
    return visit.go(address)


async def arrive(visit: Visit) -> Response:
    """Begin a session for whoever the provider vouches for; nothing but the browser that left may come back."""
    provider = _provider(visit)
    state = visit.query("state")
    visit.remember(ARRIVAL, None)
    if not state or not hmac.compare_digest(state.encode(), visit.cookie(ARRIVAL).encode()):
        raise GatewayError("sign_in_failed", "This sign-in was not begun in this browser.")
    kept = await visit.services.recorder.submit(
        lambda transaction: consume_pending_sign_in(transaction, state)
    )
    if kept is None:
        raise GatewayError("sign_in_failed", "This sign-in is too old, or was finished before.")
    begun: dict[str, Any] = orjson.loads(kept)
    if visit.query("iss") not in ("", provider.settings.issuer):
        raise GatewayError("sign_in_failed", "Another provider answered.")
    if not visit.query("code"):
        raise GatewayError("sign_in_failed", "The provider did not sign anybody in.")
    try:
        identity = await provider.redeem(
            visit.query("code"),
            nonce=begun["nonce"],
            verifier=begun["verifier"],
            redirect_uri=_redirect_uri(visit),
        )
    except ProviderRefused as error:
        raise _failed(error) from None
    person, credential = await visit.services.recorder.submit(
        lambda transaction: provision_person(
            transaction, identity.issuer, identity.subject, identity.name, identity.roles
        )
    )
    if not person.roles:
        raise GatewayError("role_required", "The provider gives this person no role here.")
    await visit.sign_in(credential, person)
    back = begun["back"]
    return visit.go(await keep_text(visit, back, begun["kept"]) if begun["kept"] else back)


async def signed_out(visit: Visit) -> Response:
    """The session here is over; the one at the provider may be ended, too."""
    address = None
    if visit.services.oidc is not None:
        try:
            address = await visit.services.oidc.end_session_url(f"{visit.settings.url}/signed-out")
        except ProviderRefused:
            address = None
    name = visit.settings.oidc.name if visit.settings.oidc else ""
    return visit.page("signed-out.html", provider=name, address=address)


def _provider(visit: Visit) -> IdentityProvider:
    if visit.services.oidc is None:
        raise GatewayError("not_found", "There is no identity provider here.")
    return visit.services.oidc


def _redirect_uri(visit: Visit) -> str:
    return f"{visit.settings.url}/sign-in/callback"


def _failed(error: ProviderRefused) -> GatewayError:
    return GatewayError("sign_in_failed", f"Signing in did not work: {error}.")
