"""Cosignatures with Ed25519 (C2SP tlog-cosignature): a witness's word that it saw a checkpoint, and when.

A cosignature is a signature line of a signed note with signature type 0x04. Its signature field holds, after
the key id, the time as a big-endian uint64 of POSIX seconds and 64 bytes of Ed25519 over `signed_message`.
"""

import struct
from typing import Final

from audit.errors import NoteInvalid

COSIGNATURE: Final = 0x04
"""C2SP signed-note, Signature types: timestamped Ed25519 cosignatures."""

_MAX_TIME: Final = 2**63 - 1
_SIGNATURE = struct.Struct(">Q64s")


def signed_message(time: int, body: bytes) -> bytes:
    """C2SP tlog-cosignature, Ed25519 signed message: what a cosignature over the note text `body` signs.

    `time` is in POSIX seconds.
    """
    return b"cosignature/v1\ntime %d\n" % time + body


def join(time: int, signature: bytes) -> bytes:
    """The signature field after its key id."""
    if not 0 <= time <= _MAX_TIME:
        raise NoteInvalid("the time of a cosignature must be from 0 to 2^63 - 1 seconds")
    return _SIGNATURE.pack(time, signature)


def split(field: bytes) -> tuple[int, bytes]:
    """The time (POSIX seconds) and the Ed25519 signature of a signature field after its key id."""
    if len(field) != _SIGNATURE.size:
        raise NoteInvalid("a cosignature has 8 bytes of time and 64 of signature")
    time, signature = _SIGNATURE.unpack(field)
    if time > _MAX_TIME:
        raise NoteInvalid("the time of a cosignature must be from 0 to 2^63 - 1 seconds")
    return time, signature
