"""From events to what oversight reads: incidents, policies in force, concerns, alerts, revealed checks."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from sqlalchemy import bindparam, delete, select, update

from gateway.advice.usage_projection import take_back
from gateway.storage import Connection, Statement, insertion, tables

Event = Mapping[str, Any]

_advice = tables.advice
_application_of = Statement(select(_advice.c.application).where(_advice.c.id == bindparam("advice")))
_insert_incident = insertion(tables.incidents)
_newest_version = Statement(
    select(tables.policies_in_force)
    .where(tables.policies_in_force.c.policy == bindparam("policy"))
    .order_by(tables.policies_in_force.c.event.desc())
    .limit(1)
)
_insert_in_force = insertion(tables.policies_in_force)
_set_details = Statement(
    update(tables.policies_in_force)
    .values(details=bindparam("new_details"))
    .where(tables.policies_in_force.c.event == bindparam("which"))
)
_insert_approval = insertion(tables.policy_approvals)
_forget_approvals = Statement(
    delete(tables.policy_approvals).where(tables.policy_approvals.c.policy == bindparam("which"))
)
_DETAILS: Final = ("files", "loosens", "approved_by", "commits", "retention_for", "evidence")
"""Members of `policy.loaded` that tell of the version, and not of the event."""
_insert_concern = insertion(tables.concerns)
_answer_concern = Statement(
    update(tables.concerns)
    .values(
        state=bindparam("new_state"),
        answered_at=bindparam("new_time"),
        answers=tables.concerns.c.answers + 1,
    )
    .where(tables.concerns.c.id == bindparam("concern"))
)
_insert_alert = insertion(tables.alerts)
_insert_check = insertion(tables.checks)
_insert_limit_told = insertion(tables.limits_told)


def note_incident(connection: Connection, index: int, event: Event) -> None:
    """A request that the policy refused, or a value that left unredacted."""
    actor = event["actor"]
    if actor.startswith("application:"):
        application = actor.removeprefix("application:")
    else:
        row = _application_of.first(connection, advice=event["advice"])
        application = "" if row is None else row["application"]
    _insert_incident.run(
        connection,
        event=index,
        type=event["type"],
        time=event["time"],
        advice=event["advice"],
        policy=event["policy"]["id"],
        application=application,
    )


def note_policy(connection: Connection, index: int, event: Event) -> None:
    """A policy came into force; the same version again, at a later start, changes nothing.

    But that the files of a version from before they were kept are known since.
    """
    policy = event["policy"]
    details = {name: event[name] for name in _DETAILS if name in event}
    text = json.dumps(details, sort_keys=True, separators=(",", ":")) if details else None
    newest = _newest_version.first(connection, policy=policy["id"])
    if newest is not None and newest["version"] == policy["version"]:
        if newest["details"] is None and text is not None:
            _set_details.run(connection, which=newest["event"], new_details=text)
    else:
        _forget_approvals.run(connection, which=policy["id"])
        _insert_in_force.run(
            connection,
            event=index,
            policy=policy["id"],
            version=policy["version"],
            stage=event.get("stage"),
            since=event["time"],
            actor=event["actor"],
            details=text,
        )


def _change_approved(connection: Connection, index: int, event: Event) -> None:
    """Somebody agrees to a change of a policy, which is not in force yet."""
    _insert_approval.run(
        connection,
        event=index,
        policy=event["policy"]["id"],
        change=event["change"],
        person=event["actor"].removeprefix("person:"),
        approved_at=event["time"],
    )


def _policy_retired(connection: Connection, index: int, event: Event) -> None:
    """From here on no version of it is in force, which stands as an empty one."""
    _forget_approvals.run(connection, which=event["policy"]["id"])
    _insert_in_force.run(
        connection,
        event=index,
        policy=event["policy"]["id"],
        version="",
        stage=None,
        since=event["time"],
        actor=event["actor"],
        details=None,
    )


def _concern_raised(connection: Connection, index: int, event: Event) -> None:
    _insert_concern.run(
        connection,
        id=event["concern"],
        advice=event.get("advice"),
        policy=event["policy"]["id"],
        severity=event["severity"],
        raised_by=event["actor"],
        raised_at=event["time"],
        state="open",
        answered_at=None,
        answers=0,
        event=index,
    )


def _concern_answered(connection: Connection, index: int, event: Event) -> None:
    _answer_concern.run(
        connection, concern=event["concern"], new_state=event["state"], new_time=event["time"]
    )


def _alert_raised(connection: Connection, index: int, event: Event) -> None:
    _insert_alert.run(
        connection,
        event=index,
        policy=event["policy"]["id"],
        alert=event["alert"],
        raised_at=event["time"],
        decisions=event["decisions"],
        upto=event["upto"],
    )


def _check_revealed(connection: Connection, index: int, event: Event) -> None:
    _insert_check.run(
        connection,
        advice=event["advice"],
        check=event["check"],
        policy=event["policy"]["id"],
        caught=int(event["caught"]) if "caught" in event else None,
        marked=int(event["marked"]) if "marked" in event else None,
        revealed_at=event["time"],
        event=index,
    )
    take_back(connection, event["advice"])


def _limit_event(connection: Connection, index: int, event: Event) -> None:
    """That a limit is nearly used up, or is."""
    _insert_limit_told.run(
        connection,
        event=index,
        policy=event["policy"]["id"],
        whose=event["whose"],
        subject=event.get("application") or event.get("requester") or "",
        limit=event["limit"],
        period=event["period"],
        state=event["type"].removeprefix("limit."),
        told_at=event["time"],
    )


OVERSIGHT_HANDLERS: Mapping[str, Callable[[Connection, int, Event], None]] = {
    "policy.approved": _change_approved,
    "policy.retired": _policy_retired,
    "concern.raised": _concern_raised,
    "concern.answered": _concern_answered,
    "alert.raised": _alert_raised,
    "check.revealed": _check_revealed,
    "limit.approached": _limit_event,
    "limit.reached": _limit_event,
}
"""Handlers of the events that change nothing else than what oversight reads."""
