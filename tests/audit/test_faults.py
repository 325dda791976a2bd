"""Each step of the append protocol made to fail, before and after it took effect.

After every failure: the caller was told, the log on disk verifies, the same `Log` goes on, and so does a new one.
"""

import sqlite3
import subprocess
import sys
from concurrent.futures import Future
from datetime import UTC, datetime
from pathlib import Path

import pytest

from audit import DATABASE_FILE, LogUnavailable, decode_event, verify_directory
from audit.checkpoint_file import CheckpointFile
from audit.command_queue import BoundedQueue
from audit.sqlite import SQLiteFile
from audit.sqlite import SQLiteStore as Store
from audit.writer import Job, Writer
from tests.audit.conftest import EVENT, append

STEPS = ["begin", "savepoint", "release", "append", "stored", "add_checkpoint", "commit"]
SECRET = "Jane Doe"


class Plan:
    """What goes wrong next: nothing, until a step is named."""

    step: str | None = None
    after = False
    times = 0

    def fail(self, step: str, *, after: bool, times: int = 1) -> None:
        self.step, self.after, self.times = step, after, times


def breaking(plan: Plan):
    """A store whose planned step raises what SQLite raises when the disk fails."""

    def wrap(name: str):
        def step(self, *arguments):
            due = plan.step == name and plan.times > 0
            plan.times -= due
            if due and not plan.after:
                raise sqlite3.OperationalError(f"disk I/O error near {SECRET}")
            result = getattr(Store, name)(self, *arguments)
            if due:
                raise sqlite3.OperationalError(f"disk I/O error near {SECRET}")
            return result

        return step

    return type("BreakingStore", (Store,), {name: wrap(name) for name in STEPS})


def events(folder) -> list[object]:
    connection = sqlite3.connect(folder.database)
    try:
        return [decode_event(row[0].encode())["n"] for row in connection.execute("SELECT event FROM events")]
    finally:
        connection.close()


@pytest.mark.parametrize("after", [False, True], ids=["and had no effect", "though it took effect"])
@pytest.mark.parametrize("step", STEPS)
def test_a_step_failed(folder, step, after):
    plan = Plan()
    log = folder.open(store=breaking(plan))
    append(log, n=0)
    plan.fail(step, after=after)
    with pytest.raises(LogUnavailable) as caught:
        append(log, n=1)
    assert SECRET not in str(caught.value)
    assert caught.value.__context__ is None

    stored = [0, 1] if (step, after) == ("commit", True) else [0]
    assert events(folder) == stored
    assert verify_directory(folder.path).size == len(stored)
    assert verify_directory(folder.path).ok

    assert append(log, n=2) == len(stored)
    log.close()
    assert verify_directory(folder.path).ok
    assert append(folder.open(), n=3) == len(stored) + 1
    assert events(folder) == [*stored, 2, 3]


def test_all_callers_of_a_failed_batch_are_told(folder):
    plan = Plan()
    log = folder.open(store=breaking(plan))
    plan.fail("add_checkpoint", after=True)
    futures = [log.submit(lambda transaction: transaction.append(EVENT)) for _ in range(20)]
    failed = [future for future in futures if isinstance(future.exception(), LogUnavailable)]
    served = [future.result().result for future in futures if future.exception() is None]
    assert failed
    assert served == list(range(len(served)))
    assert log.size == len(served)


def test_a_failed_commit_that_is_stored_is_found_before_the_next_command_runs(folder):
    plan = Plan()
    log = folder.open(store=breaking(plan))
    plan.fail("commit", after=True)
    with pytest.raises(LogUnavailable):
        append(log, n=0)
    assert log.size == 1
    assert append(log, n=1) == 1


def test_while_the_disk_fails_everything_is_refused_and_then_it_goes_on_by_itself(folder):
    plan = Plan()
    log = folder.open(store=breaking(plan))
    plan.fail("begin", after=False, times=6)  # the first refusal asks the disk once more
    for _ in range(5):
        with pytest.raises(LogUnavailable):
            append(log)
    assert append(log) == 0
    assert log.running


def test_a_log_that_cannot_be_opened_again_is_not_running_until_it_can(folder):
    openings = []

    def store(path: Path) -> Store:
        openings.append(path)
        if len(openings) == 2:
            raise sqlite3.OperationalError("unable to open database file")
        return breaking(plan)(path)

    plan = Plan()
    log = folder.open(store=store)
    plan.fail("commit", after=False)
    with pytest.raises(LogUnavailable):
        append(log)
    assert append(log) == 0
    assert log.running


