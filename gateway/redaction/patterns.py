"""One identifier on one reading: a look rules it out, its forms, its check, its labels and context words.

It runs only where there is what it needs, and a form that runs out of time is an error.
"""

import re
from collections.abc import Collection, Iterator
from typing import Any, Final

import regex  # type: ignore[import-untyped]  # it ships no types

from gateway.redaction.findings import Finding
from gateway.redaction.reading import lowered
from gateway.redaction.recognisers.identifier import Identifier, unchecked
from gateway.redaction.recognisers.labels import expression, heads
from gateway.redaction.windows import Windows, around, windows_of

_BEFORE: Final = 60
_AFTER: Final = 25
"""How many characters before and after a finding are searched for context words."""
_TIERS: Final = (0, 1, 3, 6, 10)
"""Numbers of digits for which a text's windows are put together: a recogniser takes the next lower one."""
_LIFT: Final = 0.35
"""What a context word adds to a score."""
_LETTERS: Final = re.compile(r"[a-z]+")


class Reading:
    """A reading, what a recogniser's looks say of it, and its windows of digits."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lower = lowered(text)  # cues and context are ASCII, so that only ASCII matters
        self._windows: list[tuple[int, int, int]] | None = None
        self._with: dict[int, Windows | None] = {}
        self._seen: dict[str, bool] = {}
        self._words: frozenset[str] | None = None

    def has_any(self, words: Collection[str]) -> bool:
        """Whether any of the words stands anywhere in the text."""
        if self._words is None:
            self._words = frozenset(_LETTERS.findall(self.lower))
        return not self._words.isdisjoint(words)

    def holds(self, look: Any) -> bool:
        if look.pattern not in self._seen:
            self._seen[look.pattern] = look.search(self.lower) is not None
        return self._seen[look.pattern]

    def around(self, look: Any, reach: int) -> list[tuple[int, int]]:
        """What stands so near to what the look finds."""
        return around(self.text, (match.start() for match in look.finditer(self.lower)), reach)

    def windows(self, least: int) -> Windows | None:
        """What stands around at least so many digits; None where there is no such window."""
        if self._windows is None:
            self._windows = windows_of(self.text)
        if least not in self._with:
            chosen = [(start, end) for start, end, digits in self._windows if digits >= least]
            self._with[least] = Windows(self.text, chosen) if chosen else None
        return self._with[least]


class PatternReader:
    """One identifier, read so that running out of time is an error."""

    def __init__(self, identifier: Identifier, seconds: float) -> None:
        self.type = identifier.type
        self._seconds = seconds
        self._least = max(tier for tier in _TIERS if tier <= identifier.least)
        self._near = identifier.near
        self._look = _compiled(identifier.look) if identifier.look else None
        self._forms = [
            (regex.compile(form, regex.IGNORECASE | regex.MULTILINE | regex.DOTALL), score)
            for form, score in identifier.forms.items()
        ]
        context = [
            word for words in (identifier.labels, identifier.context) for word in words.split(", ") if word
        ]
        self._words = frozenset(head for word in context for head in heads(word))
        self._context = _compiled(f"(?<![a-z])(?:{'|'.join(map(expression, context))})") if context else None
        self._check = identifier.check

    def read(self, text: Reading, threshold: float) -> Iterator[Finding]:
        """The findings in `text` that reach the threshold."""
        if self._look is not None and not text.holds(self._look):
            return
        cued = text.has_any(self._words)
        # Where neither a check nor a context word can lift it, a form that is too weak alone is not tried.
        least_score = 0.0 if cued or self._check is not unchecked else threshold
        for start, end, matched, score in self._places(text, least_score):
            yield from self._judged(text.lower if cued else "", start, end, matched, score, threshold)

    def _places(self, text: Reading, least_score: float) -> Iterator[tuple[int, int, str, float]]:
        """Where the forms match in the text."""
        if self._near and self._look is not None:
            for start, end in text.around(self._look, self._near):
                yield from self._matches(text.text, least_score, start, end)
        elif not self._least:
            yield from self._matches(text.text, least_score)
        elif windows := text.windows(self._least):
            for start, end, matched, score in self._matches(windows.text, least_score):
                yield windows.place(start), windows.place(end - 1) + 1, matched, score

    def _matches(
        self, text: str, least_score: float, first: int = 0, last: int | None = None
    ) -> Iterator[tuple[int, int, str, float]]:
        for form, score in self._forms:
            if score < least_score:
                continue
            for match in form.finditer(text, first, last, timeout=self._seconds):
                start, end = match.span()
                if start < end:
                    yield start, end, match[0], score

    def _judged(
        self, lower: str, start: int, end: int, matched: str, score: float, threshold: float
    ) -> Iterator[Finding]:
        """The finding, if its check and its context lift it over the threshold."""
        valid = self._check(matched)
        if valid is False:
            return
        nearness = self._nearness(lower, start, end)
        score = 1.0 if valid else min(score + _LIFT, 1.0) if nearness else score
        if score >= threshold:
            yield Finding(start, end, self.type, score + nearness)

    def _nearness(self, lower: str, start: int, end: int) -> float:
        """How near a context word stands: 0 for none, 1 for one at the end of the reach, 2 for one beside it."""
        if self._context is None or not lower:
            return 0.0
        before = lower[max(0, start - _BEFORE) : start]
        after = lower[end : end + _AFTER]
        distances = [len(before) - match.end() for match in self._context.finditer(before)]
        distances += [match.start() + _BEFORE - _AFTER for match in self._context.finditer(after)]
        return 2.0 - min(distances) / _BEFORE if distances else 0.0


def _compiled(look: str) -> Any:
    """The look, by the standard library, which is several times faster, where that has what it needs."""
    try:
        return re.compile(look)
    except re.error:
        return regex.compile(look)
