"""SQLAlchemy Core statements, compiled once and run on the log's own DB-API connection.

Compiling per call would cost more than the query; running them through an Engine would put the gateway's
writes into another transaction than the event that they follow from.
"""

import sqlite3
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from sqlalchemy import Table, bindparam, insert
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect
from sqlalchemy.sql import ClauseElement

Connection = sqlite3.Connection
Row = dict[str, Any]

_DIALECT = sqlite_dialect(paramstyle="named")


class Statement:
    """One SQL statement; parameters are given by name, rows come back as dicts by column name."""

    def __init__(self, clause: ClauseElement) -> None:
        self._clause = clause

    @cached_property
    def _compiled(self) -> tuple[str, dict[str, Any]]:
        compiled = self._clause.compile(dialect=_DIALECT)
        return str(compiled), {name: value for name, value in compiled.params.items() if value is not None}

    def run(
        self, connection: Connection, parameters: Mapping[str, Any] | None = None, /, **named: Any
    ) -> int:
        """Run it for its effect; gives the number of rows that it touched."""
        return self._execute(connection, parameters, named).rowcount

    def all(self, connection: Connection, **named: Any) -> list[Row]:
        """Every row."""
        cursor = self._execute(connection, None, named)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def one(self, connection: Connection, **named: Any) -> Row | None:
        """The first row, or None."""
        cursor = self._execute(connection, None, named)
        row = cursor.fetchone()
        if row is None:
            return None
        return dict(zip((column[0] for column in cursor.description), row, strict=True))

    def _execute(
        self, connection: Connection, parameters: Mapping[str, Any] | None, named: dict[str, Any]
    ) -> sqlite3.Cursor:
        sql, defaults = self._compiled
        return connection.execute(sql, {**defaults, **(parameters or {}), **named})


def insertion(table: Table) -> Statement:
    """An INSERT that names every column of `table`, so that none is forgotten."""
    return Statement(insert(table).values({column.name: bindparam(column.name) for column in table.columns}))
