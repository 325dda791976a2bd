"""Verifying a log from its tiles and bundles (C2SP tlog-tiles): a mirror, a static export, or a web address.

1. the checkpoint is signed by the log
2. each entry is an event: canonical, within the rules, and none older than the last
3. each entry hashes to its place in its level-0 tile, and each full tile to its place in the tile above
4. all entries together have the checkpoint's root

If 4 holds, the entries are as they were signed, and any difference above them was changed. Where it fails, tiles that
do belong to the checkpoint say which entries were changed; where none does, all that is known is between which
entries it was.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from audit.audit_errors import NoteInvalid
from audit.checking.fault_location import TreeScan, locate
from audit.checking.span_reader import Gap, SpanRead, SpanTask, read_span
from audit.checking.spans import each, processes_for, spans
from audit.checkpoint import Checkpoint, open_checkpoint
from audit.entry_blocks import frontier_of
from audit.note import Verifier
from audit.progress import Progress, silent
from audit.report import WHOLE, Findings, Report
from audit.sources import Source


@dataclass(frozen=True)
class VerifyOptions:
    """How to read: `where` and `token` open the source again in another process."""

    where: str
    token: str | None = None
    any_entries: bool = False
    """Leave out 2, for a log whose entries are something else than our events."""
    processes: int | None = None


def verify_tree(
    source: Source, verifiers: Sequence[Verifier], options: VerifyOptions, progress: Progress | None = None
) -> Report:
    """Verify all that `source` has of the log whose keys are `verifiers`."""
    findings = Findings()
    try:
        checkpoint = open_checkpoint(source.checkpoint(), verifiers, verifiers[0].name)[0]
    except NoteInvalid as error:
        findings.add(WHOLE, f"can't be relied on: {error}", subject="checkpoint")
        return Report(0, None, 0, "", verifiers[0].verifier_key, findings.sorted())
    reading = _Reading(checkpoint, findings)
    reading.run(options, progress or silent)
    matches_root = reading.root() == checkpoint.root
    locate(
        TreeScan(source, checkpoint, reading.roots, reading.last, reading.gaps, matches_root=matches_root),
        findings,
    )
    return Report(
        size=checkpoint.size,
        checkpoint=checkpoint if matches_root else None,
        checkpoints=1,
        time=reading.time,
        verifier_key=verifiers[0].verifier_key,
        findings=findings.sorted(),
    )


class _Reading:
    """The one pass over all entries: what their tree is, and where it differs from the level-0 tiles."""

    def __init__(self, checkpoint: Checkpoint, findings: Findings) -> None:
        self._size = checkpoint.size
        self._findings = findings
        self.roots: list[bytes] = []
        self.last: list[bytes] = []
        self.gaps: list[Gap] = []
        self.time = ""
        self._complete = True

    def run(self, options: VerifyOptions, progress: Progress) -> None:
        tasks = (
            SpanTask(options.where, options.token, start, end, options.any_entries)
            for start, end in spans(self._size)
        )
        done = 0
        for span in each(read_span, tasks, processes_for(self._size, options.processes)):
            self._take(span)
            done += span.count
            progress(done, self._size)
        progress(self._size, self._size)

    def root(self) -> bytes:
        """The root over all entries; of none if one is missing."""
        return frontier_of(self.roots, self.last).root() if self._complete else b""

    def _take(self, span: SpanRead) -> None:
        self.roots += span.roots
        self.last += span.last
        self.gaps += span.gaps
        self._complete = self._complete and all(span.roots) and not span.missing
        for index, fault in self._contents(span):
            self._findings.add(index, fault)

    def _contents(self, span: SpanRead) -> Iterator[tuple[int, str]]:
        if span.first_time and span.first_time < self.time:
            yield span.first, "is older than the event before it"
        self.time = max(self.time, span.last_time)
        yield from span.contents
