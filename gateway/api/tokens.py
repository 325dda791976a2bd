"""Tokens of the identity provider in `Authorization`: verified before a request reaches its route.

Verifying may ask the provider for its keys, so it is awaited here; what follows finds the person in the scope.
"""

from typing import Any, Final

from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.api.error_answers import answer_error
from gateway.errors import GatewayError
from gateway.identity import IdentityProviderError, Person, find_provider_person, provision_person
from gateway.operations import Services

PROVIDER_PERSON: Final = "countersign.provider_person"
"""The scope's member that holds the person."""


class ProvidedTokens:
    """ASGI middleware: a bearer token that looks like a JWT is the provider's, or nobody's."""

    def __init__(self, app: ASGIApp, state: Any) -> None:
        self._app = app
        self._state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        services: Services | None = self._state.services
        token = _jwt(scope) if scope["type"] == "http" else None
        if token is not None and services is not None and services.oidc is not None:
            try:
                scope[PROVIDER_PERSON] = await _person(services, token)
            except Exception as error:  # noqa: BLE001 - answered as every exception of the API is
                await answer_error(error, scope["path"])(scope, receive, send)
                return
        await self._app(scope, receive, send)


async def _person(services: Services, token: str) -> Person:
    assert services.oidc is not None  # noqa: S101 - asked by the caller
    try:
        identity = await services.oidc.verify_bearer(token)
    except IdentityProviderError as error:
        raise GatewayError("unknown_credential", f"This token is not accepted: {error}.") from None
    row = await services.database.fetch(
        lambda connection: find_provider_person(
            connection, identity.issuer, identity.subject, identity.roles, services.last_used.record_use
        )
    )
    if row is not None:
        return row
    person, _ = await services.recorder.submit(
        lambda transaction: provision_person(
            transaction, identity.issuer, identity.subject, identity.name, identity.roles
        )
    )
    return person


def _jwt(scope: Scope) -> str | None:
    for name, value in scope["headers"]:
        if name == b"authorization":
            scheme, _, token = value.decode("latin-1").partition(" ")
            token = token.strip()
            return token if scheme.lower() == "bearer" and token.count(".") == 2 else None
    return None
