"""Sealed content: AES-256-GCM, each advice under a key of its own, each case's pseudonyms under another.

Formats (version byte first, so that they can change):
- content key:      `01 || nonce (12) || AES-256-GCM(wrapping key, secret (32), aad = "content-key" NUL scope)`
- sealed content:   `01 || nonce (12) || AES-256-GCM(key, salt (32) || content, aad = advice NUL kind NUL commitment)`
- draft:            `01 || nonce (12) || AES-256-GCM(key, text, aad = "draft" NUL advice NUL person)`
- pseudonym, and a value that was reported as missed:
                    `01 || nonce (12) || AES-256-GCM(key, value in UTF-8, aad = text NUL type)`

`key` is derived from the secret by HKDF-Expand (RFC 5869). A salt is random, or, for content that is signed for before
it is sealed, HMAC-SHA256 of advice, kind and content under another key derived from the secret: nobody without it
can tell the two apart, and the commitment is known before. A key's scope is the advice, or for pseudonyms the
case; so whatever is moved elsewhere no longer opens.

The log holds `commitment` only (see `audit.commit`). Without its key neither content nor salt can be had again, so
a commitment can't be guessed either: destroying the key erases. Its row is never deleted but overwritten with
zeros, at the same length: SQLite then changes the page in place, where a deletion may leave copies of what it moved.
"""

import hmac
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_nothing  # SQLite reads the same words

from audit import Connection, commit, opens
from gateway.storage.ciphers import KEY_BYTES, decrypt, derive, encrypt
from gateway.storage.keyring import DESTROYED, Keyring
from gateway.storage.statements import Row, Statement, insertion
from gateway.storage.storage_errors import SealedDamaged, SealedMissing
from gateway.storage.tables import tables

_SALT_BYTES = 32


@dataclass(frozen=True)
class OpenedContent:
    """One piece of opened content, with the salt that proves its commitment."""

    content: bytes
    salt: bytes
    commitment: str


_keys = tables.content_keys
_sealed = tables.sealed
_pseudonyms = tables.pseudonyms
_insert_key = Statement(
    insert_or_nothing(_keys)
    .values(scope=bindparam("scope"), wrapping=bindparam("wrapping"), wrapped=bindparam("wrapped"))
    .on_conflict_do_nothing()
)
_select_key = Statement(select(_keys).where(_keys.c.scope == bindparam("scope")))
_set_key = Statement(
    update(_keys)
    .values(wrapping=bindparam("new_wrapping"), wrapped=bindparam("new_wrapped"))
    .where(_keys.c.scope == bindparam("which"))
)
_destroy_key = Statement(
    update(_keys).values(wrapped=bindparam("zeros")).where(_keys.c.scope == bindparam("which"))
)
_insert_sealed = insertion(_sealed)
_select_sealed = Statement(
    select(_sealed).where(_sealed.c.advice == bindparam("advice"), _sealed.c.kind == bindparam("kind"))
)
_select_kinds = Statement(
    select(_sealed.c.kind, _sealed.c.commitment).where(_sealed.c.advice == bindparam("advice"))
)
_delete_sealed = Statement(delete(_sealed).where(_sealed.c.advice == bindparam("advice")))
_select_own = Statement(select(_sealed.c.scope).where(_sealed.c.advice == bindparam("advice")).limit(1))
_any_sealed_under = Statement(select(_sealed.c.kind).where(_sealed.c.scope == bindparam("scope")).limit(1))
_drafts = tables.drafts
_keep_draft = Statement(
    insert_or_nothing(_drafts)
    .values(advice=bindparam("advice"), person=bindparam("person"), ciphertext=bindparam("ciphertext"))
    .on_conflict_do_update(
        index_elements=["advice", "person"],
        set_={"ciphertext": insert_or_nothing(_drafts).excluded.ciphertext},
    )
)
_select_draft = Statement(
    select(_drafts).where(_drafts.c.advice == bindparam("advice"), _drafts.c.person == bindparam("person"))
)
_delete_draft = Statement(
    delete(_drafts).where(_drafts.c.advice == bindparam("advice"), _drafts.c.person == bindparam("person"))
)
_delete_drafts = Statement(delete(_drafts).where(_drafts.c.advice == bindparam("advice")))
_insert_pseudonym = insertion(_pseudonyms)
_MISSED = "missed."
"""Begins the `text` of a value that was reported, in the place of a pseudonym: it gets one when it is next sent."""
_is_missed = _pseudonyms.c.text.like(f"{_MISSED}%")
_select_pseudonyms = Statement(
    select(_pseudonyms).where(_pseudonyms.c.scope == bindparam("scope"), ~_is_missed)
)
_select_missed = Statement(select(_pseudonyms).where(_pseudonyms.c.scope == bindparam("scope"), _is_missed))
_any_pseudonym = Statement(
    select(_pseudonyms.c.text).where(_pseudonyms.c.scope == bindparam("scope")).limit(1)
)
_delete_pseudonyms = Statement(delete(_pseudonyms).where(_pseudonyms.c.scope == bindparam("scope")))


