"""`/v1/erasures`, `/v1/holds`, `/v1/master-key`: what becomes of content. Case references stand in bodies only.

By people with the role admin, holds also by oversight, or by the operator at the machine (`countersign erase`, …).
"""

import asyncio
from collections.abc import Collection

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from gateway.advice import ERASURE_REASONS, HOLD_REASONS, RETENTION, ErasureTarget, case_scope, list_holds
from gateway.api.bodies import read_model
from gateway.api.callers import authority_of
from gateway.api.error_answers import JSONAnswer
from gateway.api.openapi import takes
from gateway.errors import GatewayError
from gateway.http import services_of
from gateway.storage import Vault

router = APIRouter()


class About(BaseModel):
    """An application's case (`application`, `case`), or one advice, and why: a word from the list."""

    model_config = ConfigDict(extra="forbid", strict=True)

    application: str | None = None
    case: str | None = Field(default=None, min_length=1, max_length=500)
    advice: str | None = Field(
        default=None, min_length=1, max_length=100, description="Its id, or a transcription's"
    )
    reason: str

    @model_validator(mode="after")
    def _one_matter(self) -> "About":
        if (self.case is None) == (self.advice is None) or (self.case is None) != (self.application is None):
            raise ValueError("give either `application` and `case`, or `advice`")
        return self

    def target(self, vault: Vault) -> ErasureTarget:
        """What it is about, as events name it."""
        if self.case is not None and self.application is not None:
            return ErasureTarget(case_scope(vault, self.application, self.case), is_case=True)
        assert self.advice is not None  # noqa: S101 - the validator
        return ErasureTarget(self.advice, is_case=False)


@router.post("/v1/erasures")
@takes(About)
async def erase(request: Request) -> Response:
    """Erase a case's content, or one advice's: answered once it is gone from the database's files."""
    actor = await authority_of(request, "admin")
    services = services_of(request)
    about = await read_model(request, About)
    erasure_reason(about.reason)
    target = about.target(services.vault)
    async with services.cases.hold(target.scope):  # not while a request of the case takes up its pseudonyms
        result = await asyncio.to_thread(services.retention.erase, target, why=about.reason, actor=actor)
    return JSONAnswer(result)


@router.get("/v1/holds")
async def holds(request: Request) -> Response:
    """The legal holds in force; cases by their keyed reference."""
    await authority_of(request, "admin", "oversight")
    return JSONAnswer({"object": "list", "data": await services_of(request).database.fetch(list_holds)})


@router.post("/v1/holds", status_code=201)
@takes(About)
async def place(request: Request) -> Response:
    """Keep content from being erased, by command and by retention."""
    actor = await authority_of(request, "admin", "oversight")
    services = services_of(request)
    about = await read_model(request, About)
    hold_reason(about.reason)
    target = about.target(services.vault)
    result = await asyncio.to_thread(services.retention.place_hold, target, why=about.reason, actor=actor)
    return JSONAnswer(result, 201)


@router.post("/v1/holds/lift")
@takes(About)
async def lift(request: Request) -> Response:
    """Lift the hold that was placed for this reason; others stay."""
    actor = await authority_of(request, "admin", "oversight")
    services = services_of(request)
    about = await read_model(request, About)
    hold_reason(about.reason)
    target = about.target(services.vault)
    return JSONAnswer(
        await asyncio.to_thread(services.retention.lift_hold, target, why=about.reason, actor=actor)
    )


@router.post("/v1/master-key/rotations")
async def rotate(request: Request) -> Response:
    """Put the content keys under a new wrapping key, wrapped by the newest master key."""
    actor = await authority_of(request, "admin")
    return JSONAnswer(await asyncio.to_thread(services_of(request).retention.rotate_master, actor=actor))


def erasure_reason(reason: str) -> None:
    """Refuse a reason that is not on the list; `retention` is the gateway's own."""
    _on_list(reason, [word for word in ERASURE_REASONS if word != RETENTION])


def hold_reason(reason: str) -> None:
    """Refuse a reason that is not on the list."""
    _on_list(reason, list(HOLD_REASONS))


def _on_list(reason: str, reasons: Collection[str]) -> None:
    if reason not in reasons:
        # Never a text of one's own: it could hold the very data that is to go.
        raise GatewayError("invalid_field", f"The reason is one of {', '.join(reasons)}.", param="reason")
