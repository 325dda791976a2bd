"""The log as its users see it: submit commands, read what was committed."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeVar

from audit.audit_errors import LogUnavailable
from audit.checkpoint import parse_checkpoint
from audit.checkpoint_file import CheckpointFile
from audit.command_queue import BoundedQueue
from audit.log_reader import Reader
from audit.note import Verifier
from audit.signer import Signer
from audit.sqlite import SQLiteFile
from audit.store import Claim, Storage
from audit.transaction import Command, CommitResult
from audit.writer import Job, Purge, Writer

T = TypeVar("T")

COMMIT_DELAY: Final = 0.003
"""Seconds that a commit waits for others' commands while several callers are at work."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Log:
    """An open log with its one writer thread; made by `Log.open`, usable from many threads."""

    def __init__(
        self, storage: Storage, claim: Claim, writer: Writer, max_waiting: int, commit_delay: float
    ) -> None:
        self._storage = storage
        self._claim = claim
        self._writer = writer
        self._reader = Reader(storage, lambda: self.size)
        self._waiting: BoundedQueue[Job | Purge] = BoundedQueue(max_waiting, commit_delay)
        self._thread = threading.Thread(
            target=writer.run, args=(self._waiting,), name="audit-log-writer", daemon=True
        )
        self._thread.start()

    @classmethod
    def open(
        cls,
        storage: Path | Storage,
        signer: Signer,
        *,
        checkpoint_file: Path | None,
        clock: Callable[[], datetime] = _utc_now,
        max_waiting: int = 4096,
        commit_delay: float = COMMIT_DELAY,
    ) -> "Log":
        """Open or begin the log in `storage`, or in the SQLite file of that path.

        Its newest checkpoint stands in `checkpoint_file` too. `clock` gives aware datetimes.

        Raises a `StartRefused` (`LogInUse`, `LogDamaged`, `ForkRefused`) where writing on could harm the log,
        and `LogUnavailable` if the database can't be used.
        """
        if isinstance(storage, Path):
            storage = SQLiteFile(storage)
        claim: Claim | None = None
        try:
            claim = storage.claim()
            writer = Writer(storage, signer, CheckpointFile(checkpoint_file), clock)
        except BaseException as error:
            if claim:
                claim.release()
            if isinstance(error, Exception) and isinstance(error, (*storage.failures, OSError)):
                raise LogUnavailable(f"the log can't be opened {storage.explain(error)}") from None
            raise
        return cls(storage, claim, writer, max_waiting, commit_delay)

    def submit(self, command: Command[T]) -> "Future[CommitResult[T]]":
        """Queue `command` for the writer; its future is done once all that it wrote is on the disk.

        The future raises what the command raised, with nothing of it written, or `LogUnavailable`. `LogFull`
        is raised here, at once. A future that is cancelled before its command began has done nothing.
        """
        future: Future[CommitResult[T]] = Future()
        self._waiting.add(Job(command, future))
        return future

    def at_work(self) -> AbstractContextManager[None]:
        """For a caller that will submit soon: while several are at work, their commands wait for each other a little,
        up to `commit_delay` seconds, so as to share a commit.
        """
        return self._waiting.at_work()

    def purge(self) -> "Future[bool]":
        """Overwrite what was deleted, in the write-ahead log too; False while a reader needs older pages of it.

        Only once this gave True are deleted bytes gone. Queued like a command, after those before it.
        """
        future: Future[bool] = Future()
        self._waiting.add(Purge(future))
        return future

    def sign_with(self, signer: Signer) -> None:
        """Sign with these keys of the same log from the next commit on; `NoteInvalid` for those of another log."""
        self._writer.sign_with(signer)

    @property
    def verifiers(self) -> list[Verifier]:
        """The public halves of the keys that sign now."""
        return self._writer.signer.verifiers

    def close(self) -> None:
        """Serve what waits, then stop; a second call does nothing."""
        self._waiting.close()
        # The writer's connection goes last: only it can fold the write-ahead log into the database.
        self._storage.close()
        self._thread.join()
        self._claim.release()

    @property
    def running(self) -> bool:
        """Whether commands are served, for a readiness check."""
        return self._thread.is_alive() and self._writer.running

    @property
    def size(self) -> int:
        """The number of committed events."""
        if self._storage.shared:
            return parse_checkpoint(self.checkpoint()).size
        return self._writer.state.checkpoint.size

    def checkpoint(self) -> bytes:
        """The newest signed checkpoint, a C2SP signed note, no matter which gateway signed it."""
        if self._storage.shared and (newest := self._reader.newest_checkpoint()) is not None:
            return newest
        return self._writer.state.note

    def read(self, start: int, end: int) -> list[bytes]:
        """The canonical bytes of events `start` to `end - 1`; `NotInLog` beyond the newest checkpoint."""
        return self._reader.events(start, end)

    def inclusion_proof(self, index: int, size: int) -> list[bytes]:
        """RFC 6962 section 2.1.1: that event `index` is in the log of `size` events."""
        return self._reader.inclusion_proof(index, size)

    def consistency_proof(self, old: int, size: int) -> list[bytes]:
        """RFC 6962 section 2.1.2: that the log of `size` events begins with the log of `old` events."""
        return self._reader.consistency_proof(old, size)

    def tile(self, path: str) -> bytes:
        """The tile or entry bundle at `path` (C2SP tlog-tiles); `TileInvalid`, or `NotInLog` if not yet."""
        return self._reader.tile(path)
