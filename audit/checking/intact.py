"""Whether a gateway's database is all as it was signed: the fast answer, for logs where it is yes.

What is checked is what `audit.verify` lists, and each of its checks is made here too, 256 events at once:
1. rows run from 0 without a gap; the events are canonical, within the rules, and none older than the last
2. the recorded hashes are those of the events, and of the complete subtrees that end with them
3. every signed checkpoint's signature holds, and the tree has its root at its size
4. no row lies beyond the newest checkpoint
5. the checkpoint file is one of those in the database

Where any of it fails, the answer is None, and `audit.verify` goes through the log again to tell what is wrong.
"""

import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from audit.blocks import BLOCK, leaf_hashes, read_block, stored_rows, tree_above
from audit.checking.spans import each, spans
from audit.checkpoint import Checkpoint, open_checkpoint
from audit.errors import NoteInvalid, Unreadable
from audit.evidence import ALONE, Evidence, guards_changed, open_snapshot
from audit.merkle import HASH_BYTES, Frontier, node_hash
from audit.note import Verifier
from audit.progress import Progress
from audit.report import Report
from audit.schema import FAILURES


@dataclass(frozen=True)
class _Task:
    """Events `start` to `end - 1` of a database."""

    database: Path
    verifiers: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True)
class _Signed:
    """A checkpoint that ends in the span, after `inside` events of its last block, whose own tree is `part`."""

    checkpoint: Checkpoint
    inside: int
    part: bytes


@dataclass(frozen=True)
class _Span:
    """A span without a fault: its full blocks' hashes, what their last rows hold above, and its checkpoints."""

    roots: list[bytes]
    above: list[bytes]
    signed: list[_Signed]
    last: list[bytes]
    first_time: str
    last_time: str


def intact(evidence: Evidence, processes: int, progress: Progress) -> Report | None:
    """The report of a log in which all is as signed, else None."""
    with contextlib.suppress(*FAILURES, Unreadable):
        return _Intact(evidence, processes, progress).report()
    return None


class _Intact:
    def __init__(self, evidence: Evidence, processes: int, progress: Progress) -> None:
        self._evidence = evidence
        self._processes = processes
        self._progress = progress
        self._tree = Frontier()
        self._time = ""
        self._newest: Checkpoint | None = None
        self._outside: Checkpoint | None = None
        self._checkpoints = 0

    def report(self) -> Report | None:
        if guards_changed(self._evidence.connection):
            return None
        size = self._size()
        alone = self._evidence.outside is None
        self._outside = self._open(self._evidence.outside)
        if size is None or (self._outside is None and not alone) or not self._begins_empty():
            return None
        keys = tuple(key.verifier_key for key in self._evidence.verifiers)
        tasks = (_Task(self._evidence.database, keys, start, end) for start, end in spans(size))
        done = 0
        for span in each(read_span, tasks, self._processes):
            if span is None or not self._join(span):
                return None
            done += len(span.roots) * BLOCK + len(span.last)
            self._progress(done, size)
        if self._newest is None or self._newest.size != size or self._outside is not None:
            return None
        return Report(
            size=size,
            checkpoint=self._newest,
            checkpoints=self._checkpoints,
            time=self._time,
            verifier_key=self._evidence.verifiers[0].verifier_key,
            findings=(),
            notices=(ALONE,) if alone else (),
        )

    def _size(self) -> int | None:
        """The number of events, if as many rows of hashes, and none beyond them, stand beside them."""
        edges = [
            self._evidence.connection.execute(query).fetchone()
            for query in ("SELECT min(idx), max(idx) FROM events", "SELECT min(idx), max(idx) FROM hashes")
        ]
        if edges[0] != edges[1]:
            return None
        first, last = edges[0]
        if first is None:
            return 0
        return int(last) + 1 if first == 0 else None

    def _begins_empty(self) -> bool:
        """The checkpoint of the empty log belongs to no span."""
        query = "SELECT size, CAST(note AS BLOB) FROM checkpoints WHERE size <= 0"
        for size, note in self._evidence.connection.execute(query):
            checkpoint = self._open(note)
            if checkpoint is None or checkpoint.size != 0 or size != 0:
                return False
            self._take(checkpoint)
        return True

    def _open(self, note: object) -> Checkpoint | None:
        return _open(note, self._evidence.verifiers)

    def _take(self, checkpoint: Checkpoint) -> None:
        self._newest = checkpoint
        self._checkpoints += 1
        if self._outside and (self._outside.size, self._outside.root) == (checkpoint.size, checkpoint.root):
            self._outside = None

    def _join(self, span: _Span) -> bool:
        """Put the span's blocks into the tree, and hold the tree against each checkpoint on the way."""
        if span.first_time < self._time:
            return False
        self._time = span.last_time or self._time
        signed = iter(span.signed)
        due = next(signed, None)
        for root, above in zip(span.roots, span.above, strict=True):
            while due and due.checkpoint.size < self._tree.size * BLOCK + BLOCK:
                if not self._holds(due):
                    return False
                due = next(signed, None)
            if self._tree.append(root)[HASH_BYTES:] != above:
                return False
        while due:
            if not self._holds(due):
                return False
            due = next(signed, None)
        return True

    def _holds(self, signed: _Signed) -> bool:
        peaks = [*self._tree.peaks, signed.part] if signed.inside else self._tree.peaks
        self._take(signed.checkpoint)
        size = self._tree.size * BLOCK + signed.inside
        return signed.checkpoint.size == size and Frontier(size, peaks).root() == signed.checkpoint.root


