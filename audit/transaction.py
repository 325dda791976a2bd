"""The transaction that a running command sees, and the result for its caller."""

from collections.abc import Callable, Mapping
from typing import Generic, NamedTuple, TypeAlias, TypeVar

from audit.audit_errors import LogUnavailable
from audit.events import encode_event
from audit.store import Connection

T = TypeVar("T")


class Transaction:
    """The writer's transaction, lent to one command while it runs.

    `connection` reads and writes the other tables of the same database, in the same transaction; the command
    must not commit or roll back itself. `now` is the time that its events get: RFC 3339, UTC, microseconds,
    never earlier than that of the event before. Appended events reach their table when the batch ends.
    """

    def __init__(self, connection: Connection, now: str, next_index: int) -> None:
        self.connection = connection
        self.now = now
        self.next_index = next_index
        self._entries: list[bytes] | None = []

    def append(self, event: Mapping[str, object]) -> int:
        """Record `event`, with `time` added, and give its index; `EventInvalid` names a member at fault."""
        if self._entries is None:
            raise LogUnavailable("the command has ended; append only while it runs")
        self._entries.append(encode_event(event, self.now))
        return self.next_index + len(self._entries) - 1

    @property
    def entries(self) -> tuple[bytes, ...]:
        """The events so far, in canonical bytes; they are on record once the command's future is done."""
        return tuple(self._entries or ())

    def end(self) -> list[bytes]:
        """The events in canonical bytes; the transaction takes no more."""
        entries, self._entries = self._entries or [], None
        return entries


Command: TypeAlias = Callable[[Transaction], T]
"""Runs inside the writer's transaction, in the one order of the log; what it raises undoes what it wrote."""


class CommitResult(NamedTuple, Generic[T]):
    """What a command gave, once it is on the disk; its events' indices, and a checkpoint over them."""

    result: T
    indices: tuple[int, ...]
    checkpoint: bytes
