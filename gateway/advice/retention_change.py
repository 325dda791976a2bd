"""A shorter retention for what a policy kept already, where its admin said so; a longer one is never for that.

The retention announced when a request was made stays the maximum for its data.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import bindparam, func, or_, select, update

from audit import later
from gateway.advice.refused_requests import refused_kept_longer, shorten_refused
from gateway.storage import Connection, Row, Statement, tables

_advice = tables.advice
_cases = tables.cases
_longer = Statement(
    select(_advice).where(
        _advice.c.policy == bindparam("policy"),
        or_(
            _advice.c.keep_content > bindparam("content"),
            _advice.c.keep_pseudonyms > bindparam("pseudonyms"),
        ),
    )
)
_set_kept = Statement(
    update(_advice)
    .values(keep_content=bindparam("new_content"), keep_pseudonyms=bindparam("new_pseudonyms"))
    .where(_advice.c.id == bindparam("which"))
)
_set_content_until = Statement(
    update(_advice).values(content_until=bindparam("new_until")).where(_advice.c.id == bindparam("which"))
)
_settled_in = Statement(
    select(_advice.c.settled_at, _advice.c.keep_pseudonyms).where(
        _advice.c.scope == bindparam("scope"),
        _advice.c.settled_at.is_not(None),
        _advice.c.redactions != "{}",
    )
)
_case_until = Statement(
    select(_cases.c.pseudonyms_until).where(
        _cases.c.scope == bindparam("scope"), _cases.c.pseudonyms_until.is_not(None)
    )
)
_set_case_until = Statement(
    update(_cases).values(pseudonyms_until=bindparam("new_until")).where(_cases.c.scope == bindparam("which"))
)

_kept_longer = Statement(
    select(_advice.c.settled_at).where(
        _advice.c.policy == bindparam("policy"),
        _advice.c.erased_at.is_(None),
        _advice.c.keep_content > bindparam("content"),
    )
)
_cases_kept_longer = Statement(
    select(func.count(_advice.c.scope.distinct()).label("count")).where(
        _advice.c.policy == bindparam("policy"),
        _advice.c.keep_pseudonyms > bindparam("pseudonyms"),
        _advice.c.scope.in_(select(_cases.c.scope).where(_cases.c.pseudonyms_until.is_not(None))),
    )
)


@dataclass(frozen=True)
class EarlierErasures:
    """The earlier erasures by a shorter retention, if it applied to existing content: pieces of advice, and cases."""

    at_once: int
    later: int
    """Once they are old enough; `last` says when the last of those that are decided on is."""
    last: str | None
    undecided: int
    """Of `later`: nobody has decided on them yet."""
    pseudonyms: int
    """Cases whose pseudonyms would go earlier."""

    @property
    def advice(self) -> int:
        """All pieces of advice concerned."""
        return self.at_once + self.later


def earlier_erasures(
    connection: Connection, policy: str, retention: Mapping[str, int], now: str
) -> EarlierErasures:
    """The effect of `shorten` on existing content; `retention` in seconds. Legal holds are left out of account."""
    settled = [
        row["settled_at"] for row in _kept_longer.all(connection, policy=policy, content=retention["content"])
    ]
    refused = refused_kept_longer(connection, policy, retention["content"])
    settled += [row["refused_at"] for row in refused]
    due = sorted(later(time, retention["content"]) for time in settled if time is not None)
    at_once = sum(time <= now for time in due)
    cases = _cases_kept_longer.first(connection, policy=policy, pseudonyms=retention["pseudonyms"])
    return EarlierErasures(
        at_once,
        len(settled) - at_once,
        due[-1] if len(due) > at_once else None,
        len(settled) - len(due),
        0 if cases is None else cases["count"],
    )


def shorten(connection: Connection, policy: str, retention: Mapping[str, int]) -> None:
    """Bring what was kept under `policy` down to its `retention`, in seconds."""
    rows = _longer.all(connection, policy=policy, **retention)
    for row in rows:
        _shorten_advice(connection, row, retention)
    for scope in sorted({row["scope"] for row in rows}):
        _shorten_case(connection, scope)
    shorten_refused(connection, policy, retention["content"])


def _shorten_advice(connection: Connection, row: Row, retention: Mapping[str, int]) -> None:
    content = min(row["keep_content"], retention["content"])
    pseudonyms = min(row["keep_pseudonyms"], retention["pseudonyms"])
    _set_kept.run(connection, which=row["id"], new_content=content, new_pseudonyms=pseudonyms)
    if row["content_until"] is not None:
        _set_content_until.run(connection, which=row["id"], new_until=later(row["settled_at"], content))


def _shorten_case(connection: Connection, scope: str) -> None:
    case_retention = _case_until.first(connection, scope=scope)
    settled = _settled_in.all(connection, scope=scope)
    if case_retention is not None and settled:
        longest = max(later(row["settled_at"], row["keep_pseudonyms"]) for row in settled)
        _set_case_until.run(
            connection, which=scope, new_until=min(case_retention["pseudonyms_until"], longest)
        )
