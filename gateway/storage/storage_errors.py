"""The errors of storage.

Exception
├── ValueError
│   └── MasterKeyInvalid    a master key that is invalid, or that doesn't open this database
├── LookupError
│   └── SealedMissing       no such content, or its key is destroyed: erased, or never sealed
├── SealedDamaged           content, or its key, that was changed or moved
├── RowTaken                a row with that key is there already
├── Unstorable              a text that the database can't hold: it has a NUL character
└── audit.AuditError
    ├── LogUnavailable
    │   └── DatabaseAway    the database server can't be reached, or takes no work just now
    └── StartRefused
        └── DatabaseUnfit   the log must not be kept in this database, or by this role; the text says what to do
"""

import sqlite3
from typing import Final

from sqlalchemy.exc import DBAPIError

from audit import LogUnavailable, StartRefused
from gateway.errors import ExplainedError

UNUSABLE: Final = (sqlite3.Error, DBAPIError, UnicodeDecodeError)
"""What a database raises that is damaged, locked, or on a disk that fails; SQLite's message may be no valid text."""


class MasterKeyInvalid(ExplainedError, ValueError):
    """A master key that is invalid, or that doesn't open what it should; the text says what to do."""


class SealedMissing(LookupError):
    """There is no such content, or its key is destroyed."""


class SealedDamaged(Exception):
    """The content or its key is there, but was changed or moved: it does not open, or not to its commitment."""


class RowTaken(Exception):
    """A row with that key is there already."""


class Unstorable(Exception):
    """A text that the database can't hold, and so can't look for either: it has a NUL character."""


class DatabaseAway(LogUnavailable):
    """The database server can't be reached, or takes no work just now: it is tried again, and nothing was done."""


class DatabaseUnfit(StartRefused):
    """The log must not be kept in this database, or by this role; the text says what to do."""


def explain_unusable(error: Exception) -> str:
    """One of `UNUSABLE` by its kind, and what to do; its own text may hold paths and data, so it isn't shown."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    kind = getattr(cause, "sqlite_errorname", None) or type(cause).__name__
    if kind.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB", "UnicodeDecodeError")):
        remedy = (
            "it is damaged, or the -wal and -shm files beside it are another's: restore all of them from one backup,"
            " or without these two"
        )
    else:
        remedy = "check the data folder's permissions, free space and disk"
    return f"the database can't be used ({kind}); {remedy}"
