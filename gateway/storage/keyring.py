"""The keyring: the wrapping keys, under which every content key lies, and the key of references.

Its secrets are random and stored, wrapped by a master key. So a master key is asked for at start only, references
outlive any change of it, and the content keys can be moved to a new wrapping key bit by bit (`rotation.py`).
"""

import hashlib
import hmac
import os
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import func, select

from audit import Connection
from gateway.storage.ciphers import KEY_BYTES, WRAPPED_BYTES, decrypt, encrypt
from gateway.storage.masters import MasterKeys, WrappedSecret
from gateway.storage.statements import Statement, insertion
from gateway.storage.storage_errors import MasterKeyInvalid, SealedDamaged
from gateway.storage.tables import tables

DESTROYED: Final = bytes(WRAPPED_BYTES)
"""What stands in place of a key that is gone."""
BEFORE_KEYRING: Final = "wk_" + "0" * 16
"""The wrapping key of databases from before there was a keyring: a local master key itself."""
REFERENCE: Final = "reference"
WRAPPING: Final = "wrapping"

_keyring = tables.keyring
_keys = tables.content_keys
_select = Statement(select(_keyring).order_by(_keyring.c.number))
_next_number = Statement(select((func.coalesce(func.max(_keyring.c.number), 0) + 1).label("number")))
_insert = insertion(_keyring)
_newest_wrapping = Statement(
    select(_keyring.c.id).where(_keyring.c.purpose == WRAPPING).order_by(_keyring.c.number.desc()).limit(1)
)
_first_key = Statement(select(_keys.c.wrapping).limit(1))


@dataclass(frozen=True)
class NewWrappingKey:
    """A new wrapping key by its id, and the key of references: wrapped, ready to be stored."""

    id: str
    wrapping: WrappedSecret
    reference: WrappedSecret


class Keyring:
    """The opened keyring; empty until `load` found its rows."""

    def __init__(self, masters: MasterKeys) -> None:
        self._masters = masters
        self._ciphers: dict[str, AESGCM] = {}
        self._reference = b""
        self.newest = ""

    def load(self, connection: Connection) -> bool:
        """Open what is stored, asking the master keys; False if nothing is. `MasterKeyInvalid` if they don't fit."""
        rows = _select.all(connection)
        ciphers: dict[str, AESGCM] = {}
        for row in rows:
            secret = self._masters.unwrap(WrappedSecret(row["master"], row["wrapped"]), row["id"])
            if row["purpose"] == REFERENCE:
                self._reference = secret
            else:
                ciphers[row["id"]] = AESGCM(secret)
        if not rows:
            return False
        self.newest = next(row["id"] for row in reversed(rows) if row["purpose"] == WRAPPING)
        self._ciphers = ciphers
        return True

    def check_master_keys(self, connection: Connection) -> None:
        """Have the newest wrapping key opened once more; `MasterKeyInvalid` if no master key can."""
        row = next(row for row in reversed(_select.all(connection)) if row["purpose"] == WRAPPING)
        self._masters.unwrap(WrappedSecret(row["master"], row["wrapped"]), row["id"])

    def fresh(self, connection: Connection) -> NewWrappingKey:
        """The secrets of a new keyring; for a database that is older than keyrings, its references stay the same."""
        reference = os.urandom(KEY_BYTES)
        if (older := _first_key.first(connection)) is not None:
            reference = self._local_reference(older["wrapping"])
        return self._wrapped(reference)

    def renewed(self) -> NewWrappingKey:
        """A new wrapping key, and the key of references as it is, both wrapped by the newest master key."""
        return self._wrapped(self._reference)

    def reference(self, *parts: str) -> str:
        """The keyed hash by which a caller's own words (a case, say) are known outside sealed content."""
        message = b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)
        return hmac.new(self._reference, message, hashlib.sha256).hexdigest()[:40]

    def follow(self, connection: Connection) -> None:
        """Take up a wrapping key that another gateway on this database made since; in the log's transaction.

        What is wrapped under a key that a rotation has dropped meanwhile would never open again.
        """
        row = _newest_wrapping.first(connection)
        if row is None or row["id"] != self.newest:
            self.load(connection)

    def wrap(self, connection: Connection, key: bytes, scope: str) -> tuple[str, bytes]:
        """Wrap a content key; gives the wrapping key's id and what is to be stored."""
        self.follow(connection)
        return self.newest, encrypt(self._ciphers[self.newest], key, _key_aad(scope))

    def unwrap(self, connection: Connection, wrapping: str, wrapped: bytes, scope: str) -> bytes:
        """Open a content key; `SealedDamaged` if it was changed or moved."""
        try:
            if wrapping == BEFORE_KEYRING:
                return self._unwrap_before_keyring(wrapped, scope)
            if wrapping not in self._ciphers:  # made since, by another gateway on this database
                self.load(connection)
            return decrypt(self._ciphers[wrapping], wrapped, _key_aad(scope))
        except (InvalidTag, KeyError):
            raise SealedDamaged("a content key was changed or moved and can't be opened") from None

    def _wrapped(self, reference: bytes) -> NewWrappingKey:
        wrapping = (
            f"wk_{os.urandom(8).hex()}"  # of one length, so that a key's row is overwritten where it lies
        )
        secret = os.urandom(KEY_BYTES)
        return NewWrappingKey(
            wrapping, self._masters.wrap(secret, wrapping), self._masters.wrap(reference, REFERENCE)
        )

    def _unwrap_before_keyring(self, wrapped: bytes, scope: str) -> bytes:
        for key in self._masters.local:
            try:
                return decrypt(key.before_keyring, wrapped, scope.encode())
            except InvalidTag:
                continue
        raise InvalidTag

    def _local_reference(self, wrapping: str) -> bytes:
        if wrapping != BEFORE_KEYRING or not self._masters.local:
            raise MasterKeyInvalid(
                "the keyring is missing: restore the database from a backup, or give the master key as it was before"
            )
        return self._masters.local[-1].reference_before_keyring


def store_fresh(connection: Connection, fresh: NewWrappingKey, now: str) -> None:
    """Store a new keyring, unless there is one by now."""
    if _select.first(connection) is None:
        add_secret(connection, REFERENCE, REFERENCE, fresh.reference, now)
        add_secret(connection, fresh.id, WRAPPING, fresh.wrapping, now)


def add_secret(connection: Connection, name: str, purpose: str, wrapped: WrappedSecret, now: str) -> None:
    """Store one secret of the keyring, as its newest."""
    row = _next_number.first(connection)
    _insert.run(
        connection,
        number=row["number"] if row else 1,
        id=name,
        purpose=purpose,
        master=wrapped.master,
        wrapped=wrapped.ciphertext,
        made_at=now,
    )


def _key_aad(scope: str) -> bytes:
    return f"content-key\0{scope}".encode()
