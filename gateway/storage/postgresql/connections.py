"""Connections to one PostgreSQL database, with every limit that keeps a lost server from holding a gateway for long."""

import contextlib
import threading
import time
from collections import deque
from collections.abc import Iterator
from typing import Any, Final

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from gateway.storage.storage_errors import DatabaseAway, DatabaseUnfit, RowTaken, Unstorable

_DEFAULTS: Final = {
    "application_name": "countersign",
    "connect_timeout": "5",
    "tcp_user_timeout": "10000",
    "keepalives_idle": "5",
    "keepalives_interval": "3",
    "keepalives_count": "3",
}
"""What the address does not say (libpq, Parameter Key Words): a server that fell silent is given up in seconds."""
_SESSION: Final = (
    # A gateway that hangs between two statements must not keep the others from writing.
    b"SET idle_in_transaction_session_timeout = '15s'; SET lock_timeout = '20s'"
    # What waited for a row must go on with its newest state, whatever the server's own default is.
    b"; SET default_transaction_isolation = 'read committed'"
)
_READING: Final = (
    b"; SET default_transaction_read_only = on; SET lock_timeout = '3s'; SET statement_timeout = '60s'"
)
_AWAY_SECONDS: Final = 1.0
"""How long readers are refused at once after a connection could not be made, so that they do not queue for it."""
_READ_ONLY: Final = "25006"


class PostgresConnection:
    """What commands and queries get: SQL with `%(name)s`, rows as tuples, errors of our own.

    `first` is sent before the next statement: a savepoint that nothing is written in is never made.
    """

    def __init__(self, raw: "psycopg.Connection[Any]") -> None:
        self.raw = raw
        self.first: str | None = None

    def execute(self, query: str, parameters: Any = None, /) -> "psycopg.Cursor[Any]":
        """Run one statement; `RowTaken`, `DatabaseAway`, or psycopg's own error for a mistake in it."""
        try:
            if self.first is not None:
                first, self.first = self.first, None
                self.raw.execute(first.encode(), prepare=False)
            return self.raw.execute(query.encode(), parameters)
        except psycopg.Error as error:
            raise explained(error) from None

    def control(self, statements: str) -> str | None:
        """Run statements without parameters in one go, such as those that begin a transaction; gives the last tag."""
        try:
            return self.raw.execute(statements.encode(), prepare=False).statusmessage
        except psycopg.Error as error:
            raise explained(error) from None

    def last_row(self, statements: str) -> tuple[Any, ...] | None:
        """Run statements in one go, and give the first row of the last one's."""
        try:
            cursor = self.raw.execute(statements.encode(), prepare=False)
            while cursor.nextset():
                pass
            row: tuple[Any, ...] | None = cursor.fetchone()
        except psycopg.Error as error:
            raise explained(error) from None
        return row

    def end(self, statement: str, first: tuple[str, Any] | None) -> str | None:
        """End a transaction, with one statement before that in the same message; gives the tag of the end."""
        if first is None:
            return self.control(statement)
        try:
            with self.raw.pipeline():
                self.raw.execute(first[0].encode(), first[1])
                ended = self.raw.execute(statement.encode(), prepare=False)
            return ended.statusmessage
        except psycopg.Error as error:
            raise explained(error) from None

    @property
    def usable(self) -> bool:
        """Whether it is open and between transactions."""
        return not self.raw.closed and self.raw.info.transaction_status == psycopg.pq.TransactionStatus.IDLE

    def close(self) -> None:
        """Close it, whatever state it is in."""
        with contextlib.suppress(psycopg.Error):
            self.raw.close()


class Postgres:
    """The database at an address such as `postgresql://user:password@host/name`; readers share idle connections."""

    def __init__(self, address: str) -> None:
        try:
            parameters = {
                name: str(value) for name, value in conninfo_to_dict(address).items() if value is not None
            }
        except psycopg.Error:
            raise DatabaseUnfit(
                "database: is no address that libpq reads; it looks like postgresql://user@host/name"
            ) from None
        self._conninfo = make_conninfo("", **{**_DEFAULTS, **parameters})
        self._idle: deque[PostgresConnection] = deque()
        self._lock = threading.Lock()
        self._away_until = 0.0

    @property
    def conninfo(self) -> str:
        """The address as libpq reads it, with its password."""
        return self._conninfo

    @property
    def role(self) -> str:
        """The role that the address names, as libpq understands it."""
        return str(conninfo_to_dict(self._conninfo).get("user") or "")

    def connect(self, *, reading: bool = False) -> PostgresConnection:
        """A new connection, in autocommit mode; `DatabaseAway` if there is none to be had."""
        try:
            raw = psycopg.connect(self._conninfo, autocommit=True, client_encoding="UTF8")
        except psycopg.Error as error:
            self._away_until = time.monotonic() + _AWAY_SECONDS
            raise explained(error, connecting=True) from None
        try:
            raw.execute(_SESSION + (_READING if reading else b""))
        except psycopg.Error as error:
            raw.close()
            raise explained(error) from None
        self._away_until = 0.0
        return PostgresConnection(raw)

    def raw(self) -> "psycopg.Connection[Any]":
        """A plain connection of the driver's, for migrations."""
        try:
            return psycopg.connect(self._conninfo, client_encoding="UTF8")
        except psycopg.Error as error:
            raise explained(error, connecting=True) from None

    @contextlib.contextmanager
    def borrow(self) -> Iterator[PostgresConnection]:
        """A reading connection; it goes back to the idle ones if it still is what it was."""
        connection = self._idle_one() or self._new_one()
        try:
            yield connection
        finally:
            if connection.usable:
                with self._lock:
                    self._idle.append(connection)
            else:
                connection.close()

    def close(self) -> None:
        """Close idle connections."""
        with self._lock:
            idle, self._idle = self._idle, deque()
        for connection in idle:
            connection.close()

    def _idle_one(self) -> PostgresConnection | None:
        with self._lock:
            return self._idle.pop() if self._idle else None

    def _new_one(self) -> PostgresConnection:
        if time.monotonic() < self._away_until:
            raise DatabaseAway("the database could not be reached a moment ago; try again shortly")
        return self.connect(reading=True)


def explained(error: psycopg.Error, *, connecting: bool = False) -> Exception:
    """`error` as one of ours; its own text may hold the address or data, so only its code is shown."""
    if isinstance(error, psycopg.errors.UniqueViolation):
        return RowTaken()
    if isinstance(error, psycopg.DataError) and error.sqlstate is None:  # the driver's own: it was never sent
        return Unstorable()
    lost = isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
    if connecting or lost or error.sqlstate == _READ_ONLY:
        return DatabaseAway(f"the database can't be used now ({kind_of(error)}); {REMEDY}")
    return error


def kind_of(error: Exception) -> str:
    """The SQLSTATE (PostgreSQL, Appendix A) or the kind of error."""
    return str(getattr(error, "sqlstate", None) or type(error).__name__)


REMEDY: Final = "check that the server runs, is reachable from here, and takes this role's connections"
