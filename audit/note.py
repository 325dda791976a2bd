"""Signed notes (C2SP signed-note): a text, and below it lines that sign it.

    text, one or more lines, each ending in a newline
    (an empty line)
    — <key name> <base64 of key id (4 bytes) and signature>

Ed25519 note signatures (type 0x01), and cosignatures with Ed25519 (type 0x04) and ML-DSA-44 (type 0x06) are
checked here; lines of keys that are not known, of these types or any other, are ignored, as the spec asks.
"""

import binascii
import hashlib
import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from audit import cosignature, ml_dsa
from audit.audit_errors import NoteInvalid

ED25519: Final = 0x01
"""C2SP signed-note, Signature types: Ed25519."""

MAX_NOTE_BYTES: Final = 1_000_000
_KEY_BYTES: Final = {ED25519: 32, cosignature.COSIGNATURE: 32, cosignature.ML_DSA: ml_dsa.PUBLIC_KEY_BYTES}
_KEY_ID_BYTES: Final = 4
_LINE_START: Final = "— "
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


@dataclass(frozen=True)
class Verifier:
    """A public key by its name; `kind` is the signature type."""

    name: str
    kind: int
    public_key: bytes

    def __post_init__(self) -> None:
        """Refuse a name that no note could hold, and keys of unknown types."""
        if not _is_name(self.name):
            raise NoteInvalid(
                "a key's name must not be empty, nor hold spaces, line ends, control characters or +"
            )
        if len(self.public_key) != _KEY_BYTES.get(self.kind):
            raise NoteInvalid(
                "the key must be 32 bytes for Ed25519 (type 1) or its cosignatures (type 4), or 1,312 for"
                " ML-DSA-44 cosignatures (type 6)"
            )

    @classmethod
    def parse(cls, vkey: str) -> "Verifier":
        """From a verifier key, `name+keyid+base64` (C2SP signed-note, Verifier keys)."""
        name, kind, key = parse_key(vkey)
        verifier = cls(name, kind, key)
        if verifier.verifier_key != vkey:
            raise NoteInvalid(
                "the verifier key's id does not belong to its name and key; copy the whole line"
            )
        return verifier

    @cached_property
    def key_id(self) -> bytes:
        """Four bytes that say which key signed."""
        return key_id(self.name, self.kind, self.public_key)

    @property
    def verifier_key(self) -> str:
        """`name+keyid+base64`, to be published."""
        return format_key(self.name, self.key_id, self.kind, self.public_key)

    @property
    def cosigns(self) -> bool:
        """Whether this is a witness's key, and not a log's."""
        return self.kind != ED25519

    @cached_property
    def _key(self) -> Ed25519PublicKey | ml_dsa.PublicKey:
        if self.kind == cosignature.ML_DSA:
            return ml_dsa.PublicKey(self.public_key)
        return Ed25519PublicKey.from_public_bytes(self.public_key)

    def accepts(self, text: bytes, signature: bytes) -> bool:
        """Whether `signature` (a signature field after its key id) signs the note text `text`."""
        try:
            if self.kind == cosignature.COSIGNATURE:
                time, signature = cosignature.split(signature)
                text = cosignature.signed_message(time, text)
            elif self.kind == cosignature.ML_DSA:
                time, signature = cosignature.split(signature, self.kind)
                text = cosignature.subtree_message(self.name, time, text)
            self._key.verify(signature, text)
        except (InvalidSignature, NoteInvalid, ValueError):
            return False
        return True


@dataclass(frozen=True)
class Signature:
    """One signature line: `field` is what follows the key id."""

    name: str
    key_id: bytes
    field: bytes

    def line(self) -> bytes:
        """The line as it stands in a note."""
        return f"{_LINE_START}{self.name} {b64encode(self.key_id + self.field).decode()}\n".encode()


@dataclass(frozen=True)
class Note:
    """An opened note: text, signatures that verified and those by unknown keys, in the note's order."""

    text: bytes
    verified: tuple[Signature, ...]
    ignored: tuple[Signature, ...]


