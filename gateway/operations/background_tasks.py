"""Tasks that a running gateway does again and again; `startup/periodic_tasks.py` lists them."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import structlog

from audit import later, now_text
from gateway.advice import Recorder, past_deciding, undelivered
from gateway.steps import UNDELIVERED_SECONDS
from gateway.storage import Database

_log = structlog.get_logger("countersign")

_ABANDONED_SECONDS: Final = 2 * int(UNDELIVERED_SECONDS)
"""How old an answer is before another gateway may abandon it: its own gateway would have done so by then."""

Task = Callable[[], Awaitable[object]]


async def run_every(seconds: float, tasks: Mapping[str, Task]) -> None:
    """Run the tasks in their order, wait, and begin again, until cancelled. What fails is tried again in the next
    round, and keeps no other task from running.
    """
    while True:
        for name, task in tasks.items():
            try:
                await task()
            except Exception as error:  # noqa: BLE001 - whatever it was, the next task must run
                _log.warning("a background task failed", task=name, error_type=type(error).__name__)
        await asyncio.sleep(seconds)


async def expire_undecided(recorder: Recorder, database: Database, expired: Callable[[str], None]) -> None:
    """Expire held advice that nobody decided on in time. `expired` is called with the id of each."""
    for advice in await database.fetch(lambda connection: past_deciding(connection, now_text())):
        await recorder.expired(advice)
        expired(advice)


async def abandon_undelivered(recorder: Recorder, database: Database, now: str) -> None:
    """Abandon what reached nobody because its gateway ended."""
    before = later(now, -_ABANDONED_SECONDS)
    for advice, claim in await database.fetch(lambda connection: undelivered(connection, before)):
        await recorder.abandoned(advice, claim)
