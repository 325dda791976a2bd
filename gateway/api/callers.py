"""Who calls, by the credential in `Authorization`."""

import hmac

from fastapi import Request

from gateway.api.tokens import PROVIDER_PERSON
from gateway.errors import GatewayError
from gateway.http import services_of
from gateway.identity import Caller, Person, Role


def bearer_token(request: Request) -> str:
    """The token in `Authorization`; empty if there is none."""
    return request.headers.get("authorization", "").partition(" ")[2]


def is_operator(request: Request) -> bool:
    """Whether the caller has the token of the running gateway's `control.json`."""
    control: str = request.app.state.control_token
    return hmac.compare_digest(bearer_token(request).encode(), control.encode())


async def caller_of(request: Request) -> Caller:
    """Who calls: the identity provider's word for them (`tokens.py`), or a credential of our own."""
    person: Person | None = request.scope.get(PROVIDER_PERSON)
    if person is not None:
        return person
    return await services_of(request).pipeline.identify(request.headers.get("authorization"))


async def auditor_of(request: Request) -> Person:
    """The caller, who must be a person with the role oversight or admin."""
    caller = await caller_of(request)
    if not isinstance(caller, Person):
        raise GatewayError(
            "person_required", "The record is read by people with the role oversight or admin."
        )
    if not caller.may_audit:
        raise GatewayError("role_required", "Reading the record takes the role oversight or admin.")
    return caller


async def authority_of(request: Request, *roles: Role) -> str:
    """The actor of a change: a person with one of `roles`, or the operator.

    The operator is anyone who can read the running gateway's `control.json` in its data folder.
    """
    if is_operator(request):
        return "operator"
    caller = await caller_of(request)
    if isinstance(caller, Person) and caller.roles & set(roles):
        return caller.actor
    raise GatewayError(
        "role_required",
        f"This takes a person with the role {' or '.join(roles)}."
        if roles
        else "This takes the operator at the machine.",
    )
