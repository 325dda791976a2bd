"""Making, finding and revoking credentials, of whatever kind: tokens here, passwords in `passwords.py`.

A token reads `cs_<kind>_<id>_<secret>`: the kind (`app`, `person`), the credential's public id, and 32 random
bytes. The table keeps SHA-256 of the whole token: with 256 random bits a slow password hash would add nothing.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import bindparam, or_, select, update

from audit import Transaction
from gateway.errors import GatewayError
from gateway.identity.callers import ROLES, Application, Caller, Person, Role
from gateway.identity.last_used import Used, untracked
from gateway.identity.projection import record_about_people
from gateway.storage import Connection, Row, Statement, insertion, tables

_TOKEN: Final = re.compile(r"cs_(app|person)_([0-9a-f]{16})_([A-Za-z0-9_-]{43})")
_APPLICATION_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")

_SIGNS_IN: Final = ("person", "password", "oidc")
"""Kinds of credential by which a person acts."""

_credentials = tables.credentials
_insert_credential = insertion(_credentials)
_select_credential = Statement(select(_credentials).where(_credentials.c.id == bindparam("id")))
_select_credentials = Statement(
    select(
        _credentials.c.id,
        _credentials.c.kind,
        _credentials.c.holder,
        tables.people.c.name,
        tables.people.c.roles,
        _credentials.c.created_at,
        _credentials.c.revoked_at,
        _credentials.c.used_on,
    )
    .outerjoin(tables.people, tables.people.c.id == _credentials.c.holder)
    .order_by(_credentials.c.created_at, _credentials.c.id)
)
_select_held = Statement(
    select(_credentials).where(
        or_(_credentials.c.id == bindparam("which"), _credentials.c.holder == bindparam("which"))
    )
)
_revoke_credential = Statement(
    update(_credentials)
    .values(revoked_at=bindparam("now"))
    .where(_credentials.c.id == bindparam("credential"), _credentials.c.revoked_at.is_(None))
)
_insert_application = insertion(tables.applications)
_select_application = Statement(
    select(tables.applications.c.id).where(tables.applications.c.id == bindparam("id"))
)
_insert_person = insertion(tables.people)
_select_applications = Statement(select(tables.applications.c.id).order_by(tables.applications.c.id))
_select_people = Statement(select(tables.people.c.id).order_by(tables.people.c.id))
_select_person = Statement(select(tables.people).where(tables.people.c.id == bindparam("id")))
_person_in_force = Statement(
    select(_credentials.c.id)
    .where(
        _credentials.c.holder == bindparam("holder"),
        or_(*(_credentials.c.kind == kind for kind in _SIGNS_IN)),
        _credentials.c.revoked_at.is_(None),
    )
    .limit(1)
)


def identify(connection: Connection, authorization: str | None, used: Used = untracked) -> Caller:
    """The caller behind an `Authorization` header; a 401 `GatewayError` if there is none in force."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise GatewayError(
            "missing_credential",
            "Send `Authorization: Bearer …` with an application's key or a person's token.",
        )
    row = _in_force(connection, token.strip())
    if row is None:
        raise GatewayError(
            "unknown_credential",
            "This key is unknown or revoked; an admin makes a new one with `countersign keys`.",
        )
    used(row["id"], row["used_on"])
    if row["kind"] == "app":
        return Application(row["holder"])
    person = _select_person.first(connection, id=row["holder"])
    if person is None:
        raise GatewayError("unknown_credential", "The person behind this token is gone.")
    return person_from(person)


def find_person(connection: Connection, person: str) -> Person | None:
    """The person with this id, as long as a credential of theirs is in force."""
    row = _select_person.first(connection, id=person)
    if row is None or _person_in_force.first(connection, holder=person) is None:
        return None
    return person_from(row)


def name_people(connection: Connection, people: Iterable[str]) -> dict[str, str]:
    """The names of people by their ids, for pages: events and the log know the ids only."""
    rows = {person: _select_person.first(connection, id=person) for person in set(people)}
    return {person: row["name"] for person, row in rows.items() if row is not None}


def known_applications(connection: Connection) -> list[str]:
    """Every application that ever had a key."""
    return [row["id"] for row in _select_applications.all(connection)]


def known_people(connection: Connection) -> list[str]:
    """The ids of everybody who ever had a key."""
    return [row["id"] for row in _select_people.all(connection)]


