"""Operations: is it alive, is it ready, what is it, how does it do."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from gateway.api.error_answers import JSONAnswer
from gateway.errors import GatewayError
from gateway.http import Services
from gateway.version import VERSION

router = APIRouter()


@router.get("/health/live")
async def live() -> Response:
    """The process answers."""
    return JSONAnswer({"status": "live"})


@router.get("/health/ready")
async def ready(request: Request) -> Response:
    """Models are loaded and the log can be written; otherwise a 503 that says which is missing.

    `content` is `missing` where the start found advice without its content that no event says was erased.
    """
    services: Services | None = request.app.state.services
    if services is None:
        raise GatewayError("starting", "The models are still loading.", retry_after=2)
    if not services.log.running:
        raise GatewayError("log_unavailable", "The audit log can't be written.", retry_after=5)
    await services.database.run_in_thread(services.log.checkpoint)  # a server that hangs refuses nothing
    return JSONAnswer(
        {
            "status": "ready",
            "policies": sorted(policy.id for policy in services.policies),
            "content": "missing" if services.content_missing else "whole",
            "witnessed": await services.database.run_in_thread(services.witnessing.report),
        }
    )


@router.get("/info")
async def info(request: Request) -> Response:
    """Version, the log's name and its public keys: what an overseer needs to verify it elsewhere.

    `verifier_key` is the newest; the whole log, from before it was changed too, takes all of `verifier_keys`.
    """
    keys = request.app.state.verifier_keys
    log = {"origin": request.app.state.origin, "verifier_key": keys[-1], "verifier_keys": keys}
    return JSONAnswer({"name": "countersign", "version": VERSION, "log": log})


@router.get("/metrics", response_class=PlainTextResponse)
async def metrics(request: Request) -> Response:
    """Prometheus metrics; their labels are routes, policies, types and codes, never anybody's data."""
    body = generate_latest(request.app.state.metrics.registry)
    return Response(body, headers={"Content-Type": CONTENT_TYPE_LATEST})
