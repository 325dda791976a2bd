"""Raising a concern in two clicks, following it, and answering it."""

from typing import Final
from urllib.parse import urlencode

from fastapi import Response

from gateway.errors import GatewayError
from gateway.oversight import (
    SEVERITIES,
    STATES,
    Concern,
    Severity,
    State,
    answer_concern,
    find_concern,
    list_concerns,
    raise_concern,
    words_of,
)
from gateway.web.problems import Problems
from gateway.web.visit import Visit

_LONGEST: Final = 10_000
_PAGE: Final = 50


async def show(visit: Visit) -> Response:
    """Concerns, newest first: all for oversight and admins, their own for others."""
    state = _state(visit.query("state"))
    before = visit.query("before")
    found = await visit.services.database.fetch(
        lambda connection: list_concerns(
            connection,
            state=state,
            raised_by=None if visit.person.may_audit else visit.person.actor,
            before=int(before) if before.isdecimal() else None,
            most=_PAGE + 1,
        )
    )
    following = None
    if len(found) > _PAGE:
        following = "/concerns?" + urlencode({"state": state or "", "before": found[_PAGE - 1].event})
    return visit.page(
        "concerns.html",
        concerns=found[:_PAGE],
        state=state or "",
        states=STATES,
        following=following,
        first="/concerns" if before else None,
    )


async def ask(visit: Visit) -> Response:
    """The form, about an advice or about a policy."""
    return _form(visit, Problems(visit.language), visit.query("advice"), visit.query("policy"))


async def send(visit: Visit) -> Response:
    """Put it on record."""
    advice, policy = visit.value("advice"), visit.value("policy")
    severity, what = _severity(visit.value("severity")), visit.value("what")
    problems = Problems(visit.language)
    if not what.strip():
        problems.add("what", problems._("Say what is wrong"))
    elif len(what) > _LONGEST:
        problems.add("what", problems._("Use 10,000 characters or fewer"))
    if severity is None:
        problems.add("severity", problems._("Select how bad it is"))
    if not advice and visit.services.policies.get(policy) is None:
        problems.add("policy", problems._("Select what it is about"))
    if problems or severity is None:
        return _form(visit, problems, advice, policy)
    services = visit.services
    concern = await services.recorder.submit(
        lambda transaction: raise_concern(
            transaction,
            services.vault,
            services.policies,
            visit.person,
            advice=advice or None,
            policy=None if advice else policy,
            severity=severity,
            what=what,
        )
    )
    return visit.go(f"/concerns/{concern.id}?raised=1")


async def one(visit: Visit) -> Response:
    """One concern in its own words, for whoever raised it, oversight and admins."""
    return await _one(visit, await _theirs(visit), Problems(visit.language))


async def answer(visit: Visit) -> Response:
    """Say what became of it."""
    concern = await _theirs(visit)
    state, text = _state(visit.value("state")), visit.value("answer")
    problems = Problems(visit.language)
    if state not in ("upheld", "not_upheld"):
        problems.add("state", problems._("Select whether the concern is upheld"))
    if not text.strip():
        problems.add("answer", problems._("Say what you found and what was done"))
    elif len(text) > _LONGEST:
        problems.add("answer", problems._("Use 10,000 characters or fewer"))
    if problems or state is None:
        return await _one(visit, concern, problems)
    services = visit.services
    await services.recorder.submit(
        lambda transaction: answer_concern(
            transaction, services.vault, visit.person, concern.id, state=state, answer=text
        )
    )
    return visit.go(f"/concerns/{concern.id}")


def _form(visit: Visit, problems: Problems, advice: str, policy: str) -> Response:
    return visit.page(
        "raise-concern.html",
        status=422 if problems else 200,
        problems=problems,
        advice=advice,
        policy=policy,
        policies={one.id: one.title for one in visit.services.policies},
        severities=SEVERITIES,
        severity=visit.value("severity"),
        what=visit.value("what"),
    )


async def _one(visit: Visit, concern: Concern, problems: Problems) -> Response:
    said, answers = await visit.services.database.fetch(
        lambda connection: words_of(connection, visit.services.vault, concern)
    )
    return visit.page(
        "concern.html",
        status=422 if problems else 200,
        problems=problems,
        concern=concern,
        said=said,
        answers=answers,
        just_raised=visit.query("raised") == "1",
        may_answer="admin" in visit.person.roles and concern.raised_by != visit.person.actor,
        state=visit.value("state"),
        answer=visit.value("answer"),
    )


async def _theirs(visit: Visit) -> Concern:
    name = visit.request.path_params["concern"]
    found = await visit.services.database.fetch(lambda connection: find_concern(connection, name))
    if found is None or not (visit.person.may_audit or found.raised_by == visit.person.actor):
        raise GatewayError("unknown_concern", "There is no such concern for you.")
    return found


def _state(given: str) -> State | None:
    return next((state for state in STATES if state == given), None)


def _severity(given: str) -> Severity | None:
    return next((severity for severity in SEVERITIES if severity == given), None)
