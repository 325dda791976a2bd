"""Times as events write them: RFC 3339, in UTC, with microseconds."""

from datetime import UTC, datetime, timedelta


def now_text() -> str:
    """The time as events write it."""
    return time_text(datetime.now(UTC))


def time_text(moment: datetime) -> str:
    """A moment as events write it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def later(time: str, seconds: int) -> str:
    """`time` and so many seconds, as events write it."""
    return time_text(datetime.fromisoformat(time) + timedelta(seconds=seconds))


def seconds_between(start: str, end: str) -> float:
    """Seconds from one time of an event to another."""
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()
