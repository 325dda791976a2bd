"""Master keys: what is kept outside the database, and without which nothing in it opens.

A master key wraps a few secrets of the keyring (`keyring.py`) and is asked for them once a start, so that it may
as well live in a key management service. Several may be given: the first wraps, the others still unwrap.
"""

import importlib
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Any, Final, NamedTuple, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gateway.storage.ciphers import KEY_BYTES, decrypt, derive, encrypt
from gateway.storage.storage_errors import MasterKeyInvalid

_KMS_PREFIX: Final = "aws-kms:"
_CONTEXT: Final = "countersign-purpose"


class WrappedSecret(NamedTuple):
    """A wrapped secret, and the id of the master key that wrapped it."""

    master: str
    ciphertext: bytes


class MasterKey(Protocol):
    """One key outside the database. `purpose` is bound to what is wrapped: only with the same it unwraps."""

    def wrap(self, secret: bytes, purpose: str) -> WrappedSecret:
        """Encrypt `secret`."""
        ...

    def holds(self, master: str) -> bool:
        """Whether this is the key of that id."""
        ...

    def unwrap(self, wrapped: WrappedSecret, purpose: str) -> bytes:
        """Decrypt; `MasterKeyInvalid` if it was not wrapped by this key for this purpose."""
        ...


class LocalKey:
    """A key given as text, from the environment or a file."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) != KEY_BYTES:
            raise MasterKeyInvalid("a master key must be 32 bytes in URL-safe base64")
        self._cipher = AESGCM(derive(secret, b"countersign/master/v1"))
        self._id = f"local:{derive(secret, b'countersign/master-id/v1').hex()[:16]}"
        # Databases from before there was a keyring: the master key wrapped cases' keys and keyed references itself.
        self.before_keyring = AESGCM(derive(secret, b"countersign/wrap/v1"))
        self.reference_before_keyring = derive(secret, b"countersign/reference/v1")

    @staticmethod
    def generate() -> str:
        """A new key as text."""
        return urlsafe_b64encode(os.urandom(KEY_BYTES)).decode()

    def wrap(self, secret: bytes, purpose: str) -> WrappedSecret:
        """Encrypt `secret` here."""
        return WrappedSecret(self._id, encrypt(self._cipher, secret, purpose.encode()))

    def holds(self, master: str) -> bool:
        """Whether this is the key of that id."""
        return master == self._id

    def unwrap(self, wrapped: WrappedSecret, purpose: str) -> bytes:
        """Decrypt here."""
        try:
            return decrypt(self._cipher, wrapped.ciphertext, purpose.encode())
        except InvalidTag:
            raise MasterKeyInvalid("a wrapped key was changed; restore the database from a backup") from None


class KmsKey:
    """A symmetric key in AWS KMS, which never leaves it. Credentials and region are found as boto3 finds them."""

    def __init__(self, key: str, client: Any = None) -> None:
        self._key = key
        self._client = client

    def wrap(self, secret: bytes, purpose: str) -> WrappedSecret:
        """Have KMS encrypt `secret`; the id is that of the very key, also where an alias was given."""
        response = self._call(
            "encrypt", KeyId=self._key, Plaintext=secret, EncryptionContext={_CONTEXT: purpose}
        )
        return WrappedSecret(_KMS_PREFIX + response["KeyId"], response["CiphertextBlob"])

    def holds(self, master: str) -> bool:
        """KMS knows its older keys too, as long as they are not deleted there."""
        return master.startswith(_KMS_PREFIX)

    def unwrap(self, wrapped: WrappedSecret, purpose: str) -> bytes:
        """Have KMS decrypt."""
        key = wrapped.master.removeprefix(_KMS_PREFIX)
        response = self._call(
            "decrypt",
            KeyId=key,
            CiphertextBlob=wrapped.ciphertext,
            EncryptionContext={_CONTEXT: purpose},
        )
        plain: bytes = response["Plaintext"]
        return plain

    def _call(self, action: str, **arguments: Any) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = getattr(self._connected(), action)(**arguments)
        except Exception as error:  # noqa: BLE001 - boto3's many kinds, whose texts may hold account ids
            code = getattr(error, "response", {}).get("Error", {}).get("Code", type(error).__name__)
            raise MasterKeyInvalid(
                f"AWS KMS did not {action} ({code}); check the key's id, its policy, credentials and region"
            ) from None
        return answer

    def _connected(self) -> Any:
        if self._client is None:
            try:
                self._client = importlib.import_module("boto3").client("kms")
            except ImportError:
                raise MasterKeyInvalid("master_key_kms needs boto3; install countersign[kms]") from None
        return self._client


class MasterKeys:
    """The keys that are given: the first wraps, all unwrap."""

    def __init__(self, keys: Sequence[MasterKey]) -> None:
        if not keys:
            raise MasterKeyInvalid("there is no master key; it must be 32 bytes in URL-safe base64")
        self._keys = tuple(keys)

    @classmethod
    def parse(cls, text: str, kms: str | None = None) -> "MasterKeys":
        """From keys in `text`, separated by white space, newest first; one in AWS KMS goes before them."""
        keys: list[MasterKey] = [KmsKey(kms)] if kms else []
        keys += [LocalKey(_decoded(word)) for word in text.split()]
        return cls(keys)

    @property
    def local(self) -> tuple[LocalKey, ...]:
        """Those that were given as text."""
        return tuple(key for key in self._keys if isinstance(key, LocalKey))

    def wrap(self, secret: bytes, purpose: str) -> WrappedSecret:
        """Encrypt with the first key."""
        return self._keys[0].wrap(secret, purpose)

    def unwrap(self, wrapped: WrappedSecret, purpose: str) -> bytes:
        """Decrypt with the key that wrapped it; `MasterKeyInvalid` if that one is not given."""
        for key in self._keys:
            if key.holds(wrapped.master):
                return key.unwrap(wrapped, purpose)
        raise MasterKeyInvalid(
            "this master key is not the one that this database was sealed with; give that one,"
            " or both, the new one first, until `countersign keys rotate-master` is done"
        )


def _decoded(text: str) -> bytes:
    try:
        return urlsafe_b64decode(text)
    except ValueError:
        raise MasterKeyInvalid(
            "a master key must be 32 bytes in URL-safe base64; make one with `countersign keys master`"
        ) from None
