"""Reservations of requests under way, for all gateways together: one row for each request, and a lock for each
policy.

No event follows from it, so it is written apart from the log and not synced: a server's crash may forget it.
"""

import hashlib
import threading
from collections.abc import Callable, Collection, Sequence
from typing import Any, Final, NamedTuple, TypeVar

from gateway.storage.postgresql.connections import Postgres, PostgresConnection
from gateway.storage.storage_errors import DatabaseAway

T = TypeVar("T")

_BEGIN: Final = "BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock({})"
"""Two requests under a policy are looked at one after the other, at whichever gateways they came."""
_FORGET: Final = """
DELETE FROM reservations WHERE policy = %(policy)s AND at < clock_timestamp() - interval '1 minute'
  AND (NOT open OR until < clock_timestamp())
"""
_LOOK: Final = """
count(*) FILTER (WHERE recent{0}), coalesce(sum(tokens) FILTER (WHERE recent{0}), 0)::bigint,
  coalesce(extract(epoch FROM clock_timestamp() - min(at) FILTER (WHERE recent{0})), 0)::float8,
  coalesce(sum(tokens) FILTER (WHERE waits{0}), 0)::bigint, coalesce(sum(micro) FILTER (WHERE waits{0}), 0)::bigint
"""
_OF: Final = {
    "application": " AND application = %(application)s",
    "policy": "",
    "person": " AND person = %(person)s",
}
_FROM: Final = """
FROM (SELECT *, at > clock_timestamp() - interval '1 minute' AS recent, open AND until > clock_timestamp() AS waits
  FROM reservations WHERE policy = %(policy)s AND id <> %(id)s) AS found
"""
_COLUMNS: Final = 5
_PUT: Final = """
INSERT INTO reservations (id, policy, application, person, at, until, tokens, micro, open)
VALUES (%(id)s, %(policy)s, %(application)s, %(person)s, clock_timestamp(),
  clock_timestamp() + make_interval(secs => %(seconds)s), %(tokens)s, %(micro)s, true)
ON CONFLICT (id) DO UPDATE SET tokens = excluded.tokens, micro = excluded.micro
"""
_DROP: Final = "DELETE FROM reservations WHERE id = %(id)s"
_SETTLE: Final = (
    "UPDATE reservations SET open = false, tokens = %(tokens)s, micro = 0 WHERE id = %(id)s AND open"
)
_ROUNDS: Final = 200
"""After so many reservations the old ones are deleted."""


class ReservedUsage(NamedTuple):
    """The reserved usage of one application, person or policy: requests and their tokens in the last minute, the
    seconds since the first of them, and the tokens and money of requests under way.
    """

    requests: int
    minute_tokens: int
    oldest: float
    tokens: int
    micro: int


class ReservationRows:
    """The rows in the database; usable from many threads, one after the other."""

    def __init__(self, postgres: Postgres) -> None:
        self._postgres = postgres
        self._lock = threading.Lock()
        self._connection: PostgresConnection | None = None
        self._rounds = 0

    def reserve(
        self,
        row: dict[str, Any],
        whose: Collection[str],
        fits: Callable[[PostgresConnection, dict[str, ReservedUsage]], tuple[T, bool]],
    ) -> T:
        """Insert the row if `fits` allows it, given the sums set aside for each of `whose`; gives the other result of
        `fits`.
        """
        with self._lock:
            return self._once_more(lambda connection: self._reserve(connection, row, whose, fits))

    def charge(self, reservation: str, tokens: int) -> None:
        """The request is no longer under way, and took so many tokens."""
        parameters = {"id": reservation, "tokens": tokens}
        with self._lock:
            self._once_more(lambda connection: connection.execute(_SETTLE, parameters))

    def _reserve(
        self,
        connection: PostgresConnection,
        row: dict[str, Any],
        whose: Collection[str],
        fits: Callable[[PostgresConnection, dict[str, ReservedUsage]], tuple[T, bool]],
    ) -> T:
        connection.control(_BEGIN.format(_lock_of(row["policy"])))
        try:
            self._rounds += 1
            if self._rounds % _ROUNDS == 1:
                connection.execute(_FORGET, row)
            there = _look(connection, row, sorted(whose))
            result, there_is_room = fits(connection, there)
            connection.end("COMMIT", (_PUT if there_is_room else _DROP, row))
        except BaseException:
            if not connection.raw.closed:
                connection.raw.rollback()
            raise
        return result

    def _once_more(self, work: Callable[[PostgresConnection], T]) -> T:
        """Again on a new connection, where the server has ended the one at hand since."""
        try:
            return work(self._connected())
        except DatabaseAway:
            self._connection = None
            return work(self._connected())

    def _connected(self) -> PostgresConnection:
        if self._connection is None or not self._connection.usable:
            self._connection = self._postgres.connect()
            self._connection.control("SET synchronous_commit = off")
        return self._connection


def _look(
    connection: PostgresConnection, row: dict[str, Any], whose: Sequence[str]
) -> dict[str, ReservedUsage]:
    """What is there of each, in one statement."""
    columns = ", ".join(_LOOK.format(_OF[holder]) for holder in whose)
    sums = connection.execute(f"SELECT {columns} {_FROM}", row).fetchone()
    assert sums is not None  # noqa: S101 - sums are always one row
    return {
        holder: ReservedUsage(*sums[place * _COLUMNS : (place + 1) * _COLUMNS])
        for place, holder in enumerate(whose)
    }


def _lock_of(policy: str) -> int:
    """The number of a policy's advisory lock."""
    return int.from_bytes(hashlib.sha256(f"limits/{policy}".encode()).digest()[:8], "big", signed=True)
