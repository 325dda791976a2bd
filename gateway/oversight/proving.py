"""One advice's whole story with its proof, checked with the code that anybody can check it with."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from audit import (
    CheckedDecision,
    DecisionProof,
    Log,
    ProvenEvent,
    TlogProof,
    Verifier,
    check_decision,
    encode_decision,
    parse_checkpoint,
    tell_event,
)
from gateway.errors import GatewayError
from gateway.storage import Database, Statement, tables

_indexes = Statement(
    select(tables.advice_events.c.event)
    .where(tables.advice_events.c.advice == bindparam("advice"))
    .order_by(tables.advice_events.c.event)
)


@dataclass(frozen=True)
class Told:
    """One event in words."""

    index: int
    time: str
    type: str
    sentence: str
    event: dict[str, Any]


@dataclass(frozen=True)
class Proven:
    """A decision's story, and the file that proves it (`countersign-decision/v1`)."""

    advice: str
    story: tuple[Told, ...]
    file: bytes
    checked: CheckedDecision

    @property
    def size(self) -> int:
        """Of the checkpoint under which the story is proven."""
        return self.checked.shown[0].checkpoint.size


def prove(
    log: Log, database: Database, verifiers: list[Verifier], advice: str, witnessed: bytes | None
) -> Proven:
    """All events about `advice` with their proofs, under the witnessed checkpoint if it covers them."""
    indexes = [
        row["event"] for row in database.read(lambda connection: _indexes.all(connection, advice=advice))
    ]
    if not indexes:
        raise GatewayError("unknown_advice", "The record has no event about this advice; check its id.")
    note = log.checkpoint()
    if witnessed is not None and parse_checkpoint(witnessed).size > indexes[-1]:
        note = witnessed
    checkpoint = parse_checkpoint(note)
    events = tuple(
        ProvenEvent(
            log.read(index, index + 1)[0],
            TlogProof(index, tuple(log.inclusion_proof(index, checkpoint.size)), note),
        )
        for index in indexes
    )
    proof = DecisionProof(checkpoint.origin, advice, events, tuple(key.verifier_key for key in verifiers))
    checked = check_decision(proof, verifiers)
    story = tuple(
        Told(one.index, str(one.event["time"]), str(one.event["type"]), tell_event(one.event), one.event)
        for one in checked.shown
    )
    return Proven(advice, story, encode_decision(proof), checked)
