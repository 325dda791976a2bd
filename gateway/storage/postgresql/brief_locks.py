"""Tables changed beside gateways that use them.

A statement that waits for a table's lock blocks all later ones. So a change gives up its wait before anybody notices,
sooner than PostgreSQL looks for deadlocks too (`deadlock_timeout`, a second), lets the others go on, and tries again.
"""

import time
from collections.abc import Callable
from typing import Final

import psycopg
from sqlalchemy.exc import DBAPIError

from gateway.storage.storage_errors import DatabaseUnfit

LOG_LOCK: Final = 0x636F756E74657273
"""The advisory lock of the log's one order; a database holds one log."""
BRIEF_LOCKS: Final = "SET lock_timeout = '500ms'"
"""For the session that changes tables."""
_TRIES: Final = 120
_PAUSE_SECONDS: Final = 0.5
_GIVEN_UP: Final = (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected)


def until_locked(change: Callable[[], None]) -> None:
    """Run `change`, all or nothing, until it gets its tables; `DatabaseUnfit` where it never does."""
    for _ in range(_TRIES):
        try:
            change()
        except DBAPIError as error:
            if not isinstance(error.orig, _GIVEN_UP):
                raise
        except _GIVEN_UP:
            pass
        else:
            return
        time.sleep(_PAUSE_SECONDS)
    raise DatabaseUnfit(
        "the tables can't be changed: for a minute or longer somebody has held one of them, such as a dump or a"
        " report; try again once that has ended"
    )
