"""Moving every content key under a new wrapping key; content itself stays as it is.

1. `begin`  stores a new wrapping key, wrapped by the newest master key; what is wrapped from now on lies under it
2. `step`   moves some content keys from older wrapping keys to the newest, in the order of their scopes
3. `finish` drops the older wrapping keys, so that older master keys open nothing any more

Each is one transaction. The process may end between any two of them: every content key names the wrapping key
that it lies under, both kinds open meanwhile, and `begin` goes on with what an interrupted rotation began.
"""

from sqlalchemy import bindparam, delete, func, select, update

from audit import Connection
from gateway.storage.keyring import DESTROYED, REFERENCE, WRAPPING, Keyring, NewWrappingKey, add_secret
from gateway.storage.statements import Statement
from gateway.storage.tables import tables

_keyring = tables.keyring
_keys = tables.content_keys
_wrapping_keys = Statement(select(_keyring).where(_keyring.c.purpose == WRAPPING).order_by(_keyring.c.number))
_rewrap_secret = Statement(
    update(_keyring)
    .values(master=bindparam("new_master"), wrapped=bindparam("new_wrapped"))
    .where(_keyring.c.id == bindparam("which"))
)
_drop_older = Statement(
    delete(_keyring).where(_keyring.c.purpose == WRAPPING, _keyring.c.id != bindparam("newest"))
)
_next_keys = Statement(
    select(_keys).where(_keys.c.scope > bindparam("after")).order_by(_keys.c.scope).limit(bindparam("most"))
)
_older_count = Statement(
    select(func.count().label("keys")).select_from(_keys).where(_keys.c.wrapping != bindparam("newest"))
)
_rewrap_key = Statement(
    update(_keys)
    .values(wrapping=bindparam("new_wrapping"), wrapped=bindparam("new_wrapped"))
    .where(_keys.c.scope == bindparam("which"))
)


def begin(connection: Connection, renewed: NewWrappingKey, now: str) -> None:
    """Store `renewed`, or go on with the newest wrapping key if an interrupted rotation left it."""
    rows = _wrapping_keys.all(connection)
    interrupted = len(rows) > 1 and rows[-1]["master"] == renewed.wrapping.master
    if not interrupted:
        add_secret(connection, renewed.id, WRAPPING, renewed.wrapping, now)
    _rewrap_secret.run(
        connection,
        which=REFERENCE,
        new_master=renewed.reference.master,
        new_wrapped=renewed.reference.ciphertext,
    )


def step(connection: Connection, ring: Keyring, after: str, most: int) -> tuple[int, str | None]:
    """Move those of the next `most` content keys after the scope `after` that lie under an older wrapping key.

    Gives how many were moved, and the scope to go on after; None once all were looked at.
    """
    ring.follow(connection)
    rows = _next_keys.all(connection, after=after, most=most)
    older = [row for row in rows if row["wrapping"] != ring.newest]
    for row in older:
        wrapping, wrapped = ring.newest, row["wrapped"]
        if wrapped != DESTROYED:
            key = ring.unwrap(connection, row["wrapping"], wrapped, row["scope"])
            wrapping, wrapped = ring.wrap(connection, key, row["scope"])
        _rewrap_key.run(connection, which=row["scope"], new_wrapping=wrapping, new_wrapped=wrapped)
    return len(older), rows[-1]["scope"] if rows else None


def finish(connection: Connection, ring: Keyring) -> bool:
    """Drop the older wrapping keys; False while a content key still lies under one."""
    ring.follow(connection)
    remaining = _older_count.first(connection, newest=ring.newest)
    if remaining is None or remaining["keys"]:
        return False
    _drop_older.run(connection, newest=ring.newest)
    return True
