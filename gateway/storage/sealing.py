"""Sealed content: AES-256-GCM under one key a case, each key wrapped by the master key from outside.

Formats (version byte first, so that they can change):
- wrapped case key: `01 || nonce (12) || AES-256-GCM(master, secret (32), aad = scope)`
- sealed content:   `01 || nonce (12) || AES-256-GCM(case, salt (32) || content, aad = advice NUL kind NUL commitment)`
- pseudonym:        `01 || nonce (12) || AES-256-GCM(case, value in UTF-8, aad = text NUL type)`

`master` and `case` are derived from the secrets by HKDF-Expand (RFC 5869) with the purposes named below.

The log holds `commitment` only (see `audit.commit`). Without the case key neither content nor salt can be had
again, so a commitment can't be guessed either: deleting the key erases the case.
"""

import hashlib
import hmac
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from sqlalchemy import bindparam, select
from sqlalchemy.dialects.sqlite import insert as insert_or_nothing

from audit import commit, opens
from gateway.storage.statements import Connection, Statement, insertion
from gateway.storage.tables import tables

_VERSION = b"\x01"
_NONCE_BYTES = 12
_SALT_BYTES = 32
_KEY_BYTES = 32


class MasterKeyInvalid(ValueError):
    """The master key isn't 32 bytes in URL-safe base64, or doesn't open what it should."""


class SealedMissing(LookupError):
    """There is no such content: erased, or never sealed."""


class MasterKey:
    """The key outside the database: wraps case keys, and keys the hashes of case references."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) != _KEY_BYTES:
            raise MasterKeyInvalid("the master key must be 32 bytes in URL-safe base64")
        self._wrap = AESGCM(_derive(secret, b"countersign/wrap/v1"))
        self._reference = _derive(secret, b"countersign/reference/v1")

    @classmethod
    def parse(cls, text: str) -> "MasterKey":
        """From `COUNTERSIGN_MASTER_KEY`: 32 bytes in URL-safe base64."""
        try:
            return cls(urlsafe_b64decode(text.strip()))
        except ValueError:
            raise MasterKeyInvalid(
                "COUNTERSIGN_MASTER_KEY must be 32 bytes in URL-safe base64; make one with `countersign keys master`"
            ) from None

    @staticmethod
    def generate() -> str:
        """A new master key as text."""
        return urlsafe_b64encode(os.urandom(_KEY_BYTES)).decode()

    def reference(self, *parts: str) -> str:
        """The keyed hash by which a caller's own words (a case, say) are known outside sealed content."""
        message = b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)
        return hmac.new(self._reference, message, hashlib.sha256).hexdigest()[:40]

    def wrap(self, key: bytes, scope: str) -> bytes:
        """Encrypt a case key for storage."""
        return _encrypt(self._wrap, key, scope.encode())

    def unwrap(self, wrapped: bytes, scope: str) -> bytes:
        """Open a stored case key; `MasterKeyInvalid` if this is not the master key that it was wrapped with."""
        try:
            return _decrypt(self._wrap, wrapped, scope.encode())
        except InvalidTag:
            raise MasterKeyInvalid(
                "this master key is not the one that this database was sealed with"
            ) from None


@dataclass(frozen=True)
class Sealed:
    """One piece of opened content, with the salt that proves its commitment."""

    content: bytes
    salt: bytes
    commitment: str


_insert_key = Statement(
    insert_or_nothing(tables.case_keys)
    .values(scope=bindparam("scope"), wrapped=bindparam("wrapped"))
    .on_conflict_do_nothing()
)
_select_key = Statement(
    select(tables.case_keys.c.wrapped).where(tables.case_keys.c.scope == bindparam("scope"))
)
_insert_sealed = insertion(tables.sealed)
_select_sealed = Statement(
    select(tables.sealed).where(
        tables.sealed.c.advice == bindparam("advice"), tables.sealed.c.kind == bindparam("kind")
    )
)
_insert_pseudonym = insertion(tables.pseudonyms)
_select_pseudonyms = Statement(
    select(tables.pseudonyms).where(tables.pseudonyms.c.scope == bindparam("scope"))
)


