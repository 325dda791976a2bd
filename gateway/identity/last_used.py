"""On which day each credential was last used, so that an admin finds the keys that nobody needs any more.

A day, not a time, and never in the log: it is there to end keys, not to watch people. It is noted in memory and written
down by a background task, at most once a day for each credential.
"""

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import bindparam, or_, update

from gateway.storage import Connection, Statement, tables

Used = Callable[[str, str | None], object]
"""Is told of a credential that is used, by its id, and the day that is written down for it."""

_credentials = tables.credentials
_write = Statement(
    update(_credentials)
    .values(used_on=bindparam("day"))
    .where(
        _credentials.c.id == bindparam("which"),
        or_(_credentials.c.used_on.is_(None), _credentials.c.used_on < bindparam("day")),
    )
)


def untracked(credential: str, used_on: str | None) -> None:
    """For callers that only look."""


class LastUsedTracker:
    """What is to be written down; `today` is a day in UTC, as the log has it."""

    def __init__(self, today: Callable[[], str] = lambda: datetime.now(UTC).date().isoformat()) -> None:
        self._today = today
        self._recorded: dict[str, str] = {}
        self.pending: dict[str, str] = {}

    def record_use(self, credential: str, used_on: str | None) -> None:
        """The credential is used now; costs nothing the second time."""
        today = self._today()
        if self._recorded.get(credential) == today:
            return
        self._recorded[credential] = today
        if used_on is None or used_on < today:
            self.pending[credential] = today


def write_last_used(connection: Connection, uses: dict[str, str]) -> None:
    """Write down the days, by credential."""
    for credential, day in sorted(uses.items()):
        _write.run(connection, which=credential, day=day)