class FlippingStore(Store):
    """Memory, or the way to the disk, that changes one bit."""

    entry = nodes = False

    def append(self, start, entries, nodes):
        if self.entry:
            entries = [entries[0].replace(b'"adv-1"', b'"adv-3"'), *entries[1:]]
        if self.nodes:
            nodes = [bytes([nodes[0][0] ^ 1]) + nodes[0][1:], *nodes[1:]]
        super().append(start, entries, nodes)


@pytest.mark.parametrize("what", ["entry", "nodes"])
def test_a_bit_flipped_before_signing_stops_the_signer_until_a_restart(folder, what):
    flipping = type("Flipping", (FlippingStore,), {})
    log = folder.open(store=flipping)
    append(log, n=0)
    setattr(flipping, what, True)
    with pytest.raises(LogUnavailable, match="nothing was signed"):
        append(log, n=1)
    setattr(flipping, what, False)
    assert not log.running
    with pytest.raises(LogUnavailable, match="restart"):
        append(log, n=2)
    log.close()
    assert verify_directory(folder.path).size == 1
    assert append(folder.open(), n=3) == 1
    assert verify_directory(folder.path).ok


def test_a_bit_flipped_in_the_trees_right_edge_stops_the_signer(folder):
    log = folder.open()
    append(log, n=0)
    peaks = log._writer.state.frontier.peaks
    peaks[0] = bytes([peaks[0][0] ^ 1]) + peaks[0][1:]
    with pytest.raises(LogUnavailable, match="nothing was signed"):
        append(log, n=1)
    log.close()
    assert append(folder.open(), n=2) == 1
    assert verify_directory(folder.path).ok


class TestCheckpointFile:
    """The file outside the database can't be written. The writer runs in the test's own thread here."""

    @pytest.fixture
    def writer(self, folder):
        (folder.path / "outside").mkdir()
        outside = CheckpointFile(folder.path / "outside" / "checkpoint")
        return Writer(SQLiteFile(folder.database), folder.signer, outside, lambda: datetime.now(UTC))

    @staticmethod
    def serve(writer, count: int):
        waiting: BoundedQueue[Job] = BoundedQueue(count, 0.0)
        futures = [Future() for _ in range(count)]
        for future in futures:
            waiting.add(Job(lambda transaction: transaction.append(EVENT), future))
        waiting.close()
        writer.run(waiting)
        return futures

    def test_committed_events_are_answered_and_nothing_else_until_a_write_works(self, folder, writer):
        (folder.path / "outside").rename(folder.path / "gone")
        [first] = self.serve(writer, 1)
        assert first.result().result == 0
        assert writer._kept_fails
        [second] = self.serve(writer, 1)
        assert isinstance(second.exception(), LogUnavailable)
        (folder.path / "gone").rename(folder.path / "outside")
        [third] = self.serve(writer, 1)
        assert third.result().result == 1
        assert (folder.path / "outside" / "checkpoint").read_bytes() == writer.state.note

    def test_the_file_lags_at_most_and_never_leads(self, folder, writer):
        assert (folder.path / "outside" / "checkpoint").read_bytes() == writer.state.note
        self.serve(writer, 3)
        assert (folder.path / "outside" / "checkpoint").read_bytes() == writer.state.note
        assert not list((folder.path / "outside").glob("*.new"))


FULL_DISK = """
import resource, sys
from pathlib import Path
from audit import Log, LogUnavailable, Signer
folder = Path(sys.argv[1])
log = Log.open(folder / "countersign.db", Signer.load(folder / "log.key"), checkpoint_file=folder / "checkpoint")
def append(size):
    return log.submit(lambda t: t.append({"type": "a.b", "x": "y" * size})).result().result
print(append(10))
soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, hard))
refused = 0
for _ in range(8):
    try:
        print(append(60_000))
    except LogUnavailable:
        refused += 1
assert refused, "the limit was not met"
resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
print(append(10))
log.close()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="resource limits are POSIX's")
def test_a_disk_that_is_really_full_loses_nothing_that_was_answered(folder):
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(folder.path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    answered = [int(line) for line in done.stdout.split()]
    report = verify_directory(folder.path)
    assert report.ok
    assert answered == sorted(set(answered))
    assert answered[-1] < report.size
    assert (folder.path / DATABASE_FILE).exists()
