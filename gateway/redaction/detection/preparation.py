"""Prepares the normalised texts of a request: the decoded views of each, and the ranges that stay."""

from collections.abc import Iterable

from gateway.redaction.decoders.views import HintedText, views_of
from gateway.redaction.detection.allow_list import allowed_ranges
from gateway.redaction.text.cache import Cache


class Preparation:
    """Makes views, and remembers which texts hide nothing. Safe to use from several threads."""

    def __init__(self) -> None:
        self._seen: Cache[tuple[bool, tuple[tuple[int, int], ...]]] = Cache()

    def prepare(self, readings: Iterable[HintedText], *, views: bool = True) -> None:
        """Make the views of each text, and find what stays in it; of one that was seen to hide nothing, no views."""
        for reading in readings:
            if not views:
                reading.allowed = tuple(allowed_ranges(reading.text))
                continue
            key = self._seen.key(reading.text)
            prepared = self._seen.get(key)
            if prepared is None or prepared[0]:
                reading.views = list(views_of(reading.text))
            if prepared is None:
                prepared = (bool(reading.views), tuple(allowed_ranges(reading.text)))
                self._seen.put(key, prepared)
            reading.allowed = prepared[1]
