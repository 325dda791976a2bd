"""The file that proves one decision: `countersign-decision/v1`.

A JSON object: `format`, `origin`, `advice`, and `events`, each with its exact text and a C2SP tlog-proof, in the
log's order. If a decision is signed, `passkeys` has in the same form the events that prove whose passkeys they are.
`keys` names the log's and the witnesses' verifier keys as the maker of the file knew them, for readers to compare;
nothing is verified with them.
"""

import json
from dataclasses import dataclass
from typing import Any, Final

from audit.audit_errors import FormatInvalid, NoteInvalid
from audit.proofs.tlog_proof import TlogProof, decode_proof, encode_proof

FORMAT: Final = "countersign-decision/v1"
MAX_BYTES: Final = 50_000_000


class ProofInvalid(FormatInvalid):
    """A file that is no proof of a decision; the text says where it isn't."""


@dataclass(frozen=True)
class ProvenEvent:
    """An event's canonical bytes, and what is said to prove it."""

    entry: bytes
    proof: TlogProof


@dataclass(frozen=True)
class DecisionProof:
    """What a file holds, before anything of it is verified."""

    origin: str
    advice: str
    events: tuple[ProvenEvent, ...]
    keys: tuple[str, ...] = ()
    passkeys: tuple[ProvenEvent, ...] = ()
    """What the log says, before the last of the events, of the passkeys and roles of those who signed."""


def encode_file(proof: DecisionProof) -> bytes:
    """The file's bytes."""
    document: dict[str, Any] = {
        "format": FORMAT,
        "origin": proof.origin,
        "advice": proof.advice,
        "keys": list(proof.keys),
        "events": _encoded(proof.events),
    }
    if proof.passkeys:
        document["passkeys"] = _encoded(proof.passkeys)
    return (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode()


def _encoded(events: tuple[ProvenEvent, ...]) -> list[dict[str, str]]:
    return [{"event": event.entry.decode(), "proof": encode_proof(event.proof)} for event in events]


def decode_file(raw: bytes) -> DecisionProof:
    """Read a file strictly; `ProofInvalid` if it is not one."""
    document = read_document(raw, FORMAT)
    events = _listed(document, "events")
    if not events:
        raise ProofInvalid("events: must be a list with at least one event")
    return DecisionProof(
        origin=text_of(document, "origin"),
        advice=text_of(document, "advice"),
        events=events,
        keys=_keys(document.get("keys")),
        passkeys=_listed(document, "passkeys"),
    )


def _listed(document: dict[str, Any], name: str) -> tuple[ProvenEvent, ...]:
    events = document.get(name, [])
    if not isinstance(events, list):
        raise ProofInvalid(f"{name}: must be a list of events")
    return tuple(proven(event, f"{name}[{number}]") for number, event in enumerate(events))


def proven(event: Any, where: str) -> ProvenEvent:
    """One event with its proof."""
    if not isinstance(event, dict):
        raise ProofInvalid(f"{where}: must be an object with `event` and `proof`")
    try:
        return ProvenEvent(text_of(event, "event").encode(), decode_proof(text_of(event, "proof")))
    except (NoteInvalid, UnicodeEncodeError) as error:
        what = str(error) if isinstance(error, NoteInvalid) else "holds half a character"
        raise ProofInvalid(f"{where}: {what}") from None


def read_document(raw: bytes, kind: str) -> dict[str, Any]:
    """A JSON object of the format `kind`."""
    if len(raw) > MAX_BYTES:
        raise ProofInvalid(f"the file is longer than {MAX_BYTES} bytes")
    try:
        document = json.loads(raw.decode())
    except (ValueError, RecursionError):
        raise ProofInvalid("the file is no JSON in UTF-8; it may have been cut or changed") from None
    if not isinstance(document, dict) or document.get("format") != kind:
        raise ProofInvalid(f"the file is not of the format {kind}")
    return document


def text_of(document: dict[str, Any], name: str) -> str:
    """A member that is text."""
    value = document.get(name)
    if not isinstance(value, str) or not value:
        raise ProofInvalid(f"{name}: must be text")
    return value


def _keys(value: Any) -> tuple[str, ...]:
    return tuple(key for key in value if isinstance(key, str)) if isinstance(value, list) else ()
