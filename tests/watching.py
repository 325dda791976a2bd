"""The overseer's rules over events at hand, without a log to be read."""

from collections.abc import Iterable, Mapping
from typing import Any

from audit.watch import RULES
from audit.watch.record import Record


def breaches(events: Iterable[Mapping[str, Any]], origin: str = "gateway.example/log") -> list[str]:
    record, found = Record(origin), []
    for index, event in enumerate(events):
        found += [f"{index}: {text}" for rule in RULES for text in rule.broken(index, event, record)]
        record.take(index, event)
    return found