def create_application(transaction: Transaction, application: str, *, actor: str) -> str:
    """Give the application `application` a new key and return it; the application is made if it is new."""
    if not _APPLICATION_ID.fullmatch(application):
        raise GatewayError(
            "invalid_field", "An application's id is 1 to 63 of a-z, 0-9 and -.", param="application"
        )
    if _select_application.first(transaction.connection, id=application) is None:
        _insert_application.run(transaction.connection, id=application, title=None)
    return _create(transaction, "app", application, actor=actor, more={})


def create_person(
    transaction: Transaction, name: str, roles: Iterable[str], *, actor: str
) -> tuple[str, str]:
    """Add a person with `roles`; gives their opaque id and their token."""
    role_names = sorted(set(roles))
    if not role_names or not set(role_names) <= set(ROLES):
        raise GatewayError("invalid_field", f"Roles are one or more of {', '.join(ROLES)}.", param="roles")
    if not name.strip() or len(name) > 200:
        raise GatewayError("invalid_field", "A person needs a name of up to 200 characters.", param="name")
    person = f"p_{secrets.token_hex(8)}"
    _insert_person.run(
        transaction.connection, id=person, name=name.strip(), roles=" ".join(role_names), username=None
    )
    return person, _create(transaction, "person", person, actor=actor, more={"roles": role_names})


def revoke(transaction: Transaction, which: str, *, actor: str) -> list[str]:
    """Revoke a credential by its public id, or all of a holder's by theirs; they stop working with this transaction.

    Gives the ids of the credentials concerned.
    """
    rows = _select_held.all(transaction.connection, which=which)
    if not rows:
        raise GatewayError(
            "invalid_field",
            "No credential, person or application has this id; `countersign keys list` shows them.",
            param="credential",
            status=404,
        )
    for row in rows:
        revoke_row(transaction, row, actor=actor)
    return [row["id"] for row in rows]


def list_credentials(connection: Connection) -> list[Row]:
    """Every credential without its secret, oldest first."""
    return _select_credentials.all(connection)


def _create(transaction: Transaction, kind: str, holder: str, *, actor: str, more: dict[str, Any]) -> str:
    credential = secrets.token_hex(8)
    token = f"cs_{kind}_{credential}_{secrets.token_urlsafe(32)}"
    add_credential(
        transaction, kind, holder, secret_hash=_hash(token), credential=credential, actor=actor, more=more
    )
    return token


def add_credential(
    transaction: Transaction,
    kind: str,
    holder: str,
    *,
    secret_hash: bytes,
    credential: str,
    actor: str,
    more: dict[str, Any],
) -> None:
    """Store a credential and put `key.created` on record, with the members `more`."""
    _insert_credential.run(
        transaction.connection,
        id=credential,
        kind=kind,
        holder=holder,
        secret_hash=secret_hash,
        created_at=transaction.now,
        revoked_at=None,
        used_on=None,
    )
    holder_member = _holder({"kind": kind, "holder": holder})
    record_about_people(
        transaction,
        {
            "type": "key.created",
            "actor": actor,
            "credential": credential,
            "holder": holder_member,
            "kind": kind,
            **more,
        },
    )


def revoke_row(transaction: Transaction, row: Row, *, actor: str) -> None:
    """Revoke one credential, unless it is revoked, and put `key.revoked` on record."""
    if _revoke_credential.run(transaction.connection, credential=row["id"], now=transaction.now):
        event = {"type": "key.revoked", "actor": actor, "credential": row["id"], "holder": _holder(row)}
        record_about_people(transaction, event)


def _in_force(connection: Connection, token: str) -> Row | None:
    match = _TOKEN.fullmatch(token)
    row = _select_credential.first(connection, id=match[2]) if match else None
    if (
        row is None
        or row["revoked_at"] is not None
        or not hmac.compare_digest(row["secret_hash"], _hash(token))
    ):
        return None
    return row


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _holder(row: Row) -> str:
    return f"{'application' if row['kind'] == 'app' else 'person'}:{row['holder']}"


def person_from(row: Row) -> Person:
    """A row of `people` as a value."""
    roles: frozenset[Role] = frozenset(role for role in ROLES if role in row["roles"].split())
    return Person(row["id"], row["name"], roles)