def join(text: bytes, signatures: Iterable[Signature]) -> bytes:
    """The note of `text` and `signatures`; `NoteInvalid` if the text can't be one."""
    require_text(text)
    return text + b"\n" + b"".join(signature.line() for signature in signatures)


def split(note: bytes) -> tuple[bytes, list[Signature]]:
    """A note's text and signatures, of which none is verified."""
    if len(note) > MAX_NOTE_BYTES:
        raise NoteInvalid(f"the note is longer than {MAX_NOTE_BYTES} bytes")
    end = note.rfind(b"\n\n") + 1
    text, below = note[:end], _text(note)[len(_text(note[:end])) + 1 :]
    # Never str.splitlines: a name or text may hold U+2028 and the like.
    lines = below.split("\n")
    if not end or len(lines) < 2 or lines.pop():
        raise NoteInvalid("the note is no text, empty line and signature lines, each ending in a newline")
    return text, [_signature(line) for line in lines]


def open_note(note: bytes, trusted: Sequence[Verifier]) -> Note:
    """Verify a note: at least one line by a trusted key, and none by a trusted key that doesn't hold."""
    text, signatures = split(note)
    known = {(verifier.name, verifier.key_id): verifier for verifier in trusted}
    verified: list[Signature] = []
    ignored: list[Signature] = []
    for signature in signatures:
        verifier = known.get((signature.name, signature.key_id))
        if verifier and not verifier.accepts(text, signature.field):
            raise NoteInvalid("a signature by a trusted key does not belong to this text")
        (verified if verifier else ignored).append(signature)
    if not verified:
        raise NoteInvalid("none of the note's signatures is by a trusted key")
    return Note(text, tuple(verified), tuple(ignored))


def require_text(text: bytes) -> None:
    """Refuse a text that can't be signed: UTF-8 without control characters, ending in a newline."""
    if not _text(text).endswith("\n"):
        raise NoteInvalid("a note's text must end in a newline")


def key_id(name: str, kind: int, key: bytes) -> bytes:
    """C2SP signed-note, Signatures: the first 4 bytes of SHA-256 over name, newline, type and public key."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + key).digest()[:_KEY_ID_BYTES]


def format_key(name: str, key_id: bytes, kind: int, key: bytes) -> str:
    """`name+keyid+base64(type and key)`, the form of verifier keys and, after a prefix, of signing keys."""
    return f"{name}+{key_id.hex()}+{b64encode(bytes([kind]) + key).decode()}"


def parse_key(text: str) -> tuple[str, int, bytes]:
    """Name, type and key of what `format_key` made; the caller makes it again to check the rest."""
    name, _, rest = text.partition("+")
    _, _, encoded = rest.partition("+")
    key = base64(encoded)
    if not key:
        raise NoteInvalid("a key has the form name+keyid+base64; copy the whole line")
    return name, key[0], key[1:]


def base64(text: str) -> bytes:
    """RFC 4648 section 4, strictly: padded, standard alphabet, and only the one spelling of each value."""
    try:
        raw = b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteInvalid("not base64 in the standard alphabet with padding") from None
    if b64encode(raw).decode() != text:
        raise NoteInvalid("not base64 in its one canonical spelling")
    return raw


def _signature(line: str) -> Signature:
    name, space, encoded = line.removeprefix(_LINE_START).partition(" ")
    if not line.startswith(_LINE_START) or not space or not _is_name(name):
        raise NoteInvalid(
            "a signature line must be an em dash, the key's name and base64, one space between each"
        )
    raw = base64(encoded)
    if len(raw) <= _KEY_ID_BYTES:
        raise NoteInvalid("a signature line holds no signature after its key id")
    return Signature(name, raw[:_KEY_ID_BYTES], raw[_KEY_ID_BYTES:])


def _text(raw: bytes) -> str:
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        raise NoteInvalid("the note is not valid UTF-8") from None
    if _CONTROL.search(text):
        raise NoteInvalid("the note holds control characters other than newlines")
    return text


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not _CONTROL.search(name) and not any(c.isspace() for c in name)
