"""Requests a minute, counted for all gateways together: one row an application and policy, one statement a request.

No event follows from the count, so it is written apart from the log and not synced: a server's crash may forget it.
"""

from typing import Final

from gateway.storage.postgresql.writing_apart import WritingApart

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
    """Counts in the database; usable from many threads."""

    def __init__(self, apart: WritingApart) -> None:
        self._apart = apart

    def count(self, application: str, policy: str, limit: int) -> float | None:
        """Count one request, or give the seconds until there is room for one."""
        given = {"application": application, "policy": policy, "limit": limit}
        row = self._apart.run(lambda connection: connection.execute(_COUNT, given).fetchone())
        admitted, wait = row or (True, 0.0)
        return None if admitted else float(wait)
