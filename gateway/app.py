"""Serves what `bootstrap.py` opened: builds the parts once and wires them into a running gateway."""

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
from gateway.bootstrap import Foundation, policy_folders, write_private
from gateway.errors import GatewayError
from gateway.http import Parts
from gateway.identity import Provider, Site, Uses
from gateway.metrics import Metrics
from gateway.notices import Noticing
from gateway.operations import PolicyRollout, Retention, read_folders_with, record_start, run_periodic_tasks
from gateway.oversight import Measuring
from gateway.pipeline import Pipeline
from gateway.policy import InForce
from gateway.redaction import Redactor
from gateway.settings import CONTROL, LOG_VKEY, WITNESSED, Settings
from gateway.steps import CaseLocks, Deciding, MissedRedactions, Release, Settled
from gateway.web import build_pages
from gateway.witnessing import Witnessing

_log = structlog.get_logger("countersign")


def serve_application(foundation: Foundation, failed: Callable[[Exception], None]) -> ASGIApp:
    """The gateway as an ASGI application; it answers 503 until the models are loaded.

    `failed` is told if they can't be: a gateway that can't load must end, not wait for ever.
    """
    control = secrets.token_urlsafe(32)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with _control_file(foundation.settings, control):
            loading = asyncio.create_task(_load(app, foundation, failed))
            try:
                yield
            finally:
                loading.cancel()
                with suppress(asyncio.CancelledError):
                    await loading
                await _close(app, foundation)

    return build_application(
        lifespan,
        origin=foundation.settings.origin,
        verifier_keys=(foundation.settings.data / LOG_VKEY).read_text("utf-8").split(),
        control_token=control,
        pages=build_pages(foundation.settings),
    )


async def _load(app: FastAPI, foundation: Foundation, failed: Callable[[Exception], None]) -> None:
    """Load the models, settle what a crash left, then serve and run the background tasks until cancelled."""
    try:
        retention = Retention(foundation.log, foundation.database, foundation.vault)
        redactor, missing = await asyncio.gather(
            _load_models(foundation), asyncio.to_thread(retention.missing_content)
        )
        recorder = foundation.recorder
        cases = CaseLocks()
        settled, uses, signing = Settled(), Uses(), foundation.signing
        release = Release(foundation.database, foundation.vault, recorder, settled, foundation.settings.url)
        deciding = Deciding(foundation.database, foundation.vault, recorder, signing, settled, release.find)
        in_force = InForce(foundation.policies)
        changes = _policy_rollout(app, foundation, in_force, redactor, recorder)
        pipeline = Pipeline(
            database=foundation.database,
            vault=foundation.vault,
            recorder=recorder,
            policies=in_force,
            redactor=redactor,
            providers=foundation.providers,
            cases=cases,
            base_url=foundation.settings.url,
            deciding=deciding,
            release=release,
            uses=uses,
            checks=foundation.checks,
            checks_within_minutes=foundation.settings.checks_within_minutes,
        )
        await _settle_interrupted(foundation, recorder)
        alone = foundation.heartbeat is None
        await recorder.submit(lambda transaction: record_start(transaction, foundation.policies, alone=alone))
    except Exception as error:  # noqa: BLE001 - told to whoever started it
        failed(error)
        return
    witnessing = _witnessing(app, foundation)
    measuring = Measuring(foundation.database)
    metrics: Metrics = app.state.metrics
    noticing = Noticing(
        foundation.settings.notices,
        foundation.database,
        recorder,
        foundation.settings.url,
        failed=lambda channel: metrics.notices_failed.labels(channel).inc(),
    )
    app.state.parts = Parts(
        settings=foundation.settings,
        log=foundation.log,
        database=foundation.database,
        in_force=in_force,
        changes=changes,
        pipeline=pipeline,
        recorder=recorder,
        signing=signing,
        deciding=deciding,
        missed_redactions=MissedRedactions(foundation.vault, recorder, redactor, cases, release),
        uses=uses,
        vault=foundation.vault,
        retention=retention,
        measuring=measuring,
        cases=cases,
        verifiers=foundation.signer.verifiers,
        oidc=None if foundation.settings.oidc is None else Provider(foundation.settings.oidc),
        content_missing=missing,
        witnessing=witnessing,
    )
    if missing:
        _log.error("content is missing that no event explains; run `countersign check`", advice=missing)
    app.state.metrics.content_missing.set(missing)
    _log.info("ready", policies=[policy.id for policy in foundation.policies])
    running = [
        run_periodic_tasks(
            recorder,
            settled,
            uses,
            retention,
            foundation.database,
            measuring,
            in_force,
            app.state.metrics,
        ),
        changes.run(),
        witnessing.run(),
        noticing.run(),
    ]
    if foundation.heartbeat is not None:
        running.append(foundation.heartbeat.run(recorder, foundation.database))
        running.append(changes.keep_in_step(foundation.database))
    await asyncio.gather(*running)


async def _settle_interrupted(foundation: Foundation, recorder: Recorder) -> None:
    """What a crash left unanswered has failed; where there are other gateways, only what this one left."""
    if foundation.heartbeat is not None:
        await foundation.heartbeat.begin(recorder, foundation.database)
        return
    for advice in await foundation.database.fetch(interrupted):
        await recorder.interrupted(advice)


def _policy_rollout(
    app: FastAPI, foundation: Foundation, in_force: InForce, redactor: Redactor, recorder: Recorder
) -> PolicyRollout:
    settings, metrics = foundation.settings, app.state.metrics
    policies, prompts = policy_folders(settings)
    return PolicyRollout(
        in_force,
        read_folders_with(policies, prompts, foundation.providers.names, settings.redaction.entities),
        policies,
        redactor,
        recorder,
        foundation.checks,
        can_sign=Site.of(settings.url) is not None,
        reload_requested=foundation.reload,
        on_problems=metrics.policy_problems.set,
    )


def _witnessing(app: FastAPI, foundation: Foundation) -> Witnessing:
    metrics: Metrics = app.state.metrics
    witnessing = Witnessing(
        foundation.settings.witnessing,
        foundation.log,
        foundation.signer.verifiers,
        foundation.settings.data / WITNESSED,
        failed=lambda name: metrics.witness_failures.labels(name).inc(),
    )
    metrics.watch_witnessing(lambda: witnessing.age, lambda: witnessing.report(look=False))
    return witnessing


async def _load_models(foundation: Foundation) -> Redactor:
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(2, "loading") as pool:
        providers = loop.run_in_executor(pool, foundation.providers.load)
        redactor = loop.run_in_executor(pool, Redactor.load, foundation.settings.redaction)
        await providers
        return await redactor


async def _close(app: FastAPI, foundation: Foundation) -> None:
    parts: Parts | None = app.state.parts
    if parts is not None:
        await parts.pipeline.drain()
        if parts.oidc is not None:
            await parts.oidc.aclose()
        if foundation.heartbeat is not None:
            with suppress(GatewayError):  # who can't say goodbye is found to be silent
                await foundation.heartbeat.leave(foundation.recorder)
    await foundation.providers.aclose()
    await asyncio.to_thread(foundation.log.close)


@contextmanager
def _control_file(settings: Settings, token: str) -> Iterator[None]:
    """While the gateway runs, commands at this machine find it, and act as the operator, by this file."""
    path = settings.data / CONTROL
    write_private(path, json.dumps({"base_url": settings.local_url, "token": token}))
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
