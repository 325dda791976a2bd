"""What a running gateway does by itself, once a second: end what ran out of time, erase what was kept long enough,
write down which keys are used, raise the alerts that are due.
"""

import asyncio
from typing import Final

import structlog

from gateway.advice import past_deciding
from gateway.identity import write_uses
from gateway.metrics import Metrics
from gateway.operations.retention import Keeping
from gateway.oversight import Measuring
from gateway.pipeline import Pipeline
from gateway.policy import InForce
from gateway.storage import Database
from gateway.timestamps import now_text

_log = structlog.get_logger("countersign")

_SECONDS: Final = 1.0


async def sweep(
    pipeline: Pipeline,
    keeping: Keeping,
    database: Database,
    measuring: Measuring,
    policies: InForce,
    metrics: Metrics,
) -> None:
    """Until cancelled. What fails is tried again with the next sweep: deciding late is refused anyway."""
    while True:
        await asyncio.sleep(_SECONDS)
        try:
            await _expire(pipeline, database)
            await _write_uses(pipeline)
            await asyncio.to_thread(keeping.sweep, now_text())
            for raised in await measuring.alerts(policies.now, pipeline.recorder):
                metrics.alerts.labels(raised.policy.id, raised.alert.id).inc()
        except Exception as error:  # noqa: BLE001 - whatever it was, the next sweep must come
            _log.warning("a sweep failed", error_type=type(error).__name__)


async def _write_uses(pipeline: Pipeline) -> None:
    """Write down on which day credentials were used; what can't be written now is kept for the next sweep."""
    uses = pipeline.uses.unwritten
    if uses:
        known = dict(uses)
        await pipeline.recorder.submit(lambda transaction: write_uses(transaction.connection, known))
        for credential, day in known.items():
            if uses.get(credential) == day:
                del uses[credential]


async def _expire(pipeline: Pipeline, database: Database) -> None:
    """Expire held advice that nobody decided on in time."""
    for advice in await database.fetch(lambda connection: past_deciding(connection, now_text())):
        await pipeline.recorder.expired(advice)
        pipeline.settled.tell(advice)
