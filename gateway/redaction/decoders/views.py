"""Other readings of a text in which something is hidden: decoded, joined, unescaped, each place mapped back.

A view is searched besides the text that it was decoded from. Findings in it are redacted at their place in the
original. Layers are undone one after the other, at most so many: percent-encoding within base64 within an HTML
entity.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from gateway.redaction.decoders.standard import DECODERS
from gateway.redaction.text.findings import Finding
from gateway.redaction.text.long_texts import around
from gateway.redaction.text.normalised import NormalisedText
from gateway.redaction.text.rewritten import Replacement, RewrittenText

_LAYERS: Final = 5
_REACH: Final = 500
"""How far from what was hidden a label, a heading or a cue may stand."""


class View(RewrittenText):
    """A reading of `text` in which something is read otherwise; that is itself a view of what was read before it."""

    __slots__ = ("_within",)

    def __init__(self, text: str, changes: list[Replacement], within: "View | None") -> None:
        super().__init__(text, changes)
        self._within = within

    def place(self, start: int, end: int) -> tuple[int, int]:
        """The range of the first view's reading."""
        place = super().place(start, end)
        return place if self._within is None else self._within.place(*place)

    def placed(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """The findings, at their places in the first view's reading."""
        return (finding.at(*self.place(finding.start, finding.end)) for finding in findings)

    def near_changes(self) -> list[tuple[int, int]]:
        """The ranges in which something was read otherwise, with what gives it its sense."""
        places = (at for start, end in self.changed for at in (*range(start, end, _REACH), end))
        return around(self.text, places, _REACH)

    def touches_change(self, start: int, end: int) -> bool:
        """Whether anything in the range, or right beside it, was read otherwise."""
        at = bisect_left(self.changed, start - 1, key=lambda one: one[1])
        return at < len(self.changed) and self.changed[at][0] <= end + 1


def views_of(text: str) -> Iterator[View]:
    """Every other reading of `text`; none where it hides nothing."""
    view: View | None = None
    for _ in range(_LAYERS):
        text = text if view is None else view.text
        changes = _merged(text)
        if not changes:
            break
        view = View(text, changes, view)
        yield view


def _merged(text: str) -> list[Replacement]:
    """The changes of the decoders, in order. If two overlap, the one that begins first is kept."""
    replacements: list[Replacement] = sorted(
        (change for decoder in DECODERS for change in decoder(text)),
        key=lambda change: (change[0], -change[1]),
    )
    changes: list[Replacement] = []
    for start, end, new in replacements:
        if new != text[start:end] and (not changes or start >= changes[-1][1]):
            changes.append((start, end, NormalisedText(new).text))
    return changes


Slot = tuple[str, str]
"""A text of a request: the hint that it is read with, and the text."""

_MAX_HINT_LENGTH: Final = 60


class HintedText:
    """The reading of a text behind its hint: `date of birth: 3 April 1985`."""

    __slots__ = ("allowed", "offset", "reading", "text", "views")

    def __init__(self, slot: Slot) -> None:
        hint, original = slot
        self.reading = NormalisedText(original)
        prefix = f"{NormalisedText(hint[:_MAX_HINT_LENGTH]).text}: " if hint else ""
        self.offset = len(prefix)
        self.text = prefix + self.reading.text
        self.views: list[View] = []
        self.allowed: tuple[tuple[int, int], ...] = ()

    def search(self, find: Callable[[str], Iterable[Finding]]) -> list[Finding]:
        """What `find` finds in the reading, and in every other view of it."""
        found = list(find(self.text))
        for view in self.views:
            found += view.placed(find(view.text))
        return found

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