def read_span(task: _Task) -> _Span | None:
    """Read and check one span on a view of its own; None if anything is wrong."""
    verifiers = [Verifier.parse(key) for key in task.verifiers]
    try:
        with open_snapshot(task.database) as connection:
            return _read(connection, task, verifiers)
    except (*FAILURES, Unreadable):
        return None


def _read(connection: sqlite3.Connection, task: _Task, verifiers: list[Verifier]) -> _Span | None:
    found = _Span([], [], [], [], "", "")
    first = last = ""
    signed = _signed(connection, task, verifiers)
    due = next(signed, None)
    for start in range(task.start, task.end, BLOCK):
        width = min(BLOCK, task.end - start)
        rows = connection.execute(
            "SELECT idx, CAST(event AS BLOB), CAST(nodes AS BLOB) FROM events JOIN hashes USING (idx)"
            " WHERE idx >= ? AND idx < ? ORDER BY idx",
            (start, start + width),
        ).fetchall()
        indices, entries, nodes = zip(*rows, strict=True) if rows else ((), (), ())
        if indices != tuple(range(start, start + width)) or None in entries or None in nodes:
            return None
        block = read_block(entries)
        if block is None or block.first_time < last:
            return None
        first, last = first or block.first_time, block.last_time
        levels = tree_above(leaf_hashes(entries))
        expected = stored_rows(levels)
        above = nodes[-1][len(expected[-1]) :] if width == BLOCK else b""
        expected[-1] += above
        if tuple(expected) != nodes:
            return None
        while due is not None and due.size < start + BLOCK and due.size <= task.end:
            inside = due.size - start
            if inside < 0:
                return None
            found.signed.append(_Signed(due, inside, _part(levels, inside)))
            due = next(signed, None)
        if width == BLOCK:
            found.roots.append(levels[-1][0])
            found.above.append(above)
        else:
            found.last.extend(levels[0])
    if due is not None and due.size == task.end and task.end % BLOCK == 0:
        found.signed.append(_Signed(due, 0, b""))
        due = next(signed, None)
    return None if due is not None else _Span(found.roots, found.above, found.signed, found.last, first, last)


def _signed(connection: sqlite3.Connection, task: _Task, verifiers: list[Verifier]) -> Iterator[Checkpoint]:
    """The checkpoints whose last event is in the span; one of size -1 if one is not as it should be."""
    query = "SELECT size, CAST(note AS BLOB) FROM checkpoints WHERE size > ? AND size <= ? ORDER BY size"
    for size, note in connection.execute(query, (task.start, task.end)):
        checkpoint = _open(note, verifiers)
        if checkpoint is None or checkpoint.size != size:
            yield Checkpoint("", -1, b"")
            return
        yield checkpoint


def _open(note: object, verifiers: list[Verifier]) -> Checkpoint | None:
    if not isinstance(note, bytes):
        return None
    try:
        return open_checkpoint(note, verifiers, verifiers[0].name)[0]
    except NoteInvalid:
        return None


def _part(levels: list[list[bytes]], inside: int) -> bytes:
    """The hash over the first `inside` leaves of a block: its peaks, folded from the right."""
    folded, at = b"", inside
    while at:
        height = (at & -at).bit_length() - 1
        peak = levels[height][(at >> height) - 1]
        folded = node_hash(peak, folded) if folded else peak
        at -= 1 << height
    return folded
