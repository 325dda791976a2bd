"""The interface of the log's database: the writer's steps, and views for readers.

`audit.sqlite` keeps a log in one file; anyone who keeps it elsewhere hands `Log.open` a `Storage` of their own, so that
this package needs no other database's driver.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol


class Connection(Protocol):
    """A connection as commands see it: SQL in the dialect of its database, rows from a cursor."""

    def execute(self, query: str, parameters: Any = ..., /) -> Any:
        """Run one statement; the cursor has `fetchone`, `fetchall`, `rowcount` and `description` (PEP 249)."""
        ...


class Snapshot(Protocol):
    """Reads what commits have stored."""

    def events(self, start: int, end: int) -> list[bytes]:
        """The canonical bytes of events `start` to `end - 1`, as far as they are stored."""
        ...

    def nodes(self, places: Sequence[tuple[int, int]]) -> list[bytes]:
        """The hashes of complete subtrees, each by `(level, index)`; `LogDamaged` if one isn't stored."""
        ...

    def newest_checkpoint(self) -> bytes | None:
        """The signed checkpoint of the largest size."""
        ...


class Store(Protocol):
    """The writing connection. Each method is one step of the writer's protocol, or of the recovery before it."""

    @property
    def connection(self) -> Connection:
        """What commands are lent."""
        ...

    def begin(self) -> None:
        """Begin the batch's transaction, as the one that writes: what is read after it is the newest."""
        ...

    def savepoint(self) -> None:
        """Begin what one command writes."""
        ...

    def release(self) -> None:
        """Keep what the command wrote, as part of the batch."""
        ...

    def undo(self) -> None:
        """Drop what the command wrote."""
        ...

    def append(self, start: int, entries: Sequence[bytes], nodes: Sequence[bytes]) -> None:
        """Add events from index `start` with their rows of hashes."""
        ...

    def stored(self, start: int) -> list[tuple[bytes, bytes]]:
        """Events from index `start` with their rows of hashes, as they are stored, whatever the damage."""
        ...

    def add_checkpoint(self, size: int, note: bytes) -> None:
        """Add the signed checkpoint of `size`."""
        ...

    def commit(self) -> None:
        """End the transaction: when this returns, it is on the disk."""
        ...

    def rollback(self) -> None:
        """Drop the transaction, if there still is one."""
        ...

    def size(self) -> int:
        """The number of events; `LogDamaged` if there are not as many rows of hashes."""
        ...

    def newest_checkpoint(self) -> bytes | None:
        """The signed checkpoint of the largest size."""
        ...

    def node(self, level: int, index: int) -> bytes:
        """The hash of the complete subtree `(level, index)`; `LogDamaged` if it isn't stored."""
        ...

    def fold(self) -> bool:
        """Have everything committed where a failed sync can't take it away; False if a reader is in the way."""
        ...

    def purge(self) -> bool:
        """Leave nothing of what was deleted where this database can; False while a reader is in the way."""
        ...

    def close(self) -> None:
        """Close the connection."""
        ...


class Claim(Protocol):
    """Held while a `Log` is open."""

    def release(self) -> None:
        """Let another `Log` open it."""
        ...


class Storage(Protocol):
    """Where a log is kept, and how it is opened."""

    @property
    def shared(self) -> bool:
        """Whether others write the same log: then what is newest is asked of the database each time."""
        ...

    @property
    def failures(self) -> tuple[type[Exception], ...]:
        """What it raises when it can't be used."""
        ...

    def explain(self, error: Exception) -> str:
        """A failure by its kind, and what to do; never its own text, which may hold paths and data."""
        ...

    def claim(self) -> Claim:
        """Claim the right to write; `LogInUse` if somebody holds it who must be the only one."""
        ...

    def open_store(self) -> Store:
        """A new writing connection."""
        ...

    def snapshot(self) -> AbstractContextManager[Snapshot]:
        """Borrow a reading connection; usable from many threads at once."""
        ...

    def close(self) -> None:
        """Close idle reading connections."""
        ...
