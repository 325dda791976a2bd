"""The services of a running gateway, each built once, and the tasks that it runs beside its requests."""

from collections.abc import Sequence

import orjson

from gateway.advice import Recorder
from gateway.identity import IdentityProvider, LastUsedTracker, Site
from gateway.notices import NoticeDispatcher
from gateway.operations import (
    Health,
    PolicyRollout,
    PolicyTrial,
    Retention,
    Services,
)
from gateway.oversight import MeasureService
from gateway.pipeline import Pipeline
from gateway.policy import InForce
from gateway.reading import Reader
from gateway.redaction import Redactor
from gateway.settings import WITNESSED
from gateway.startup.bootstrap import Resources
from gateway.startup.configured_policies import known_names, policy_folders
from gateway.startup.periodic_tasks import RunningTask, periodic_tasks
from gateway.steps import (
    CaseLocks,
    DecisionService,
    DecisionWaiter,
    DocumentReader,
    MissedRedactions,
    Releases,
    StoredResponses,
)
from gateway.telemetry import Metrics
from gateway.witnessing import Witnessing


def build_services(
    resources: Resources,
    metrics: Metrics,
    reader: Reader,
    retention: Retention,
    content_missing: int,
) -> tuple[Services, Sequence[RunningTask]]:
    """The services, and what runs beside them until it is cancelled."""
    settings, database, vault = resources.settings, resources.database, resources.vault
    recorder = resources.make_recorder(
        lambda entries, seconds: metrics.count_events(map(orjson.loads, entries), seconds)
    )
    waiter, last_used, cases = DecisionWaiter(resources.stopping), LastUsedTracker(), CaseLocks()
    in_force = InForce(resources.policies)
    measuring = MeasureService(database)
    releases = Releases(database, vault, recorder, waiter, settings.url)
    decisions = DecisionService(database, vault, recorder, resources.signing, waiter, releases.find)
    changes = _policy_rollout(resources, metrics, in_force, reader.redactor, recorder)
    witnessing = _witnessing(resources, metrics)
    health = _health(resources, in_force, witnessing)
    pipeline = Pipeline(
        database=database,
        vault=vault,
        recorder=recorder,
        policies=in_force,
        reader=reader,
        providers=resources.providers,
        cases=cases,
        base_url=settings.url,
        documents=DocumentReader(settings.limits.documents),
        decisions=decisions,
        releases=releases,
        last_used=last_used,
        metrics=metrics,
        seeded_checks=resources.seeded_checks,
        seeded_checks_within_minutes=settings.checks_within_minutes,
    )
    services = Services(
        settings=settings,
        log=resources.log,
        database=database,
        in_force=in_force,
        changes=changes,
        pipeline=pipeline,
        recorder=recorder,
        signing=resources.signing,
        decisions=decisions,
        missed_redactions=MissedRedactions(
            vault, recorder, reader.redactor, cases, releases, reported=metrics.count_missed_redaction
        ),
        responses=StoredResponses(database, vault, recorder, releases, settings.url),
        last_used=last_used,
        vault=vault,
        retention=retention,
        measuring=measuring,
        cases=cases,
        log_key=resources.log_key,
        oidc=None if settings.oidc is None else IdentityProvider(settings.oidc),
        health=health,
        stopping=resources.stopping,
        content_missing=content_missing,
        witnessing=witnessing,
    )
    tasks: list[RunningTask] = [
        *periodic_tasks(services, waiter, metrics),
        changes.run,
        witnessing.run,
        _notices(resources, metrics, recorder).run,
    ]
    heartbeat = resources.heartbeat
    if heartbeat is not None:
        tasks += [lambda: heartbeat.run(recorder, database), lambda: changes.keep_in_step(database)]
    return services, tasks


def _policy_rollout(
    resources: Resources, metrics: Metrics, in_force: InForce, redactor: Redactor, recorder: Recorder
) -> PolicyRollout:
    settings = resources.settings
    folders = policy_folders(settings)
    return PolicyRollout(
        in_force,
        folders,
        known_names(settings, resources.providers.terms),
        PolicyTrial(
            folders[0], redactor, resources.seeded_checks, can_sign=Site.of(settings.url) is not None
        ),
        recorder,
        resources.database,
        resources.vault,
        reload_requested=resources.reload,
        approval=settings.policy.approval,
        on_problems=metrics.policy_problems.set,
    )


def _witnessing(resources: Resources, metrics: Metrics) -> Witnessing:
    witnessing = Witnessing(
        resources.settings.witnessing,
        resources.log,
        lambda: resources.log.verifiers,
        resources.settings.data / WITNESSED,
        failed=lambda name: metrics.witness_failures.labels(name).inc(),
    )
    metrics.watch_witnessing(lambda: witnessing.waiting_seconds, lambda: witnessing.report(query_size=False))
    return witnessing


def _health(resources: Resources, in_force: InForce, witnessing: Witnessing) -> Health:
    settings = resources.settings
    return Health(
        data=settings.data,
        least_free_bytes=settings.limits.disk_free_bytes,
        unready_seconds=settings.witnessing.unready_seconds,
        log=resources.log,
        database=resources.database,
        vault=resources.vault,
        in_force=in_force,
        witnesses_failing=lambda: witnessing.failing_seconds,
    )


def _notices(resources: Resources, metrics: Metrics, recorder: Recorder) -> NoticeDispatcher:
    return NoticeDispatcher(
        resources.settings.notices,
        resources.database,
        recorder,
        resources.settings.url,
        failed=lambda channel: metrics.notices_failed.labels(channel).inc(),
    )
