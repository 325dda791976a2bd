"""From how likely each word piece is part of a name to findings: whole words, and names of several words as one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import regex  # type: ignore[import-untyped]  # it ships no types

from gateway.redaction.findings import WEAK_RANK, Finding
from gateway.redaction.name_model import Judged, NameModel

_WORD: Final = regex.compile(r"[\p{L}\p{M}\p{Nd}]+(?:['’](?!s(?![\p{L}\p{M}]))[\p{L}\p{M}]+)*")
"""What is found or not as a whole; a name before `'s` ends before it."""
_LONGEST: Final = 40
"""Letters of a word: a longer one is no name."""
_BETWEEN: Final = regex.compile(r" {1,2}|-|\. ?|_")
"""What stands between two words of one name; a full stop only behind an initial or in a user name."""
_RANK: Final = 0.55
"""Below what a pattern is sure of."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """How likely a word must be part of a name to be taken for one, and to be remembered in its case.

    What is `weak` stands only where the same word is known as a name.
    """

    found: float = 0.2
    found_in_small_letters: float = 0.2
    remembered: float = 0.85
    weak: float = 0.03
    place: float = 0.5


class NameFinder:
    """Finds names, places and groups with the name model. Safe to use from several threads."""

    def __init__(self, model: NameModel, thresholds: Thresholds | None = None) -> None:
        self._model = model
        self._thresholds = thresholds or Thresholds()

    def read(self, texts: Sequence[str]) -> list[list[Finding]]:
        """For each text what it holds, in reading order."""
        return [
            list(self._findings(text, judged))
            for text, judged in zip(texts, self._model.judge(texts), strict=True)
        ]

    def _findings(self, text: str, judged: Judged) -> Iterator[Finding]:
        words = [match.span() for match in _WORD.finditer(text)]
        for label, likely in judged.likely.items():
            if likely.size and float(likely.max()) >= self._least(label):
                by_word = _by_word(words, judged.offsets, likely.tolist())
                yield from self._of_label(text, words, label, by_word)
                if label == "PERSON":
                    yield from self._weak(text, words, by_word)

    def _least(self, label: str) -> float:
        return self._thresholds.weak if label == "PERSON" else self._thresholds.place

    def _weak(
        self, text: str, words: Sequence[tuple[int, int]], likely: Sequence[float]
    ) -> Iterator[Finding]:
        """Words of which one may be a name, if the same is one elsewhere."""
        for (first, last), sure in zip(words, likely, strict=True):
            if self._thresholds.weak <= sure < self._threshold(text, first, last, "PERSON"):
                yield Finding(first, last, "PERSON", WEAK_RANK)

    def _of_label(
        self, text: str, words: Sequence[tuple[int, int]], label: str, likely: Sequence[float]
    ) -> Iterator[Finding]:
        """The ranges of a label: words that reach the threshold, side by side as one."""
        start = end = -1
        least = 1.0
        for (first, last), sure in zip(words, likely, strict=True):
            if sure < self._threshold(text, first, last, label):
                continue
            if start >= 0 and _belongs(text, start, end, first):
                end, least = last, min(least, sure)
                continue
            if start >= 0:
                yield self._finding(start, end, label, least)
            start, end, least = first, last, sure
        if start >= 0:
            yield self._finding(start, end, label, least)

    def _threshold(self, text: str, first: int, last: int, label: str) -> float:
        limits = self._thresholds
        if last - first > _LONGEST or text[first:last].isdecimal():
            return 2.0
        if label != "PERSON":
            return limits.place
        return limits.found_in_small_letters if text[first:last].islower() else limits.found

    def _finding(self, start: int, end: int, label: str, least: float) -> Finding:
        return Finding(start, end, label, _RANK, sure=least >= self._thresholds.remembered)


def _by_word(
    words: Sequence[tuple[int, int]], offsets: Sequence[tuple[int, int]], likely: Sequence[float]
) -> list[float]:
    """For each word the greatest of its pieces'."""
    found = []
    at = 0
    for start, end in words:
        while at < len(offsets) and offsets[at][1] <= start:
            at += 1
        best, piece = 0.0, at
        while piece < len(offsets) and offsets[piece][0] < end:
            best = max(best, likely[piece])
            piece += 1
        found.append(best)
    return found


def _belongs(text: str, start: int, end: int, after: int) -> bool:
    """Whether a word that begins at `after` goes on a name that stands at `start:end`."""
    between = text[end:after]
    if not _BETWEEN.fullmatch(between):
        return False
    if not between.startswith("."):
        return True
    initial = end - start == 1 or not text[end - 2].isalnum()
    return initial or between == "."
