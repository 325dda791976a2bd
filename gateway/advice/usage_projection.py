"""What models were used for: requests, tokens and cost by day, policy, application, person and model, from the events.

A request counts once a model has answered it, on the day (UTC) of that event, also where the answer was not shown for
what it added. No model is asked for a seeded check, so it does not count.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import bindparam, case, func, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_update  # SQLite reads the same words

from gateway.money import Money
from gateway.storage import Connection, Row, Statement, tables

Event = Mapping[str, Any]

_advice = tables.advice
_usage = tables.usage
_KEYS: Final = ("day", "policy", "application", "person", "model", "currency")
_COUNTS: Final = ("requests", "prompt_tokens", "completion_tokens", "micro")
_add = Statement(
    insert_or_update(_usage)
    .values({name: bindparam(name) for name in (*_KEYS, *_COUNTS)})
    .on_conflict_do_update(
        index_elements=list(_KEYS),
        set_={name: _usage.c[name] + bindparam(name) for name in _COUNTS},
    )
)
_keep = Statement(
    update(_advice).values(used=bindparam("new_used")).where(_advice.c.id == bindparam("which"))
)
_asker = Statement(
    select(_advice.c.policy, _advice.c.application, _advice.c.requester, tables.seeded.c.check)
    .outerjoin(tables.seeded, tables.seeded.c.advice == _advice.c.id)
    .where(_advice.c.id == bindparam("advice"))
)
_used_by = Statement(select(_advice.c.used).where(_advice.c.id == bindparam("advice")))
_tokens = _usage.c.prompt_tokens + _usage.c.completion_tokens


def _sum(value: Any, *conditions: Any) -> Any:
    for condition in conditions:
        value = case((condition, value), else_=0)
    return func.coalesce(func.sum(value), 0)


_today = _usage.c.day == bindparam("day")
_in_currency = _usage.c.currency == bindparam("currency")
_of: Final = {
    "policy": (),
    "application": (_usage.c.application == bindparam("subject"),),
    "person": (_usage.c.person == bindparam("subject"),),
}
_between: Final = {
    whose: Statement(
        select(
            _sum(_tokens, _today).label("day_tokens"),
            _sum(_tokens).label("tokens"),
            _sum(_usage.c.micro, _today, _in_currency).label("day_cost"),
            _sum(_usage.c.micro, _in_currency).label("cost"),
        ).where(
            _usage.c.policy == bindparam("policy"),
            _usage.c.day >= bindparam("since"),
            _usage.c.day <= bindparam("day"),
            *condition,
        )
    )
    for whose, condition in _of.items()
}
_listed = Statement(
    select(_usage)
    .where(_usage.c.day >= bindparam("since"), _usage.c.day <= bindparam("until"))
    .order_by(*(_usage.c[name] for name in _KEYS))
)


@dataclass(frozen=True)
class AnswerUsage:
    """The usage of one answer. `cost` is None if the price of its model is unknown."""

    model: str
    usage: Mapping[str, int]
    estimated: bool = False
    cost: Money | None = None

    @property
    def tokens(self) -> int:
        """Those that were sent and those that the model wrote."""
        return sum(self.usage.values())

    def as_event(self) -> dict[str, Any]:
        """The members of an event that say so."""
        event: dict[str, Any] = {"model": self.model, "usage": dict(self.usage)}
        if self.estimated:
            event["usage_estimated"] = True
        if self.cost is not None:
            event["cost"] = {"currency": self.cost.currency, "micro": self.cost.micro}
        return event


def note_answer(connection: Connection, event: Event) -> None:
    """Count what an answer to a request for advice took; an event without `usage` counts for nothing."""
    asker = _asker.first(connection, advice=event["advice"])
    if asker is None or "usage" not in event or asker["check"] is not None:
        return
    row = note_use_of(connection, event, asker)
    _keep.run(connection, which=event["advice"], new_used=json.dumps(row, sort_keys=True))


def note_use_of(connection: Connection, event: Event, asker: Mapping[str, Any]) -> Row:
    """Count what the event says for anyone who asked; gives the row that was added."""
    usage, cost = event["usage"], event.get("cost") or {"currency": "", "micro": 0}
    row = {
        "day": event["time"][:10],
        "policy": asker["policy"],
        "application": asker["application"],
        "person": asker["requester"] or "",
        "model": event.get("model", ""),
        "currency": cost["currency"],
        "requests": 1,
        "prompt_tokens": usage.get("prompt_tokens", 0),
        "completion_tokens": usage.get("completion_tokens", 0),
        "micro": cost["micro"],
    }
    _add.run(connection, **row)
    return row


def take_back(connection: Connection, advice: str) -> None:
    """The advice was a seeded check, which only its own database knew before."""
    usage = _used_by.first(connection, advice=advice)
    if usage is not None and usage["used"] is not None:
        row = json.loads(usage["used"])
        _add.run(connection, **{**row, **{name: -row[name] for name in _COUNTS}})


def used_between(
    connection: Connection, policy: str, whose: str, subject: str, since: str, day: str, currency: str
) -> dict[str, int]:
    """The usage of an application, a person or the whole policy on the days from `since` to `day`: `tokens`, and
    `cost` in millionths of the currency; `day_tokens` and `day_cost` of the last day alone.
    """
    parameters = {} if whose == "policy" else {"subject": subject}
    row = _between[whose].first(
        connection, policy=policy, since=since, day=day, currency=currency, **parameters
    )
    assert row is not None  # noqa: S101 - sums are always one row
    return {name: int(value) for name, value in row.items()}


def usage_rows(connection: Connection, since: str, until: str) -> list[Row]:
    """The usage on the days from `since` to `until`. `person` is empty if nobody was named, `currency` if no price
    was known. Rows of nothing are those of seeded checks, and are left out.
    """
    return [row for row in _listed.all(connection, since=since, until=until) if row["requests"]]
