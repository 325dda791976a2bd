"""Sessions of the pages: a random 256-bit id in the browser's cookie, its SHA-256 here.

A session belongs to the credential that it was begun with. It is over by signing out, by being left alone, after its
longest time, and at once when that credential is revoked.
"""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, delete, select, update

from audit import Transaction
from gateway.identity.callers import Person
from gateway.identity.credentials import person_from
from gateway.identity.last_used import Used, untracked
from gateway.storage import Connection, Statement, insertion, tables

TOUCH_SECONDS: Final = 60
"""A session's last use is written down this often at most: each writing waits for the disk."""

_sessions = tables.sessions
_people = tables.people
_credentials = tables.credentials
_insert = insertion(_sessions)
_select = Statement(
    select(
        _sessions,
        _credentials.c.revoked_at,
        _credentials.c.used_on,
        _people.c.id,
        _people.c.name,
        _people.c.roles,
    )
    .join(_credentials, _credentials.c.id == _sessions.c.credential)
    .join(_people, _people.c.id == _credentials.c.holder)
    .where(_sessions.c.id_hash == bindparam("id_hash"))
)
_touch = Statement(
    update(_sessions).values(seen_at=bindparam("new")).where(_sessions.c.id_hash == bindparam("which"))
)
_end = Statement(delete(_sessions).where(_sessions.c.id_hash == bindparam("which")))
_forget = Statement(delete(_sessions).where(_sessions.c.ends_at < bindparam("now")))


@dataclass(frozen=True)
class Session:
    """A session in force: who it is, and whether its last use is to be written down again."""

    person: Person
    id_hash: bytes
    stale: bool

    @classmethod
    def begun(cls, person: Person, token: str) -> "Session":
        """The session that was begun just now."""
        return cls(person, _hash(token), stale=False)


def begin_session(transaction: Transaction, credential: str, ends_at: str) -> str:
    """Begin a session that lasts until `ends_at` at most; gives the id for the cookie. Past ones are forgotten."""
    token = secrets.token_urlsafe(32)
    _forget.run(transaction.connection, now=transaction.now)
    _insert.run(
        transaction.connection,
        id_hash=_hash(token),
        credential=credential,
        started_at=transaction.now,
        seen_at=transaction.now,
        ends_at=ends_at,
    )
    return token


def find_session(
    connection: Connection,
    token: str,
    *,
    now: str,
    idle_since: str,
    touched_since: str,
    used: Used = untracked,
) -> Session | None:
    """The session in force with this id: not over, used after `idle_since`, its credential not revoked."""
    row = _select.first(connection, id_hash=_hash(token))
    if row is None or row["revoked_at"] is not None or row["ends_at"] <= now or row["seen_at"] <= idle_since:
        return None
    used(row["credential"], row["used_on"])
    return Session(person_from(row), row["id_hash"], stale=row["seen_at"] <= touched_since)


def touch_session(transaction: Transaction, session: Session) -> None:
    """Write down that the session is used."""
    _touch.run(transaction.connection, which=session.id_hash, new=transaction.now)


def end_session(transaction: Transaction, token: str) -> None:
    """End a session, whatever its state."""
    _end.run(transaction.connection, which=_hash(token))


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
