"""Cosignatures (C2SP tlog-cosignature): a witness's word that it saw a checkpoint, and when.

A cosignature is a signature line of a signed note. Its signature field holds, after the key id, the time as a
big-endian uint64 of POSIX seconds and the signature: 64 bytes of Ed25519 (type 0x04) over `signed_message`, or
2,420 bytes of ML-DSA-44 (type 0x06, FIPS 204) over `subtree_message`.
"""

import re
import struct
from base64 import b64decode
from typing import Final

from audit.audit_errors import NoteInvalid

COSIGNATURE: Final = 0x04
"""C2SP signed-note, Signature types: timestamped Ed25519 cosignatures."""
ML_DSA: Final = 0x06
"""C2SP tlog-cosignature, Format: timestamped ML-DSA-44 cosignatures."""

_MAX_TIME: Final = 2**63 - 1
_SIGNATURE_BYTES: Final = {COSIGNATURE: 64, ML_DSA: 2_420}
_TIME = struct.Struct(">Q")
_END = struct.Struct(">QQ")
_LABEL: Final = b"subtree/v1\n\0"
_BODY = re.compile(rb"([^\n]{1,255})\n(0|[1-9][0-9]{0,18})\n([A-Za-z0-9+/]{43}=)\n")


def signed_message(time: int, body: bytes) -> bytes:
    """C2SP tlog-cosignature, Ed25519 signed message: what a cosignature over the note text `body` signs.

    `time` is in POSIX seconds.
    """
    return b"cosignature/v1\ntime %d\n" % time + body


def subtree_message(name: str, time: int, body: bytes) -> bytes:
    """C2SP tlog-cosignature, ML-DSA-44 signed message: what cosigner `name` signs of the checkpoint `body`.

    It names the cosigner, and covers origin, size and root; not the extension lines.
    """
    match, cosigner = _BODY.match(body), name.encode()
    if match is None or len(cosigner) > 255:
        raise NoteInvalid(
            "only a checkpoint can be cosigned with ML-DSA-44, its origin and the name within 255 bytes"
        )
    origin, size, root = match.groups()
    return b"".join(
        (
            _LABEL,
            bytes([len(cosigner)]) + cosigner,
            _TIME.pack(time),
            bytes([len(origin)]) + origin,
            _END.pack(0, int(size)),
            b64decode(root),
        )
    )


def join(time: int, signature: bytes) -> bytes:
    """The signature field after its key id."""
    if not 0 <= time <= _MAX_TIME:
        raise NoteInvalid("the time of a cosignature must be from 0 to 2^63 - 1 seconds")
    return _TIME.pack(time) + signature


def split(field: bytes, kind: int = COSIGNATURE) -> tuple[int, bytes]:
    """The time (POSIX seconds) and the signature of a signature field after its key id."""
    length = _SIGNATURE_BYTES[kind]
    if len(field) != _TIME.size + length:
        raise NoteInvalid(f"a cosignature of type {kind} has 8 bytes of time and {length} of signature")
    time: int = _TIME.unpack_from(field)[0]
    if time > _MAX_TIME:
        raise NoteInvalid("the time of a cosignature must be from 0 to 2^63 - 1 seconds")
    return time, field[_TIME.size :]
