"""One advice's whole story with its proof, checked with the code that anybody can check it with."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
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
    decode_event,
    describe_event,
    describe_signature,
    encode_decision,
    parse_checkpoint,
    signers,
)
from gateway.errors import GatewayError
from gateway.storage import Database, Statement, tables

_indexes = Statement(
    select(tables.advice_events.c.event)
    .where(tables.advice_events.c.advice == bindparam("advice"))
    .order_by(tables.advice_events.c.event)
)


_about_person = Statement(
    select(tables.people_events.c.event)
    .where(
        tables.people_events.c.person == bindparam("person"),
        tables.people_events.c.event < bindparam("before"),
    )
    .order_by(tables.people_events.c.event)
)


@dataclass(frozen=True)
class EventDescription:
    """One event in words."""

    index: int
    time: str
    type: str
    sentence: str
    event: dict[str, Any]


@dataclass(frozen=True)
class ProvenDecision:
    """A decision's story, and the file that proves it (`countersign-decision/v1`)."""

    advice: str
    events: tuple[EventDescription, ...]
    file: bytes
    checked: CheckedDecision

    @property
    def signatures(self) -> list[str]:
        """Who signed which decision with a passkey of theirs, in words."""
        return [describe_signature(decision) for decision in self.checked.signed]

    @property
    def size(self) -> int:
        """Of the checkpoint under which the story is proven."""
        return self.checked.shown[0].checkpoint.size


def prove(
    log: Log, database: Database, verifiers: list[Verifier], advice: str, witnessed: bytes | None
) -> ProvenDecision:
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

    def proven(wanted: Iterable[int]) -> tuple[ProvenEvent, ...]:
        return tuple(
            ProvenEvent(
                log.read(index, index + 1)[0],
                TlogProof(index, tuple(log.inclusion_proof(index, checkpoint.size)), note),
            )
            for index in wanted
        )

    events = proven(indexes)
    passkeys = proven(_about_signers(log, database, events, indexes[-1]))
    known = tuple(key.verifier_key for key in verifiers)
    proof = DecisionProof(checkpoint.origin, advice, events, known, passkeys)
    checked = check_decision(proof, verifiers)
    story = tuple(
        EventDescription(
            event.index,
            str(event.event["time"]),
            str(event.event["type"]),
            describe_event(event.event),
            event.event,
        )
        for event in checked.shown
    )
    return ProvenDecision(advice, story, encode_decision(proof), checked)


def _about_signers(log: Log, database: Database, events: Sequence[ProvenEvent], last: int) -> list[int]:
    """The events from which it follows whose the passkeys are that signed these decisions."""
    known: dict[int, dict[str, Any]] = {}
    holders = signers((decode_event(event.entry) for event in events), [])
    known_holders: set[str] = set()
    while holders > known_holders:
        for actor in holders - known_holders:
            person = actor.removeprefix("person:")
            rows = database.read(partial(_about_person.all, person=person, before=last))
            indexes = [row["event"] for row in rows]
            known |= {index: decode_event(log.read(index, index + 1)[0]) for index in indexes}
        known_holders = set(holders)
        about = [known[index] for index in sorted(known)]
        holders = known_holders | signers((decode_event(event.entry) for event in events), about)
    return sorted(known)
