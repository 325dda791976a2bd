"""Signing in with a name and a password, for the demo and for small installations.

A password is a credential like a token, of kind `password`: its row holds the argon2id hash (RFC 9106, in PHC string
format), it is listed and revoked with the others, and making one is `key.created`. Nobody has a default password: an
admin makes a one-time code, with which the person sets their own.
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import bindparam, select, update

from audit import Transaction
from gateway.errors import GatewayError
from gateway.identity.callers import Person
from gateway.identity.credentials import add_credential, person_from, revoke_row
from gateway.storage import Connection, Row, Statement, tables

MIN_PASSWORD_LENGTH: Final = 12
"""Characters; length is what counts, so nothing is asked about their kinds (NIST SP 800-63B, 3.1.1)."""
MAX_PASSWORD_LENGTH: Final = 1_000
CODE_HOURS: Final = 24

_USERNAME: Final = re.compile(r"[a-z0-9][a-z0-9._@-]{0,99}")
_CODE_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"
_HASHER: Final = PasswordHasher()

_credentials = tables.credentials
_people = tables.people
_held = Statement(
    select(_credentials).where(
        _credentials.c.holder == bindparam("holder"),
        _credentials.c.kind == bindparam("kind"),
        _credentials.c.revoked_at.is_(None),
    )
)
_by_username = Statement(select(_people).where(_people.c.username == bindparam("username")))
_by_id = Statement(select(_people).where(_people.c.id == bindparam("person")))
_set_username = Statement(
    update(_people).values(username=bindparam("new")).where(_people.c.id == bindparam("person"))
)
_set_hash = Statement(
    update(_credentials)
    .values(secret_hash=bindparam("new"))
    .where(_credentials.c.id == bindparam("credential"), _credentials.c.kind == "password")
)


@dataclass(frozen=True)
class Password:
    """A person's password in force, by its hash; `credential` is its public id."""

    person: Person
    credential: str
    hash: str


def find_password(connection: Connection, username: str) -> Password | None:
    """The password of the person who signs in with this name."""
    row = _by_username.one(connection, username=plain_username(username))
    held = None if row is None else _held.one(connection, holder=row["id"], kind="password")
    if row is None or held is None:
        return None
    return Password(person_from(row), held["id"], held["secret_hash"].decode())


def matches(password: Password | None, given: str) -> bool:
    """Whether `given` is the password; takes the same time, some 50 ms of work, where there is none."""
    dummy_hash = _dummy_hash()
    try:
        _HASHER.verify(dummy_hash if password is None else password.hash, given)
    except (VerificationError, InvalidHashError):
        return False
    return password is not None


def hash_again(password: Password, given: str) -> str | None:
    """A new hash where the stored one is of weaker parameters than are used now."""
    return _HASHER.hash(given) if _HASHER.check_needs_rehash(password.hash) else None


def replace_hash(transaction: Transaction, password: Password, new: str) -> None:
    """Store the same password's new hash."""
    _set_hash.run(transaction.connection, credential=password.credential, new=new.encode())


def make_code(transaction: Transaction, person: str, username: str | None, *, actor: str) -> str:
    """A code that lets the person set a password, once, for a day; an earlier one stops working.

    `username` is what they sign in with; without it the one that they have stays.
    """
    row = _by_id.one(transaction.connection, person=person)
    if row is None:
        raise GatewayError(
            "invalid_field", "There is no such person; `countersign keys list` shows them.", param="person"
        )
    if username is not None:
        _take_username(transaction, row, username)
    elif row["username"] is None:
        raise GatewayError("invalid_field", "Give the name that the person signs in with.", param="username")
    for earlier in _held.all(transaction.connection, holder=person, kind="code"):
        revoke_row(transaction, earlier, actor=actor)
    code = "-".join("".join(secrets.choice(_CODE_ALPHABET) for _ in range(5)) for _ in range(5))
    _add(transaction, row, "code", _code_hash(code), actor=actor)
    return code


def set_password(transaction: Transaction, username: str, code: str, hashed: str) -> str | None:
    """Use up a code: the person's password is the one with this hash; gives their id, None if the code is wrong.

    `hashed` comes from `hash_password`, which takes too long to be done while others wait for the log.
    """
    row = _by_username.one(transaction.connection, username=plain_username(username))
    if row is None:
        return None
    found = next(
        (
            row_of_code
            for row_of_code in _held.all(transaction.connection, holder=row["id"], kind="code")
            if _is_code(row_of_code, code) and not _is_old(row_of_code, transaction.now)
        ),
        None,
    )
    if found is None:
        return None
    actor = f"person:{row['id']}"
    revoke_row(transaction, found, actor=actor)
    for earlier in _held.all(transaction.connection, holder=row["id"], kind="password"):
        revoke_row(transaction, earlier, actor=actor)
    _add(transaction, row, "password", hashed.encode(), actor=actor)
    return str(row["id"])


def hash_password(password: str) -> str:
    """The argon2id hash of a new password."""
    return _HASHER.hash(password)


def plain_username(username: str) -> str:
    """A name to sign in with as it is compared: without the white space and capitals that phones add."""
    return username.strip().lower()


def _take_username(transaction: Transaction, row: Row, username: str) -> None:
    name = plain_username(username)
    if not _USERNAME.fullmatch(name):
        raise GatewayError(
            "invalid_field",
            "A name to sign in with has 1 to 100 of a-z, 0-9, '.', '_', '@', '-'.",
            param="username",
        )
    holder = _by_username.one(transaction.connection, username=name)
    if holder is not None and holder["id"] != row["id"]:
        raise GatewayError(
            "invalid_field", "Somebody else signs in with this name already.", param="username"
        )
    _set_username.run(transaction.connection, person=row["id"], new=name)


def _add(transaction: Transaction, row: Row, kind: str, secret_hash: bytes, *, actor: str) -> None:
    add_credential(
        transaction,
        kind,
        row["id"],
        secret_hash=secret_hash,
        credential=secrets.token_hex(8),
        actor=actor,
        more={"roles": row["roles"].split()} if kind == "password" else {},
    )


def _is_code(row: Row, code: str) -> bool:
    return hmac.compare_digest(row["secret_hash"], _code_hash(code))


def _code_hash(code: str) -> bytes:
    """124 random bits need no slow hash."""
    return hashlib.sha256("".join(char for char in code.lower() if char in _CODE_ALPHABET).encode()).digest()


@cache
def _dummy_hash() -> str:
    return _HASHER.hash(secrets.token_urlsafe(32))


def _is_old(row: Row, now: str) -> bool:
    created = datetime.fromisoformat(row["created_at"])
    return datetime.fromisoformat(now) > created + timedelta(hours=CODE_HOURS)
