"""Times as events write them."""

from datetime import UTC, datetime


def now_text() -> str:
    """The time as events write it: RFC 3339, UTC, microseconds."""
    return time_text(datetime.now(UTC))


def seconds_between(start: str, end: str) -> float:
    """Seconds from one time of an event to another."""
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()


def time_text(moment: datetime) -> str:
    """A time in UTC as events write it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
