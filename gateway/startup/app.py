"""Serves what `bootstrap.py` opened: builds the services once and wires them into a running gateway."""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager, suppress

import structlog
from fastapi import FastAPI
from starlette.types import ASGIApp

from gateway.advice import Recorder, interrupted
from gateway.api import build_application
from gateway.operations import (
    Retention,
    Services,
    learn_examples,
    record_start,
)
from gateway.redaction import Redactor
from gateway.settings import CONTROL, LOG_VKEY, Settings
from gateway.startup.bootstrap import Resources, write_private
from gateway.startup.services import build_services
from gateway.telemetry import Metrics, stop_tracing
from gateway.web import build_pages

_log = structlog.get_logger("countersign")


def serve_application(resources: Resources, failed: Callable[[Exception], None]) -> ASGIApp:
    """The gateway as an ASGI application; it answers 503 until the models are loaded.

    `failed` is told if they can't be: a gateway that can't load must end, not wait for ever.
    """
    control = secrets.token_urlsafe(32)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with _control_file(resources.settings, control):
            loading = asyncio.create_task(_load(app, resources, failed))
            try:
                yield
            finally:
                loading.cancel()
                with suppress(asyncio.CancelledError):
                    await loading
                await _close(app, resources)

    token = resources.settings.monitoring.token
    return build_application(
        lifespan,
        origin=resources.settings.origin,
        verifier_keys=lambda: (resources.settings.data / LOG_VKEY).read_text("utf-8").split(),
        control_token=control,
        monitoring_token=None if token is None else token.get_secret_value(),
        pages=build_pages(resources.settings),
    )


async def _load(app: FastAPI, resources: Resources, failed: Callable[[Exception], None]) -> None:
    """Load the models, record what a crash interrupted, then serve and run the background tasks until cancelled."""
    metrics: Metrics = app.state.metrics
    try:
        retention = Retention(resources.log, resources.database, resources.vault)
        redactor, missing, _ = await asyncio.gather(
            _load_models(resources),
            asyncio.to_thread(retention.missing_content),
            asyncio.to_thread(learn_examples, resources.policies),
        )
        services, tasks = build_services(resources, metrics, redactor, retention, missing)
        await _record_interrupted(resources, services.recorder)
        await services.recorder.submit(lambda transaction: record_start(transaction, resources.policies))
    except Exception as error:  # noqa: BLE001 - reported to the one who started it
        failed(error)
        return
    app.state.services = services
    if missing:
        _log.error("content is missing that no event explains; run `countersign check`", advice=missing)
    metrics.content_missing.set(missing)
    if redactor.left_out:
        _log.warning(
            "`redaction.entities` leaves out types that are redacted by default; it takes the place of them all",
            types=sorted(redactor.left_out),
        )
    _log.info("ready", policies=[policy.id for policy in resources.policies])
    await asyncio.gather(*(task() for task in tasks))


async def _record_interrupted(resources: Resources, recorder: Recorder) -> None:
    """Record the requests that a crash left unanswered as failed; with other gateways, only those of this one."""
    if resources.heartbeat is not None:
        await resources.heartbeat.begin(recorder, resources.database)
        return
    for advice in await resources.database.fetch(interrupted):
        await recorder.interrupted(advice)


async def _load_models(resources: Resources) -> Redactor:
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(2, "loading") as pool:
        providers = loop.run_in_executor(pool, resources.providers.load)
        redactor = loop.run_in_executor(pool, Redactor.load, resources.settings.redaction)
        await providers
        return await redactor


async def _close(app: FastAPI, resources: Resources) -> None:
    services: Services | None = app.state.services
    if services is not None:
        await services.pipeline.drain()
        if services.oidc is not None:
            await services.oidc.aclose()
        if resources.heartbeat is not None:
            await resources.heartbeat.leave(resources.make_recorder())
    await resources.providers.aclose()
    await asyncio.to_thread(resources.log.close)
    await asyncio.to_thread(stop_tracing)


@contextmanager
def _control_file(settings: Settings, token: str) -> Iterator[None]:
    """While the gateway runs, commands at this machine find it, and act as the operator, by this file."""
    path = settings.data / CONTROL
    write_private(path, json.dumps({"base_url": settings.local_url, "token": token}))
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
