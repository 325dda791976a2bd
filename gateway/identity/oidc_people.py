"""People whom an identity provider knows: made at their first sign-in, known by issuer and subject.

What the provider says is a credential of kind `oidc`, which holds a hash of both. When the roles that it gives change,
a new credential takes the old one's place, so that the log shows who could do what at any time. One that an admin
revoked stays revoked: the provider's word does not undo it.
"""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from sqlalchemy import bindparam, select, update

from audit import Transaction
from gateway.errors import GatewayError
from gateway.identity.callers import ROLES, Person
from gateway.identity.credentials import add_credential, person_from, revoke_row
from gateway.identity.last_used import Used, untracked
from gateway.storage import Connection, Row, Statement, insertion, tables

_MAX_NAME_LENGTH: Final = 200

_credentials = tables.credentials
_people = tables.people
_known = Statement(
    select(_credentials).where(
        _credentials.c.secret_hash == bindparam("secret_hash"), _credentials.c.kind == "oidc"
    )
)
_person = Statement(select(_people).where(_people.c.id == bindparam("person")))
_insert_person = insertion(_people)
_set_person = Statement(
    update(_people)
    .values(name=bindparam("new_name"), roles=bindparam("new_roles"))
    .where(_people.c.id == bindparam("person"))
)


def find_provider_person(
    connection: Connection, issuer: str, subject: str, roles: Iterable[str], used: Used = untracked
) -> Person | None:
    """A known person with these roles; None if they are not known, or not with all of them (`provision_person`)."""
    row = _in_force(connection, _hash(issuer, subject))
    holder_row = None if row is None else _person.one(connection, person=row["holder"])
    if row is None or holder_row is None:
        return None
    used(row["id"], row["used_on"])
    person, provider_roles = person_from(holder_row), frozenset(roles)
    return replace(person, roles=person.roles & provider_roles) if provider_roles <= person.roles else None


def provision_person(
    transaction: Transaction, issuer: str, subject: str, name: str | None, roles: Iterable[str]
) -> tuple[Person, str]:
    """The person with their credential, made or brought up to what the provider says now.

    A 403 `GatewayError` for somebody unknown without a role, and for a person who was revoked here. Anyone who is known
    and has no role any more has none here either.
    """
    connection = transaction.connection
    role_names, secret_hash = _roles(roles), _hash(issuer, subject)
    row = _in_force(connection, secret_hash)
    if row is None and _known.one(connection, secret_hash=secret_hash) is not None:
        raise GatewayError("role_required", "An admin revoked this person; the provider can't undo that.")
    if row is None:
        if not role_names:
            raise GatewayError("role_required", "The provider gives this person no role here.")
        person = f"p_{secrets.token_hex(8)}"
        _insert_person.run(
            connection, id=person, name=_name(name or subject), roles=role_names, username=None
        )
        return _with_credential(transaction, person, secret_hash)
    before = _found(transaction, row["holder"])
    after = {**before, "name": _name(name or before["name"]), "roles": role_names}
    _set_person.run(connection, person=row["holder"], new_name=after["name"], new_roles=role_names)
    if before["roles"] == role_names:
        return person_from(after), row["id"]
    revoke_row(transaction, row, actor="gateway")
    return _with_credential(transaction, row["holder"], secret_hash)


def _with_credential(transaction: Transaction, person: str, secret_hash: bytes) -> tuple[Person, str]:
    row = _found(transaction, person)
    credential = secrets.token_hex(8)
    add_credential(
        transaction,
        "oidc",
        person,
        secret_hash=secret_hash,
        credential=credential,
        actor="gateway",
        more={"roles": row["roles"].split()},
    )
    return person_from(row), credential


def _found(transaction: Transaction, person: str) -> Row:
    row = _person.one(transaction.connection, person=person)
    if row is None:
        raise GatewayError("unknown_credential", "The person behind this token is gone.")
    return row


def _in_force(connection: Connection, secret_hash: bytes) -> Row | None:
    rows = _known.all(connection, secret_hash=secret_hash)
    return next((row for row in rows if row["revoked_at"] is None), None)


def _hash(issuer: str, subject: str) -> bytes:
    return hashlib.sha256(f"{len(issuer)}:{issuer}{subject}".encode()).digest()


def _roles(roles: Iterable[str]) -> str:
    names = set(roles)
    return " ".join(role for role in sorted(ROLES) if role in names)


def _name(name: str) -> str:
    return " ".join(name.split())[:_MAX_NAME_LENGTH] or "?"
