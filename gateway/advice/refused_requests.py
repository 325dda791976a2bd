"""Requests that a policy refused: what was asked is kept as an advice's content is, to try changed rules on.

Nothing left, and nothing is decided on.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import bindparam, exists, null, or_, select, update

from audit import later
from gateway.storage import Connection, Row, Statement, insertion, tables

Event = Mapping[str, Any]

_table = tables.refused_requests
_of_erasing: Final = (_table.c.advice.label("id"), _table.c.scope, _table.c.erased_at)
_insert = insertion(_table)
_by_advice = Statement(select(*_of_erasing).where(_table.c.advice == bindparam("advice")))
_in_scope = Statement(
    select(*_of_erasing).where(_table.c.scope == bindparam("scope")).order_by(_table.c.event)
)
_due = Statement(
    select(*_of_erasing)
    .where(
        _table.c.content_until <= bindparam("now"),
        ~exists().where(or_(tables.holds.c.scope == _table.c.advice, tables.holds.c.scope == _table.c.scope)),
    )
    .order_by(_table.c.content_until)
    .limit(bindparam("most"))
)
_longer = Statement(
    select(_table).where(
        _table.c.policy == bindparam("policy"),
        _table.c.erased_at.is_(None),
        _table.c.keep_content > bindparam("content"),
    )
)
_shorten = Statement(
    update(_table)
    .values(keep_content=bindparam("new_content"), content_until=bindparam("new_until"))
    .where(_table.c.advice == bindparam("which"))
)
_set_erased = Statement(
    update(_table)
    .values(erased_at=bindparam("new_time"), content_until=null())
    .where(_table.c.advice == bindparam("which"))
)


def find_refused(connection: Connection, advice: str) -> Row | None:
    """Its `id`, `scope` and `erased_at`; None if there is none."""
    return _by_advice.first(connection, advice=advice)


def refused_in(connection: Connection, scope: str) -> list[Row]:
    """Those of a case."""
    return _in_scope.all(connection, scope=scope)


def refused_due(connection: Connection, now: str, most: int) -> list[Row]:
    """Those past their retention that no hold keeps."""
    return _due.all(connection, now=now, most=most)


def refused_kept_longer(connection: Connection, policy: str, content: int) -> list[Row]:
    """Those of a policy whose content is kept for more than so many seconds."""
    return _longer.all(connection, policy=policy, content=content)


def shorten_refused(connection: Connection, policy: str, content: int) -> None:
    """Bring what was kept under `policy` down to so many seconds."""
    for row in refused_kept_longer(connection, policy, content):
        until = later(row["refused_at"], content)
        _shorten.run(connection, which=row["advice"], new_content=content, new_until=until)


def note_refused(connection: Connection, index: int, event: Event) -> None:
    """`advice.refused`; one from before its content was kept leaves nothing here."""
    if "commitments" not in event:
        return
    content = event["retention"]["content"]
    _insert.run(
        connection,
        advice=event["advice"],
        event=index,
        policy=event["policy"]["id"],
        application=event["actor"].removeprefix("application:"),
        scope=event.get("case", event["advice"]),
        redactions=json.dumps(event["redactions"], sort_keys=True, separators=(",", ":")),
        refused_at=event["time"],
        keep_content=content,
        content_until=later(event["time"], content),
        erased_at=None,
    )


def note_erased_refused(connection: Connection, event: Event) -> None:
    """`content.erased` of one of them; of an advice it changes nothing here."""
    _set_erased.run(connection, which=event["advice"], new_time=event["time"])
