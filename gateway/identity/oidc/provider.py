"""The authorisation code flow with PKCE, and the verification of what comes back.

OpenID Connect Core 1.0 (3.1), Discovery 1.0 (4), RFC 7636 (PKCE, S256), RFC 9207 (`iss` in the answer), RFC 9068 for
access tokens. Keys are fetched again when a token names one that is not known, so that a provider may rotate them.
"""

import asyncio
import base64
import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from gateway.identity.oidc.oidc_settings import OidcSettings

_ALGORITHMS: Final = ("RS256", "PS256", "ES256", "EdDSA", "Ed25519")
"""Signatures by a private key only: a shared secret, or none, proves nobody's identity."""
_LEEWAY: Final = 60
"""Seconds by which clocks may differ."""
_DISCOVERED_FOR: Final = 3_600.0
_KEYS_FOR: Final = 3_600.0
"""Seconds after which keys are fetched again before they are used: one that the provider withdrew is then gone."""
_FETCH_AGAIN: Final = 10.0
"""Seconds between two fetches, however many unknown keys are named, and after one that failed."""
_MAX_TOKEN_LENGTH: Final = 16_000


class IdentityProviderError(Exception):
    """The provider can't be asked, or what it says does not hold; the text says which, and holds no data."""


@dataclass(frozen=True)
class ProviderIdentity:
    """A person as the provider knows them, with the roles that their claims give here."""

    issuer: str
    subject: str
    name: str | None
    roles: frozenset[str]


