"""Requests for embeddings on the record: what was asked, what came of it, and how many tokens it took.

Nothing is decided on and no content is kept: an event says which policy, who asked, how many texts, and what was
replaced in them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from gateway.advice.usage_projection import AnswerUsage, note_use_of
from gateway.storage import Connection, Statement, insertion, tables

Event = Mapping[str, Any]

_embeddings = tables.embeddings
_insert = insertion(_embeddings)
_asker = Statement(
    select(_embeddings.c.policy, _embeddings.c.application, _embeddings.c.requester).where(
        _embeddings.c.id == bindparam("embedding")
    )
)


@dataclass(frozen=True)
class EmbeddingRecord:
    """Texts that are about to be made into vectors; `case`: its keyed hash."""

    embedding: str
    actor: str
    policy: Mapping[str, str]
    models: Sequence[str]
    leaves: bool
    inputs: int
    redactions: Mapping[str, int]
    case: str | None
    requester: str | None

    def requested(self) -> dict[str, Any]:
        """`embedding.requested`, before anything leaves."""
        event = {
            **self._event("embedding.requested", self.actor),
            "models": list(self.models),
            "leaves": self.leaves,
            "inputs": self.inputs,
            "redactions": dict(self.redactions),
        }
        optional = {"case": self.case, "requester": self.requester}
        return {**event, **{name: value for name, value in optional.items() if value is not None}}

    def refused(self, refused_by: str) -> dict[str, Any]:
        """`embedding.refused`: the policy said no, and nothing left."""
        return {**self._event("embedding.refused", self.actor), "refused_by": refused_by}

    def received(self, attempts: Sequence[Mapping[str, str]], used: AnswerUsage) -> dict[str, Any]:
        """`embedding.received`: the model answered."""
        event = self._event("embedding.received", "gateway")
        return {**event, "attempts": list(attempts), **used.as_event()}

    def failed(self, code: str) -> dict[str, Any]:
        """`embedding.failed`: no answer."""
        return {**self._event("embedding.failed", "gateway"), "code": code}

    def _event(self, kind: str, actor: str) -> dict[str, Any]:
        return {"type": kind, "embedding": self.embedding, "actor": actor, "policy": dict(self.policy)}


def _requested(connection: Connection, index: int, event: Event) -> None:
    _insert.run(
        connection,
        id=event["embedding"],
        policy=event["policy"]["id"],
        application=event["actor"].removeprefix("application:"),
        tokens=0,
        requester=event.get("requester"),
        requested_at=event["time"],
    )


def _received(connection: Connection, index: int, event: Event) -> None:
    asker = _asker.first(connection, embedding=event["embedding"])
    if asker is not None:
        note_use_of(connection, event, asker)


EMBEDDING_HANDLERS: Mapping[str, Callable[[Connection, int, Event], None]] = {
    "embedding.requested": _requested,
    "embedding.received": _received,
}
