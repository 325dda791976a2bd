"""The queue: what waits for this person, what they asked for, what they have decided."""

import re
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final, cast, get_args
from urllib.parse import urlencode

from fastapi import Response

from audit import time_text
from gateway.advice import (
    Advice,
    Order,
    QueueQuery,
    Whose,
    count_due,
    cursor_of,
    find_cases,
    queue,
    requesters,
)
from gateway.http import encode_cursor
from gateway.identity import name_people
from gateway.steps import Heading, heading_of
from gateway.storage import Connection
from gateway.web.page_request import PageRequest
from gateway.web.problems import Problems

_MAX_PAGE_SIZE: Final = 20
_STATUSES: Final = ("pending", "accepted", "rejected", "expired", "failed", "passed_on", "abandoned")
_MAX_PEOPLE: Final = 200
"""Who asked, in the list to choose from: others are reached by an entry of theirs."""
_SCOPE: Final = re.compile(r"case_[0-9a-f]{40}")
_PERSON: Final = re.compile(r"p_[0-9a-f]{8,64}")


@dataclass(frozen=True)
class _Entry:
    advice: Advice
    title: str
    requester: str | None
    age: int
    seconds_left: int | None
    heading: Heading
    case_address: str | None


@dataclass(frozen=True)
class _Found:
    """What a page of the queue is made of."""

    advice: list[Advice]
    headings: list[Heading]
    names: Mapping[str, str]
    due: int
    requesters: list[str]


async def show(page: PageRequest) -> Response:
    """One page of the queue; what an address asks for that makes no sense is left out."""
    return await _queue(page, Problems(page.language))


async def find_case(page: PageRequest) -> Response:
    """To the advice of one case, whose reference is sent as a form: it may say who somebody is.

    Where several applications have such a case, the person chooses.
    """
    reference, vault = page.value("reference").strip(), page.services.vault
    problems = Problems(page.language)
    found: Mapping[str, str] = {}
    if not reference:
        problems.add("reference", problems._("Enter the reference of a case"))
    else:
        found = await page.services.database.fetch(
            lambda connection: find_cases(connection, vault, reference)
        )
        if not found:
            problems.add("reference", problems._("There is no advice of a case with this reference"))
    if len(found) == 1:
        return page.redirect(_address(replace(_query_of(page), case=next(iter(found.values())), after=None)))
    return await _queue(page, problems, cases=found, reference=reference)


async def _queue(
    page: PageRequest, problems: Problems, *, cases: Mapping[str, str] | None = None, reference: str = ""
) -> Response:
    query = _query_of(page)
    now = datetime.now(UTC)
    result = await page.services.database.fetch(lambda connection: _find(connection, page, query, now))
    rows = result.advice[:_MAX_PAGE_SIZE]
    more = len(result.advice) > _MAX_PAGE_SIZE
    policies = {policy.id: policy.title for policy in page.services.policies}
    people = {requester: result.names.get(requester, requester) for requester in result.requesters}
    if query.requester is not None:
        people.setdefault(query.requester, result.names.get(query.requester, query.requester))
    return page.render(
        "queue.html",
        status=422 if problems else 200,
        problems=problems,
        wanted=query,
        statuses=_STATUSES,
        policies=policies,
        people=people,
        entries=[
            _entry(advice, heading, query, policies, result.names, now)
            for advice, heading in zip(rows, result.headings, strict=True)
        ],
        due=result.due,
        cases={name: _address(replace(query, case=scope)) for name, scope in (cases or {}).items()},
        reference=reference,
        every_case=_address(replace(query, case=None, after=None)),
        next=_address(replace(query, after=cursor_of(rows[-1], query.order))) if more else None,
        first=_address(replace(query, after=None)) if query.after else None,
    )


def _find(connection: Connection, page: PageRequest, query: QueueQuery, now: datetime) -> _Found:
    entries = queue(connection, query, _MAX_PAGE_SIZE + 1)
    askers = [] if query.whose == "mine" else requesters(connection, _MAX_PEOPLE)
    people = [advice.requester for advice in entries if advice.requester] + askers
    if query.requester is not None:
        people.append(query.requester)
    return _Found(
        entries,
        [heading_of(connection, page.services.vault, advice) for advice in entries[:_MAX_PAGE_SIZE]],
        name_people(connection, people),
        count_due(connection, page.person.id, "team", time_text(now)),
        askers,
    )


def _query_of(page: PageRequest) -> QueueQuery:
    whose, order, status = page.query("whose"), page.query("order"), page.query("status")
    result = QueueQuery(person=page.person.id, policy=page.query("policy") or None)
    if whose in get_args(Whose):
        result = replace(result, whose=cast(Whose, whose))
    if result.whose != "team":
        result = replace(result, status=status if status in _STATUSES else None)
    if result.whose != "mine":
        result = replace(result, requester=_matching(_PERSON, page.query("requester")))
    result = replace(result, case=_matching(_SCOPE, page.query("case")))
    if page.query("due") == "over":
        result = replace(result, status="pending", overdue_at=time_text(datetime.now(UTC)))
    pending = result.status == "pending"
    if order in get_args(Order) and (pending or order != "due"):
        result = replace(result, order=cast(Order, order))
    elif not pending:
        result = replace(result, order="newest")
    return replace(result, after=_cursor(page.query("after")))


def _matching(pattern: re.Pattern[str], text: str) -> str | None:
    return text if pattern.fullmatch(text) else None


def _entry(
    advice: Advice,
    heading: Heading,
    query: QueueQuery,
    policies: Mapping[str, str],
    names: Mapping[str, str],
    now: datetime,
) -> _Entry:
    requested_at = datetime.fromisoformat(advice.requested_at)
    left = None
    if advice.status == "pending" and advice.decide_by is not None:
        left = round((datetime.fromisoformat(advice.decide_by) - now).total_seconds())
    return _Entry(
        advice,
        title=policies.get(advice.policy, advice.policy),
        requester=None if advice.requester is None else names.get(advice.requester, advice.requester),
        age=round((now - requested_at).total_seconds()),
        seconds_left=left,
        heading=heading,
        case_address=None
        if _matching(_SCOPE, advice.scope) is None or query.case == advice.scope
        else _address(replace(query, case=advice.scope, after=None)),
    )


def _address(query: QueueQuery) -> str:
    fields: dict[str, Any] = {
        "whose": query.whose,
        "status": query.status if query.whose != "team" else None,
        "policy": query.policy,
        "case": query.case,
        "requester": query.requester,
        "due": "over" if query.overdue_at else None,
        "order": query.order,
        "after": encode_cursor(query.after) if query.after else None,
    }
    return "/advice?" + urlencode({name: value for name, value in fields.items() if value})


def _cursor(text: str) -> tuple[str, str] | None:
    try:
        place, _, advice = urlsafe_b64decode(text).decode().partition(" ")
    except ValueError:
        return None
    return (place, advice) if place and advice else None
