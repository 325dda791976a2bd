"""Handing one piece of sealed content to somebody outside casework, so that they can prove what it said.

`content.opened` is on record before the file exists. The file holds the content under a key of its own, with the
event that commits to it and that event's proof (`countersign-disclosure/v1`, see docs/formats.md).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from audit import (
    Log,
    ProvenEvent,
    TlogProof,
    Transaction,
    decode_event,
    parse_checkpoint,
    seal_disclosure,
)
from gateway.advice import erased_error, find_advice, find_transcription, record
from gateway.errors import GatewayError
from gateway.storage import Connection, Database, OpenedContent, SealedDamaged, SealedMissing, Vault

_PAGE = 2_000


@dataclass(frozen=True)
class DisclosureFile:
    """The file, and the key that opens it; they go different ways."""

    file: bytes
    key: str


def disclose_content(
    log: Log, database: Database, vault: Vault, advice: str, kind: str, actor: str
) -> DisclosureFile:
    """Disclose the content of `kind` of one advice; a `GatewayError` if there is none, or it was erased."""
    sealed = database.read(lambda connection: _open(connection, vault, advice, kind))
    index, event = _committed(log, advice, sealed.commitment)
    log.submit(lambda transaction: _record(transaction, advice, kind, actor)).result()
    note = log.checkpoint()
    checkpoint = parse_checkpoint(note)
    entry = log.read(index, index + 1)[0]
    proof = TlogProof(index, tuple(log.inclusion_proof(index, checkpoint.size)), note)
    file, key = seal_disclosure(
        checkpoint.origin, advice, event, ProvenEvent(entry, proof), sealed.content, sealed.salt
    )
    return DisclosureFile(file, key)


def _open(connection: Connection, vault: Vault, advice: str, kind: str) -> OpenedContent:
    found = find_advice(connection, advice)
    if found is None and find_transcription(connection, advice) is None:
        raise GatewayError("unknown_advice", "There is no such advice.")
    if found is not None and found.erased_at is not None:
        raise erased_error(found)
    try:
        return vault.open(connection, advice=advice, kind=kind)
    except SealedMissing:
        raise GatewayError(
            "invalid_field",
            "This advice has no such content; kinds are request, sent, answer, added, view.PERSON, reason.PERSON,"
            " amendment.NUMBER and missed.NUMBER, and transcript of a transcription, until that is erased.",
            param="kind",
        ) from None
    except SealedDamaged:
        raise GatewayError(
            "content_damaged",
            "This content was changed, and no event on record explains it; `countersign check` names what is"
            " concerned, and a backup may have it.",
            advice=advice,
        ) from None


def _record(transaction: Transaction, advice: str, kind: str, actor: str) -> None:
    of = "advice" if find_advice(transaction.connection, advice) else "transcription"
    record(transaction, {"type": "content.opened", of: advice, "actor": actor, "kind": kind})


def _committed(log: Log, advice: str, commitment: str) -> tuple[int, str]:
    """The event that holds the commitment, and under which name."""
    for index, raw in _entries(log):
        if commitment.encode() not in raw:
            continue
        event = decode_event(raw)
        commitments = event.get("commitments")
        if advice in (event.get("advice"), event.get("transcription")) and isinstance(commitments, dict):
            for name, value in commitments.items():
                if value == commitment:
                    return index, name
    raise GatewayError(
        "unknown_event", "No event of the log commits to this content; run `countersign audit verify`."
    )


def _entries(log: Log) -> Iterator[tuple[int, bytes]]:
    size = log.size
    for start in range(0, size, _PAGE):
        yield from enumerate(log.read(start, min(size, start + _PAGE)), start)
