"""Proofs of one entry as text (C2SP tlog-proof, Format).

c2sp.org/tlog-proof@v1
extra <base64>                   (optional; nobody signs it)
index <decimal>
<the audit path of RFC 6962 section 2.1.1, one base64 hash a line, the leaf's sibling first>
(an empty line)
<the signed checkpoint>
"""

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from audit.audit_errors import NoteInvalid
from audit.checkpoint import MAX_SIZE, Checkpoint, open_checkpoint
from audit.merkle import HASH_BYTES, verify_inclusion
from audit.note import MAX_NOTE_BYTES, Verifier, base64

_MAGIC: Final = "c2sp.org/tlog-proof@v1"
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})", re.ASCII)
_EXTRA: Final = "extra "
_MAX_PATH: Final = 63


@dataclass(frozen=True)
class TlogProof:
    """That the entry at `index` is under the checkpoint of `note`, whose signatures are not verified yet."""

    index: int
    path: tuple[bytes, ...]
    note: bytes
    extra: bytes | None = None


def encode_proof(proof: TlogProof) -> str:
    """The text of a proof."""
    extra = [] if proof.extra is None else [_EXTRA + b64encode(proof.extra).decode()]
    lines = [_MAGIC, *extra, f"index {proof.index}", *(b64encode(node).decode() for node in proof.path), ""]
    return "".join(f"{line}\n" for line in lines) + proof.note.decode()


def decode_proof(text: str) -> TlogProof:
    """Read a proof strictly; `NoteInvalid` if it is not one."""
    if len(text) > 2 * MAX_NOTE_BYTES:
        raise NoteInvalid("the proof is longer than any is")
    head, empty, note = text.partition("\n\n")
    magic, *lines = head.split("\n")
    if magic != _MAGIC or not empty:
        raise NoteInvalid(f"the proof does not begin with {_MAGIC}, or has no checkpoint after an empty line")
    extra = None
    if lines and lines[0].startswith(_EXTRA):
        extra = base64(lines.pop(0).removeprefix(_EXTRA))
    index = _INDEX.fullmatch(lines[0]) if lines else None
    if index is None or int(index[1]) > MAX_SIZE:
        raise NoteInvalid("the proof has no line `index` with a decimal number")
    path = tuple(base64(line) for line in lines[1:])
    if len(path) > _MAX_PATH or any(len(node) != HASH_BYTES for node in path):
        raise NoteInvalid("the proof's path must be at most 63 hashes of 32 bytes")
    return TlogProof(int(index[1]), path, _encoded(note), extra)


def open_proof(proof: TlogProof, leaf: bytes, trusted: Sequence[Verifier], origin: str) -> Checkpoint:
    """The checkpoint that proves the entry with leaf hash `leaf`; `NoteInvalid` if it proves nothing."""
    checkpoint, _ = open_checkpoint(proof.note, trusted, origin)
    if not verify_inclusion(leaf, proof.index, checkpoint.size, proof.path, checkpoint.root):
        raise NoteInvalid("the path does not lead from the entry to the checkpoint's root")
    return checkpoint


def _encoded(note: str) -> bytes:
    try:
        return note.encode()
    except UnicodeEncodeError:
        raise NoteInvalid("the checkpoint is not valid UTF-8") from None
