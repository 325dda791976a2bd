"""`/v1/credentials`: keys and tokens made, listed and revoked, by an admin or by the operator at the machine.

`countersign keys` is that operator.
"""

from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, model_validator

from audit import Transaction
from gateway.api.bodies import read_model
from gateway.api.callers import authority_of
from gateway.api.error_answers import JSONAnswer
from gateway.api.openapi import takes
from gateway.http import services_of
from gateway.identity import (
    CODE_HOURS,
    create_application,
    create_person,
    list_credentials,
    make_code,
    revoke,
)

router = APIRouter()


class NewCode(BaseModel):
    """`username`: what the person signs in with from now on; without it, what they have stays."""

    model_config = ConfigDict(extra="forbid", strict=True)

    username: str | None = None


class NewCredential(BaseModel):
    """For an application (`application`: its id), or for a new person (`name`, `roles`)."""

    model_config = ConfigDict(extra="forbid", strict=True)

    application: str | None = None
    name: str | None = None
    roles: list[str] | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> "NewCredential":
        if (self.application is None) == (self.name is None):
            raise ValueError("give either `application`, or `name` and `roles`")
        return self


@router.post("/v1/credentials", status_code=201)
@takes(NewCredential)
async def create(request: Request) -> Response:
    """Make a credential; its token is in this answer and nowhere else."""
    actor = await authority_of(request, "admin")
    services = services_of(request)
    body = await read_model(request, NewCredential)
    credential = await services.recorder.submit(lambda transaction: make_credential(transaction, body, actor))
    return JSONAnswer(credential, 201, {"Cache-Control": "no-store"})


@router.post("/v1/people/{person}/password-codes", status_code=201)
@takes(NewCode)
async def create_code(request: Request, person: str) -> Response:
    """Make a code with which the person sets their own password for the pages, once."""
    actor = await authority_of(request, "admin")
    services = services_of(request)
    body = await read_model(request, NewCode)
    code = await services.recorder.submit(
        lambda transaction: make_password_code(transaction, person, body, actor)
    )
    page = {"page": f"{services.settings.url}/set-password"}
    return JSONAnswer({**code, **page}, 201, {"Cache-Control": "no-store"})


@router.get("/v1/credentials")
async def list_all(request: Request) -> Response:
    """Every credential, without secrets."""
    await authority_of(request, "admin")
    return JSONAnswer({"object": "list", "data": await services_of(request).database.fetch(list_credentials)})


@router.delete("/v1/credentials/{credential}")
async def remove(request: Request, credential: str) -> Response:
    """Revoke a credential at once, by its id, or all that a person or an application holds, by theirs."""
    actor = await authority_of(request, "admin")
    recorder = services_of(request).recorder
    revoked = await recorder.submit(lambda transaction: revoke(transaction, credential, actor=actor))
    return JSONAnswer({"object": "list", "revoked": revoked})


def make_credential(transaction: Transaction, new: NewCredential, actor: str) -> dict[str, Any]:
    """Create what was asked for, in the log's transaction."""
    if new.application is not None:
        token = create_application(transaction, new.application, actor=actor)
        return {"object": "credential", "application": new.application, "token": token}
    assert new.name is not None  # noqa: S101 - the model's validator
    person, token = create_person(transaction, new.name, new.roles or [], actor=actor)
    return {"object": "credential", "person": person, "token": token}


def make_password_code(transaction: Transaction, person: str, new: NewCode, actor: str) -> dict[str, Any]:
    """Create the code, in the log's transaction."""
    code = make_code(transaction, person, new.username, actor=actor)
    return {"object": "password_code", "person": person, "code": code, "hours": CODE_HOURS}
