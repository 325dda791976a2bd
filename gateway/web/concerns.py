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
from gateway.web.page_request import PageRequest
from gateway.web.problems import Problems

_MAX_LENGTH: Final = 10_000
_PAGE: Final = 50


async def show(page: PageRequest) -> Response:
    """Concerns, newest first: all for oversight and admins, their own for others."""
    state = _state(page.query("state"))
    before = page.query("before")
    found = await page.services.database.fetch(
        lambda connection: list_concerns(
            connection,
            state=state,
            raised_by=None if page.person.may_audit else page.person.actor,
            before=int(before) if before.isdecimal() else None,
            most=_PAGE + 1,
        )
    )
    following = None
    if len(found) > _PAGE:
        following = "/concerns?" + urlencode({"state": state or "", "before": found[_PAGE - 1].event})
    return page.render(
        "concerns.html",
        concerns=found[:_PAGE],
        state=state or "",
        states=STATES,
        following=following,
        first="/concerns" if before else None,
    )


async def ask(page: PageRequest) -> Response:
    """The form, about an advice or about a policy."""
    return _form(page, Problems(page.language), page.query("advice"), page.query("policy"))


async def send(page: PageRequest) -> Response:
    """Put it on record."""
    advice, policy = page.value("advice"), page.value("policy")
    severity, what = _severity(page.value("severity")), page.value("what")
    problems = Problems(page.language)
    if not what.strip():
        problems.add("what", problems._("Say what is wrong"))
    elif len(what) > _MAX_LENGTH:
        problems.add("what", problems._("Use 10,000 characters or fewer"))
    if severity is None:
        problems.add("severity", problems._("Select how bad it is"))
    if not advice and page.services.policies.get(policy) is None:
        problems.add("policy", problems._("Select what it is about"))
    if problems or severity is None:
        return _form(page, problems, advice, policy)
    services = page.services
    concern = await services.recorder.submit(
        lambda transaction: raise_concern(
            transaction,
            services.vault,
            services.policies,
            page.person,
            advice=advice or None,
            policy=None if advice else policy,
            severity=severity,
            what=what,
        )
    )
    return page.redirect(f"/concerns/{concern.id}?raised=1")


async def concern_page(page: PageRequest) -> Response:
    """One concern in its own words, for the person who raised it, oversight and admins."""
    return await _one(page, await _theirs(page), Problems(page.language))


async def answer(page: PageRequest) -> Response:
    """Say what became of it."""
    concern = await _theirs(page)
    state, text = _state(page.value("state")), page.value("answer")
    problems = Problems(page.language)
    if state not in ("upheld", "not_upheld"):
        problems.add("state", problems._("Select whether the concern is upheld"))
    if not text.strip():
        problems.add("answer", problems._("Say what you found and what was done"))
    elif len(text) > _MAX_LENGTH:
        problems.add("answer", problems._("Use 10,000 characters or fewer"))
    if problems or state is None:
        return await _one(page, concern, problems)
    services = page.services
    await services.recorder.submit(
        lambda transaction: answer_concern(
            transaction, services.vault, page.person, concern.id, state=state, answer=text
        )
    )
    return page.redirect(f"/concerns/{concern.id}")


def _form(page: PageRequest, problems: Problems, advice: str, policy: str) -> Response:
    return page.render(
        "raise-concern.html",
        status=422 if problems else 200,
        problems=problems,
        advice=advice,
        policy=policy,
        policies={one.id: one.title for one in page.services.policies},
        severities=SEVERITIES,
        severity=page.value("severity"),
        what=page.value("what"),
    )


async def _one(page: PageRequest, concern: Concern, problems: Problems) -> Response:
    words, answers = await page.services.database.fetch(
        lambda connection: words_of(connection, page.services.vault, concern)
    )
    return page.render(
        "concern.html",
        status=422 if problems else 200,
        problems=problems,
        concern=concern,
        said=words,
        answers=answers,
        just_raised=page.query("raised") == "1",
        may_answer="admin" in page.person.roles and concern.raised_by != page.person.actor,
        state=page.value("state"),
        answer=page.value("answer"),
    )


async def _theirs(page: PageRequest) -> Concern:
    name = page.request.path_params["concern"]
    found = await page.services.database.fetch(lambda connection: find_concern(connection, name))
    if found is None or not (page.person.may_audit or found.raised_by == page.person.actor):
        raise GatewayError("unknown_concern", "There is no such concern for you.")
    return found


def _state(text: str) -> State | None:
    return next((state for state in STATES if state == text), None)


def _severity(text: str) -> Severity | None:
    return next((severity for severity in SEVERITIES if severity == text), None)
