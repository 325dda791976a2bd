"""Operations: is it alive, is it ready, what is it, how does it do."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from gateway import VERSION
from gateway.api.error_answers import JSONAnswer
from gateway.api.monitoring import require_monitoring
from gateway.errors import GatewayError
from gateway.operations import Services

router = APIRouter()


@router.get("/health/live")
async def live() -> Response:
    """The process answers."""
    return JSONAnswer({"status": "live"})


@router.get("/health/ready")
async def ready(request: Request) -> Response:
    """Readiness. A 503 names each of `checks` that has a problem, with its remedy.

    `content` is `missing` where the start found advice without its content that no event says was erased.
    """
    services: Services | None = request.app.state.services
    if services is None:
        raise GatewayError("starting", "The models are still loading.", retry_after=2)
    if services.stopping.is_set():
        raise GatewayError(
            "stopping", "The gateway ends: it finishes what runs, and takes nothing new.", retry_after=5
        )
    checks = await services.health.check()
    failed = {result.name: result.problem for result in checks if result.problem is not None}
    report = services.witnessing.report
    state: dict[str, Any] = {
        "checks": {check.name: check.problem or "ok" for check in checks},
        "policies": sorted(policy.id for policy in services.policies),
        "content": "missing" if services.content_missing else "whole",
        "witnessed": report(query_size=False)
        if "log" in failed
        else await services.database.run_in_thread(report),
    }
    if failed:
        message = " ".join(f"{name}: {problem}" for name, problem in failed.items())
        raise GatewayError("not_ready", message, retry_after=5, **state)
    return JSONAnswer({"status": "ready", **state})


@router.get("/info")
async def info(request: Request) -> Response:
    """Version, the log's name and its public keys: what an overseer needs to verify it elsewhere.

    `verifier_key` is the newest; the whole log, from before it was changed too, takes all of `verifier_keys`.
    """
    await require_monitoring(request)
    keys = request.app.state.verifier_keys()
    log = {"origin": request.app.state.origin, "verifier_key": keys[-1], "verifier_keys": keys}
    return JSONAnswer({"name": "countersign", "version": VERSION, "log": log})


@router.get("/metrics", response_class=PlainTextResponse)
async def metrics(request: Request) -> Response:
    """Prometheus metrics; their labels are routes, policies, types and codes, never anybody's data."""
    await require_monitoring(request)
    body = generate_latest(request.app.state.metrics.registry)
    return Response(body, headers={"Content-Type": CONTENT_TYPE_LATEST})
