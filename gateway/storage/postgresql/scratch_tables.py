"""Tables filled beside those in use, on a connection of their own, until their rows take the others' place.

A temporary table hides a table of the same name (PostgreSQL, CREATE TABLE, Temporary), so the same statements
write to either. It is not written to the server's journal, and it is gone when the connection ends.
"""

import contextlib
from collections.abc import Iterator, Sequence
from typing import Final

from sqlalchemy import Table

from gateway.storage.postgresql.connections import Postgres, PostgresConnection
from gateway.storage.postgresql.log import PostgresStore

_COLUMNS: Final = """
SELECT relnamespace::regnamespace::text, attname FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
WHERE pg_class.oid = to_regclass(%(name)s) AND attnum > 0 AND NOT attisdropped ORDER BY attnum
"""
_MAY: Final = "SELECT has_database_privilege(current_database(), 'TEMP')"
_MAKE: Final = "CREATE TEMPORARY TABLE {table} (LIKE {there} INCLUDING ALL)"
_DIFFERS: Final = """
SELECT EXISTS (SELECT {columns} FROM {there} EXCEPT SELECT {columns} FROM {table})
    OR EXISTS (SELECT {columns} FROM {table} EXCEPT SELECT {columns} FROM {there})
"""
_DROP_OTHERS: Final = """
DELETE FROM {there} WHERE ({key}) IN (
  SELECT {key} FROM (SELECT {columns} FROM {there} EXCEPT SELECT {columns} FROM {table}) AS other
)
"""
_ADD_MISSING: Final = """
INSERT INTO {there} ({columns}) SELECT {columns} FROM {table} EXCEPT SELECT {columns} FROM {there}
"""


class ScratchTables:
    """Empty tables with the names, columns and indexes of `tables`; made by `open_scratch_tables`."""

    def __init__(self, connection: PostgresConnection, tables: Sequence[Table]) -> None:
        self._connection = connection
        self._store = PostgresStore(connection)
        self._words = [_words(connection, table) for table in tables]
        connection.control("SET temp_buffers = '64MB'")
        for words in self._words:
            connection.execute(_MAKE.format_map(words))

    @contextlib.contextmanager
    def batch(self) -> Iterator[PostgresConnection]:
        """A transaction of the scratch tables alone, for which nobody else waits."""
        self._connection.control("BEGIN")
        yield self._connection
        self._connection.control("COMMIT")

    @contextlib.contextmanager
    def in_snapshot(self) -> Iterator[PostgresConnection]:
        """A transaction of the scratch tables that sees all others as they are at one moment; nobody waits for it."""
        for words in self._words:  # so that rows are compared by plans for as many as there are
            self._connection.execute("ANALYZE {table}".format_map(words))
        self._connection.control("BEGIN ISOLATION LEVEL REPEATABLE READ")
        yield self._connection
        self._connection.control("COMMIT")

    def keep_those_that_differ(self) -> None:
        """Leave out, from here on, tables whose rows are the same as those of the tables in use."""
        self._words = [words for words in self._words if self._differs(words)]

    def _differs(self, words: dict[str, str]) -> bool:
        row = self._connection.execute(_DIFFERS.format_map(words)).fetchone()
        return row is not None and bool(row[0])

    @contextlib.contextmanager
    def in_log_order(self) -> Iterator[PostgresConnection]:
        """A transaction in the log's one order: nobody adds an event until it ends."""
        self._store.begin()
        yield self._connection
        self._store.commit()

    def replace_rows(self) -> None:
        """Make the rows of the tables in use those of the scratch tables; rows that are the same stay untouched."""
        for words in self._words:
            self._connection.execute(_DROP_OTHERS.format_map(words))
            self._connection.execute(_ADD_MISSING.format_map(words))


@contextlib.contextmanager
def open_scratch_tables(postgres: Postgres, tables: Sequence[Table]) -> Iterator[ScratchTables | None]:
    """None where the role may make no temporary tables; whatever fails, the tables in use are as they were."""
    with contextlib.closing(postgres.connect()) as connection:
        allowed = connection.execute(_MAY).fetchone()
        yield ScratchTables(connection, tables) if allowed is not None and allowed[0] else None


def _words(connection: PostgresConnection, table: Table) -> dict[str, str]:
    """The table's columns as they are there: other releases may have had others."""
    rows = connection.execute(_COLUMNS, {"name": table.name}).fetchall()
    return {
        "table": f'"{table.name}"',
        "there": f'{rows[0][0]}."{table.name}"',
        "columns": ", ".join(f'"{column}"' for _, column in rows),
        "key": ", ".join(f'"{column.name}"' for column in table.primary_key),
    }
