"""What lies beneath the readings of a request: the views of what hides in them, and what stays."""

from collections.abc import Iterable

from gateway.redaction.kept import kept_ranges
from gateway.redaction.memory import Memory
from gateway.redaction.reading import Reading
from gateway.redaction.replacing import HintedReading
from gateway.redaction.views import views_of


class Beneath:
    """Makes views, and remembers which texts hide nothing. Safe to use from several threads."""

    def __init__(self) -> None:
        self._seen: Memory[tuple[bool, tuple[tuple[int, int], ...]]] = Memory()

    def look(self, readings: Iterable[HintedReading], *, views: bool = True) -> None:
        """Make the views of each text, and find what stays in it; of one that was seen to hide nothing, no views."""
        for reading in readings:
            if not views:
                reading.kept = tuple(kept_ranges(reading.text))
                continue
            key = self._seen.key(reading.text)
            seen = self._seen.get(key)
            if seen is None or seen[0]:
                reading.views = list(views_of(reading.text, _plain))
            if seen is None:
                seen = (bool(reading.views), tuple(kept_ranges(reading.text)))
                self._seen.put(key, seen)
            reading.kept = seen[1]


def _plain(text: str) -> str:
    return Reading(text).text
