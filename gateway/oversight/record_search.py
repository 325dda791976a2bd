"""Finding advice on record: by time, policy, application, stage, outcome and person."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import and_, bindparam, exists, func, or_, select

from gateway.advice import Advice
from gateway.storage import Connection, Row, Statement, optional_text, tables

MAX_COUNTED: Final = 1_000
"""A search tells how many it found up to here, and then that there are more."""

_advice = tables.advice
_decisions = tables.decisions
_in_force = tables.policies_in_force
_matches = and_(
    or_(optional_text("since").is_(None), _advice.c.requested_at >= optional_text("since")),
    or_(optional_text("until").is_(None), _advice.c.requested_at < optional_text("until")),
    or_(optional_text("policy").is_(None), _advice.c.policy == optional_text("policy")),
    or_(optional_text("application").is_(None), _advice.c.application == optional_text("application")),
    or_(optional_text("status").is_(None), _advice.c.status == optional_text("status")),
    or_(
        optional_text("stage").is_(None),
        exists().where(
            _in_force.c.policy == _advice.c.policy,
            _in_force.c.version == _advice.c.policy_version,
            _in_force.c.stage == optional_text("stage"),
        ),
    ),
    or_(
        optional_text("person").is_(None),
        _advice.c.requester == optional_text("person"),
        exists().where(_decisions.c.advice == _advice.c.id, _decisions.c.person == optional_text("person")),
    ),
)
_page = Statement(
    select(_advice)
    .where(
        _matches,
        or_(
            optional_text("after_time").is_(None),
            _advice.c.requested_at < optional_text("after_time"),
            and_(_advice.c.requested_at == optional_text("after_time"), _advice.c.id < bindparam("after_id")),
        ),
    )
    .order_by(_advice.c.requested_at.desc(), _advice.c.id.desc())
    .limit(bindparam("most"))
)
_counted = Statement(
    select(func.count().label("count")).select_from(
        select(_advice.c.id).where(_matches).limit(MAX_COUNTED + 1).subquery()
    )
)
_policies = Statement(select(_in_force.c.policy).distinct().order_by(_in_force.c.policy))

_versions = Statement(select(_in_force).order_by(_in_force.c.event))


@dataclass(frozen=True)
class Search:
    """What is looked for; None is anything. Days are `2026-11-24`, both included, in UTC as the log has it."""

    since: str | None = None
    until: str | None = None
    policy: str | None = None
    application: str | None = None
    stage: str | None = None
    status: str | None = None
    person: str | None = None

    def parameters(self) -> Mapping[str, Any]:
        """As the statement takes them."""
        until = (
            None if self.until is None else f"{self.until}T99"
        )  # after every time of that day, as text sorts
        return {
            "since": self.since,
            "until": until,
            "policy": self.policy,
            "application": self.application,
            "stage": self.stage,
            "status": self.status,
            "person": self.person,
        }


@dataclass(frozen=True)
class SearchResult:
    """A page of what a search found, newest first; `count` of all, `MAX_COUNTED + 1` if there are more."""

    advice: list[Advice]
    count: int
    more: bool


def search(
    connection: Connection, wanted: Search, *, after: tuple[str, str] | None = None, most: int = 50
) -> SearchResult:
    """A page of advice that matches; `after` is the (requested_at, id) of the last one seen."""
    time, last = after or (None, None)
    parameters = wanted.parameters()
    rows = _page.all(connection, **parameters, after_time=time, after_id=last, most=most + 1)
    counted = _counted.one(connection, **parameters)
    return SearchResult(
        [Advice.from_row(row) for row in rows[:most]],
        int(counted["count"]) if counted else 0,
        more=len(rows) > most,
    )


def known_policies(connection: Connection) -> list[str]:
    """Every policy that was ever in force."""
    return [row["policy"] for row in _policies.all(connection)]


def in_force(connection: Connection) -> dict[str, Row]:
    """When the newest version of each policy came into force, and by whom (`since`, `version`, `stage`, `actor`)."""
    rows = _versions.all(connection)
    newest = {row["policy"]: row for row in rows}  # in the order of the log, so that the newest stays
    return {policy: row for policy, row in newest.items() if row["version"]}
