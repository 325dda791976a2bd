"""The queue of one person: what they asked for, and what waits for somebody like them to decide."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, not_, or_, select

from gateway.advice.state import Advice
from gateway.storage import Connection, Statement, optional_text, tables

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


@dataclass(frozen=True)
class Wanted:
    """A page of the queue: whose, which, in what order; `after` is the `cursor_of` of the last one seen."""

    person: str
    whose: Whose = "team"
    status: str | None = "pending"
    policy: str | None = None
    overdue_at: str | None = None
    order: Order = "due"
    after: tuple[str, str] | None = None
    """`mine`: what they asked for; `team`: what they may decide on and have not; `decided`: what they have decided on.
    `overdue_at`: only what is due by then.
    """


def queue(connection: Connection, wanted: Wanted, most: int) -> list[Advice]:
    """A page of the queue."""
    place, last = wanted.after or (None, None)
    with_status = {} if wanted.status is None else {"status": wanted.status}
    rows = _pages[wanted.whose, wanted.order, wanted.status is not None].all(
        connection,
        **with_status,
        person=wanted.person,
        policy=wanted.policy,
        due=wanted.overdue_at,
        place=place,
        last=last,
        most=most,
    )
    return [Advice.from_row(row) for row in rows]


def cursor_of(advice: Advice, order: Order) -> tuple[str, str]:
    """Where the advice stands in the queue, to go on from there."""
    return ((advice.decide_by or "") if order == "due" else advice.id), advice.id


def count_due(connection: Connection, person: str, whose: Whose, now: str) -> int:
    """How many pieces of advice are past their time to decide."""
    row = _counts[whose].one(connection, person=person, due=now)
    return int(row["count"]) if row else 0


def _page(whose: Whose, order: Order, *, of_status: bool) -> Statement:
    place = _PLACES[order]
    wanted = select(_advice).where(
        _WHOSE[whose],
        # Left out rather than made optional: only so does the database take the index of statuses.
        *((_advice.c.status == bindparam("status"),) if of_status else ()),
        or_(optional_text("policy").is_(None), _advice.c.policy == optional_text("policy")),
        or_(optional_text("due").is_(None), _advice.c.decide_by < optional_text("due")),
    )
    return Statement(_ordered(wanted, order, place).limit(bindparam("most")))


def _ordered(wanted: Select[Any], order: Order, place: ColumnElement[str]) -> Select[Any]:
    if order == "newest":
        after = or_(optional_text("place").is_(None), place < optional_text("place"))
        return wanted.where(after).order_by(place.desc())
    after = or_(
        optional_text("place").is_(None),
        place > optional_text("place"),
        and_(place == optional_text("place"), _advice.c.id > bindparam("last")),
    )
    return wanted.where(after).order_by(place, _advice.c.id)


_pages: Final = {
    (whose, order, of_status): _page(whose, order, of_status=of_status)
    for whose in _WHOSE
    for order in _PLACES
    for of_status in (True, False)
}
_counts: Final = {
    whose: Statement(
        select(func.count().label("count")).where(
            condition, _advice.c.status == "pending", _advice.c.decide_by < optional_text("due")
        )
    )
    for whose, condition in _WHOSE.items()
}
