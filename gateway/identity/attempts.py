"""Limits attempts to sign in. They are counted by account and by address, in the database, so that a restart resets
nothing.

An attempt is counted before the password is looked at, so that many at once gain nothing. Subjects are keyed hashes:
neither names nor addresses are kept.
"""

from collections.abc import Mapping

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert as insert_or_update  # SQLite reads the same words

from audit import Transaction
from gateway.storage import Statement, tables

_attempts = tables.attempts
_forget = Statement(delete(_attempts).where(_attempts.c.until <= bindparam("now")))
_select = Statement(select(_attempts).where(_attempts.c.subject == bindparam("subject")))
_count = Statement(
    insert_or_update(_attempts)
    .values(subject=bindparam("subject"), count=1, until=bindparam("until"))
    .on_conflict_do_update(index_elements=["subject"], set_={"count": _attempts.c.count + 1})
)
_delete = Statement(delete(_attempts).where(_attempts.c.subject == bindparam("which")))


def count_attempt(transaction: Transaction, limits: Mapping[str, int], until: str) -> str | None:
    """Count one attempt for each subject in `limits`; if one has reached its limit none is counted, and the time
    is given at which it may be tried again. The first of a row of attempts is forgotten at `until`.
    """
    connection = transaction.connection
    _forget.run(connection, now=transaction.now)
    for subject, most in limits.items():
        row = _select.first(connection, subject=subject)
        if row is not None and row["count"] >= most:
            return str(row["until"])
    for subject in limits:
        _count.run(connection, subject=subject, until=until)
    return None


def reset_attempts(transaction: Transaction, subject: str) -> None:
    """Forget the attempts of a subject, who has signed in."""
    _delete.run(transaction.connection, which=subject)
