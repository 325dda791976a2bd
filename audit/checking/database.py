"""Verifying a gateway's data folder: one pass over the log, which tells what is wrong with it event by event.

Checks:
1. indices run from 0 without a gap, and each event is canonical, within the rules, and no older than the last
2. each event hashes to the leaf that is recorded for it, and the recorded tree hashes follow from the leaves
3. at each signed checkpoint, its signature holds and the tree has its root
4. no event lies beyond the newest checkpoint, and none that a checkpoint covers is missing
5. the checkpoint outside the database is one of those, so that this is no older copy

Where event and recorded hash differ, the next signed checkpoint tells which of them was changed. If both were
rewritten to agree, it names the two checkpoints between which this happened.

The trees are hashed here, in order. Contents and signatures are checked in spans, in several processes.
"""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Final

from audit import merkle
from audit.checking.contents import Contents
from audit.checkpoint import Checkpoint
from audit.log_folder import ALONE, LogFolder, guards_changed, open_log_folder, paired, rows
from audit.progress import Progress, silent
from audit.report import Findings, Report
from audit.schema import FAILURES
from audit.stored_checkpoints import FORK, SignedCheckpoints

_STEP: Final = 10_000
_CHANGED: Final = "bytes changed (leaf hash differs from the one recorded)"
_HASH_CHANGED: Final = "its recorded leaf hash was changed (the event itself is as signed)"
_HASH_MISSING: Final = "its recorded hash is missing"
_TREE_CHANGED: Final = "its recorded tree hashes were changed"
_REMOVED: Final = "removed (a signed checkpoint covers it)"
_ADDED: Final = "added (no signed checkpoint covers it)"
_TWICE: Final = "stands twice"


def verify_directory(
    data: Path,
    *,
    verifier_key: str | None = None,
    progress: Progress | None = None,
    processes: int | None = None,
) -> Report:
    """Verify the log in a gateway's data folder or in a database file.

    With `verifier_key`, one key a line, or else the key that lies in the folder.

    Works beside a running gateway and on what a crash left; changes nothing. `Unreadable` if there is no log.
    """
    with open_log_folder(data, verifier_key) as folder:
        return _Verification(folder, progress or silent, processes).run()


