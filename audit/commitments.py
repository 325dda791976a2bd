"""Commitments: what the log says about content that it doesn't hold.

A commitment is `HMAC-SHA256(key = salt, message = content)` (RFC 2104, FIPS 180-4) in 64 small hex digits,
where the salt is 32 bytes that nobody can guess, fresh for each piece of content, and the content is taken byte for
byte.
It binds: no other content with a salt of that length gives it. It hides: without the salt, content can't be
guessed from it, however short; so once the salt is gone, the commitment says nothing.
"""

import hmac
import os
from typing import Final

SALT_BYTES: Final = 32


def commit(content: bytes, salt: bytes | None = None) -> tuple[str, bytes]:
    """A new commitment to `content`, as hex, and the salt that opens it: 32 random bytes, if none are given."""
    salt = os.urandom(SALT_BYTES) if salt is None else salt
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes")
    return _commitment(content, salt), salt


def opens(commitment: str, content: bytes, salt: bytes) -> bool:
    """Whether `content` with `salt` is what `commitment` was made for."""
    # HMAC pads keys with zeros, so a salt of another length could stand for this one.
    if len(salt) != SALT_BYTES:
        return False
    return hmac.compare_digest(_commitment(content, salt).encode(), commitment.encode("utf-8", "replace"))


def _commitment(content: bytes, salt: bytes) -> str:
    return hmac.digest(salt, content, "sha256").hex()
