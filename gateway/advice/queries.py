"""Reading the projections."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, bindparam, case, exists, func, or_, select

from gateway.advice.state import Advice, RecordedDecision
from gateway.storage import Connection, Statement, optional_text, tables

_advice = tables.advice
_is_seeded = exists().where(tables.seeded.c.advice == _advice.c.id)

_requester = optional_text("requester")
_by_id = Statement(select(_advice).where(_advice.c.id == bindparam("advice")))
_decisions = Statement(
    select(tables.decisions)
    .where(tables.decisions.c.advice == bindparam("advice"))
    .order_by(tables.decisions.c.event)
)
_run = Statement(
    select(_advice.c.id, _advice.c.scope)
    .join(tables.tool_calls, tables.tool_calls.c.advice == _advice.c.id)
    .where(tables.tool_calls.c.reference == bindparam("reference"))
    .order_by(tables.tool_calls.c.event.desc())
    .limit(1)
)
_waiting = Statement(
    select(
        _advice.c.policy,
        func.count().label("pending"),
        func.min(_advice.c.received_at).label("oldest"),
        func.sum(case((_advice.c.decide_by < bindparam("now"), 1), else_=0)).label("overdue"),
    )
    .where(_advice.c.status == "pending")
    .group_by(_advice.c.policy)
)
_view = Statement(
    select(tables.views.c.event).where(
        tables.views.c.advice == bindparam("advice"), tables.views.c.person == bindparam("person")
    )
)
_showing = Statement(
    select(tables.showings.c.event).where(
        tables.showings.c.advice == bindparam("advice"), tables.showings.c.viewer == bindparam("viewer")
    )
)
_response_deletion = Statement(
    select(tables.deleted_responses.c.event).where(tables.deleted_responses.c.advice == bindparam("advice"))
)
_overdue = Statement(
    select(_advice)
    .where(
        _advice.c.application == bindparam("application"),
        _advice.c.policy == bindparam("policy"),
        _advice.c.status == "pending",
        _advice.c.gate == "use",
        _advice.c.decide_by < bindparam("now"),
        or_(
            _requester.is_(None),
            _advice.c.requester.is_(None),
            _advice.c.requester == _requester,
        ),
    )
    .order_by(_advice.c.decide_by)
    .limit(bindparam("most"))
)
_past_deciding = Statement(
    select(_advice.c.id).where(
        and_(
            _advice.c.status == "pending", _advice.c.gate == "release", _advice.c.decide_by < bindparam("now")
        )
    )
)
_interrupted = Statement(select(_advice.c.id).where(_advice.c.status == "requested"))
_page = Statement(
    select(_advice)
    .where(
        or_(optional_text("status").is_(None), _advice.c.status == optional_text("status")),
        or_(optional_text("policy").is_(None), _advice.c.policy == optional_text("policy")),
        or_(
            optional_text("application").is_(None),
            and_(
                _advice.c.application == optional_text("application"),
                ~_is_seeded,
            ),
        ),
        or_(
            optional_text("after_time").is_(None),
            _advice.c.requested_at < optional_text("after_time"),
            and_(
                _advice.c.requested_at == optional_text("after_time"),
                _advice.c.id < optional_text("after_id"),
            ),
        ),
    )
    .order_by(_advice.c.requested_at.desc(), _advice.c.id.desc())
    .limit(bindparam("most"))
)


def find_run(connection: Connection, calls: Sequence[str], scope: str | None) -> str | None:
    """The advice that made one of the tool calls with these references, in the same case; None if there is none."""
    for reference in calls:
        row = _run.first(connection, reference=reference)
        if (
            row is not None
            and (scope is None) == (row["scope"] == row["id"])
            and scope in (None, row["scope"])
        ):
            found: str = row["id"]
            return found
    return None


def count_waiting(connection: Connection, now: str) -> list[dict[str, Any]]:
    """How much waits for a decision, by policy: `pending`, `overdue`, and since when the oldest (`oldest`)."""
    return [dict(row) for row in _waiting.all(connection, now=now)]


def find_advice(connection: Connection, advice: str) -> Advice | None:
    """The advice with this id."""
    row = _by_id.first(connection, advice=advice)
    return None if row is None else Advice.from_row(row)


def decisions_on(connection: Connection, advice: str) -> list[RecordedDecision]:
    """The decisions cast on an advice, in the order of the log."""
    rows = _decisions.all(connection, advice=advice)
    return [
        RecordedDecision(row["person"], row["decision"], row["text"], row["decided_at"], row["passkey"])
        for row in rows
    ]


def view_of(connection: Connection, advice: str, person: str) -> bool:
    """Whether the person has recorded their own view."""
    return _view.first(connection, advice=advice, person=person) is not None


def seen_by(connection: Connection, advice: str, viewer: str) -> bool:
    """Whether the advice was shown to this caller already."""
    return _showing.first(connection, advice=advice, viewer=viewer) is not None


def is_response_deleted(connection: Connection, advice: str) -> bool:
    """Whether the application deleted its response, so that it is given nothing of the advice any more."""
    return _response_deletion.first(connection, advice=advice) is not None


def overdue(
    connection: Connection, *, application: str, policy: str, requester: str | None, now: str, most: int = 21
) -> list[Advice]:
    """Advice in use whose time to decide is over, oldest first.

    A request on behalf of a person is blocked by that person's overdue advice, and by overdue advice that names
    nobody. A request that names nobody is blocked by all overdue advice of the application, so that leaving the name
    out gains nothing.
    """
    rows = _overdue.all(
        connection, application=application, policy=policy, requester=requester, now=now, most=most
    )
    return [Advice.from_row(row) for row in rows]


def past_deciding(connection: Connection, now: str) -> list[str]:
    """Held advice that has run out of time."""
    return [row["id"] for row in _past_deciding.all(connection, now=now)]


def interrupted(connection: Connection) -> list[str]:
    """Advice that was asked for and never answered nor failed: the gateway died in between."""
    return [row["id"] for row in _interrupted.all(connection)]


def list_advice(
    connection: Connection,
    *,
    status: str | None,
    policy: str | None,
    application: str | None,
    after: tuple[str, str] | None,
    most: int,
) -> Sequence[Advice]:
    """A page of advice, newest first; `after` is the (requested_at, id) of the last one seen."""
    parameters: dict[str, Any] = {"status": status, "policy": policy, "application": application}
    time, last = after or (None, None)
    rows = _page.all(connection, **parameters, after_time=time, after_id=last, most=most)
    return [Advice.from_row(row) for row in rows]