class _Verification:
    """One pass over the log.

    `_tree` is hashed from the events. While a recorded leaf differs from its event, `_recorded` is the same tree
    with the recorded leaves, and `_differing` says where, until a checkpoint decides between the two.
    """

    def __init__(self, folder: LogFolder, progress: Progress, processes: int | None) -> None:
        self._connection = folder.connection
        self._progress = progress
        self._alone = (ALONE,) if folder.outside is None else ()
        self._findings = Findings()
        self._checkpoints = SignedCheckpoints(folder, self._findings)
        self._contents = Contents(folder, self._findings, self._checkpoints, processes)
        self._tree = merkle.Frontier()
        self._recorded: merkle.Frontier | None = None
        self._differing: list[int] = []
        self._comparable = True
        self._good: Checkpoint | None = None
        self._covered = 0
        self._count = 0

    def run(self) -> Report:
        try:
            self._covered = self._checkpoints.newest_size()
            self._pass()
        except FAILURES as error:
            kind = getattr(error, "sqlite_errorname", type(error).__name__)
            self._findings.add(self._count, f"the database can't be read from here on ({kind})")
        self._contents.finish(self._count)
        self._settle_differing(_CHANGED)
        return Report(
            size=self._count,
            checkpoint=self._good,
            checkpoints=self._checkpoints.count,
            time=self._contents.time,
            verifier_key=self._checkpoints.verifiers[0].verifier_key,
            findings=self._findings.sorted(),
            notices=(*guards_changed(self._connection), *self._alone),
        )

    def _pass(self) -> None:
        self._contents.begin(self._covered)
        checkpoints = self._checkpoints.in_order()
        due = next(checkpoints, None)
        for index, event, nodes in self._events():
            while due and due.size <= self._count:
                self._compare(due)
                due = next(checkpoints, None)
            self._read(index, event, nodes)
            self._contents.advance(self._count)
            if index % _STEP == 0:
                self._progress(self._count, self._covered)
        if self._count < self._covered:
            self._findings.add(self._count, _REMOVED, self._covered - 1)
            self._comparable = False
        for checkpoint in chain([due] if due else [], checkpoints):
            self._compare(checkpoint)
        self._progress(self._count, self._covered)

    def _events(self) -> Iterator[tuple[int, bytes | None, bytes | None]]:
        events = rows(
            self._connection, "SELECT idx, CAST(event AS BLOB) FROM events ORDER BY idx", self._findings
        )
        hashes = rows(
            self._connection, "SELECT idx, CAST(nodes AS BLOB) FROM hashes ORDER BY idx", self._findings
        )
        return paired(events, hashes)

    def _read(self, index: int, event: bytes | None, nodes: bytes | None) -> None:
        """Take the next row of events and hashes into account."""
        if not self._count <= index < self._covered:
            self._findings.add(index, _ADDED if index >= self._covered or index < 0 else _TWICE)
            return
        if index > self._count:
            self._findings.add(self._count, _REMOVED, index - 1)
            self._comparable = False
        self._count = index + 1
        recorded = nodes[: merkle.HASH_BYTES] if nodes else b""
        if event is None:
            self._go_on_without(index, recorded)
            return
        leaf = merkle.leaf_hash(event)
        if leaf == recorded and self._recorded is None:
            row = self._tree.append(leaf)
        else:
            row = self._part(index, leaf, recorded, nodes)
        if nodes != row and len(recorded) == merkle.HASH_BYTES and self._comparable:
            self._findings.add(index, _TREE_CHANGED)
        if recorded and leaf != recorded:
            self._contents.leave_out(index)

    def _part(self, index: int, leaf: bytes, recorded: bytes, nodes: bytes | None) -> bytes:
        """Go on with a tree of the events and one of the recorded leaves; gives the recorded row if it fits one."""
        if len(recorded) != merkle.HASH_BYTES:
            self._findings.add(index, _HASH_MISSING)
            recorded = leaf
        if recorded != leaf:
            self._differing.append(index)
            self._recorded = self._recorded or self._tree.copy()
        rows = [tree.append(of) for tree, of in ((self._tree, leaf), (self._recorded, recorded)) if tree]
        return nodes if nodes in rows else rows[0]

    def _go_on_without(self, index: int, recorded: bytes) -> None:
        """An event is gone; its recorded leaf, if there is one, still lets the rest be compared."""
        self._findings.add(index, _REMOVED)
        if len(recorded) != merkle.HASH_BYTES:
            self._comparable = False
            return
        for tree in (self._tree, self._recorded):
            if tree:
                tree.append(recorded)

    def _compare(self, checkpoint: Checkpoint) -> None:
        """Hold the trees against a signed root, and settle which of event and recorded hash was changed."""
        if not self._comparable:
            return
        if self._tree.root() == checkpoint.root:
            self._settle_differing(_HASH_CHANGED)
        elif self._recorded and self._recorded.root() == checkpoint.root:
            self._tree = self._recorded
            self._settle_differing(_CHANGED)
        else:
            self._bracket(checkpoint)
            return
        self._recorded, self._good = None, checkpoint

    def _bracket(self, checkpoint: Checkpoint) -> None:
        """Neither tree is the signed one: all that is known is between which checkpoints it was changed."""
        good = self._good
        if good and good.size == checkpoint.size:
            self._findings.add(checkpoint.size, FORK, subject="checkpoint")
            return
        since = f"the checkpoint of size {good.size}" if good else "the beginning"
        self._findings.add(
            good.size if good else 0,
            f"not what was signed: changed, with the recorded hashes, somewhere between {since}"
            f" and the checkpoint of size {checkpoint.size}",
            max(0, checkpoint.size - 1),
        )
        self._comparable = False

    def _settle_differing(self, what: str) -> None:
        for index in self._differing:
            self._findings.add(index, what)
        self._differing = []
