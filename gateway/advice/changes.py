"""What became of one application's advice, in the order of the log."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from audit import Log, decode_event
from gateway.advice.queries import find_advice
from gateway.advice.seeded_check_outcome import is_seeded
from gateway.advice.state import Advice
from gateway.storage import Connection

MAX_READ: Final = 500
"""Events of the log that are read at once."""
STATUSES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "advice.received": "pending",
        "advice.failed": "failed",
        "advice.accepted": "accepted",
        "advice.rejected": "rejected",
        "advice.expired": "expired",
        "advice.passed_on": "passed_on",
        "advice.abandoned": "abandoned",
        "content.erased": "erased",
    }
)
"""The events that an application is told of, with the status after each."""


@dataclass(frozen=True)
class AdviceChange:
    """One event about one advice; `index` is its place in the log."""

    index: int
    type: str
    at: str
    advice: Advice

    @property
    def status(self) -> str:
        """After this event, whatever came later."""
        return STATUSES[self.type]


def changes_of(
    connection: Connection, log: Log, application: str, start: int
) -> tuple[list[AdviceChange], int]:
    """The changes to an application's advice from event `start` on, and the index at which to go on."""
    end = min(log.size, start + MAX_READ)
    if end <= start:
        return [], start
    changes: list[AdviceChange] = []
    for index, raw in enumerate(log.read(start, end), start):
        event = decode_event(raw)
        kind, name = str(event["type"]), event.get("advice")
        advice = find_advice(connection, name) if kind in STATUSES and isinstance(name, str) else None
        if advice is None or advice.application != application or is_seeded(connection, advice.id):
            continue
        changes.append(AdviceChange(index, kind, str(event["time"]), advice))
    return changes, end
