"""`/v1/log-key`: the log's signing key changed while gateways run, by the operator at the machine."""

import asyncio

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from gateway.api.bodies import read_model
from gateway.api.callers import authority_of
from gateway.api.error_answers import JSONAnswer
from gateway.api.openapi import takes
from gateway.http import services_of

router = APIRouter()


class KeyChange(BaseModel):
    """Whether the change begins, so that both keys sign, or ends, so that the new one signs alone."""

    model_config = ConfigDict(extra="forbid", strict=True)

    finish: bool = Field(default=False, description="end the time in which both keys sign")


@router.post("/v1/log-key/rotations")
@takes(KeyChange)
async def rotate_log_key(request: Request) -> Response:
    """Begin or end the change to another key of the log; gives the new public key. By the operator at the machine."""
    actor = await authority_of(request)
    services = services_of(request)
    change = await read_model(request, KeyChange)
    do = services.log_key.finish if change.finish else services.log_key.begin
    return JSONAnswer({"verifier_key": await asyncio.to_thread(do, actor=actor)})
