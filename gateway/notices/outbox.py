"""Notices to be sent, kept until they are: a row for each notice and channel, so that neither a crash nor a second
gateway loses one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from sqlalchemy import Text, bindparam, cast, delete, exists, null, or_, select, update

from audit import Connection, Transaction
from gateway.storage import Statement, insertion, tables

Kind = Literal["new", "due", "overdue", "alert", "concern", "limit_approached", "limit_reached"]
Outcome = Literal["accepted", "rejected", "expired"]
OUTCOMES: Final[tuple[Outcome, ...]] = get_args(Outcome)
OUTCOME_DAYS: Final = 7
"""Outcomes that are older are not taken up: those of a time in which no gateway ran, or nobody was to be told."""
_MAX: Final = 200
"""So many are taken up at once; the rest comes with the next look."""

_advice = tables.advice
_alerts = tables.alerts
_concerns = tables.concerns
_notices = tables.notices
_limits = tables.limits_told


@dataclass(frozen=True)
class Notice:
    """One thing to tell on one channel; nothing in it is about a person."""

    channel: str
    kind: Kind | Outcome
    subject: str
    policy: str
    decide_by: str | None
    tries: int = 0


def _unsent(kind: Any, subject: Any) -> Any:
    return ~exists().where(
        _notices.c.channel == bindparam("channel"), _notices.c.kind == kind, _notices.c.subject == subject
    )


def _of_advice(kind: Kind, *conditions: Any) -> Statement:
    return Statement(
        select(_advice.c.id.label("subject"), _advice.c.policy, _advice.c.decide_by)
        .where(_advice.c.status == "pending", *conditions, _unsent(kind, _advice.c.id))
        .order_by(_advice.c.decide_by)
        .limit(_MAX)
    )


def _of_others(kind: Kind, table: Any, subject: Any, *conditions: Any) -> Statement:
    return Statement(
        select(subject.label("subject"), table.c.policy, null().label("decide_by"))
        .where(_unsent(kind, subject), *conditions)
        .limit(_MAX)
    )


_finds: Final[dict[Kind, Statement]] = {
    "new": _of_advice("new", _advice.c.decide_by > bindparam("soon")),
    "due": _of_advice(
        "due", _advice.c.decide_by <= bindparam("soon"), _advice.c.decide_by >= bindparam("now")
    ),
    "overdue": _of_advice("overdue", _advice.c.decide_by < bindparam("now")),
    "alert": _of_others("alert", _alerts, cast(_alerts.c.event, Text)),
    "concern": _of_others("concern", _concerns, _concerns.c.id),
    "limit_approached": _of_others(
        "limit_approached", _limits, cast(_limits.c.event, Text), _limits.c.state == "approached"
    ),
    "limit_reached": _of_others(
        "limit_reached", _limits, cast(_limits.c.event, Text), _limits.c.state == "reached"
    ),
}
_find_outcomes = Statement(
    select(_advice.c.id.label("subject"), _advice.c.policy, _advice.c.status)
    .where(
        _advice.c.application == bindparam("application"),
        or_(*(_advice.c.status == outcome for outcome in OUTCOMES)),
        _advice.c.settled_at >= bindparam("since"),
        ~exists().where(tables.seeded.c.advice == _advice.c.id),
        _unsent(_advice.c.status, _advice.c.id),
    )
    .order_by(_advice.c.settled_at)
    .limit(_MAX)
)
_forget_outcomes = Statement(
    delete(_notices).where(
        or_(*(_notices.c.kind == outcome for outcome in OUTCOMES)), _notices.c.told_at < bindparam("before")
    )
)
_insert = insertion(_notices)
_waiting = Statement(
    select(_notices)
    .where(
        _notices.c.channel == bindparam("channel"),
        _notices.c.told_at.is_(None),
        _notices.c.next_at <= bindparam("now"),
    )
    .order_by(_notices.c.next_at)
    .limit(_MAX)
)
_set_tried = Statement(
    update(_notices)
    .values(told_at=bindparam("new_told_at"), tries=_notices.c.tries + 1, next_at=bindparam("new_next_at"))
    .where(
        _notices.c.channel == bindparam("which_channel"),
        _notices.c.kind == bindparam("which_kind"),
        _notices.c.subject == bindparam("which_subject"),
    )
)
_forget = Statement(
    delete(_notices).where(
        _notices.c.told_at.is_not(None),
        or_(*(_notices.c.kind == kind for kind in ("new", "due", "overdue"))),
        ~exists().where(_advice.c.id == _notices.c.subject, _advice.c.status == "pending"),
    )
)


def find_unsent(connection: Connection, channel: str, now: str, soon: str) -> list[Notice]:
    """What is to be sent on `channel` and has no row yet; `soon`: until when advice counts as due."""
    notices: list[Notice] = []
    for kind, statement in _finds.items():
        moments = {"new": {"soon": soon}, "due": {"now": now, "soon": soon}, "overdue": {"now": now}}
        rows = statement.all(connection, channel=channel, **moments.get(kind, {}))
        notices += [Notice(channel, kind, row["subject"], row["policy"], row["decide_by"]) for row in rows]
    return notices


def find_outcomes(connection: Connection, channel: str, application: str, since: str) -> list[Notice]:
    """What became of an application's advice since then and has no row yet."""
    rows = _find_outcomes.all(connection, channel=channel, application=application, since=since)
    return [Notice(channel, row["status"], row["subject"], row["policy"], None) for row in rows]


def enqueue(transaction: Transaction, notices: Iterable[Notice]) -> None:
    """Give each a row; `RowTaken` if another gateway was quicker."""
    for notice in notices:
        _insert.run(
            transaction.connection,
            channel=notice.channel,
            kind=notice.kind,
            subject=notice.subject,
            policy=notice.policy,
            decide_by=notice.decide_by,
            tries=0,
            next_at=transaction.now,
            told_at=None,
        )


def find_waiting(connection: Connection, channel: str, now: str) -> list[Notice]:
    """What is to be tried now."""
    rows = _waiting.all(connection, channel=channel, now=now)
    return [
        Notice(channel, row["kind"], row["subject"], row["policy"], row["decide_by"], row["tries"])
        for row in rows
    ]


def record_attempt(transaction: Transaction, notices: Sequence[Notice], next_at: str | None) -> None:
    """They were sent, or (`next_at`) are to be tried again then."""
    told_at = transaction.now if next_at is None else None
    for notice in notices:
        _set_tried.run(
            transaction.connection,
            which_channel=notice.channel,
            which_kind=notice.kind,
            which_subject=notice.subject,
            new_told_at=told_at,
            new_next_at=next_at or transaction.now,
        )


def delete_settled(transaction: Transaction, outcomes_before: str) -> None:
    """Delete rows of advice that no longer waits, and of outcomes that were sent before then."""
    _forget.run(transaction.connection)
    _forget_outcomes.run(transaction.connection, before=outcomes_before)
