"""The two primitives that sealing is made of: AES-256-GCM with a fresh nonce, and keys by purpose from a secret."""

import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

KEY_BYTES: Final = 32
_VERSION: Final = b"\x01"
_NONCE_BYTES: Final = 12
_TAG_BYTES: Final = 16
WRAPPED_BYTES: Final = len(_VERSION) + _NONCE_BYTES + KEY_BYTES + _TAG_BYTES
"""What a key of `KEY_BYTES` is long once it is encrypted."""


def encrypt(key: AESGCM, plain: bytes, aad: bytes) -> bytes:
    """`01 || nonce (12) || AES-256-GCM(key, plain, aad)`."""
    nonce = os.urandom(_NONCE_BYTES)
    return _VERSION + nonce + key.encrypt(nonce, plain, aad)


def decrypt(key: AESGCM, sealed: bytes, aad: bytes) -> bytes:
    """What `encrypt` sealed; `InvalidTag` if a byte of it, or of `aad`, is another."""
    if sealed[:1] != _VERSION:
        raise InvalidTag
    return key.decrypt(sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :], aad)


def derive(secret: bytes, purpose: bytes) -> bytes:
    """A key for one purpose; HKDF-Expand alone (RFC 5869, 3.3), since every secret here is uniformly random."""
    return HKDFExpand(SHA256(), KEY_BYTES, purpose).derive(secret)
