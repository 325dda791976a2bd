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
from gateway.errors import GatewayError
from gateway.evidence import shipped_model
from gateway.http import Services
from gateway.identity import IdentityProvider, LastUsedTracker, Site
from gateway.notices import NoticeDispatcher
from gateway.operations import (
    Health,
    PolicyRollout,
    PolicyTrial,
    Retention,
    abandon_undelivered,
    read_folders_with,
    record_start,
    run_periodic_tasks,
    show_state,
)
from gateway.oversight import Measuring
from gateway.pipeline import Pipeline
from gateway.policy import InForce, PolicySet
from gateway.redaction import Redactor
from gateway.settings import CONTROL, LOG_VKEY, WITNESSED, Settings
from gateway.startup.bootstrap import Resources, write_private
from gateway.startup.configured_policies import model_terms, policy_folders
from gateway.steps import (
    CaseLocks,
    DecisionService,
    DecisionWaiter,
    MissedRedactions,
    Releases,
    StoredResponses,
)
from gateway.telemetry import Metrics, stop_tracing
from gateway.web import build_pages
from gateway.witnessing import Witnessing

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
    """Load the models, settle what a crash left, then serve and run the background tasks until cancelled."""
    try:
        retention = Retention(resources.log, resources.database, resources.vault)
        redactor, missing, _ = await asyncio.gather(
            _load_models(resources),
            asyncio.to_thread(retention.missing_content),
            asyncio.to_thread(_learn_examples, resources.policies),
        )
        metrics: Metrics = app.state.metrics
        recorder = resources.make_recorder(metrics.count_events)
        cases = CaseLocks()
        waiter, last_used, signing = DecisionWaiter(resources.stopping), LastUsedTracker(), resources.signing
        releases = Releases(resources.database, resources.vault, recorder, waiter, resources.settings.url)
        decisions = DecisionService(
            resources.database, resources.vault, recorder, signing, waiter, releases.find
        )
        in_force = InForce(resources.policies)
        changes = _policy_rollout(app, resources, in_force, redactor, recorder)
        pipeline = Pipeline(
            database=resources.database,
            vault=resources.vault,
            recorder=recorder,
            policies=in_force,
            redactor=redactor,
            providers=resources.providers,
            cases=cases,
            base_url=resources.settings.url,
            document_limits=resources.settings.limits.documents,
            decisions=decisions,
            releases=releases,
            last_used=last_used,
            metrics=metrics,
            checks=resources.checks,
            checks_within_minutes=resources.settings.checks_within_minutes,
        )
        await _settle_interrupted(resources, recorder)
        await recorder.submit(lambda transaction: record_start(transaction, resources.policies))
    except Exception as error:  # noqa: BLE001 - reported to the one who started it
        failed(error)
        return
    witnessing = _witnessing(app, resources)
    measuring = Measuring(resources.database)
    notice_dispatcher = NoticeDispatcher(
        resources.settings.notices,
        resources.database,
        recorder,
        resources.settings.url,
        failed=lambda channel: metrics.notices_failed.labels(channel).inc(),
    )
    health = Health(
        data=resources.settings.data,
        least_free_bytes=resources.settings.limits.disk_free_bytes,
        unready_seconds=resources.settings.witnessing.unready_seconds,
        log=resources.log,
        database=resources.database,
        vault=resources.vault,
        in_force=in_force,
        witnessing=witnessing,
    )
    app.state.services = Services(
        settings=resources.settings,
        log=resources.log,
        database=resources.database,
        in_force=in_force,
        changes=changes,
        pipeline=pipeline,
        recorder=recorder,
        signing=signing,
        decisions=decisions,
        missed_redactions=MissedRedactions(resources.vault, recorder, redactor, cases, releases),
        responses=StoredResponses(
            resources.database, resources.vault, recorder, releases, resources.settings.url
        ),
        last_used=last_used,
        vault=resources.vault,
        retention=retention,
        measuring=measuring,
        cases=cases,
        log_key=resources.log_key,
        oidc=None if resources.settings.oidc is None else IdentityProvider(resources.settings.oidc),
        health=health,
        stopping=resources.stopping,
        content_missing=missing,
        witnessing=witnessing,
    )
    if missing:
        _log.error("content is missing that no event explains; run `countersign check`", advice=missing)
    app.state.metrics.content_missing.set(missing)
    _log.info("ready", policies=[policy.id for policy in resources.policies])
    running = [
        run_periodic_tasks(
            recorder,
            waiter,
            last_used,
            retention,
            resources.database,
            measuring,
            in_force,
            app.state.metrics,
        ),
        changes.run(),
        witnessing.run(),
        notice_dispatcher.run(),
        abandon_undelivered(recorder, resources.database),
        show_state(resources.database, health, in_force, metrics),
    ]
    if resources.heartbeat is not None:
        running.append(resources.heartbeat.run(recorder, resources.database))
        running.append(changes.keep_in_step(resources.database))
    await asyncio.gather(*running)


async def _settle_interrupted(resources: Resources, recorder: Recorder) -> None:
    """What a crash left unanswered has failed; where there are other gateways, only what this one left."""
    if resources.heartbeat is not None:
        await resources.heartbeat.begin(recorder, resources.database)
        return
    for advice in await resources.database.fetch(interrupted):
        await recorder.interrupted(advice)


def _policy_rollout(
    app: FastAPI, resources: Resources, in_force: InForce, redactor: Redactor, recorder: Recorder
) -> PolicyRollout:
    settings, metrics = resources.settings, app.state.metrics
    folders = policy_folders(settings)
    terms = resources.providers.terms
    models = model_terms(terms)
    return PolicyRollout(
        in_force,
        read_folders_with(
            *folders,
            models,
            settings.redaction.entities,
            terms.embedders,
            terms.transcribers,
        ),
        folders,
        PolicyTrial(folders[0], redactor, resources.checks, can_sign=Site.of(settings.url) is not None),
        recorder,
        resources.database,
        resources.vault,
        models=models,
        reload_requested=resources.reload,
        approval=settings.policy.approval,
        on_problems=metrics.policy_problems.set,
    )


def _witnessing(app: FastAPI, resources: Resources) -> Witnessing:
    metrics: Metrics = app.state.metrics
    witnessing = Witnessing(
        resources.settings.witnessing,
        resources.log,
        lambda: resources.log.verifiers,
        resources.settings.data / WITNESSED,
        failed=lambda name: metrics.witness_failures.labels(name).inc(),
    )
    metrics.watch_witnessing(lambda: witnessing.age, lambda: witnessing.report(look=False))
    return witnessing


def _learn_examples(policies: PolicySet) -> None:
    """What rules learn from examples is learnt before the first request, which would have to wait for it."""
    model = shipped_model()
    for policy in policies if model is not None else ():
        for rule in policy.likenesses.values():
            rule.learnt(model)


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
            with suppress(GatewayError):  # who can't say goodbye is found to be silent
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
