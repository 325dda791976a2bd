"""A text behind the hint that it is read with, and its views."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from gateway.redaction.decoders.views import View
from gateway.redaction.text.findings import Finding
from gateway.redaction.text.normalised import NormalisedText

Slot = tuple[str, str]
"""A text of a request: the hint that it is read with, and the text."""

_LONGEST_HINT: Final = 60


class HintedText:
    """The reading of a text behind its hint: `date of birth: 3 April 1985`."""

    __slots__ = ("allowed", "offset", "reading", "text", "views")

    def __init__(self, slot: Slot) -> None:
        hint, original = slot
        self.reading = NormalisedText(original)
        prefix = f"{NormalisedText(hint[:_LONGEST_HINT]).text}: " if hint else ""
        self.offset = len(prefix)
        self.text = prefix + self.reading.text
        self.views: list[View] = []
        self.allowed: tuple[tuple[int, int], ...] = ()

    def seen(self, at: int, findings: Iterable[Finding]) -> Iterator[Finding]:
        """The findings of the view `at`, at their places in the reading."""
        view = self.views[at]
        for finding in findings:
            yield finding.at(*view.place(finding.start, finding.end))

    def places(self, findings: Sequence[Finding]) -> list[tuple[int, int, str]]:
        """The ranges of the original, in order and apart, that the resolved findings stand for, with their types."""
        places: list[tuple[int, int, str]] = []
        for finding in findings:
            start, end = max(finding.start - self.offset, 0), finding.end - self.offset
            if start < end:
                start, end = self.reading.place(start, end)
                if places and start < places[-1][1]:
                    start, _, entity = places.pop()
                    places.append((start, end, entity))
                else:
                    places.append((start, end, finding.type))
        return places
