"""ML-DSA-44 (FIPS 204), where the installed `cryptography` has it: the post-quantum key type of cosignatures."""

from collections.abc import Callable
from typing import Final, TypeVar

from cryptography.exceptions import UnsupportedAlgorithm

from audit.audit_errors import NoteInvalid

try:
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey
except ImportError:  # pragma: no cover - an older release
    AVAILABLE = False
else:
    AVAILABLE = True

T = TypeVar("T")

PUBLIC_KEY_BYTES: Final = 1_312
_MISSING: Final = "this installation can't use ML-DSA-44 keys; install a newer `cryptography`"


class PublicKey:
    """A public key of 1,312 bytes."""

    def __init__(self, raw: bytes) -> None:
        self._key = _supported(lambda: MLDSA44PublicKey.from_public_bytes(raw))

    def verify(self, signature: bytes, message: bytes) -> None:
        """Raise `InvalidSignature` unless this key signed `message`, with the empty context."""
        self._key.verify(signature, message)


class PrivateKey:
    """A private key, made of a seed of 32 bytes."""

    def __init__(self, seed: bytes) -> None:
        self._key = _supported(lambda: MLDSA44PrivateKey.from_seed_bytes(seed))

    def public_bytes(self) -> bytes:
        """The public key."""
        return self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """2,420 bytes; two signatures of one message differ."""
        return self._key.sign(message)


def _supported(make: Callable[[], T]) -> T:
    if not AVAILABLE:
        raise NoteInvalid(_MISSING)
    try:
        return make()
    except UnsupportedAlgorithm:
        raise NoteInvalid(_MISSING) from None
    except ValueError:
        raise NoteInvalid("these bytes are no ML-DSA-44 key; copy the whole line") from None
