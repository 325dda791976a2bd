"""Requests a minute, counted for all gateways together: one row an application and policy, one statement a request.

No event follows from the count, so it is written apart from the log and not synced: a server's crash may forget it.
"""

import threading
from typing import Final

from gateway.storage.errors import DatabaseAway
from gateway.storage.postgresql.connections import Postgres, PostgresConnection

# The row is locked while it is changed, and read again under the lock, so that two gateways count one after the other.
_COUNT: Final = """
INSERT INTO request_rates AS rate (application, policy, recent, admitted)
VALUES (%(application)s::text, %(policy)s::text, ARRAY[clock_timestamp()], true)
ON CONFLICT (application, policy) DO UPDATE SET (recent, admitted) = (
  SELECT CASE WHEN cardinality(kept) < %(limit)s THEN kept || clock_timestamp() ELSE kept END,
    cardinality(kept) < %(limit)s
  FROM (SELECT ARRAY(
    SELECT at FROM unnest(rate.recent) at WHERE at > clock_timestamp() - interval '1 minute' ORDER BY at
  ) AS kept) AS last_minute)
RETURNING admitted, extract(epoch FROM rate.recent[1] + interval '1 minute' - clock_timestamp())::float8
"""


class RequestRates:
    """Counts in the database; usable from many threads, one after the other."""

    def __init__(self, postgres: Postgres) -> None:
        self._postgres = postgres
        self._lock = threading.Lock()
        self._connection: PostgresConnection | None = None

    def count(self, application: str, policy: str, limit: int) -> float | None:
        """Count one request, or give the seconds until there is room for one."""
        given = {"application": application, "policy": policy, "limit": limit}
        with self._lock:
            try:
                row = self._connected().execute(_COUNT, given).fetchone()
            except DatabaseAway:
                self._connection = None  # ended by the server since: once more on a new one
                row = self._connected().execute(_COUNT, given).fetchone()
        admitted, wait = row or (True, 0.0)
        return None if admitted else float(wait)

    def _connected(self) -> PostgresConnection:
        if self._connection is None or not self._connection.usable:
            self._connection = self._postgres.connect()
            self._connection.control("SET synchronous_commit = off")
        return self._connection
