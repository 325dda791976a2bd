"""Times as events write them."""

from datetime import UTC, datetime


def now_text() -> str:
    """The time as events write it: RFC 3339, UTC, microseconds."""
    return time_text(datetime.now(UTC))


def time_text(moment: datetime) -> str:
    """A time in UTC as events write it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
