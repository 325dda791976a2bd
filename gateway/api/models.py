"""`GET /v1/models` and `GET /v1/policies`: what is in force."""

from typing import Any

from fastapi import APIRouter, Request, Response

from gateway.api.callers import authority_of, caller_of
from gateway.api.error_answers import JSONAnswer
from gateway.errors import GatewayError
from gateway.http import services_of
from gateway.identity import Application
from gateway.policy import Policy

router = APIRouter()


@router.get("/v1/models")
async def list_models(request: Request) -> Response:
    """The policies that the caller may use, as OpenAI lists models."""
    return JSONAnswer({"object": "list", "data": [_as_model(policy) for policy in await _visible(request)]})


@router.get("/v1/models/{policy}")
async def get_model(request: Request, policy: str) -> Response:
    """One policy, as OpenAI shows a model."""
    return JSONAnswer(_as_model(await _one(request, policy)))


@router.get("/v1/policies")
async def list_policies(request: Request) -> Response:
    """The policies in force, with their versions."""
    return JSONAnswer({"object": "list", "data": [_summary(policy) for policy in await _visible(request)]})


@router.get("/v1/policies/{policy}")
async def get_policy(request: Request, policy: str) -> Response:
    """One policy in full, as it is in force."""
    result = await _one(request, policy)
    return JSONAnswer({**_summary(result), "definition": result.model_dump(mode="json")})


@router.post("/v1/policies/{policy}/retire")
async def retire_policy(request: Request, policy: str) -> Response:
    """Retire a policy: by an admin, or the operator at the machine."""
    actor = await authority_of(request, "admin")
    await services_of(request).changes.retire(policy, actor)
    return JSONAnswer({"object": "policy.retired", "id": policy})


async def _visible(request: Request) -> list[Policy]:
    caller = await caller_of(request)
    policies = list(services_of(request).policies)
    if isinstance(caller, Application):
        return [policy for policy in policies if policy.allows(caller.id)]
    return policies


async def _one(request: Request, name: str) -> Policy:
    for policy in await _visible(request):
        if policy.id == name:
            return policy
    raise GatewayError(
        "unknown_policy", "There is no such policy for you; GET /v1/models lists them.", param="model"
    )


def _as_model(policy: Policy) -> dict[str, Any]:
    return {
        "id": policy.id,
        "object": "model",
        "created": 0,
        "owned_by": policy.owner,
        "decision_support": {"title": policy.title, "purpose": policy.purpose, **_in_force(policy)},
    }


def _summary(policy: Policy) -> dict[str, Any]:
    return {
        "id": policy.id,
        "object": "policy",
        "title": policy.title,
        "purpose": policy.purpose,
        "owner": policy.owner,
        "stage": policy.stage,
        "residency": policy.residency,
        **_in_force(policy),
    }


def _in_force(policy: Policy) -> dict[str, Any]:
    return {"version": policy.version, "gate": policy.review.gate, "deciders": policy.review.deciders}
