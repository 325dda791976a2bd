"""Changed policies, for admins: what is wrong with the files, what a change would do, a button to put it in force."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from fastapi import Response

from audit import Transaction, now_text, time_text
from gateway.advice import EarlierErasures, Run, earlier_erasures, record
from gateway.errors import Conflict
from gateway.identity import name_people
from gateway.operations import Change, Impact, RetentionFor, fingerprint
from gateway.policy import (
    Difference,
    Policy,
    PolicyProblem,
    Reloaded,
    SectionSummary,
    contents,
    differences,
    summary,
)
from gateway.web.page_request import PageRequest
from gateway.web.policy_difference import runs_of
from gateway.web.problems import Problems

_RETENTION: Final = "retention_for"
_CONFIRMED: Final = "confirmed"
_AGAIN: Final = "again"
_MAX_DAYS: Final = 3_650


@dataclass(frozen=True)
class _Field:
    """A field that changes, how its words do, and whether a safeguard is weaker for it."""

    name: str
    runs: list[Run]
    weaker: bool


@dataclass(frozen=True)
class Changed:
    """A policy that would come into force, as its page tells it."""

    change: Change
    sections: list[SectionSummary]
    """Of a new policy: all that it says, in short."""
    fields: list[_Field]
    replayed: Impact | None
    earlier: EarlierErasures | None
    agreed: list[tuple[str, RetentionFor]]
    """Who has agreed so far, by name, and to what retention."""
    may_agree: bool

    @property
    def policy(self) -> Policy:
        """As it would be."""
        return self.change.policy


@dataclass(frozen=True)
class Problem:
    """Something to mend, with the file as an admin knows it."""

    file: str
    line: int
    field: str
    message: str


async def show(page: PageRequest) -> Response:
    """What lies on the disk beside what is in force."""
    return await _page(page, status=200)


async def put_in_force(page: PageRequest) -> Response:
    """Put in force what was looked at, or agree to it where it takes another admin as well."""
    problems = Problems(page.language)
    found = await page.services.changes.diff()
    again = page.form.get(_AGAIN, [])
    chosen_ones = [
        one
        for one in await page.services.changes.changes(found)
        if not one.was_retired or one.policy.id in again
    ]
    shortens = any(one.shortens_retention for one in chosen_ones)
    chosen = page.value(_RETENTION)
    if found.retired and not chosen_ones:
        problems.add(_AGAIN, problems._("Select what to put in force again"))
    if shortens and chosen not in ("new", "all"):
        problems.add(_RETENTION, problems._("Select what the shorter time is for"))
    elif shortens and chosen == "all" and not page.value(_CONFIRMED):
        problems.add(_CONFIRMED, problems._("Confirm that this advice is to be erased earlier"))
    if problems:
        return await _page(page, status=422, problems=problems)
    retention_for: RetentionFor = "all" if shortens and chosen == "all" else "new"
    try:
        done = await page.services.changes.put_in_force(
            page.person.actor, page.value("seen"), retention_for, again
        )
    except Conflict as error:
        if error.code != "policies_changed":
            raise
        return await _page(page, status=409)
    return page.redirect("/policy-changes?asked=1" if done.waiting else "/policies?changed=1")


async def retire(page: PageRequest) -> Response:
    """From now on nothing is asked under this policy."""
    await page.services.changes.retire(str(page.request.path_params["policy"]), page.person.actor)
    return page.redirect("/policies?changed=1")


def problems_of(found: Reloaded) -> list[Problem]:
    """What is wrong with the files, each named by its folder and name."""
    return [_problem(one) for one in found.problems]


async def _page(page: PageRequest, *, status: int, problems: Problems | None = None) -> Response:
    services = page.services
    found = await services.changes.preview()
    changes = await services.changes.changes(found)
    since = _since(page.query("days"))
    changed = await asyncio.to_thread(_changed, page, changes, since)
    with_texts = bool(page.query("texts"))
    if with_texts:
        await _record_texts(page, changed)
    return page.render(
        "policy-changes.html",
        status=status,
        stale=status == 409,
        asked=page.query("asked"),
        problems=problems or Problems(page.language),
        typed={name: page.value(name) for name in (_RETENTION, _CONFIRMED)},
        again=page.form.get(_AGAIN, []),
        faults=problems_of(found),
        refused=found.refused,
        changed=changed,
        days=page.query("days") if since else "",
        with_texts=with_texts,
        missing=[one for name in found.missing if (one := services.policies.get(name)) is not None],
        seen=fingerprint(found),
    )


def _since(days: str) -> str:
    """The time so many days ago, as the log writes times; nothing for all of it."""
    if not days.isdecimal() or not 0 < int(days) <= _MAX_DAYS:
        return ""
    return time_text(datetime.now(UTC) - timedelta(days=int(days)))


async def _record_texts(page: PageRequest, changed: Sequence[Changed]) -> None:
    """That these texts are shown is on the record first, once for each advice."""
    shown = {
        (one.advice, kind)
        for change in changed
        for kind, one in (change.replayed.shown_texts() if change.replayed else ())
    }

    def command(transaction: Transaction) -> None:
        for advice, kind in sorted(shown):
            event = {"type": "content.opened", "advice": advice, "actor": page.person.actor, "kind": kind}
            record(transaction, event)

    if shown:
        await page.services.recorder.submit(command)


def _changed(page: PageRequest, changes: Sequence[Change], since: str) -> list[Changed]:
    services, me = page.services, page.person.id
    people = {one.person for change in changes for one in change.approvals}
    names = services.database.read(lambda connection: name_people(connection, people))
    found = []
    for change in changes:
        before, after = change.before, change.policy
        told = contents(after) if before is None else differences(before, after)
        agreed: list[tuple[str, RetentionFor]] = []
        kinds: tuple[RetentionFor, ...] = ("new", "all")
        for kind in kinds:
            agreed += [(names.get(one, one), kind) for one in change.agreed(kind)]
        found.append(
            Changed(
                change,
                summary(after) if before is None else [],
                [_field(one, change.loosens) for one in told],
                services.changes.replay(change, since),
                _earlier(page, change) if change.shortens_retention else None,
                agreed,
                any(change.refusal_of(me, kind) is None for kind in kinds),
            )
        )
    return found


def _earlier(page: PageRequest, change: Change) -> EarlierErasures:
    return page.services.database.read(
        lambda connection: earlier_erasures(
            connection, change.policy.id, change.policy.retention.seconds, now_text()
        )
    )


def _field(one: Difference, loosens: Sequence[str]) -> _Field:
    weaker = any(f"{one.field}.".startswith(f"{field}.") for field in loosens)
    return _Field(one.field, runs_of(one), weaker)


def _problem(one: PolicyProblem) -> Problem:
    path = Path(one.file)
    return Problem(f"{path.parent.name}/{path.name}", one.line, one.field, one.message)
