"""The append protocol: the one thread that writes the log.

Read `Writer._commit` from 1 to 8: that is all that stands between a command and its place in the log. Waiting
commands share one transaction, one signature and one sync. `audit.recovery`, which also runs at every start, repairs
the state after a failure on the way.
"""

import contextlib
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from audit import merkle
from audit.audit_errors import LogDamaged, LogUnavailable, NoteInvalid, StartRefused
from audit.checkpoint import Checkpoint
from audit.checkpoint_file import CheckpointFile
from audit.command_queue import BoundedQueue
from audit.event_times import time_text
from audit.recovery import RecoveredState, follow, recover
from audit.signer import Signer
from audit.store import Storage, Store
from audit.transaction import Command, CommitResult, Transaction

MAX_BATCH: Final = 512
OUTSIDE_EVERY: Final = 0.25
"""Seconds between two writes of the checkpoint file, at least."""
RETRY_EVERY: Final = 1.0
"""Seconds between two attempts to write again after a failure."""


class Job(NamedTuple):
    """A command and the future that its caller waits on."""

    command: Command[Any]
    future: "Future[CommitResult[Any]]"


@dataclass(frozen=True, slots=True)
class Purge:
    """The wish that nothing deleted is left, and the future that its caller waits on."""

    future: "Future[bool]"


class _CommandResult(NamedTuple):
    """What one command came to, before the commit: a result and its events' indices, or an error."""

    job: Job
    result: object = None
    indices: tuple[int, ...] = ()
    error: BaseException | None = None

    def answer(self, checkpoint: bytes) -> None:
        if self.error is None:
            self.job.future.set_result(CommitResult(self.result, self.indices, checkpoint))
        else:
            self.job.future.set_exception(self.error)


