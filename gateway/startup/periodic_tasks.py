"""What a running gateway does again and again beside its requests, and how often.

`operations/heartbeat.py` handles requests that a gateway which ended left unanswered.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from audit import now_text, seconds_between
from gateway.advice import Recorder, count_waiting
from gateway.identity import LastUsedTracker, write_last_used
from gateway.operations import Services, abandon_undelivered, expire_undecided, run_every
from gateway.steps import DecisionWaiter
from gateway.telemetry import Metrics

RunningTask = Callable[[], Awaitable[None]]
"""Runs until it is cancelled."""

_SECONDS: Final = 1.0
_METRICS_SECONDS: Final = 15.0
_ABANDON_SECONDS: Final = 30.0


def periodic_tasks(services: Services, waiter: DecisionWaiter, metrics: Metrics) -> Sequence[RunningTask]:
    """What is started when the gateway is ready."""
    recorder, database = services.recorder, services.database
    return (
        lambda: run_every(
            _SECONDS,
            {
                # deciding late is refused anyway, so an expiry may come a second late
                "expire advice": lambda: expire_undecided(recorder, database, waiter.notify),
                "store when keys were last used": lambda: _write_last_used(recorder, services.last_used),
                "erase at the end of retention": lambda: asyncio.to_thread(
                    services.retention.erase_due, now_text()
                ),
                "raise alerts": lambda: _raise_alerts(services, metrics),
            },
        ),
        lambda: run_every(
            _METRICS_SECONDS,
            {
                "show readiness": lambda: _show_readiness(services, metrics),
                "show the queue": lambda: _show_queue(services, metrics),
            },
        ),
        lambda: run_every(
            _ABANDON_SECONDS,
            {"abandon answers": lambda: abandon_undelivered(recorder, database, now_text())},
        ),
    )


async def _write_last_used(recorder: Recorder, last_used: LastUsedTracker) -> None:
    """Write down on which day credentials were used; what can't be written now is kept for the next round."""
    pending = last_used.pending
    if pending:
        known = dict(pending)
        await recorder.submit(lambda transaction: write_last_used(transaction.connection, known))
        for credential, day in known.items():
            if pending.get(credential) == day:
                del pending[credential]


async def _raise_alerts(services: Services, metrics: Metrics) -> None:
    for raised in await services.measuring.alerts(services.policies, services.recorder):
        metrics.alerts.labels(raised.policy.id, raised.alert.id).inc()


async def _show_readiness(services: Services, metrics: Metrics) -> None:
    metrics.show_ready({result.name: result.problem is None for result in await services.health.check()})


async def _show_queue(services: Services, metrics: Metrics) -> None:
    now = now_text()
    rows = await services.database.fetch(lambda connection: count_waiting(connection, now))
    for row in rows:
        row["oldest_seconds"] = seconds_between(row["oldest"], now)
    metrics.show_queue(rows, [policy.id for policy in services.policies])
