"""SQLAlchemy Core statements, compiled once and run on the log's own DB-API connection.

Compiling per call would cost more than the query; running them through an Engine would put the gateway's
writes into another transaction than the event that they follow from.
"""

import sqlite3
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from sqlalchemy import BindParameter, Dialect, Integer, Table, Text, bindparam, insert
from sqlalchemy.sql import ClauseElement

from audit import Connection
from gateway.storage.dialects import POSTGRESQL, SQLITE
from gateway.storage.storage_errors import RowTaken

Row = dict[str, Any]

_TAKEN = (sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_UNIQUE)


class Statement:
    """One SQL statement, in the dialect of whatever connection it is given.

    Parameters are given by name, rows come back as dicts by column name. A row whose key is taken is `RowTaken`.
    """

    def __init__(self, clause: ClauseElement) -> None:
        self._clause = clause

    @cached_property
    def _sqlite(self) -> tuple[str, dict[str, Any]]:
        return self._compile(SQLITE)

    @cached_property
    def _postgresql(self) -> tuple[str, dict[str, Any]]:
        return self._compile(POSTGRESQL)

    def _compile(self, dialect: Dialect) -> tuple[str, dict[str, Any]]:
        compiled = self._clause.compile(dialect=dialect)
        return str(compiled), {name: value for name, value in compiled.params.items() if value is not None}

    def run(
        self, connection: Connection, parameters: Mapping[str, Any] | None = None, /, **values: Any
    ) -> int:
        """Run it for its effect; gives the number of rows that it touched."""
        return int(self._execute(connection, parameters, values).rowcount)

    def all(self, connection: Connection, **values: Any) -> list[Row]:
        """Every row."""
        cursor = self._execute(connection, None, values)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def first(self, connection: Connection, **values: Any) -> Row | None:
        """The first row, or None."""
        cursor = self._execute(connection, None, values)
        row = cursor.fetchone()
        if row is None:
            return None
        return dict(zip((column[0] for column in cursor.description), row, strict=True))

    def _execute(
        self, connection: Connection, parameters: Mapping[str, Any] | None, values: dict[str, Any]
    ) -> Any:
        if not isinstance(connection, sqlite3.Connection):
            sql, defaults = self._postgresql
            return connection.execute(sql, {**defaults, **(parameters or {}), **values})
        sql, defaults = self._sqlite
        if parameters or defaults:
            values = {**defaults, **(parameters or {}), **values}
        try:
            return connection.execute(sql, values)
        except sqlite3.IntegrityError as error:
            if error.sqlite_errorcode in _TAKEN:
                raise RowTaken from None
            raise


def insertion(table: Table) -> Statement:
    """An INSERT that names every column of `table`, so that none is forgotten."""
    return Statement(insert(table).values({column.name: bindparam(column.name) for column in table.columns}))


def optional_text(name: str) -> BindParameter[str]:
    """A text that may be missing: PostgreSQL must be told its type, where there is nothing to compare it with."""
    return bindparam(name, type_=Text)


def optional_number(name: str) -> BindParameter[int]:
    """A whole number that may be missing, likewise."""
    return bindparam(name, type_=Integer)
