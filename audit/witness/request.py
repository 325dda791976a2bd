"""The body of `add-checkpoint` (C2SP tlog-witness).

old <size>
<consistency proof, one base64 hash a line>
(an empty line)
<the signed checkpoint>
"""

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from audit.audit_errors import NoteInvalid
from audit.checkpoint import MAX_SIZE
from audit.merkle import HASH_BYTES
from audit.note import base64

MAX_PROOF: Final = 63
"""C2SP tlog-witness, add-checkpoint: the most consistency proof lines."""
MAX_BYTES: Final = 1_100_000

_OLD = re.compile(rb"old (0|[1-9][0-9]{0,18})")


@dataclass(frozen=True)
class Request:
    """What a log asks a witness: to cosign `note`, given the proof from `old` on."""

    old: int
    proof: tuple[bytes, ...]
    note: bytes


def encode_request(old: int, proof: Sequence[bytes], note: bytes) -> bytes:
    """The request's body."""
    lines = [f"old {old}", *(b64encode(node).decode() for node in proof), ""]
    return "".join(f"{line}\n" for line in lines).encode() + note


def decode_request(body: bytes) -> Request:
    """Read a request strictly; `NoteInvalid` if it is not one."""
    head, empty, note = body.partition(b"\n\n")
    first, *lines = head.split(b"\n")
    old = _OLD.fullmatch(first)
    if not empty or old is None or int(old[1]) > MAX_SIZE:
        raise NoteInvalid(
            "the request must be a line `old` and a size, the proof, an empty line, a checkpoint"
        )
    if len(lines) > MAX_PROOF:
        raise NoteInvalid(f"a consistency proof has at most {MAX_PROOF} lines")
    return Request(int(old[1]), tuple(_hash(line) for line in lines), note)


def _hash(line: bytes) -> bytes:
    try:
        digest = base64(line.decode("ascii"))
    except UnicodeDecodeError:
        raise NoteInvalid("a line of the proof is no base64") from None
    if len(digest) != HASH_BYTES:
        raise NoteInvalid("a line of the proof is no hash of 32 bytes")
    return digest
