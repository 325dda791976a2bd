"""How long projections take to be made again, and for how long others wait for that: of a log of so many events."""

import resource
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from gateway.advice import rebuild_from
from tests.ledger import Ledger, open_ledger
from tests.oversight.history import write_history
from tests.postgres_server import own_server

EVENTS_A_PIECE: Final = 4
"""Of the history's advice, at least."""
EVERY_SECONDS: Final = 0.05
"""Between what another gateway records meanwhile."""


@contextmanager
def _another_records(ledger: Ledger) -> Iterator[list[float]]:
    """Another gateway's events all the time; gives the seconds that each waited."""
    waits: list[float] = []
    over = threading.Event()
    event = {"type": "log.restarted", "actor": "gateway"}

    def recording() -> None:
        while not over.wait(EVERY_SECONDS):
            began = time.monotonic()
            ledger.run(lambda transaction: transaction.append(event))
            waits.append(time.monotonic() - began)

    thread = threading.Thread(target=recording)
    thread.start()
    try:
        yield waits
    finally:
        over.set()
        thread.join()


def _measured(rebuild: Callable[[], int], ledger: Ledger) -> dict[str, float]:
    with _another_records(ledger) as waits:
        time.sleep(1)
        before, began, cpu = len(waits), time.monotonic(), time.process_time()
        events = rebuild()
        seconds, spent = time.monotonic() - began, time.process_time() - cpu
    return {
        "events": events,
        "seconds": seconds,
        "processor_seconds": spent,
        "longest_wait_seconds": max(waits[before:], default=0.0),
        "longest_wait_before_seconds": max(waits[:before], default=0.0),
    }


def run(folder: Path, *, events: int) -> dict[str, Any]:
    """On PostgreSQL beside those in use: one column of all advice to change, everything to make; on SQLite in place."""
    pieces = events // EVENTS_A_PIECE
    found: dict[str, Any] = {}
    (folder / "one").mkdir()
    (folder / "two").mkdir()
    with (
        own_server(within=folder) as server,
        open_ledger(folder / "one", server.address(server.database())) as ledger,
    ):
        write_history(ledger, pieces, 1, batch=200)
        rebuild = lambda: rebuild_from(ledger.log, ledger.database)  # noqa: E731 - twice the same
        ledger.change("UPDATE advice SET words = NULL")
        found["a column"] = _measured(rebuild, ledger)
        for table in ("advice", "advice_events", "decisions", "views", "showings", "incidents", "usage"):
            ledger.change(f"DELETE FROM {table}")
        found["everything"] = _measured(rebuild, ledger)
    with open_ledger(folder / "two") as ledger:
        write_history(ledger, pieces, 1, batch=200)
        began, cpu = time.monotonic(), time.process_time()
        count = rebuild_from(ledger.log, ledger.database)
        found["sqlite"] = {
            "events": count,
            "seconds": time.monotonic() - began,
            "processor_seconds": time.process_time() - cpu,
        }
    found["most_megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return found