class Writer:
    """Serves jobs until its queue is closed. `state` is always a committed one, replaced whole."""

    def __init__(
        self, storage: Storage, signer: Signer, checkpoint_file: CheckpointFile, clock: Callable[[], datetime]
    ) -> None:
        self._storage = storage
        self.signer = signer
        self._checkpoint_file = checkpoint_file
        self._clock = clock
        self._store: Store | None = storage.open_store()
        try:
            self._store.fold()
            self.state = recover(self._store, signer, checkpoint_file)
        except BaseException:
            self._store.close()
            raise
        self._stopped: str | None = None
        self._kept, self._kept_at, self._kept_fails = self.state.note, time.monotonic(), False

    def sign_with(self, signer: Signer) -> None:
        """From the next commit on. Another process that writes the same log may still sign with the key before."""
        if signer.origin != self.signer.origin:
            raise NoteInvalid("the key is of another log; give one of this log's")
        self.signer = signer

    @property
    def running(self) -> bool:
        """Whether commands are served, as far as is known."""
        return self._store is not None and self._stopped is None and not self._kept_fails

    def run(self, waiting: BoundedQueue[Job | Purge]) -> None:
        """Serve until the queue is closed and empty."""
        while (batch := waiting.take(MAX_BATCH, self._pause())) is not None:
            purges = [item for item in batch if item.future.set_running_or_notify_cancel()]
            if jobs := [item for item in purges if isinstance(item, Job)]:
                self._serve(jobs)
            elif not self.running:
                self._recover()
            self._purge([item for item in purges if isinstance(item, Purge)])
            self._keep_outside(due_only=True)
        self._keep_outside(due_only=False)
        self._drop_store()

    def _serve(self, jobs: Sequence[Job]) -> None:
        if not self.running and not self._recover():
            return _refuse(jobs, self._stopped or "the log can't be written now; it tries again by itself")
        try:
            answers = self._commit(jobs)
        except StartRefused as error:
            self._stop(error)
            return _refuse(jobs, str(self._stopped))
        except Exception as error:  # noqa: BLE001 - whatever broke, callers are told and the disk is asked what holds
            self._drop_store()
            self._recover()
            return _refuse(jobs, f"the log could not be written {self._storage.explain(error)}")
        for answer in answers:
            answer.answer(self.state.note)
        return None

    def _commit(self, jobs: Sequence[Job]) -> list[_CommandResult]:
        store, signer = self._writing_store(), self.signer
        # 1. One transaction for all that wait, and one writer of the log at a time.
        store.begin()
        # 2. Where another gateway went on with the log, check what it added and go on from there.
        before = self.state = follow(store, signer, self.state)
        # 3. Each command checks and decides in the log's one order; one that raises undoes only itself.
        # A clock that was set back must not make the log's times go back.
        now = max(before.last_time, time_text(self._clock()))
        answers, entries = _run_all(store, jobs, now, before.checkpoint.size)
        if not entries:
            store.commit()
            return answers
        # 4. Hash the events, then store them with their hashes.
        tree = before.frontier.copy()
        nodes = [tree.append(merkle.leaf_hash(entry)) for entry in entries]
        store.append(before.checkpoint.size, entries, nodes)
        # 5. Hash them once more, from the bytes as stored: a bit that flipped must never be signed.
        root = tree.root()
        if _root_as_stored(store, before) != root:
            raise LogDamaged("a hash changed between being computed and being signed; nothing was signed")
        # 6. Sign the new root.
        checkpoint = Checkpoint(signer.origin, tree.size, root)
        note = signer.sign(checkpoint.body())
        # 7. Keep the checkpoint with what it covers.
        store.add_checkpoint(tree.size, note)
        # 8. The safe point: when this returns, all of it is on the disk and callers may be answered.
        store.commit()
        self.state = RecoveredState(checkpoint, note, tree, now)
        return answers

    def _purge(self, purges: Sequence[Purge]) -> None:
        """Have deleted bytes overwritten wherever the database keeps older pages; after the commits before it."""
        if not purges:
            return
        try:
            done = self._writing_store().purge()
        except Exception as error:  # noqa: BLE001 - as for commands: callers are told, the disk is asked
            self._drop_store()
            self._recover()
            for purge in purges:
                why = f"deleted content could not be overwritten {self._storage.explain(error)}"
                purge.future.set_exception(LogUnavailable(why))
            return
        for purge in purges:
            purge.future.set_result(done)

    def _keep_outside(self, *, due_only: bool) -> None:
        """Replace the checkpoint file.

        After the commit, so that it may lag behind the database after a crash but never lead it, which would
        look like a database put back. After the answers, and not for every commit, since nobody waits for it.
        """
        note = self.state.note
        if note is self._kept or (due_only and self._pause() != 0):
            return
        self._kept_at = time.monotonic()
        try:
            self._checkpoint_file.keep(note)
        except OSError:
            self._kept_fails = True
        else:
            self._kept, self._kept_fails = note, False

    def _pause(self) -> float | None:
        """Seconds until there is something to do without a command; None if there is nothing."""
        if self._stopped is not None:
            return None
        if not self.running:
            return RETRY_EVERY
        if self.state.note is self._kept:
            return None
        return max(0.0, self._kept_at + OUTSIDE_EVERY - time.monotonic())

    def _recover(self) -> bool:
        """Bring back what failed: the database, as at a start, or the checkpoint file."""
        if self._stopped is not None:
            return False
        if self._store is None:
            self._reopen()
        if self._kept_fails:
            self._keep_outside(due_only=False)
        return self.running

    def _reopen(self) -> None:
        """Ask the disk what holds: a failed commit may be stored all the same."""
        store: Store | None = None
        try:
            store = self._storage.open_store()
            # A failed sync may leave pages that only memory has: move them, synced, before building on them.
            if store.fold():
                self.state = recover(store, self.signer, self._checkpoint_file, self.state.checkpoint)
                self._store, store = store, None
        except StartRefused as error:
            self._stop(error)
        except Exception:  # noqa: BLE001 - not mended yet; the next attempt follows by itself
            self._store = None
        finally:
            if store is not None:
                _close(store)

    def _stop(self, error: StartRefused) -> None:
        self._stopped = f"the log has stopped: {error}; run `audit verify`, then restart"
        self._drop_store()

    def _drop_store(self) -> None:
        store, self._store = self._store, None
        if store is not None:
            _close(store)

    def _writing_store(self) -> Store:
        if self._store is None:
            raise LogUnavailable("the log is not open")
        return self._store


def _run_all(
    store: Store, jobs: Sequence[Job], now: str, start: int
) -> tuple[list[_CommandResult], list[bytes]]:
    """Run the commands; gives what each came to, and all their events, of which the first has index `start`."""
    answers: list[_CommandResult] = []
    entries: list[bytes] = []
    for job in jobs:
        outcome, added = _run(store, job, Transaction(store.connection, now, start + len(entries)))
        answers.append(outcome)
        entries += added
    return answers, entries


def _run(store: Store, job: Job, transaction: Transaction) -> tuple[_CommandResult, list[bytes]]:
    store.savepoint()
    try:
        result = job.command(transaction)
    except BaseException as error:  # noqa: BLE001 - it is the caller's, who gets it
        transaction.end()
        store.undo()
        return _CommandResult(job, error=error), []
    first, entries = transaction.next_index, transaction.end()
    store.release()
    return _CommandResult(job, result, tuple(range(first, first + len(entries)))), entries


def _root_as_stored(store: Store, before: RecoveredState) -> bytes | None:
    """The root over what is stored, hashed anew; None if a stored hash or the old right edge changed."""
    if before.frontier.root() != before.checkpoint.root:
        return None
    tree = before.frontier.copy()
    for entry, nodes in store.stored(before.checkpoint.size):
        if tree.append(merkle.leaf_hash(entry)) != nodes:
            return None
    return tree.root()


def _refuse(jobs: Sequence[Job], why: str) -> None:
    for job in jobs:
        job.future.set_exception(LogUnavailable(why))


def _close(store: Store) -> None:
    with contextlib.suppress(Exception):
        store.rollback()
    with contextlib.suppress(Exception):
        store.close()
