"""The periodic tasks of a running gateway.

Once a second: expire advice, erase content at the end of its retention, store when keys were last used, raise alerts.
Every 15 s: compute figures for the metrics. Every 30 s: abandon answers that reached nobody because their gateway
ended. `heartbeat.py` handles requests that such a gateway left unanswered.
"""

import asyncio
from typing import Final

import structlog

from audit import later, now_text, seconds_between
from gateway.advice import Recorder, count_waiting, past_deciding, undelivered
from gateway.identity import LastUsedTracker, write_last_used
from gateway.operations.health import Health
from gateway.operations.retention import Retention
from gateway.oversight import MeasureService
from gateway.policy import InForce
from gateway.steps import UNDELIVERED_SECONDS, DecisionWaiter
from gateway.storage import Database
from gateway.telemetry import Metrics

_log = structlog.get_logger("countersign")

_SECONDS: Final = 1.0
_ABANDONED_SECONDS: Final = 30.0
"""How often what gateways left when they ended is looked for."""
_LEFT_SECONDS: Final = 2 * int(UNDELIVERED_SECONDS)
_SHOWN_SECONDS: Final = 15.0
"""How often the queue and the gateway's readiness are looked at for the metrics."""


async def run_periodic_tasks(
    recorder: Recorder,
    waiter: DecisionWaiter,
    last_used: LastUsedTracker,
    retention: Retention,
    database: Database,
    measuring: MeasureService,
    policies: InForce,
    metrics: Metrics,
) -> None:
    """Until cancelled. What fails is tried again a second later: deciding late is refused anyway."""
    while True:
        await asyncio.sleep(_SECONDS)
        try:
            await _expire(recorder, waiter, database)
            await _write_last_used(recorder, last_used)
            await asyncio.to_thread(retention.erase_due, now_text())
            for raised in await measuring.alerts(policies.now, recorder):
                metrics.alerts.labels(raised.policy.id, raised.alert.id).inc()
        except Exception as error:  # noqa: BLE001 - whatever it was, the next round must come
            _log.warning("a background task failed", error_type=type(error).__name__)


async def show_state(database: Database, health: Health, policies: InForce, metrics: Metrics) -> None:
    """Keep the metrics of the queue and of readiness up to date, until cancelled."""
    while True:
        try:
            metrics.show_ready({result.name: result.problem is None for result in await health.check()})
            now = now_text()
            rows = await database.fetch(lambda connection, now=now: count_waiting(connection, now))  # type: ignore[misc]
            for row in rows:
                row["oldest_seconds"] = seconds_between(row["oldest"], now)
            metrics.show_queue(rows, [policy.id for policy in policies.now])
        except Exception as error:  # noqa: BLE001 - whatever it was, the next look must come
            _log.warning("the state for the metrics is not known", error_type=type(error).__name__)
        await asyncio.sleep(_SHOWN_SECONDS)


async def abandon_undelivered(recorder: Recorder, database: Database) -> None:
    """Abandon what reached nobody because its gateway ended, until cancelled."""
    while True:
        try:
            await abandon_once(recorder, database, now_text())
        except Exception as error:  # noqa: BLE001 - whatever it was, the next look must come
            _log.warning("what reached nobody could not be abandoned", error_type=type(error).__name__)
        await asyncio.sleep(_ABANDONED_SECONDS)


async def abandon_once(recorder: Recorder, database: Database, now: str) -> None:
    """Abandon what reached nobody and was answered so long ago that its own gateway would have abandoned it."""
    before = later(now, -_LEFT_SECONDS)
    for advice, claim in await database.fetch(lambda connection: undelivered(connection, before)):
        await recorder.abandoned(advice, claim)


async def _write_last_used(recorder: Recorder, last_used: LastUsedTracker) -> None:
    """Write down on which day credentials were used; what can't be written now is kept for the next round."""
    pending = last_used.pending
    if pending:
        known = dict(pending)
        await recorder.submit(lambda transaction: write_last_used(transaction.connection, known))
        for credential, day in known.items():
            if pending.get(credential) == day:
                del pending[credential]


async def _expire(recorder: Recorder, waiter: DecisionWaiter, database: Database) -> None:
    """Expire held advice that nobody decided on in time."""
    for advice in await database.fetch(lambda connection: past_deciding(connection, now_text())):
        await recorder.expired(advice)
        waiter.notify(advice)
