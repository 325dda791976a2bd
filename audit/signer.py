"""The key that signs checkpoints, or cosigns them, and its file."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit import cosignature, ml_dsa
from audit.audit_errors import NoteInvalid
from audit.checkpoint_file import sync_path
from audit.note import ED25519, Signature, Verifier, format_key, join, parse_key, require_text

_PREFIX: Final = "PRIVATE+KEY+"


class Signer:
    """A key with its name; for a log the name is its origin, such as `countersign.example/log`.

    `kind` is the signature type: Ed25519 for a log, and a type of cosignature for a witness.

    While a log changes over to another key, both sign: `beside` are the keys that sign after this one.
    """

    def __init__(self, name: str, seed: bytes, kind: int = ED25519, beside: Sequence["Signer"] = ()) -> None:
        if len(seed) != 32:
            raise NoteInvalid("a signing key must be 32 bytes")
        self._seed = seed
        self._key: Ed25519PrivateKey | ml_dsa.PrivateKey
        if kind == cosignature.ML_DSA:
            self._key = ml_dsa.PrivateKey(seed)
            public = self._key.public_bytes()
        else:
            self._key = Ed25519PrivateKey.from_private_bytes(seed)
            public = self._key.public_key().public_bytes_raw()
        self.verifier = Verifier(name, kind, public)
        self._key_id = self.verifier.key_id
        self.beside = tuple(beside)
        if any(other.origin != name or other.verifier.kind != kind for other in beside):
            raise NoteInvalid("keys that sign beside each other must be of one log")

    @classmethod
    def generate(cls, origin: str, kind: int = ED25519) -> "Signer":
        """A new key for the log `origin`, or for the witness of that name."""
        return cls(origin, os.urandom(32), kind)

    @classmethod
    def load(cls, path: Path) -> "Signer":
        """Read what `save` wrote; `NoteInvalid` if the file holds no key, `OSError` if it can't be read."""
        try:
            lines = path.read_text("utf-8").removesuffix("\n").split("\n")
        except UnicodeDecodeError:
            raise NoteInvalid("the file holds no signing key; restore it from its backup") from None
        first, *others = (cls.parse(line) for line in lines)
        return first.with_beside(*others)

    @classmethod
    def parse(cls, text: str) -> "Signer":
        """From `PRIVATE+KEY+name+keyid+base64`, as golang.org/x/mod/sumdb/note writes it."""
        if not text.startswith(_PREFIX):
            raise NoteInvalid("a signing key begins with PRIVATE+KEY+; restore it from its backup")
        name, kind, seed = parse_key(text.removeprefix(_PREFIX))
        signer = cls(name, seed, kind)
        if signer._text() != text:
            raise NoteInvalid("the signing key's id does not belong to it; restore it from its backup")
        return signer

    def with_beside(self, *others: "Signer") -> "Signer":
        """The same key, beside which `others` sign."""
        return Signer(self.origin, self._seed, self.verifier.kind, others)

    def save(self, path: Path) -> None:
        """Write the private keys to a new file that only its owner can read; never over an existing one."""
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.writelines(signer._text() + "\n" for signer in (self, *self.beside))
            file.flush()
            os.fsync(file.fileno())

    def replace(self, path: Path) -> None:
        """Write the private keys in place of those in the file; at any time it holds the old or the new ones."""
        fresh = path.with_name(path.name + ".new")
        fresh.unlink(missing_ok=True)
        self.save(fresh)
        fresh.replace(path)
        sync_path(path.parent)

    @property
    def origin(self) -> str:
        """The key's name, which is the log's."""
        return self.verifier.name

    @property
    def verifier_key(self) -> str:
        """The public half, to be published: `name+keyid+base64`."""
        return self.verifier.verifier_key

    @property
    def verifiers(self) -> list[Verifier]:
        """The public halves of all keys that sign, in their order."""
        return [self.verifier, *(other.verifier for other in self.beside)]

    def sign(self, text: bytes) -> bytes:
        """The note of `text` with the signature of this key, and of each key beside it."""
        if self.verifier.kind != ED25519:
            raise NoteInvalid("a cosigning key signs nothing but checkpoints of others; use cosign")
        require_text(text)
        signers = (self, *self.beside)
        return join(
            text, [Signature(signer.origin, signer._key_id, signer._key.sign(text)) for signer in signers]
        )

    def cosign(self, body: bytes, time: int) -> Signature:
        """A cosignature over the checkpoint text `body` at `time`, POSIX seconds (C2SP tlog-cosignature)."""
        if not self.verifier.cosigns:
            raise NoteInvalid("a log's key makes no cosignatures; a witness has a key of its own")
        require_text(body)
        if self.verifier.kind == cosignature.ML_DSA:
            message = cosignature.subtree_message(self.origin, time, body)
        else:
            message = cosignature.signed_message(time, body)
        return Signature(self.origin, self._key_id, cosignature.join(time, self._key.sign(message)))

    def _text(self) -> str:
        return _PREFIX + format_key(self.origin, self._key_id, self.verifier.kind, self._seed)

    def __repr__(self) -> str:
        """Only the public half."""
        return f"Signer({self.verifier_key!r})"
