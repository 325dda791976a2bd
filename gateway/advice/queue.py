"""The queue of one person: what they asked for, and what waits for somebody like them to decide."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, not_, or_, select

from gateway.advice.ids import case_scope
from gateway.advice.state import Advice
from gateway.storage import Connection, Statement, Vault, optional_text, tables

Whose = Literal["team", "mine", "decided"]
Order = Literal["due", "oldest", "newest"]

_advice = tables.advice
_decisions = tables.decisions

_decided_by_them = exists().where(
    _decisions.c.advice == _advice.c.id, _decisions.c.person == bindparam("person")
)
_asker_may_decide = _advice.c.review.like('%"not_the_requester":false%')  # as recorded, in canonical JSON
# A check names somebody who asked for something else, and would know it by that. Where they may not decide on it
# anyway, they need not see it.
_recognised = and_(not_(_asker_may_decide), exists().where(tables.seeded.c.advice == _advice.c.id))
_WHOSE: Final[Mapping[Whose, ColumnElement[bool]]] = {
    "mine": and_(_advice.c.requester == bindparam("person"), not_(_recognised)),
    "decided": _decided_by_them,
    "team": and_(
        or_(
            _advice.c.requester.is_(None),
            _advice.c.requester != bindparam("person"),
            _asker_may_decide,
        ),
        not_(_decided_by_them),
    ),
}
_PLACES: Final[Mapping[Order, ColumnElement[str]]] = {
    "due": _advice.c.decide_by,
    "oldest": _advice.c.id,
    "newest": _advice.c.id,
}


_requester = optional_text("requester")
_FoundBy = Literal["case", "requester"] | None
_FOUND_BY: Final[Mapping[Literal["case", "requester"], tuple[ColumnElement[bool], ...]]] = {
    "case": (
        _advice.c.scope == bindparam("case"),
        or_(_requester.is_(None), _advice.c.requester == _requester),
    ),
    "requester": (_advice.c.requester == bindparam("requester"),),
}
_applications = Statement(select(tables.applications.c.id).order_by(tables.applications.c.id))
_of_scope = Statement(select(_advice.c.id).where(_advice.c.scope == bindparam("case")).limit(1))
_requesters = Statement(
    select(tables.people.c.id)
    .where(exists().where(_advice.c.requester == tables.people.c.id))
    .order_by(tables.people.c.name)
    .limit(bindparam("most"))
)


@dataclass(frozen=True)
class QueueQuery:
    """A page of the queue: whose, which, in what order; `after` is the `cursor_of` of the last one seen."""

    person: str
    whose: Whose = "team"
    status: str | None = "pending"
    policy: str | None = None
    case: str | None = None
    requester: str | None = None
    overdue_at: str | None = None
    order: Order = "due"
    after: tuple[str, str] | None = None
    """`mine`: what they asked for; `team`: what they may decide on and have not; `decided`: what they have decided on.
    `case`: only of this scope; `requester`: only what this person asked for; `overdue_at`: only what is due by then.
    """


def queue(connection: Connection, query: QueueQuery, most: int) -> list[Advice]:
    """A page of the queue."""
    place, last = query.after or (None, None)
    with_status = {} if query.status is None else {"status": query.status}
    found_by = _matching(query)
    rows = _pages[query.whose, query.order, query.status is not None, found_by].all(
        connection,
        **with_status,
        **({} if found_by is None else {"case": query.case, "requester": query.requester}),
        person=query.person,
        policy=query.policy,
        due=query.overdue_at,
        place=place,
        last=last,
        most=most,
    )
    return [Advice.from_row(row) for row in rows]


def cursor_of(advice: Advice, order: Order) -> tuple[str, str]:
    """Where the advice stands in the queue, to go on from there."""
    return ((advice.decide_by or "") if order == "due" else advice.id), advice.id


def _matching(query: QueueQuery) -> _FoundBy:
    if query.case is not None:
        return "case"
    return None if query.requester is None else "requester"


def find_cases(connection: Connection, vault: Vault, reference: str) -> dict[str, str]:
    """The scopes of the cases with this reference of which there is advice, by application."""
    scopes = {row["id"]: case_scope(vault, row["id"], reference) for row in _applications.all(connection)}
    return {
        application: scope for application, scope in scopes.items() if _of_scope.first(connection, case=scope)
    }


def requesters(connection: Connection, most: int) -> list[str]:
    """The people, by name, for whom advice was ever asked: so many at most."""
    return [row["id"] for row in _requesters.all(connection, most=most)]


def count_due(connection: Connection, person: str, whose: Whose, now: str) -> int:
    """How many pieces of advice are past their time to decide."""
    row = _counts[whose].first(connection, person=person, due=now)
    return int(row["count"]) if row else 0


def _page(whose: Whose, order: Order, *, of_status: bool, found_by: _FoundBy) -> Statement:
    place = _PLACES[order]
    status: ColumnElement[str] = _advice.c.status
    if (
        found_by is not None
    ):  # the few of one case or person are sorted; the index of statuses would be walked for them
        status = func.coalesce(status, "")
    statement = select(_advice).where(
        _WHOSE[whose],
        # Left out rather than made optional: only so does the database take the index of statuses.
        *((status == bindparam("status"),) if of_status else ()),
        *(() if found_by is None else _FOUND_BY[found_by]),
        or_(optional_text("policy").is_(None), _advice.c.policy == optional_text("policy")),
        or_(optional_text("due").is_(None), _advice.c.decide_by < optional_text("due")),
    )
    return Statement(_ordered(statement, order, place).limit(bindparam("most")))


def _ordered(statement: Select[Any], order: Order, place: ColumnElement[str]) -> Select[Any]:
    if order == "newest":
        after = or_(optional_text("place").is_(None), place < optional_text("place"))
        return statement.where(after).order_by(place.desc())
    after = or_(
        optional_text("place").is_(None),
        place > optional_text("place"),
        and_(place == optional_text("place"), _advice.c.id > bindparam("last")),
    )
    return statement.where(after).order_by(place, _advice.c.id)


_pages: Final = {
    (whose, order, of_status, found_by): _page(whose, order, of_status=of_status, found_by=found_by)
    for whose in _WHOSE
    for order in _PLACES
    for of_status in (True, False)
    for found_by in (None, *_FOUND_BY)
}
_counts: Final = {
    whose: Statement(
        select(func.count().label("count")).where(
            condition, _advice.c.status == "pending", _advice.c.decide_by < optional_text("due")
        )
    )
    for whose, condition in _WHOSE.items()
}
