"""The contents of the events of a database and the signatures of its checkpoints, span by span.

They take most of the time of verifying, and need no tree, so that other processes check them ahead of it. A span
in which anything is wrong is read again here, event by event, to tell what.
"""

import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from audit.audit_errors import Unreadable
from audit.checking.spans import each, processes_for, spans
from audit.checkpoint import Checkpoint
from audit.entry_blocks import BLOCK, faults, read_block
from audit.log_folder import LogFolder, open_snapshot
from audit.note import Verifier
from audit.report import Findings
from audit.schema import FAILURES
from audit.stored_checkpoints import SignedCheckpoints, open_row

_EVENTS: Final = "SELECT idx, CAST(event AS BLOB) FROM events WHERE idx >= ? AND idx < ? ORDER BY idx"
_CHECKPOINTS: Final = "SELECT size, CAST(note AS BLOB) FROM checkpoints WHERE size > ? AND size <= ?"


@dataclass(frozen=True)
class ContentTask:
    """Events `start` to `end - 1` of a database, and the checkpoints that end with one of them."""

    database: Path
    verifiers: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True)
class ContentRead:
    """`times` are those of the first and the last event; None where something is wrong with the contents."""

    times: tuple[str, str] | None
    checkpoints: dict[int, Checkpoint | str]
    """Each by its size, or what is wrong with it."""


class Contents:
    """What is wrong with the contents of events becomes a finding; `time` is the newest time so far."""

    def __init__(
        self, folder: LogFolder, findings: Findings, checkpoints: SignedCheckpoints, processes: int | None
    ) -> None:
        self.time = ""
        self._folder = folder
        self._findings = findings
        self._checkpoints = checkpoints
        self._processes = processes
        self._spans: Iterator[tuple[ContentTask, ContentRead]] = iter(())
        self._span: tuple[ContentTask, ContentRead] | None = None
        self._left_out: set[int] = set()

    def begin(self, size: int) -> None:
        """Have the first `size` events read."""
        keys = tuple(key.verifier_key for key in self._folder.verifiers)
        tasks = [ContentTask(self._folder.database, keys, start, end) for start, end in spans(size)]
        self._spans = zip(tasks, each(read_span, tasks, processes_for(size, self._processes)), strict=True)
        self._next()

    def leave_out(self, index: int) -> None:
        """Say nothing about the contents of an event that is not as it was signed."""
        self._left_out.add(index)

    def advance(self, count: int) -> None:
        """`count` events have been hashed: check the contents of the spans that end there or before."""
        while self._span and self._span[0].end <= count:
            self._check(count)

    def finish(self, count: int) -> None:
        """No more than `count` events could be read."""
        while self._span and self._span[0].start < count:
            self._check(count)

    def _check(self, count: int) -> None:
        assert self._span is not None  # noqa: S101 - its callers look
        task, read = self._span
        sound = read.times is not None and task.end <= count and read.times[0] >= self.time
        if read.times is not None and sound and self._left_out.isdisjoint(range(task.start, task.end)):
            self.time = read.times[1]
        else:
            self._check_each(task.start, min(task.end, count))
        self._next()

    def _check_each(self, start: int, end: int) -> None:
        newest = start - 1
        with contextlib.suppress(*FAILURES):
            for index, event in self._folder.connection.execute(_EVENTS, (start, end)):
                # A row without a number, or the second with the same one, is a finding already.
                if not isinstance(index, int) or event is None or index == newest or index in self._left_out:
                    continue
                newest = index
                fault, self.time = faults(event, self.time)
                if fault:
                    self._findings.add(index, fault)

    def _next(self) -> None:
        self._span = next(self._spans, None)
        if self._span:
            self._checkpoints.add_opened(self._span[1].checkpoints)


def read_span(task: ContentTask) -> ContentRead:
    """Read the span on a view of its own."""
    try:
        with open_snapshot(task.database) as connection:
            return ContentRead(_times(connection, task), _opened(connection, task))
    except (*FAILURES, Unreadable):
        return ContentRead(None, {})


def _times(connection: sqlite3.Connection, task: ContentTask) -> tuple[str, str] | None:
    first = last = ""
    for start in range(task.start, task.end, BLOCK):
        end = min(task.end, start + BLOCK)
        rows = connection.execute(_EVENTS, (start, end)).fetchall()
        indices, entries = zip(*rows, strict=True) if rows else ((), ())
        if indices != tuple(range(start, end)) or None in entries:
            return None
        block = read_block(entries)
        if block is None or block.first_time < last:
            return None
        first, last = first or block.first_time, block.last_time
    return first, last


def _opened(connection: sqlite3.Connection, task: ContentTask) -> dict[int, Checkpoint | str]:
    verifiers = [Verifier.parse(key) for key in task.verifiers]
    rows = connection.execute(_CHECKPOINTS, (task.start, task.end))
    return {size: open_row(size, note, verifiers) for size, note in rows if isinstance(size, int)}
