"""Sign-ins that are under way at an identity provider: what must fit when the browser comes back.

Kept under a hash of the state, sealed under a key made of the state itself, which only that browser knows.
"""

import hashlib

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import bindparam, delete, select

from audit import Transaction
from gateway.storage import Statement, decrypt, derive, encrypt, insertion, tables

_pending = tables.arrivals
_insert = insertion(_pending)
_select = Statement(select(_pending).where(_pending.c.state_hash == bindparam("state_hash")))
_delete = Statement(delete(_pending).where(_pending.c.state_hash == bindparam("state_hash")))
_forget = Statement(delete(_pending).where(_pending.c.until <= bindparam("now")))


def save_pending_sign_in(transaction: Transaction, state: str, content: bytes, until: str) -> None:
    """Keep `content` until the browser with this state comes back, or until that time."""
    _forget.run(transaction.connection, now=transaction.now)
    sealed = encrypt(_cipher(state), content, b"arrival")
    _insert.run(transaction.connection, state_hash=_hash(state), sealed=sealed, until=until)


def consume_pending_sign_in(transaction: Transaction, state: str) -> bytes | None:
    """The content kept for this state, given once; None if there is none, or it has expired."""
    _forget.run(transaction.connection, now=transaction.now)
    row = _select.first(transaction.connection, state_hash=_hash(state))
    if row is None:
        return None
    _delete.run(transaction.connection, state_hash=row["state_hash"])
    try:
        return decrypt(_cipher(state), row["sealed"], b"arrival")
    except InvalidTag:
        return None


def _cipher(state: str) -> AESGCM:
    return AESGCM(derive(hashlib.sha256(b"key\0" + state.encode()).digest(), b"countersign/arrival/v1"))


def _hash(state: str) -> bytes:
    return hashlib.sha256(b"name\0" + state.encode()).digest()
