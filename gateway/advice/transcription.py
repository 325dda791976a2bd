"""Transcripts on the record: what was asked, what came of it, and how long the transcript is kept.

Nothing is decided on. The transcript is sealed under a key of its own, as an advice's content is, and belongs to the
case; the recording is not kept.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
from sqlalchemy import Text, bindparam, case, exists, func, null, or_, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_update  # SQLite reads the same words

from audit import later
from gateway.advice.usage_projection import AnswerUsage, note_use_of
from gateway.storage import Connection, Row, SealedMissing, Statement, Vault, insertion, tables

Event = Mapping[str, Any]

KIND: Final = "transcript"
"""Of the sealed content."""
PREFIX: Final = "trn_"
"""Of a transcription's id, by which it is told from an advice."""

_table = tables.transcriptions
_cases = tables.cases
_insert = insertion(_table)
_by_id = Statement(select(_table).where(_table.c.id == bindparam("transcription")))
_in_scope = Statement(select(_table).where(_table.c.scope == bindparam("scope")).order_by(_table.c.id))
_due = Statement(
    select(_table.c.id, _table.c.scope)
    .where(
        _table.c.content_until <= bindparam("now"),
        ~exists().where(or_(tables.holds.c.scope == _table.c.id, tables.holds.c.scope == _table.c.scope)),
    )
    .order_by(_table.c.content_until)
    .limit(bindparam("most"))
)
_set_received = Statement(
    update(_table)
    .values(
        received_at=bindparam("new_time"),
        content_until=bindparam("new_until"),
    )
    .where(_table.c.id == bindparam("transcription"))
)
_set_erased = Statement(
    update(_table)
    .values(erased_at=bindparam("new_time"), content_until=null())
    .where(_table.c.id == bindparam("transcription"))
)
_longer = Statement(
    select(_table).where(_table.c.policy == bindparam("policy"), _table.c.keep_content > bindparam("content"))
)
_shorten = Statement(
    update(_table)
    .values(keep_content=bindparam("new_content"), content_until=bindparam("new_until"))
    .where(_table.c.id == bindparam("transcription"))
)
_until = func.coalesce(_cases.c.pseudonyms_until, "")
_new_until = bindparam("new_until", type_=Text)
_keep_in_case = Statement(
    insert_or_update(_cases)
    .values(scope=bindparam("scope"), open=0, pseudonyms_until=_new_until)
    .on_conflict_do_update(
        index_elements=["scope"],
        set_={"pseudonyms_until": case((_new_until > _until, _new_until), else_=_until)},
    )
)


@dataclass(frozen=True)
class TranscriptionRecord:
    """A recording that is about to be transcribed; `case`: its keyed hash; `size`: bytes; `retention`: seconds."""

    transcription: str
    actor: str
    policy: Mapping[str, str]
    models: Sequence[str]
    retention: Mapping[str, int]
    size: int
    response_format: str
    case: str | None
    requester: str | None

    def requested(self) -> dict[str, Any]:
        """`transcription.requested`, before the recording is given to a server."""
        event = {
            **self._event("transcription.requested", self.actor),
            "models": list(self.models),
            "leaves": False,
            "retention": dict(self.retention),
            "bytes": self.size,
            "format": self.response_format,
        }
        optional = {"case": self.case, "requester": self.requester}
        return {**event, **{name: value for name, value in optional.items() if value is not None}}

    def received(
        self,
        attempts: Sequence[Mapping[str, str]],
        used: AnswerUsage,
        known: Mapping[str, int],
        commitments: Mapping[str, str],
    ) -> dict[str, Any]:
        """`transcription.received`; `known`: what the case knows from it now, counted by type."""
        return {
            **self._event("transcription.received", "gateway"),
            **({} if self.case is None else {"case": self.case, "known": dict(known)}),
            "attempts": list(attempts),
            **used.as_event(),
            "commitments": dict(commitments),
        }

    def failed(self, code: str) -> dict[str, Any]:
        """`transcription.failed`: no transcript."""
        return {**self._event("transcription.failed", "gateway"), "code": code}

    def _event(self, kind: str, actor: str) -> dict[str, Any]:
        return {
            "type": kind,
            "transcription": self.transcription,
            "actor": actor,
            "policy": dict(self.policy),
        }


def sealed_transcript(
    content: Mapping[str, Any] | str, response_format: str, case: str | None
) -> dict[str, bytes]:
    """What is sealed: the transcript as it was given, its format, and the case's reference."""
    about = {} if case is None else {"case": case}
    return {KIND: orjson.dumps({"format": response_format, "transcript": content, **about})}


def open_transcript(connection: Connection, vault: Vault, transcription: str) -> dict[str, Any] | None:
    """The transcript that `sealed_transcript` sealed; None if it was erased or never came."""
    try:
        content: dict[str, Any] = vault.open_json(connection, advice=transcription, kind=KIND)
    except SealedMissing:
        return None
    return content


def find_transcription(connection: Connection, transcription: str) -> Row | None:
    """Its row; None if there is none."""
    return _by_id.first(connection, transcription=transcription)


def transcriptions_in(connection: Connection, scope: str) -> list[Row]:
    """Those of a case."""
    return _in_scope.all(connection, scope=scope)


def transcripts_due(connection: Connection, now: str, most: int) -> list[Row]:
    """Those past their retention that no hold keeps: `id` and `scope`."""
    return _due.all(connection, now=now, most=most)


def shorten_transcripts(connection: Connection, policy: str, retention: Mapping[str, int]) -> None:
    """Bring what was kept under `policy` down to its `retention`, in seconds."""
    content = retention["content"]
    for row in _longer.all(connection, policy=policy, content=content):
        until = None if row["content_until"] is None else later(row["received_at"], content)
        _shorten.run(connection, transcription=row["id"], new_content=content, new_until=until)


def note_erased_transcript(connection: Connection, event: Event) -> None:
    """`content.erased` of a transcript."""
    _set_erased.run(connection, transcription=event["transcription"], new_time=event["time"])


def _requested(connection: Connection, index: int, event: Event) -> None:
    _insert.run(
        connection,
        id=event["transcription"],
        policy=event["policy"]["id"],
        application=event["actor"].removeprefix("application:"),
        scope=event.get("case", event["transcription"]),
        requested_at=event["time"],
        received_at=None,
        requester=event.get("requester"),
        keep_content=event["retention"]["content"],
        keep_pseudonyms=event["retention"]["pseudonyms"],
        content_until=None,
        erased_at=None,
    )


def _received(connection: Connection, index: int, event: Event) -> None:
    row = find_transcription(connection, event["transcription"])
    if row is None:
        return
    _set_received.run(
        connection,
        transcription=row["id"],
        new_time=event["time"],
        new_until=later(event["time"], row["keep_content"]),
    )
    if event.get("known"):
        until = later(event["time"], row["keep_pseudonyms"])
        _keep_in_case.run(connection, scope=row["scope"], new_until=until)
    note_use_of(connection, event, row)


TRANSCRIPTION_HANDLERS: Mapping[str, Callable[[Connection, int, Event], None]] = {
    "transcription.requested": _requested,
    "transcription.received": _received,
}
