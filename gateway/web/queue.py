"""The queue: what waits for this person, what they asked for, what they have decided."""

from base64 import urlsafe_b64decode
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final, cast, get_args
from urllib.parse import urlencode

from fastapi import Response

from gateway.advice import Advice, Order, Wanted, Whose, count_due, cursor_of, queue
from gateway.http import encode_cursor
from gateway.identity import name_people
from gateway.storage import Connection
from gateway.timestamps import time_text
from gateway.web.page_request import PageRequest

_LONGEST_PAGE: Final = 20
_STATUSES: Final = ("pending", "accepted", "rejected", "expired", "failed", "passed_on", "abandoned")


@dataclass(frozen=True)
class _Entry:
    advice: Advice
    title: str
    requester: str | None
    age: int
    seconds_left: int | None


async def show(page: PageRequest) -> Response:
    """One page of the queue; what an address asks for that makes no sense is left out."""
    wanted = _wanted(page)
    now = datetime.now(UTC)
    person = page.person.id

    def find(connection: Connection) -> tuple[list[Advice], dict[str, str], int]:
        found = queue(connection, wanted, _LONGEST_PAGE + 1)
        names = name_people(connection, [one.requester for one in found if one.requester])
        return found, names, count_due(connection, person, "team", time_text(now))

    found, names, due = await page.services.database.fetch(find)
    rows = found[:_LONGEST_PAGE]
    more = len(found) > _LONGEST_PAGE
    policies = {policy.id: policy.title for policy in page.services.policies}
    return page.render(
        "queue.html",
        wanted=wanted,
        statuses=_STATUSES,
        policies=policies,
        entries=[_entry(one, policies, names, now) for one in rows],
        due=due,
        next=_address(wanted, cursor_of(rows[-1], wanted.order)) if more else None,
        first=_address(wanted, None) if wanted.after else None,
    )


def _wanted(page: PageRequest) -> Wanted:
    whose, order, status = page.query("whose"), page.query("order"), page.query("status")
    wanted = Wanted(person=page.person.id, policy=page.query("policy") or None)
    if whose in get_args(Whose):
        wanted = replace(wanted, whose=cast(Whose, whose))
    if wanted.whose != "team":
        wanted = replace(wanted, status=status if status in _STATUSES else None)
    if page.query("due") == "over":
        wanted = replace(wanted, status="pending", overdue_at=time_text(datetime.now(UTC)))
    pending = wanted.status == "pending"
    if order in get_args(Order) and (pending or order != "due"):
        wanted = replace(wanted, order=cast(Order, order))
    elif not pending:
        wanted = replace(wanted, order="newest")
    return replace(wanted, after=_cursor(page.query("after")))


def _entry(advice: Advice, policies: dict[str, str], names: dict[str, str], now: datetime) -> _Entry:
    asked = datetime.fromisoformat(advice.requested_at)
    left = None
    if advice.status == "pending" and advice.decide_by is not None:
        left = round((datetime.fromisoformat(advice.decide_by) - now).total_seconds())
    requester = None if advice.requester is None else names.get(advice.requester, advice.requester)
    title = policies.get(advice.policy, advice.policy)
    return _Entry(advice, title, requester, round((now - asked).total_seconds()), left)


def _address(wanted: Wanted, after: tuple[str, str] | None) -> str:
    fields: dict[str, Any] = {
        "whose": wanted.whose,
        "status": wanted.status if wanted.whose != "team" else None,
        "policy": wanted.policy,
        "due": "over" if wanted.overdue_at else None,
        "order": wanted.order,
        "after": encode_cursor(after) if after else None,
    }
    return "/advice?" + urlencode({name: value for name, value in fields.items() if value})


def _cursor(text: str) -> tuple[str, str] | None:
    try:
        place, _, advice = urlsafe_b64decode(text).decode().partition(" ")
    except ValueError:
        return None
    return (place, advice) if place and advice else None
