"""The log copied out of PostgreSQL into a SQLite file, row by row as it is stored, for `audit` to verify.

Faults of a row are copied with it: nothing is corrected, reordered or refused on the way.
"""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from audit import Connection, log_schema

_TABLES: Final = {
    "events": "SELECT idx, convert_to(event, 'UTF8') FROM events WHERE idx > %s ORDER BY idx LIMIT %s",
    "hashes": "SELECT idx, nodes FROM hashes WHERE idx > %s ORDER BY idx LIMIT %s",
    "checkpoints": "SELECT size, convert_to(note, 'UTF8') FROM checkpoints WHERE size > %s ORDER BY size LIMIT %s",
}
_AS_STORED: Final = {"events": "CAST(? AS TEXT)", "hashes": "?", "checkpoints": "CAST(? AS TEXT)"}
_PAGE: Final = 5_000
_BEFORE_ALL: Final = -(2**63)


def copy_log(connection: Connection, file: Path) -> None:
    """Write the log that `connection`, on one unchanging view, sees to the new SQLite file `file`."""
    tables, guards = log_schema()
    with closing(sqlite3.connect(file, isolation_level=None)) as copy:
        copy.execute("PRAGMA journal_mode = OFF")
        copy.execute("PRAGMA synchronous = OFF")
        copy.execute("PRAGMA ignore_check_constraints = ON")
        for statement in tables:
            copy.execute(statement)
        copy.execute("BEGIN")
        for table, query in _TABLES.items():
            insert = f"INSERT INTO {table} VALUES (?, {_AS_STORED[table]})"  # noqa: S608 - fixed names
            last = _BEFORE_ALL
            while rows := connection.execute(query, (last, _PAGE)).fetchall():
                copy.executemany(insert, rows)
                last = rows[-1][0]
        for statement in guards:
            copy.execute(statement)
        copy.execute("COMMIT")
