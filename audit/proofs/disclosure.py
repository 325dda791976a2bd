"""One piece of sealed content, taken out of the gateway so that somebody else can prove what it said.

A disclosure (`countersign-disclosure/v1`) is a JSON object: `format`, `origin`, `advice`, `kind` (the name in the
event's `commitments`), `event` (its exact text), `proof` (C2SP tlog-proof of that event) and `sealed`, in base64:

    01 || nonce (12 bytes) || AES-256-GCM(key, salt (32 bytes) || content, aad)

with `aad` = the commitment's 64 hex digits, NUL, `kind`. The key is 32 random bytes, in lower-case hex (which no
command line takes for an option), made for this one file and handed over apart from it: the file alone tells nobody
anything.

Opening it proves the content: the event is in the log, it holds the commitment, and salt and content give that
commitment (`audit.commitments`), as no other content does.
"""

import json
import os
import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from audit.audit_errors import NoteInvalid
from audit.checkpoint import Checkpoint
from audit.commitments import SALT_BYTES, opens
from audit.events import Json, decode_event
from audit.merkle import leaf_hash
from audit.note import Verifier, base64
from audit.proofs.file import ProofInvalid, ProvenEvent, proven, read_document, text_of
from audit.proofs.tlog_proof import encode_proof, open_proof

FORMAT: Final = "countersign-disclosure/v1"

_VERSION: Final = b"\x01"
_NONCE_BYTES: Final = 12
_KEY_BYTES: Final = 32
_KEY: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Disclosure:
    """What a file holds, before anything of it is verified."""

    origin: str
    advice: str
    kind: str
    event: ProvenEvent
    sealed: bytes


@dataclass(frozen=True)
class DisclosedContent:
    """Proven content, with the event that commits to it and the checkpoint that covers this event."""

    content: bytes
    event: dict[str, Json]
    index: int
    checkpoint: Checkpoint


def seal(
    origin: str, advice: str, kind: str, event: ProvenEvent, content: bytes, salt: bytes
) -> tuple[bytes, str]:
    """A disclosure file, and the key that opens it."""
    commitment = _commitment(decode_event(event.entry), kind)
    if not opens(commitment, content, salt):
        raise ProofInvalid("the content does not belong to the event's commitment")
    key, nonce = os.urandom(_KEY_BYTES), os.urandom(_NONCE_BYTES)
    sealed = _VERSION + nonce + AESGCM(key).encrypt(nonce, salt + content, _aad(commitment, kind))
    document = {
        "format": FORMAT,
        "origin": origin,
        "advice": advice,
        "kind": kind,
        "event": event.entry.decode(),
        "proof": encode_proof(event.proof),
        "sealed": b64encode(sealed).decode(),
    }
    raw = (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode()
    return raw, key.hex()


def decode_disclosure(raw: bytes) -> Disclosure:
    """Read a file strictly; `ProofInvalid` if it is not one."""
    document = read_document(raw, FORMAT)
    try:
        sealed = base64(text_of(document, "sealed"))
    except NoteInvalid as error:
        raise ProofInvalid(f"sealed: {error}") from None
    return Disclosure(
        origin=text_of(document, "origin"),
        advice=text_of(document, "advice"),
        kind=text_of(document, "kind"),
        event=proven(document, "event"),
        sealed=sealed,
    )


def open_disclosure(disclosure: Disclosure, key: str, log: Sequence[Verifier]) -> DisclosedContent:
    """The content, once everything that proves it holds; `ProofInvalid` says what does not."""
    if disclosure.origin != log[0].name:
        raise ProofInvalid(f"the file is about the log {disclosure.origin}, but the key is of {log[0].name}")
    event = decode_event(disclosure.event.entry)
    if disclosure.advice not in (event.get("advice"), event.get("transcription")):
        raise ProofInvalid("the event is about another advice than the file says")
    try:
        checkpoint = open_proof(disclosure.event.proof, leaf_hash(disclosure.event.entry), log, log[0].name)
    except NoteInvalid as error:
        raise ProofInvalid(f"the event is not proven: {error}") from None
    commitment = _commitment(event, disclosure.kind)
    salt, content = _unsealed(disclosure.sealed, _key(key), _aad(commitment, disclosure.kind))
    if not opens(commitment, content, salt):
        raise ProofInvalid("the content does not belong to the event's commitment")
    return DisclosedContent(content, event, disclosure.event.proof.index, checkpoint)


def _commitment(event: dict[str, Json], kind: str) -> str:
    commitments = event.get("commitments")
    commitment = commitments.get(kind) if isinstance(commitments, dict) else None
    if not isinstance(commitment, str):
        raise ProofInvalid(f"the event commits to no content of the kind {kind}")
    return commitment


def _key(text: str) -> bytes:
    if not _KEY.fullmatch(text.strip()):
        raise ProofInvalid(
            "the key that was given is not valid; copy all 64 characters that disclose printed"
        )
    return bytes.fromhex(text.strip())


def _unsealed(sealed: bytes, key: bytes, aad: bytes) -> tuple[bytes, bytes]:
    nonce, rest = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    if sealed[:1] != _VERSION or len(nonce) != _NONCE_BYTES:
        raise ProofInvalid("sealed: is not of a version that is known here")
    try:
        plain = AESGCM(key).decrypt(nonce, rest, aad)
    except InvalidTag:
        raise ProofInvalid("the key does not open this file, or the file was changed") from None
    return plain[:SALT_BYTES], plain[SALT_BYTES:]


def _aad(commitment: str, kind: str) -> bytes:
    return f"{commitment}\0{kind}".encode("utf-8", "replace")
