"""The log's events as they are stored, for those who compare them with other tables in one snapshot."""

import sqlite3
from collections.abc import Iterator
from typing import Final

from audit import Connection

_PAGE: Final = 1_000
_SQLITE: Final = "SELECT idx, CAST(event AS BLOB) FROM events WHERE idx > ? ORDER BY idx LIMIT ?"
_POSTGRESQL: Final = "SELECT idx, convert_to(event, 'UTF8') FROM events WHERE idx > %s ORDER BY idx LIMIT %s"


def stored_events(connection: Connection, start: int = 0) -> Iterator[bytes]:
    """The bytes of every event from index `start`, in order; whether they are as signed is for `audit` to say."""
    query = _SQLITE if isinstance(connection, sqlite3.Connection) else _POSTGRESQL
    last = start - 1
    while rows := connection.execute(query, (last, _PAGE)).fetchall():
        last = rows[-1][0]
        for _, raw in rows:
            yield raw


def stored_event(connection: Connection, index: int) -> bytes:
    """The bytes of one event; IndexError if the log has none there."""
    query = _SQLITE if isinstance(connection, sqlite3.Connection) else _POSTGRESQL
    for event_index, raw in connection.execute(query, (index - 1, 1)).fetchall():
        if event_index == index:
            return bytes(raw)
    raise IndexError(index)
