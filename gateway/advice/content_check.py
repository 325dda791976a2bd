"""Content held against the record: what must be there is, opens, and is what was committed to; nothing else is.

Content that is missing without an event that says so is damage, never to be taken for an erasure.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_, select

from audit import EventInvalid, decode_event
from gateway.storage import (
    DESTROYED,
    Connection,
    SealedDamaged,
    SealedMissing,
    Statement,
    Vault,
    stored_events,
    tables,
)

_advice = tables.advice
_sealed = tables.sealed
_keys = tables.content_keys


_COMMITTING: Final = frozenset(
    {
        "advice.requested",
        "advice.refused",
        "advice.received",
        "advice.failed",
        "transcription.received",
        "view.recorded",
        "decision.recorded",
        "redaction.missed",
        "concern.raised",
        "concern.answered",
    }
)


def _lacks(kind: str, advice: ColumnElement[str]) -> ColumnElement[bool]:
    return ~exists().where(_sealed.c.advice == advice, _sealed.c.kind == kind)


def _key_destroyed(advice: ColumnElement[str]) -> ColumnElement[bool]:
    return exists().where(_keys.c.scope == advice, _keys.c.wrapped == bindparam("destroyed"))


_missing = Statement(
    select(func.count().label("count"))
    .select_from(_advice)
    .where(
        _advice.c.erased_at.is_(None),
        or_(
            _lacks("request", _advice.c.id),
            _lacks("sent", _advice.c.id),
            and_(_advice.c.received_at.is_not(None), _lacks("answer", _advice.c.id)),
            _key_destroyed(_advice.c.id),
        ),
    )
)
_refused = tables.refused_requests
_missing_refused = Statement(
    select(func.count().label("count"))
    .select_from(_refused)
    .where(
        _refused.c.erased_at.is_(None),
        or_(
            _lacks("request", _refused.c.advice),
            _lacks("sent", _refused.c.advice),
            _key_destroyed(_refused.c.advice),
        ),
    )
)
_transcripts = tables.transcriptions
_missing_transcripts = Statement(
    select(func.count().label("count"))
    .select_from(_transcripts)
    .where(
        _transcripts.c.received_at.is_not(None),
        _transcripts.c.erased_at.is_(None),
        or_(
            ~exists().where(_sealed.c.advice == _transcripts.c.id),
            exists().where(_keys.c.scope == _transcripts.c.id, _keys.c.wrapped == bindparam("destroyed")),
        ),
    )
)
_rows = Statement(
    select(_sealed.c.advice, _sealed.c.kind, _sealed.c.commitment).order_by(_sealed.c.advice, _sealed.c.kind)
)
_live_keys = Statement(select(_keys.c.scope).where(_keys.c.wrapped != bindparam("destroyed")))
_pseudonym_scopes = Statement(select(tables.pseudonyms.c.scope).distinct())


@dataclass(frozen=True)
class Flaw:
    """One thing that is not as the record has it; `of` is an advice or a case."""

    of: str
    kind: str
    what: str

    def __str__(self) -> str:
        return f"{self.of}: {self.kind}: {self.what}"


@dataclass
class _Recorded:
    """The log's record of content: commitments by advice and kind, and erasures."""

    commitments: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    erased: set[str] = field(default_factory=set)


def missing_content(connection: Connection) -> int:
    """How many pieces of advice, refused requests and transcripts lack content, or its key, without being erased.

    A look at the tables only.
    """
    parts = (_missing, _missing_refused, _missing_transcripts)
    rows = [part.first(connection, destroyed=DESTROYED) for part in parts]
    return sum(int(row["count"]) for row in rows if row)


def check_content(connection: Connection, vault: Vault) -> Iterator[Flaw]:
    """Everything that is wrong with the content of this database; `connection` is on a snapshot of it.

    The events are taken as they are stored: whether they are the ones that were signed is for `audit verify`.
    """
    try:
        recorded = _read(connection)
    except EventInvalid:
        yield Flaw("the log", "event", "can't be read; run `countersign audit verify`, which says where")
        return
    stored: dict[tuple[str, str], str] = {
        (row["advice"], row["kind"]): row["commitment"] for row in _rows.all(connection)
    }
    for advice, commitments in recorded.commitments.items():
        if advice in recorded.erased:
            continue
        for kind, commitment in commitments.items():
            if (flaw := _flaw(connection, vault, stored, advice, kind, commitment)) is not None:
                yield Flaw(advice, kind, flaw)
    yield from _leftovers(connection, recorded, stored)
    yield from _pseudonym_flaws(connection, vault)


def _leftovers(
    connection: Connection, recorded: _Recorded, stored: Mapping[tuple[str, str], str]
) -> Iterator[Flaw]:
    for advice, kind in stored:
        if advice in recorded.erased:
            yield Flaw(advice, kind, "is still there, though an event says that it was erased")
        elif kind not in recorded.commitments.get(advice, {}):
            yield Flaw(advice, kind, "is there, though no event committed to it")
    for row in _live_keys.all(connection, destroyed=DESTROYED):
        if row["scope"] in recorded.erased:
            yield Flaw(row["scope"], "key", "is still there, though an event says that it was erased")


def _flaw(
    connection: Connection,
    vault: Vault,
    stored: Mapping[tuple[str, str], str],
    advice: str,
    kind: str,
    commitment: str,
) -> str | None:
    if (advice, kind) not in stored:
        return "is missing, and no event says that it was erased"
    if stored[advice, kind] != commitment:
        return "is not what the event committed to"
    try:
        vault.open(connection, advice=advice, kind=kind)
    except SealedMissing:
        return "can't be opened: its key is gone, and no event says that it was erased"
    except SealedDamaged:
        return "was changed or moved and can't be opened"
    return None


def _pseudonym_flaws(connection: Connection, vault: Vault) -> Iterator[Flaw]:
    for row in _pseudonym_scopes.all(connection):
        try:
            vault.pseudonyms(connection, row["scope"])
            vault.missed(connection, row["scope"])
        except SealedMissing:
            yield Flaw(row["scope"], "pseudonyms", "can't be opened: their key is gone")
        except SealedDamaged:
            yield Flaw(row["scope"], "pseudonyms", "were changed or moved and can't be opened")


def _read(connection: Connection) -> _Recorded:
    recorded = _Recorded()
    for raw in stored_events(connection):
        event: Mapping[str, Any] = decode_event(raw)
        if event["type"] == "content.erased" and "content" in event["erased"]:
            recorded.erased.add(event.get("advice") or event["transcription"])
        if event["type"] in _COMMITTING:
            for kind, commitment in event.get("commitments", {}).items():
                kept_with = next(
                    event[name] for name in ("advice", "transcription", "concern") if name in event
                )
                recorded.commitments[kept_with][_kind(event, kind)] = commitment
    return recorded


def _kind(event: Mapping[str, Any], name: str) -> str:
    """Where the vault keeps what an event commits to as `name`."""
    if name in ("view", "reason"):
        return f"{name}.{event['actor'].removeprefix('person:')}"
    if name == "concern":
        return f"{name}.{event['concern']}"
    if name == "concern_answer":
        return f"{name}.{event['concern']}.{event['number']}"
    if name == "missed":
        return f"{name}.{event['number']}"
    return f"{name}.{event['text']}" if name == "amendment" else name
