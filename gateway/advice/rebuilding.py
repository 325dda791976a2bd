"""The projections made again from the whole log: on command, and by itself when their shape has changed."""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import delete, select

from audit import Log, decode_event
from gateway.advice.projection import rebuild
from gateway.storage import Connection, Statement, insertion, tables

SHAPE: Final = 13
"""Goes up with each change of what the projections hold."""
_PAGE: Final = 1_000

_shape = Statement(select(tables.projected.c.version))
_forget_shape = Statement(delete(tables.projected))
_keep_shape = insertion(tables.projected)


def rebuild_from(log: Log) -> int:
    """Make the projections again in one transaction of the log; gives the number of events read."""

    def command(connection: Connection) -> int:
        count = rebuild(connection, all_events(log))
        _forget_shape.run(connection)
        _keep_shape.run(connection, version=SHAPE)
        return count

    return log.submit(lambda transaction: command(transaction.connection)).result().result


def bring_up(log: Log, known: Connection) -> None:
    """Rebuild where the projections were made by an older release, or not at all; a newer one's are left alone."""
    row = _shape.one(known)
    if row is None or row["version"] < SHAPE:
        rebuild_from(log)


def all_events(log: Log) -> Iterator[tuple[int, dict[str, Any]]]:
    """Every event with its index, in the order of the log."""
    size = log.size
    for start in range(0, size, _PAGE):
        for index, raw in enumerate(log.read(start, min(size, start + _PAGE)), start):
            yield index, decode_event(raw)
