"""The log in one SQLite file: three tables that can only grow.

- `events`: one row an event, canonical JSON in the order of `idx`, from 0
- `hashes`: for each event the hashes of all complete subtrees that end with it, the leaf's own first, so that
  node `(level, index)` is 32 bytes at `32 * level` of row `(index + 1 << level) - 1`
- `checkpoints`: the signed note of every commit, by the size of the log after it

Triggers refuse what would change a row: UPDATE, DELETE, and INSERT of any index but the next, REPLACE too.
They stop mistakes; anyone who may write the file can drop them, and then `audit.checking` finds what changed.
"""

import sqlite3
from collections.abc import Sequence
from typing import Final

FAILURES: Final = (sqlite3.Error, UnicodeDecodeError)
"""What reading a damaged database raises: SQLite's message about it may itself be no valid text."""

_EVENTS: Final = "(SELECT coalesce(max(idx), -1) + 1 FROM events)"
_HASHES: Final = "(SELECT coalesce(max(idx), -1) + 1 FROM hashes)"
_NEWEST: Final = "(SELECT max(size) FROM checkpoints)"

_TABLES: Final = (
    """CREATE TABLE IF NOT EXISTS events (idx INTEGER PRIMARY KEY, event TEXT NOT NULL
         CHECK (typeof(event) = 'text'))""",
    """CREATE TABLE IF NOT EXISTS hashes (idx INTEGER PRIMARY KEY, nodes BLOB NOT NULL
         CHECK (typeof(nodes) = 'blob' AND length(nodes) > 0 AND length(nodes) % 32 = 0))""",
    """CREATE TABLE IF NOT EXISTS checkpoints (size INTEGER PRIMARY KEY, note TEXT NOT NULL
         CHECK (typeof(note) = 'text'))""",
)
_INSERTS: Final = {
    "events": f"NEW.idx IS NOT {_EVENTS}",
    "hashes": f"NEW.idx IS NOT {_HASHES} OR NEW.idx >= {_EVENTS}",
    "checkpoints": f"NEW.size IS NOT {_EVENTS} OR NEW.size IS NOT {_HASHES} OR NEW.size <= {_NEWEST}",
}


def _triggers() -> list[str]:
    statements = []
    for table, wrong in _INSERTS.items():
        statements.append(
            f"CREATE TRIGGER IF NOT EXISTS {table}_grow BEFORE INSERT ON {table} WHEN {wrong}"
            f" BEGIN SELECT RAISE(ABORT, '{table} only grow, by the next row'); END"
        )
        statements += [
            f"CREATE TRIGGER IF NOT EXISTS {table}_keep_{verb.lower()} BEFORE {verb} ON {table}"
            f" BEGIN SELECT RAISE(ABORT, '{table} are never changed'); END"
            for verb in ("UPDATE", "DELETE")
        ]
    return statements


SCHEMA: Final = (*_TABLES, *_triggers())


def log_schema() -> tuple[Sequence[str], Sequence[str]]:
    """The SQL of the tables, and that of their guards: for a copy of a log that is kept elsewhere."""
    return _TABLES, _triggers()
