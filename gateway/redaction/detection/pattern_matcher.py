"""Finds one identifier in one text: its prefilter, its forms, its check, its labels and context words.

It runs only where there is what it needs, and a form that runs out of time is an error. `CertainIdentifiers` finds
those that their form alone says: in grammar neither a model nor a label says anything.
"""

import re
from collections.abc import Collection, Iterator
from functools import cached_property
from typing import Final

import regex  # type: ignore[import-untyped]  # it ships no types

from gateway.redaction.recognisers.identifier import ALONE, NEAR_DIGITS, Identifier, declared
from gateway.redaction.recognisers.numbers.labels import expression, heads
from gateway.redaction.text.findings import Finding
from gateway.redaction.text.long_texts import around, joined_windows, may_stand_in, words_in
from gateway.redaction.text.normalised import lowered
from gateway.redaction.text.rewritten import RewrittenText

_BEFORE: Final = 60
_AFTER: Final = 25
"""How many characters before and after a finding are searched for context words."""
_REACH: Final = 16
"""Characters around a digit that may belong to its identifier: `QUILP 802149 TF9ZZ`."""
_LONG: Final = 1_000_000
"""Characters for each of which a form may take its time once more."""
_SHORT: Final = 20_000
"""Characters up to which no other thread runs meanwhile; the slowest form reads so many of a hostile text in 20 ms."""
_LIFT: Final = 0.35
"""What a context word adds to a score."""
_LETTERS: Final = re.compile(r"[a-z]+")
_DIGIT: Final = re.compile(r"\d")


class MatchContext:
    """A text, its words, and the windows around its digits."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lower = lowered(text)  # cues and context are ASCII, so that only ASCII matters
        self.digits = [match.start() for match in _DIGIT.finditer(text)]

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(words_in(_LETTERS, self.lower))

    @cached_property
    def windows(self) -> RewrittenText:
        return joined_windows(self.text, around(self.text, self.digits, _REACH))


class PatternMatcher:
    """One identifier, read so that running out of time is an error."""

    def __init__(self, identifier: Identifier, seconds: float) -> None:
        self.type = identifier.type
        self._seconds = seconds
        own = identifier in declared()
        self._short = _SHORT if own else 0  # an operator's own form may take seconds
        self._window = identifier.window
        self._near_digits = identifier.prefilter == NEAR_DIGITS
        # The standard library's `re` is several times faster than `regex`.
        over_lines = _over_lines if own else str
        self._prefilter = re.compile(over_lines(identifier.prefilter))
        self._forms = [
            (regex.compile(over_lines(form), regex.IGNORECASE | regex.MULTILINE | regex.DOTALL), score)
            for form, score in identifier.forms.items()
        ]
        context = list(filter(None, f"{identifier.labels}, {identifier.context}".split(", ")))
        self._words = frozenset(head for word in context for head in heads(word))
        self._context = re.compile(f"(?<![a-z])(?:{'|'.join(map(expression, context))})")
        self._check = identifier.check
        self.has_trusted_form = max(identifier.forms.values(), default=0.0) >= ALONE

    def read(self, text: MatchContext, threshold: float) -> Iterator[Finding]:
        """The findings in `text` whose form, check and context reach the threshold."""
        if not (text.digits if self._near_digits else may_stand_in(self._prefilter, text.lower)):
            return
        cued = not text.words.isdisjoint(self._words)
        # Where neither a check nor a context word can lift it, a form that is too weak alone is not tried.
        least_score = 0.0 if cued or self._check else threshold
        for start, end, matched, score in self._places(text, least_score):
            valid = self._check(matched) if self._check else None
            nearness = self._nearness(text.lower, start, end) if cued else 0.0
            lifted = 1.0 if valid else min(score + _LIFT, 1.0) if nearness else score
            if valid is not False and lifted >= threshold:
                yield Finding(start, end, self.type, lifted + nearness)

    def _places(self, text: MatchContext, least_score: float) -> Iterator[tuple[int, int, str, float]]:
        """Where the forms match in the text, each with what it matches and its score."""
        if self._near_digits:
            windows = text.windows
        elif self._window:
            starts = (match.start() for match in self._prefilter.finditer(text.lower))
            windows = joined_windows(text.text, around(text.text, starts, self._window))
        else:
            windows = RewrittenText(text.text, ())
        read = windows.text
        seconds = self._seconds * (1 + len(read) // _LONG)
        concurrent = len(read) > self._short
        for form, score in self._forms:
            if score >= least_score:
                for match in form.finditer(read, timeout=seconds, concurrent=concurrent):
                    if match[0]:
                        yield *windows.place(*match.span()), match[0], score

    def _nearness(self, lower: str, start: int, end: int) -> float:
        """The nearness of a context word: 0 if there is none, 1 at the end of the reach, 2 beside it."""
        before = lower[max(0, start - _BEFORE) : start]
        after = lower[end : end + _AFTER]
        distances = [len(before) - match.end() for match in self._context.finditer(before)]
        distances += [match.start() + _BEFORE - _AFTER for match in self._context.finditer(after)]
        return 2.0 - min(distances) / _BEFORE if distances else 0.0


def _over_lines(form: str) -> str:
    """An expression in which a space may be the end of a line too: mail and scans break lines anywhere."""
    return form.replace(" ", r"\s")


class CertainIdentifiers:
    """Finds them. Built once; safe to use from several threads."""

    def __init__(self, seconds: float) -> None:
        self._readers = [
            (PatternMatcher(identifier, seconds), identifier.certain)
            for identifier in declared()
            if identifier.certain is not None
        ]

    def find(self, text: str, entities: Collection[str]) -> Iterator[Finding]:
        if not any(sign == "@" or sign.isdigit() for sign in text):
            return
        reading = MatchContext(text)
        for reader, score in self._readers:
            if reader.type in entities:
                yield from reader.read(reading, score)
