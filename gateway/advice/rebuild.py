"""The projections made again from the whole log: on command, and by itself when their shape has changed."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, Final

from sqlalchemy import delete, select

from audit import Log, decode_event
from gateway.advice.projection import project, rebuild
from gateway.storage import PROJECTIONS, Connection, Database, Statement, insertion, stored_events, tables

SHAPE: Final = 13
"""Goes up with each change of what the projections hold."""
_PAGE: Final = 1_000
_TOLD_EVERY: Final = 20 * _PAGE

_shape = Statement(select(tables.projected.c.version))
_forget_shape = Statement(delete(tables.projected))
_keep_shape = insertion(tables.projected)


def rebuild_from(log: Log, database: Database) -> int:
    """Make the projections again; gives the number of events read. Interrupted, nothing has changed."""
    count = _rebuild_beside(database)
    return _rebuild_in_place(log) if count is None else count


def bring_up(log: Log, database: Database) -> None:
    """Rebuild where the projections were made by an older release, or not at all; a newer one's are left alone."""
    if _is_behind(database):
        rebuild_from(log, database)


def bring_up_beside(database: Database, on_read: Callable[[int], None] = lambda count: None) -> int | None:
    """`bring_up` without blocking requests. Gives the number of events read; None if there was nothing to do, or if
    the next gateway to start has to do it. `on_read` is told now and then how many were read so far.
    """
    return _rebuild_beside(database, on_read) if _is_behind(database) else None


def _is_behind(database: Database) -> bool:
    row = database.read(_shape.first)
    return row is None or row["version"] < SHAPE


def _rebuild_in_place(log: Log) -> int:
    """In one transaction of the log."""

    def command(connection: Connection) -> int:
        count = rebuild(connection, all_events(log))
        _mark(connection)
        return count

    return log.submit(lambda transaction: command(transaction.connection)).result().result


def _rebuild_beside(database: Database, on_read: Callable[[int], None] = lambda count: None) -> int | None:
    """Beside the projections in use, where the database can do that. Only what is newest then, and the rows that
    differ, are written while others wait for the log's order.
    """
    with database.scratch_tables(PROJECTIONS) as scratch:
        if scratch is None:
            return None
        projected, full = 0, True
        while full:
            with scratch.batch() as connection:
                read = _project_from(connection, projected, _PAGE)
            projected, full = projected + read, read == _PAGE
            if projected % _TOLD_EVERY == 0:
                on_read(projected)
        with scratch.in_snapshot() as connection:
            projected += _project_from(connection, projected)
            scratch.keep_those_that_differ()  # a table that was right so far, those who write it now keep right
        with scratch.in_log_order() as connection:
            projected += _project_from(connection, projected)
            scratch.replace_rows()
            _mark(connection)
        return projected


def _project_from(connection: Connection, start: int, most: int | None = None) -> int:
    index = start
    for index, raw in enumerate(islice(stored_events(connection, start), most), start + 1):
        project(connection, index - 1, decode_event(raw))
    return index - start


def _mark(connection: Connection) -> None:
    _forget_shape.run(connection)
    _keep_shape.run(connection, version=SHAPE)


def all_events(log: Log) -> Iterator[tuple[int, dict[str, Any]]]:
    """Every event with its index, in the order of the log."""
    size = log.size
    for start in range(0, size, _PAGE):
        for index, raw in enumerate(log.read(start, min(size, start + _PAGE)), start):
            yield index, decode_event(raw)
