"""What the log itself does in a second: `python -m tests.bench.log_rates [--proofs EVENTS] [FOLDER]`.

In one run on one disk, in turn: one caller, so that each event has a commit of its own, and 64 who wait at once and
share commits; on SQLite and on PostgreSQL. Each event is hashed twice, guarded and signed over; with `state` a row of a
projection follows it in a savepoint of its own, as at the gateway. `--proofs` measures inclusion proofs in a log of so
many events.
"""

import argparse
import random
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

from audit import Command, Log, Signer, Transaction, parse_checkpoint, verify_inclusion
from audit import leaf_hash as hash_of
from gateway.commands.running import spare_the_collector
from gateway.storage import Database, insertion, open_database, tables
from tests.bench.overseeing import KINDS, ORIGIN
from tests.postgres_server import own_server

WAITING = 64
ROUNDS = 5
SECONDS = 2.0
BATCH = 500

_state = insertion(tables.decisions)
_EMPTY = {column.name: None for column in tables.decisions.columns}


class Writing:
    """A log on one kind of database, and the events that are written to it."""

    def __init__(self, folder: Path, address: str | None) -> None:
        folder.mkdir()
        database: Database = open_database(folder / "countersign.db", address)
        database.prepare()
        self.log = Log.open(
            database.log_storage(), Signer.generate(ORIGIN), checkpoint_file=folder / "checkpoint"
        )
        self._number = 0

    def event(self, transaction: Transaction) -> tuple[str, int]:
        self._number += 1
        name = f"adv-{self._number:024x}"
        return name, transaction.append({**KINDS[self._number % 4], "advice": name})

    def event_and_state(self, transaction: Transaction) -> None:
        name, index = self.event(transaction)
        _state.run(
            transaction.connection,
            _EMPTY,
            advice=name,
            person="p_8c1e90c4a7f24f0c",
            decision="accept",
            text=0,
            decided_at=transaction.now,
            event=index,
            policy="case-summary",
            application="casebook",
            shown_at=transaction.now,
            words=180,
        )

    def rate(self, command: Command[Any], waiting: int, seconds: float) -> float:
        """Events a second with so many callers, each of whom waits for its answer before it goes on."""
        end, done = time.monotonic() + seconds, threading.Semaphore(0)
        counts = [0] * waiting
        failed: list[BaseException] = []

        def next_one(caller: int) -> None:
            def answered(future: Any) -> None:
                if (error := future.exception()) is not None:
                    failed.append(error)
                    done.release()
                    return
                counts[caller] += 1
                if time.monotonic() < end:
                    next_one(caller)
                else:
                    done.release()

            self.log.submit(command).add_done_callback(answered)

        began = time.monotonic()
        for caller in range(waiting):
            next_one(caller)
        for _ in range(waiting):
            done.acquire()
        if failed:
            raise failed[0]
        return sum(counts) / (time.monotonic() - began)


@contextmanager
def both(folder: Path) -> Iterator[dict[str, Writing]]:
    with ExitStack() as stack:
        server = stack.enter_context(own_server(within=folder))
        made = {
            "SQLite": Writing(folder / "sqlite", None),
            "PostgreSQL": Writing(folder / "postgresql", server.address(server.database())),
        }
        for one in made.values():
            stack.enter_context(closing(one.log))
        yield made


def rates(logs: dict[str, Writing]) -> None:
    found: dict[tuple[str, str, int], list[float]] = {}
    for _ in range(ROUNDS):
        for name, one in logs.items():
            for kind, command in (("event", one.event), ("event, state", one.event_and_state)):
                for waiting in (1, WAITING):
                    measured = one.rate(command, waiting, SECONDS)
                    found.setdefault((name, kind, waiting), []).append(measured)
    print("| database | written | one commit an event, events/s | 64 waiting, events/s | ratio |")
    print("|---|---|---|---|---|")
    for name, kind in dict.fromkeys((name, kind) for name, kind, _ in found):
        alone, together = (statistics.median(found[name, kind, waiting]) for waiting in (1, WAITING))
        print(f"| {name} | {kind} | {alone:,.0f} | {together:,.0f} | {together / alone:.1f} |")


def proofs(logs: dict[str, Writing], events: int) -> None:
    print("| database | events | inclusion proof, median | 99 of 100 within |")
    print("|---|---|---|---|")
    for name, one in logs.items():
        while one.log.size < events:
            one.log.submit(
                lambda t: [t.append({**KINDS[n % 4], "advice": "adv-1"}) for n in range(BATCH)]
            ).result()
        checkpoint = parse_checkpoint(one.log.checkpoint())
        times = []
        for index in random.sample(range(checkpoint.size), 500):
            began = time.perf_counter()
            proof = one.log.inclusion_proof(index, checkpoint.size)
            times.append(time.perf_counter() - began)
            (entry,) = one.log.read(index, index + 1)
            assert verify_inclusion(hash_of(entry), index, checkpoint.size, proof, checkpoint.root)
        median, late = statistics.median(times) * 1000, statistics.quantiles(times, n=100)[98] * 1000
        print(f"| {name} | {checkpoint.size:,} | {median:.2f} ms | {late:.2f} ms |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path(tempfile.gettempdir()))
    parser.add_argument("--proofs", type=int, metavar="EVENTS", default=0)
    options = parser.parse_args()
    spare_the_collector()  # as the gateway does
    with tempfile.TemporaryDirectory(dir=options.folder) as made:
        folder = Path(made)
        folder.chmod(0o755)
        with both(folder) as logs:
            rates(logs)
            if options.proofs:
                proofs(logs, options.proofs)


if __name__ == "__main__":
    main()
