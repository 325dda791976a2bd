"""Reading a log from end to end under all rules."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from audit.audit_errors import EventInvalid, NoteInvalid, Unreadable
from audit.checkpoint import open_checkpoint
from audit.entry_blocks import BLOCK, faults, read_block
from audit.events import decode_event
from audit.note import Verifier
from audit.progress import Progress, silent
from audit.sources import Source, entries
from audit.watch.record import Event, Record, seconds_after
from audit.watch.rules import RULES, Rule

_TELL_EVERY: Final = 16
_GRACE_SECONDS: Final = 3_600
"""A gateway that was stopped expires what is overdue once it runs again."""


@dataclass(frozen=True)
class Breach:
    """A rule that an event breaks, or that is still broken when the log ends."""

    index: int
    rule: str
    advice: str | None
    what: str

    def __str__(self) -> str:
        """One line."""
        about = f" (advice {self.advice})" if self.advice else ""
        return f"event {self.index}: {self.what}{about} [{self.rule}]"


@dataclass(frozen=True)
class Summary:
    """How many advices the log has, by how they ended; `overdue` are still undecided past their time.

    `passkeys`: the entries that registered those which were ever in force, by how they were trusted.
    """

    requested: int
    outcomes: dict[str, int]
    waiting: int
    overdue: int
    passkeys: dict[str, list[int]]


@dataclass(frozen=True)
class WatchReport:
    """What watching came to."""

    events: int
    breaches: tuple[Breach, ...]
    summary: Summary


def watch(
    source: Source,
    verifiers: Sequence[Verifier],
    progress: Progress | None = None,
    rules: Sequence[Rule] = RULES,
) -> WatchReport:
    """Hold each event against each rule. That the bytes are those that were signed is for `verify`."""
    try:
        size = open_checkpoint(source.checkpoint(), verifiers, verifiers[0].name)[0].size
    except NoteInvalid as error:
        raise Unreadable(f"the log's checkpoint can't be relied on: {error}") from None
    tell = progress or silent
    record = Record(verifiers[0].name)
    breaches: list[Breach] = []
    for start, bundle in entries(source, size):
        for index, event in _events(start, bundle):
            if isinstance(event, str):
                breaches.append(Breach(index, "readable", None, event))
                continue
            breaches += _broken(index, event, record, rules)
            record.take(index, event)
        if start // BLOCK % _TELL_EVERY == 0:
            tell(start + len(bundle), size)
    tell(size, size)
    return WatchReport(size, (*breaches, *_left_open(record)), _summary(record))


def _events(start: int, bundle: list[bytes]) -> Iterator[tuple[int, Event | str]]:
    block = read_block(bundle)
    if block is not None:
        yield from enumerate(block.events, start)
        return
    for index, entry in enumerate(bundle, start):
        try:
            yield index, decode_event(entry)
        except EventInvalid:
            yield index, faults(entry, "")[0] or "can't be read"


def _broken(index: int, event: Event, record: Record, rules: Sequence[Rule]) -> Iterator[Breach]:
    name = event.get("advice")
    for rule in rules:
        for what in rule.broken(index, event, record):
            yield Breach(index, rule.id, name if isinstance(name, str) else None, what)


def _left_open(record: Record) -> Iterator[Breach]:
    """Held advice that nobody decided on in time must have expired by the end of the log."""
    for name, advice in record.advice.items():
        late = advice.decide_by and seconds_after(advice.decide_by, _GRACE_SECONDS) < record.last_time
        if advice.received and not advice.outcome and late and advice.review.get("gate") == "release":
            what = f"still waits, though its time to decide was over at {advice.decide_by}"
            yield Breach(advice.requested_at, "expires-at-last", name, what)


def _summary(record: Record) -> Summary:
    outcomes: dict[str, int] = {}
    waiting = overdue = 0
    for advice in record.advice.values():
        if advice.outcome:
            outcomes[advice.outcome] = outcomes.get(advice.outcome, 0) + 1
        elif advice.received:
            waiting += 1
            overdue += bool(advice.decide_by) and advice.decide_by < record.last_time
    if record.refused:
        outcomes["advice.refused"] = len(record.refused)
    requested, ended = len(record.advice) + len(record.refused), dict(sorted(outcomes.items()))
    return Summary(requested, ended, waiting, overdue, record.passkeys.by_trust())


def as_json(report: WatchReport) -> str:
    """The result for machines."""
    return json.dumps(
        {
            "format": "countersign-watch/v1",
            "ok": not report.breaches,
            "events": report.events,
            "summary": vars(report.summary),
            "findings": [vars(breach) for breach in report.breaches],
        },
        indent=2,
        ensure_ascii=False,
    )
