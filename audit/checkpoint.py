"""Checkpoints (C2SP tlog-checkpoint): a log's size and root, as the text of a signed note.

<origin>
<size in decimal>
<root hash in base64>
(further lines, which mean nothing here)
"""

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from audit.audit_errors import NoteInvalid
from audit.merkle import EMPTY_ROOT, HASH_BYTES
from audit.note import ED25519, Note, Verifier, base64, open_note, require_text, split

MAX_SIZE: Final = 2**63 - 1
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


@dataclass(frozen=True)
class Checkpoint:
    """The first `size` entries of log `origin` have this `root` (32 bytes)."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def body(self) -> bytes:
        """The note's text."""
        lines = [self.origin, str(self.size), b64encode(self.root).decode(), *self.extensions]
        return "".join(f"{line}\n" for line in lines).encode()

    def __str__(self) -> str:
        """Size and root, as errors name a checkpoint."""
        return f"size {self.size} root {b64encode(self.root).decode()}"


def parse_body(body: bytes) -> Checkpoint:
    """Read a checkpoint's text strictly (C2SP tlog-checkpoint, Note text)."""
    checkpoint = read_body(body)
    if checkpoint.size == 0 and checkpoint.root != EMPTY_ROOT:
        raise NoteInvalid("the root of an empty log is the hash of nothing")
    return checkpoint


def read_body(body: bytes) -> Checkpoint:
    """As `parse_body`, but an empty log may claim any root: a witness has an answer of its own to that."""
    require_text(body)
    origin, *rest = body.decode().split("\n")[:-1]
    if len(rest) < 2 or not all([origin, *rest]):
        raise NoteInvalid("a checkpoint has an origin, a size and a root, one a line, and no empty line")
    size, root, *extensions = rest
    if not _SIZE.fullmatch(size) or int(size) > MAX_SIZE:
        raise NoteInvalid(
            "a checkpoint's size must be a decimal number below 2^63, without signs or leading zeros"
        )
    if len(raw := base64(root)) != HASH_BYTES:
        raise NoteInvalid("a checkpoint's root must be 32 bytes")
    return Checkpoint(origin, int(size), raw, tuple(extensions))


def parse_checkpoint(note: bytes) -> Checkpoint:
    """The checkpoint of a signed note whose signatures the caller need not verify, such as one just made."""
    return parse_body(split(note)[0])


def open_checkpoint(note: bytes, trusted: Sequence[Verifier], origin: str) -> tuple[Checkpoint, Note]:
    """Verify a signed checkpoint of log `origin`: signed by the log itself, no matter who cosigned it."""
    opened = open_note(note, trusted)
    checkpoint = parse_body(opened.text)
    if checkpoint.origin != origin:
        raise NoteInvalid("the checkpoint is of another log")
    by_log = {(key.name, key.key_id) for key in trusted if key.kind == ED25519 and key.name == origin}
    if not any((signature.name, signature.key_id) in by_log for signature in opened.verified):
        raise NoteInvalid("the checkpoint is not signed by its log")
    return checkpoint, opened
