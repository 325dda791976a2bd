"""From events about people's keys, roles and passkeys to tables: written here alone, and made again by a rebuild."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import bindparam, func, select, update

from audit import PASSKEY_APPROVALS, Transaction
from gateway.storage import Connection, Statement, insertion, tables

Event = Mapping[str, Any]

_passkeys = tables.passkeys
_approvals = tables.passkey_approvals
_insert_passkey = insertion(_passkeys)
_insert_approval = insertion(_approvals)
_insert_event = insertion(tables.people_events)
_count_approvals = Statement(
    select(func.count().label("count"))
    .select_from(_approvals)
    .where(_approvals.c.credential == bindparam("credential"))
)
_set_in_force = Statement(
    update(_passkeys)
    .values(in_force_at=bindparam("new_time"))
    .where(_passkeys.c.credential == bindparam("which"))
)
_set_revoked = Statement(
    update(_passkeys)
    .values(revoked_at=bindparam("new_time"), revoked_why=bindparam("new_why"))
    .where(_passkeys.c.credential == bindparam("which"))
)
_set_used = Statement(
    update(_passkeys)
    .values(used_at=bindparam("new_time"))
    .where(_passkeys.c.credential == bindparam("which"))
)


def record_about_people(transaction: Transaction, event: Event) -> int:
    """Append an event about somebody's keys and bring the tables up to it; gives its index."""
    index = transaction.append(event)
    PEOPLE_HANDLERS[event["type"]](transaction.connection, index, {**event, "time": transaction.now})
    return index


def note_use(connection: Connection, event: Event) -> None:
    """A passkey signed what the event records, if it is signed."""
    signature = event.get("signature")
    if signature is not None:
        _set_used.run(connection, which=signature["credential"], new_time=event["time"])


def _note(connection: Connection, index: int, event: Event) -> None:
    kind, _, person = event["holder"].partition(":")
    if kind == "person":
        _insert_event.run(connection, person=person, event=index)


def _registered(connection: Connection, index: int, event: Event) -> None:
    _note(connection, index, event)
    note_use(connection, event)
    _insert_passkey.run(
        connection,
        credential=event["credential"],
        person=event["holder"].removeprefix("person:"),
        public_key=event["public_key"],
        algorithm=event["algorithm"],
        rp_id=event["rp_id"],
        origin=event["origin"],
        trust=event["trust"],
        registered_at=event["time"],
        event=index,
        in_force_at=None if event["trust"] == "approved" else event["time"],
        used_at=None,
        revoked_at=None,
        revoked_why=None,
    )


def _approved(connection: Connection, index: int, event: Event) -> None:
    _note(connection, index, event)
    note_use(connection, event)
    _insert_approval.run(
        connection,
        credential=event["credential"],
        admin=event["actor"].removeprefix("person:"),
        approved_at=event["time"],
        event=index,
    )
    counted = _count_approvals.first(connection, credential=event["credential"])
    if counted is not None and counted["count"] == PASSKEY_APPROVALS:
        _set_in_force.run(connection, which=event["credential"], new_time=event["time"])


def _revoked(connection: Connection, index: int, event: Event) -> None:
    _note(connection, index, event)
    _set_revoked.run(connection, which=event["credential"], new_time=event["time"], new_why=event["why"])


PEOPLE_HANDLERS: Mapping[str, Callable[[Connection, int, Event], None]] = {
    "key.created": _note,
    "key.revoked": _note,
    "passkey.registered": _registered,
    "passkey.approved": _approved,
    "passkey.revoked": _revoked,
}
"""Handlers of the events about people."""
