"""Alerts: a policy's own thresholds over its newest decisions. They tell oversight; they block nothing, name nobody."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any, Final

from sqlalchemy import bindparam, exists, select

from audit import Transaction
from gateway.advice import record
from gateway.oversight.decision_columns import DecisionColumns, columns_of
from gateway.oversight.definitions import DECISION_MEASURES, FEWEST
from gateway.policy import Alert, DecisionFacts, Policy
from gateway.storage import Connection, Row, Statement, tables

_decisions = tables.decisions
_alerts = tables.alerts
_newest = Statement(
    select(_decisions)
    .where(
        _decisions.c.policy == bindparam("policy"),
        ~exists().where(tables.checks.c.advice == _decisions.c.advice),
    )
    .order_by(_decisions.c.event.desc())
    .limit(bindparam("most"))
)
_last = Statement(
    select(_alerts)
    .where(_alerts.c.policy == bindparam("policy"), _alerts.c.alert == bindparam("alert"))
    .order_by(_alerts.c.event.desc())
    .limit(1)
)
_newest_checks = Statement(
    select(tables.checks.c.caught)
    .where(tables.checks.c.policy == bindparam("policy"), tables.checks.c.caught.is_not(None))
    .order_by(tables.checks.c.event.desc())
    .limit(bindparam("most"))
)
_MAX_CHECKS: Final = 50
_listed = Statement(select(_alerts).order_by(_alerts.c.event.desc()).limit(bindparam("most")))
_SHARES = {measure.id: measure for measure in DECISION_MEASURES if measure.unit == "share"}


@dataclass(frozen=True)
class DueAlert:
    """An alert that is due: over which decisions, up to which event, with which shares in thousandths."""

    policy: Policy
    alert: Alert
    decisions: int
    upto: int
    shares: dict[str, int]


def due(connection: Connection, policies: Iterable[Policy]) -> list[DueAlert]:
    """The alerts whose condition holds over a full window of decisions that no earlier one of them looked at."""
    return [
        raised
        for policy in policies
        for alert, condition in policy.watches
        if (raised := _raised(connection, policy, alert, condition.holds)) is not None
    ]


def raise_alert(transaction: Transaction, raised: DueAlert) -> bool:
    """`alert.raised`, unless it was raised meanwhile."""
    if _last_upto(transaction.connection, raised.policy.id, raised.alert.id) >= raised.upto:
        return False
    event = {
        "type": "alert.raised",
        "actor": "gateway",
        "policy": {"id": raised.policy.id, "version": raised.policy.version},
        "alert": raised.alert.id,
        "say": raised.alert.say,
        "decisions": raised.decisions,
        "upto": raised.upto,
        "shares": raised.shares,
    }
    record(transaction, event)
    return True


def list_alerts(connection: Connection, most: int = 50) -> list[Row]:
    """The newest alerts."""
    return _listed.all(connection, most=most)


def _raised(connection: Connection, policy: Policy, alert: Alert, holds: Any) -> DueAlert | None:
    rows = _newest.all(connection, policy=policy.id, most=alert.over)
    if len(rows) < alert.over or rows[-1]["event"] <= _last_upto(connection, policy.id, alert.id):
        return None
    facts = decision_facts(columns_of(reversed(rows)), _caught(connection, policy.id))
    if not holds(facts):
        return None
    shares = {
        field.name: round(getattr(facts, field.name) * 1000)
        for field in fields(facts)
        if field.type is float and not math.isnan(getattr(facts, field.name))
    }
    return DueAlert(policy, alert, facts.count, rows[0]["event"], shares)


def _caught(connection: Connection, policy: str) -> float:
    """Of the newest checks that were decided on; NaN for fewer than may be told."""
    rows = _newest_checks.all(connection, policy=policy, most=_MAX_CHECKS)
    return sum(row["caught"] for row in rows) / len(rows) if len(rows) >= FEWEST else math.nan


def decision_facts(decisions: DecisionColumns, caught: float = math.nan) -> DecisionFacts:
    """The measures of these decisions, as conditions know them."""
    shares = {name: _SHARES[name].work_out(decisions).value for name in _wanted()}
    return DecisionFacts(
        count=len(decisions),
        caught=caught,
        **{name: math.nan if value is None else value for name, value in shares.items()},
    )


def _wanted() -> list[str]:
    return [field.name for field in fields(DecisionFacts) if field.name in _SHARES]


def _last_upto(connection: Connection, policy: str, alert: str) -> int:
    row = _last.one(connection, policy=policy, alert=alert)
    return -1 if row is None else int(row["upto"])
