"""The signed checkpoints of a log that is being verified: those in the database, and the one outside."""

from collections.abc import Iterator, Sequence
from typing import Final

from audit.audit_errors import NoteInvalid
from audit.checkpoint import Checkpoint, open_checkpoint
from audit.log_folder import CHECKPOINT_FILE, LogFolder, rows
from audit.note import Verifier
from audit.report import WHOLE, Findings

FORK: Final = "two different roots are signed for this size: the log was forked"
_NOT_INSIDE: Final = (
    f"is in the file {CHECKPOINT_FILE}, but not in the database: this is an older or a changed copy"
)


class SignedCheckpoints:
    """Checkpoints whose signature by one of `verifiers` holds; what is wrong with the others becomes a finding."""

    def __init__(self, folder: LogFolder, findings: Findings) -> None:
        self.verifiers = folder.verifiers
        self.count = 0
        self._connection = folder.connection
        self._findings = findings
        self._opened: dict[int, Checkpoint | str] = {}
        self._outside = self._open_outside(folder.outside)

    def add_opened(self, opened: dict[int, Checkpoint | str]) -> None:
        """Take over what another process has verified already."""
        self._opened = opened

    def newest_size(self) -> int:
        """How many events the newest of them covers."""
        newest = self._outside.size if self._outside else 0
        for size, note in self._connection.execute(
            "SELECT size, CAST(note AS BLOB) FROM checkpoints ORDER BY size DESC"
        ):
            if not isinstance(size, int) or size <= newest:
                continue
            if isinstance(self._open(size, note), Checkpoint):
                return size
        return newest

    def in_order(self) -> Iterator[Checkpoint]:
        """All of them, smallest first."""
        outside = self._outside
        query = "SELECT size, CAST(note AS BLOB) FROM checkpoints ORDER BY size"
        for size, note in rows(self._connection, query, self._findings):
            self.count += 1
            checkpoint = self._open(size, note)
            if isinstance(checkpoint, str):
                self._findings.add(size, checkpoint, subject="checkpoint")
                continue
            if outside and outside.size <= size:
                yield from self._placed(outside, checkpoint)
                outside = None
            yield checkpoint
        if outside:
            yield from self._placed(outside, None)

    def _placed(self, outside: Checkpoint, beside: Checkpoint | None) -> Iterator[Checkpoint]:
        """The checkpoint outside, where the database lacks it."""
        if beside is None or beside.size != outside.size:
            self._findings.add(outside.size, _NOT_INSIDE, subject="checkpoint")
            yield outside
        elif beside.root != outside.root:
            self._findings.add(outside.size, FORK, subject="checkpoint")

    def _open(self, size: int, note: bytes | None) -> Checkpoint | str:
        opened = self._opened.pop(size, None)
        return opened if opened is not None else open_row(size, note, self.verifiers)

    def _open_outside(self, note: bytes | None) -> Checkpoint | None:
        if note is None:
            return None
        try:
            return open_checkpoint(note, self.verifiers, self.verifiers[0].name)[0]
        except NoteInvalid as error:
            self._findings.add(WHOLE, f"can't be relied on: {error}", subject=f"file {CHECKPOINT_FILE}")
            return None


def open_row(size: int, note: bytes | None, verifiers: Sequence[Verifier]) -> Checkpoint | str:
    """The checkpoint in the row of `size`, or what is wrong with it."""
    try:
        checkpoint = open_checkpoint(note or b"", verifiers, verifiers[0].name)[0]
    except NoteInvalid as error:
        return f"can't be relied on: {error}"
    return checkpoint if checkpoint.size == size else "stands in the row of another size"