class Vault:
    """Seals, opens and destroys content on the connection that it is given."""

    def __init__(self, ring: Keyring) -> None:
        self.ring = ring

    def reference(self, *parts: str) -> str:
        """The keyed hash by which a caller's own words are known outside sealed content."""
        return self.ring.reference(*parts)

    def seal(
        self,
        connection: Connection,
        *,
        advice: str,
        contents: Mapping[str, bytes],
        deterministic_salt: bool = False,
    ) -> dict[str, str]:
        """Store `contents` by kind and give their commitments (hex), for the event of the same transaction.

        `deterministic_salt`: the commitments are those that `precommit` gives.
        """
        key = self._key(connection, advice, create=True)
        commitments = {}
        for kind, content in contents.items():
            commitment, salt = commit(
                content, key.salt(advice, kind, content) if deterministic_salt else None
            )
            sealed = key.encrypt(salt + content, _content_aad(advice, kind, commitment))
            _insert_sealed.run(
                connection, advice=advice, kind=kind, scope=advice, commitment=commitment, ciphertext=sealed
            )
            commitments[kind] = commitment
        return commitments

    def precommit(self, connection: Connection, *, advice: str, kind: str, content: bytes) -> str:
        """The commitment (hex) that sealing this content as `deterministic_salt` will have."""
        salt = self._key(connection, advice, create=True).salt(advice, kind, content)
        return commit(content, salt)[0]

    def commitments(self, connection: Connection, advice: str) -> dict[str, str]:
        """The commitments of all that is sealed with an advice, by kind."""
        return {row["kind"]: row["commitment"] for row in _select_kinds.all(connection, advice=advice)}

    def open(self, connection: Connection, *, advice: str, kind: str) -> OpenedContent:
        """Open content and prove its commitment; `SealedMissing` when it is gone, `SealedDamaged` if changed."""
        row = _select_sealed.first(connection, advice=advice, kind=kind)
        if row is None:
            raise SealedMissing("there is no such content")
        key = self._key(connection, row["scope"], create=False)
        commitment = row["commitment"]
        try:
            opened = key.decrypt(row["ciphertext"], _content_aad(advice, kind, commitment))
        except InvalidTag:
            raise SealedDamaged("the sealed content was changed or moved and can't be opened") from None
        sealed = OpenedContent(opened[_SALT_BYTES:], opened[:_SALT_BYTES], commitment)
        if not opens(commitment, sealed.content, sealed.salt):
            raise SealedDamaged("the sealed content does not belong to its commitment")
        return sealed

    def open_json(self, connection: Connection, *, advice: str, kind: str) -> Any:
        """Open content that is JSON; errors as of `open`."""
        return orjson.loads(self.open(connection, advice=advice, kind=kind).content)

    def erase(self, connection: Connection, advice: str) -> None:
        """Destroy an advice's key and delete its content; `SealedDamaged` if its key can't be found to be destroyed."""
        # Where an index is damaged an update finds no row: that must never pass for an erasure.
        if _destroy_key.run(connection, which=advice, zeros=DESTROYED) != 1:
            own = _select_own.first(connection, advice=advice)
            if own is None or own["scope"] == advice:
                raise SealedDamaged("the advice's key is not there to be destroyed")
        _delete_sealed.run(connection, advice=advice)
        _delete_drafts.run(connection, advice=advice)

    def save_draft(self, connection: Connection, advice: str, person: str, content: bytes) -> None:
        """Store what a person has typed about an advice and not sent, in place of what was there."""
        sealed = self._key(connection, advice, create=False).encrypt(content, _draft_aad(advice, person))
        _keep_draft.run(connection, advice=advice, person=person, ciphertext=sealed)

    def draft(self, connection: Connection, advice: str, person: str) -> bytes | None:
        """What the person has typed and not sent, if anything."""
        row = _select_draft.first(connection, advice=advice, person=person)
        if row is None:
            return None
        key = self._key(connection, advice, create=False)
        try:
            return key.decrypt(row["ciphertext"], _draft_aad(advice, person))
        except InvalidTag:
            raise SealedDamaged("a draft was changed or moved and can't be opened") from None

    def delete_draft(self, connection: Connection, advice: str, person: str) -> None:
        """Forget the person's draft."""
        _delete_draft.run(connection, advice=advice, person=person)

    def keep_pseudonyms(
        self, connection: Connection, scope: str, issued: Sequence[tuple[str, str, str]]
    ) -> None:
        """Store `(text, type, value)` with the case; a text that the case has already is `RowTaken`."""
        if not issued:
            return
        key = self._key(connection, scope, create=True, anew=True)
        for text, kind, value in issued:
            sealed = key.encrypt(value.encode(), f"{text}\0{kind}".encode())
            _insert_pseudonym.run(connection, scope=scope, text=text, type=kind, ciphertext=sealed)

    def pseudonyms(self, connection: Connection, scope: str) -> list[tuple[str, str, str]]:
        """The case's pseudonyms as `(text, type, value)`."""
        return self._opened(connection, scope, _select_pseudonyms)

    def keep_missed(self, connection: Connection, scope: str, kind: str, value: str) -> None:
        """Store a value that is always to be redacted in the case; it is erased with the case's pseudonyms."""
        number = len(_select_missed.all(connection, scope=scope)) + 1
        self.keep_pseudonyms(connection, scope, [(f"{_MISSED}{number}", kind, value)])

    def missed(self, connection: Connection, scope: str) -> list[tuple[str, str]]:
        """What was reported in the case and is always redacted there, as `(type, value)`."""
        return [(kind, value) for _, kind, value in self._opened(connection, scope, _select_missed)]

    def _opened(self, connection: Connection, scope: str, statement: Statement) -> list[tuple[str, str, str]]:
        rows = statement.all(connection, scope=scope)
        if not rows:
            return []
        key = self._key(connection, scope, create=False)
        return [(row["text"], row["type"], _pseudonym(key, row)) for row in rows]

    def has_pseudonyms(self, connection: Connection, scope: str) -> bool:
        """Whether a case has a key, or pseudonyms without one."""
        row = _select_key.first(connection, scope=scope)
        exists = row is not None and row["wrapped"] != DESTROYED
        return exists or _any_pseudonym.first(connection, scope=scope) is not None

    def erase_pseudonyms(self, connection: Connection, scope: str) -> int:
        """Destroy a case's key and delete its pseudonyms; gives how many there were."""
        # Before there were keys by advice, content lay under its case's key, which lives as long as that does.
        if _any_sealed_under.first(connection, scope=scope) is None:
            destroyed = _destroy_key.run(connection, which=scope, zeros=DESTROYED)
            if destroyed != 1 and _any_pseudonym.first(connection, scope=scope) is not None:
                raise SealedDamaged("the case's key is not there to be destroyed")
        return _delete_pseudonyms.run(connection, scope=scope)

    def digest(self, connection: Connection, advice: str, content: bytes) -> str:
        """A keyed hash of `content` that only the advice's key can make: it goes when the advice is erased."""
        return self._key(connection, advice, create=False).digest(content)

    def _key(self, connection: Connection, scope: str, *, create: bool, anew: bool = False) -> "_ContentKey":
        """The key of `scope`; `create` makes one if there never was one, `anew` also after it was destroyed."""
        row = _select_key.first(connection, scope=scope)
        if row is None and create:
            secret = os.urandom(KEY_BYTES)
            wrapping, wrapped = self.ring.wrap(connection, secret, scope)
            _insert_key.run(connection, scope=scope, wrapping=wrapping, wrapped=wrapped)
            return _ContentKey(secret)
        if row is not None and row["wrapped"] == DESTROYED and anew:
            secret = os.urandom(KEY_BYTES)
            wrapping, wrapped = self.ring.wrap(connection, secret, scope)
            _set_key.run(connection, which=scope, new_wrapping=wrapping, new_wrapped=wrapped)
            return _ContentKey(secret)
        if row is None or row["wrapped"] == DESTROYED:
            raise SealedMissing("the key is gone: its content was erased")
        return _ContentKey(self.ring.unwrap(connection, row["wrapping"], row["wrapped"], scope))


class _ContentKey:
    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._content = AESGCM(derive(secret, b"countersign/content/v1"))

    def encrypt(self, plain: bytes, aad: bytes) -> bytes:
        return encrypt(self._content, plain, aad)

    def decrypt(self, sealed: bytes, aad: bytes) -> bytes:
        return decrypt(self._content, sealed, aad)

    def salt(self, advice: str, kind: str, content: bytes) -> bytes:
        message = f"{advice}\0{kind}\0".encode() + content
        return hmac.digest(derive(self._secret, b"countersign/salt/v1"), message, "sha256")

    def digest(self, content: bytes) -> str:
        return hmac.digest(derive(self._secret, b"countersign/digest/v1"), content, "sha256").hex()


def _pseudonym(key: _ContentKey, row: Row) -> str:
    try:
        return key.decrypt(row["ciphertext"], f"{row['text']}\0{row['type']}".encode()).decode()
    except InvalidTag:
        raise SealedDamaged("a pseudonym was changed or moved and can't be opened") from None


def _content_aad(advice: str, kind: str, commitment: str) -> bytes:
    return f"{advice}\0{kind}\0{commitment}".encode()


def _draft_aad(advice: str, person: str) -> bytes:
    return f"draft\0{advice}\0{person}".encode()
