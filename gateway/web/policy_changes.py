"""Changed policies, for admins: what is wrong with the files, what a change would do, a button to put it in force."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from fastapi import Response

from gateway.advice import Run, word_runs
from gateway.errors import Conflict
from gateway.operations import Impact, fingerprint, replay
from gateway.policy import Policy, PolicyProblem, Reloaded, differences
from gateway.web.page_request import PageRequest


@dataclass(frozen=True)
class _Field:
    """A field that changes, and how its words do."""

    name: str
    runs: list[Run]


@dataclass(frozen=True)
class Changed:
    """A policy that would come into force; without a version before it is new."""

    policy: Policy
    new: bool
    fields: list[_Field]
    replayed: Impact | None


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
    """Put in force what was looked at."""
    try:
        await page.services.changes.put_in_force(page.person.actor, page.value("seen"))
    except Conflict:
        return await _page(page, status=409)
    return page.redirect("/policies?changed=1")


def problems_of(found: Reloaded) -> list[Problem]:
    """What is wrong with the files, each named by its folder and name."""
    return [_problem(one) for one in found.problems]


async def _page(page: PageRequest, *, status: int) -> Response:
    services = page.services
    found = await services.changes.preview()
    changed = await asyncio.to_thread(_changed, page, found)
    return page.render(
        "policy-changes.html",
        status=status,
        stale=status == 409,
        faults=problems_of(found),
        refused=found.refused,
        changed=changed,
        retired=[one for name in found.retired if (one := services.policies.get(name)) is not None],
        seen=fingerprint(found),
    )


def _changed(page: PageRequest, found: Reloaded) -> list[Changed]:
    services = page.services
    changes = []
    for name in found.loaded:
        old, new = services.policies.get(name), found.policies.get(name)
        if new is None:
            continue
        if old is None:
            changes.append(Changed(new, new=True, fields=[], replayed=None))
            continue
        fields = [_field(one.field, one.before, one.after) for one in differences(old, new)]
        replayed = replay(services.database, services.log, services.vault, old, new)
        changes.append(Changed(new, new=False, fields=fields, replayed=replayed))
    return changes


def _field(name: str, before: str | None, after: str | None) -> _Field:
    return _Field(name, word_runs(before or "", after or ""))


def _problem(one: PolicyProblem) -> Problem:
    path = Path(one.file)
    return Problem(f"{path.parent.name}/{path.name}", one.line, one.field, one.message)