class Vault:
    """Seals and opens content on the connection that it is given."""

    def __init__(self, master: MasterKey) -> None:
        self.master = master

    def seal(
        self, connection: Connection, *, scope: str, advice: str, contents: Mapping[str, bytes]
    ) -> dict[str, str]:
        """Store `contents` by kind and give their commitments (hex), for the event of the same transaction."""
        key = self._key(connection, scope, create=True)
        commitments = {}
        for kind, content in contents.items():
            commitment, salt = commit(content)
            sealed = key.encrypt(salt + content, _content_aad(advice, kind, commitment))
            _insert_sealed.run(
                connection, advice=advice, kind=kind, scope=scope, commitment=commitment, ciphertext=sealed
            )
            commitments[kind] = commitment
        return commitments

    def open(self, connection: Connection, *, advice: str, kind: str) -> Sealed:
        """Open content and prove its commitment; `SealedMissing` when it is gone."""
        row = _select_sealed.one(connection, advice=advice, kind=kind)
        if row is None:
            raise SealedMissing("no such content")
        key = self._key(connection, row["scope"], create=False)
        commitment = row["commitment"]
        try:
            opened = key.decrypt(row["ciphertext"], _content_aad(advice, kind, commitment))
        except InvalidTag:
            raise SealedMissing("the sealed content was changed and can't be opened") from None
        sealed = Sealed(opened[_SALT_BYTES:], opened[:_SALT_BYTES], commitment)
        if not opens(commitment, sealed.content, sealed.salt):
            raise SealedMissing("the sealed content does not belong to its commitment")
        return sealed

    def keep_pseudonyms(
        self, connection: Connection, scope: str, issued: Sequence[tuple[str, str, str]]
    ) -> None:
        """Store `(text, type, value)` with the case; a text that the case has already is an `IntegrityError`."""
        if not issued:
            return
        key = self._key(connection, scope, create=True)
        for text, kind, value in issued:
            sealed = key.encrypt(value.encode(), f"{text}\0{kind}".encode())
            _insert_pseudonym.run(connection, scope=scope, text=text, type=kind, ciphertext=sealed)

    def pseudonyms(self, connection: Connection, scope: str) -> list[tuple[str, str, str]]:
        """The case's pseudonyms as `(text, type, value)`."""
        rows = _select_pseudonyms.all(connection, scope=scope)
        if not rows:
            return []
        key = self._key(connection, scope, create=False)
        return [
            (
                row["text"],
                row["type"],
                key.decrypt(row["ciphertext"], f"{row['text']}\0{row['type']}".encode()).decode(),
            )
            for row in rows
        ]

    def digest(self, connection: Connection, scope: str, content: bytes) -> str:
        """A keyed hash of `content` that only the case's key can make: it goes when the case is erased."""
        return self._key(connection, scope, create=False).digest(content)

    def _key(self, connection: Connection, scope: str, *, create: bool) -> "_CaseKey":
        row = _select_key.one(connection, scope=scope)
        if row is None and create:
            _insert_key.run(connection, scope=scope, wrapped=self.master.wrap(os.urandom(_KEY_BYTES), scope))
            row = _select_key.one(connection, scope=scope)
        if row is None:
            raise SealedMissing("the case's key is gone: its content was erased")
        return _CaseKey(self.master.unwrap(row["wrapped"], scope))


class _CaseKey:
    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._content = AESGCM(_derive(secret, b"countersign/content/v1"))

    def encrypt(self, plain: bytes, aad: bytes) -> bytes:
        return _encrypt(self._content, plain, aad)

    def decrypt(self, sealed: bytes, aad: bytes) -> bytes:
        return _decrypt(self._content, sealed, aad)

    def digest(self, content: bytes) -> str:
        return hmac.digest(_derive(self._secret, b"countersign/digest/v1"), content, "sha256").hex()


def _encrypt(key: AESGCM, plain: bytes, aad: bytes) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return _VERSION + nonce + key.encrypt(nonce, plain, aad)


def _decrypt(key: AESGCM, sealed: bytes, aad: bytes) -> bytes:
    if sealed[:1] != _VERSION:
        raise InvalidTag
    return key.decrypt(sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :], aad)


def _derive(secret: bytes, purpose: bytes) -> bytes:
    # Expand alone (RFC 5869, 3.3): every key here is uniformly random already.
    return HKDFExpand(SHA256(), _KEY_BYTES, purpose).derive(secret)


def _content_aad(advice: str, kind: str, commitment: str) -> bytes:
    return f"{advice}\0{kind}\0{commitment}".encode()