class IdentityProvider:
    """One provider; safe to be used by many requests at once."""

    def __init__(self, settings: OidcSettings) -> None:
        self.settings = settings
        self._client = httpx.AsyncClient(timeout=settings.timeout_seconds, follow_redirects=False)
        self._metadata: dict[str, Any] = {}
        self._discovered = self._fetched = self._failed = -_DISCOVERED_FOR
        self._keys = KeySet([])
        self._lock = asyncio.Lock()

    async def authorization_url(self, *, state: str, nonce: str, verifier: str, redirect_uri: str) -> str:
        """Where the browser is sent to sign in."""
        digest = hashlib.sha256(verifier.encode()).digest()
        fields = {
            "response_type": "code",
            "client_id": self.settings.client_id,
            "redirect_uri": redirect_uri,
            "scope": " ".join(self.settings.scopes),
            "state": state,
            "nonce": nonce,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        endpoint = (await self._discover())["authorization_endpoint"]
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(fields)}"

    async def authorization_origin(self) -> str:
        """Scheme and host of the page that the browser is sent to."""
        parts = urlsplit((await self._discover())["authorization_endpoint"])
        return f"{parts.scheme}://{parts.netloc}"

    async def end_session_url(self, back: str) -> str | None:
        """Where somebody may sign out of the provider, too, if it has such a page."""
        endpoint = (await self._discover()).get("end_session_endpoint")
        fields = {"client_id": self.settings.client_id, "post_logout_redirect_uri": back}
        return f"{endpoint}?{urlencode(fields)}" if endpoint else None

    async def redeem(self, code: str, *, nonce: str, verifier: str, redirect_uri: str) -> ProviderIdentity:
        """Exchange the code for an ID token and verify that; `IdentityProviderError` if anything is amiss."""
        endpoint = (await self._discover())["token_endpoint"]
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
        }
        secret = self.settings.client_secret
        headers = {}
        if secret is None:
            fields["client_id"] = self.settings.client_id
        else:
            pair = f"{quote(self.settings.client_id, safe='')}:{quote(secret.get_secret_value(), safe='')}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        token = (await self._post(endpoint, fields, headers)).get("id_token")
        claims = await self._claims(token if isinstance(token, str) else "", {self.settings.client_id})
        if claims.get("nonce") != nonce:
            raise IdentityProviderError("the ID token is not an answer to this sign-in")
        return self._identity(claims)

    async def verify_bearer(self, token: str) -> ProviderIdentity:
        """Whoever an ID token or a JWT access token names, if it is for us; `IdentityProviderError` if not."""
        audiences = {self.settings.client_id, self.settings.audience or self.settings.client_id}
        return self._identity(await self._claims(token, audiences))

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    # What it says of itself

    async def _discover(self) -> dict[str, Any]:
        async with self._lock:
            if time.monotonic() - self._discovered < _DISCOVERED_FOR:
                return self._metadata
            if time.monotonic() - self._failed < _FETCH_AGAIN:
                raise IdentityProviderError("the provider did not answer a moment ago")
            self._failed = time.monotonic()
            document = await self._get(f"{self.settings.issuer.rstrip('/')}/.well-known/openid-configuration")
            if document.get("issuer") != self.settings.issuer:
                raise IdentityProviderError("the provider calls itself by another issuer")
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                if not str(document.get(name, "")).startswith(("https://", "http://")):
                    raise IdentityProviderError(f"the provider gives no {name}")
            self._metadata, self._discovered, self._failed = document, time.monotonic(), -_DISCOVERED_FOR
            return document

    async def _fetch_keys(self) -> None:
        address = (await self._discover())["jwks_uri"]
        async with self._lock:
            if time.monotonic() - self._fetched < _FETCH_AGAIN:
                return
            self._fetched = time.monotonic()
            document = await self._get(address)
            keys = [
                key for key in document.get("keys", ()) if isinstance(key, dict) and key.get("kty") != "oct"
            ]
            try:
                self._keys = KeySet.import_key_set({"keys": keys})
            except (JoseError, ValueError, TypeError, KeyError):
                raise IdentityProviderError("the provider's keys can't be read") from None

    # What it says of a person

    async def _claims(self, token: str, audiences: set[str]) -> dict[str, Any]:
        if not token or len(token) > _MAX_TOKEN_LENGTH:
            raise IdentityProviderError("there is no token that can be read")
        if time.monotonic() - self._fetched > _KEYS_FOR:
            await self._fetch_keys()
        try:
            claims = self._decoded(token)
        except (JoseError, ValueError, KeyError):
            await self._fetch_keys()
            try:
                claims = self._decoded(token)
            except (JoseError, ValueError, KeyError):
                raise IdentityProviderError("the token is not signed by the provider") from None
        self._check(claims, audiences)
        return claims

    def _decoded(self, token: str) -> dict[str, Any]:
        return dict(jwt.decode(token, self._keys, algorithms=_ALGORITHMS).claims)

    def _check(self, claims: Mapping[str, Any], audiences: set[str]) -> None:
        audience = claims.get("aud")
        recipients = set(audience) if isinstance(audience, list) else {audience}
        if claims.get("iss") != self.settings.issuer:
            raise IdentityProviderError("the token is of another issuer")
        if not recipients & audiences:
            raise IdentityProviderError("the token is for somebody else")
        if len(recipients) > 1 and claims.get("azp", self.settings.client_id) != self.settings.client_id:
            raise IdentityProviderError("the token was issued to another client")
        if not isinstance(claims.get("sub"), str) or not claims["sub"]:
            raise IdentityProviderError("the token names nobody")
        try:
            jwt.JWTClaimsRegistry(leeway=_LEEWAY, exp={"essential": True}).validate(dict(claims))
        except JoseError:
            raise IdentityProviderError("the token is not in force") from None

    def _identity(self, claims: Mapping[str, Any]) -> ProviderIdentity:
        value: Any = claims
        for step in self.settings.roles_claim.split("."):
            value = value.get(step) if isinstance(value, Mapping) else None
        values = value if isinstance(value, list) else [value]
        roles = frozenset(
            self.settings.roles[group]
            for group in values
            if isinstance(group, str) and group in self.settings.roles
        )
        name = claims.get(self.settings.name_claim)
        known_as = name if isinstance(name, str) and name else None
        return ProviderIdentity(self.settings.issuer, str(claims["sub"]), known_as, roles)

    # Asking it

    async def _get(self, address: str) -> dict[str, Any]:
        try:
            return _object(await self._client.get(address))
        except httpx.HTTPError:
            raise IdentityProviderError("the provider does not answer") from None

    async def _post(
        self, address: str, fields: Mapping[str, str], headers: Mapping[str, str]
    ) -> dict[str, Any]:
        try:
            return _object(await self._client.post(address, data=dict(fields), headers=headers))
        except httpx.HTTPError:
            raise IdentityProviderError("the provider does not answer") from None


def _object(answer: httpx.Response) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        body = None
    if answer.status_code != 200 or not isinstance(body, dict):
        raise IdentityProviderError(
            "the provider refused, or answered with something else than was asked for"
        )
    return body
