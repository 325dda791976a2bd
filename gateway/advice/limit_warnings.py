"""That a limit of a day or a month is nearly used up, or is: told once in each period."""

from typing import Any, Literal

from sqlalchemy import bindparam, select

from audit import Transaction
from gateway.advice.limit_standings import Limit
from gateway.advice.projection import record
from gateway.storage import Connection, Statement, tables

LimitState = Literal["approached", "reached"]

_warnings = tables.limits_told
_find = Statement(
    select(_warnings.c.event).where(
        *(
            _warnings.c[name] == bindparam(name)
            for name in ("policy", "whose", "subject", "limit", "period", "state")
        )
    )
)


def is_recorded(
    connection: Connection, policy: str, limit: Limit, subject: str, period: str, state: LimitState
) -> bool:
    """Whether it is on record already."""
    row = _find.first(
        connection,
        policy=policy,
        whose=limit.whose,
        subject=subject,
        limit=limit.name,
        period=period,
        state=state,
    )
    return row is not None


def record_limit(
    transaction: Transaction,
    policy: dict[str, str],
    limit: Limit,
    subject: str,
    period: str,
    state: LimitState,
    used: int,
) -> None:
    """`limit.approached` or `limit.reached`, unless it was told meanwhile."""
    if is_recorded(transaction.connection, policy["id"], limit, subject, period, state):
        return
    event: dict[str, Any] = {
        "type": f"limit.{state}",
        "actor": "gateway",
        "policy": policy,
        "whose": limit.whose,
        "limit": limit.name,
        "period": period,
        "most": limit.most,
        "used": used,
    }
    if limit.currency:
        event["currency"] = limit.currency
    if subject:
        event["application" if limit.whose == "application" else "requester"] = subject
    record(transaction, event)
