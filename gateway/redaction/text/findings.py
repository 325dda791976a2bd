"""Findings: where personal data stands in a reading, and which of them wins where several do."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice
from typing import Final
from unicodedata import category

REFERENCE: Final = "UK_REFERENCE"
"""What a value is called of which nothing is known but that it is a number or a code."""
_VAGUE_RANK: Final = 0.5
SUBJECT_RANK: Final = 4.0
"""The rank of a subject, which nothing overrides."""
WEAK_RANK: Final = 0.1
"""The rank of what is too unlikely to stand, unless something else says that it is a name."""
PART_RANK: Final = 0.05
"""The rank of what is too short to be a value, unless a form says what it is a part of."""
TITLES: Final = frozenset(
    ["mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "sir", "dame", "lord", "lady", "rev", "revd"]
)
SMALL_WORDS: Final = frozenset(
    ["a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "s", "the", "to", "with"]
)
"""Words that are not personal, whatever the model says that they are a part of."""
_APART: Final = re.compile(r"\s*[-–,.;:]+\s\D*(?:\d{1,3}\D*)?")
"""Words, or a count, behind a value that punctuation separates from it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Personal data of `type` at `start:end` of a reading.

    `rank` is the recogniser's score, plus one to two for a context word, the more the nearer it stands, so that a
    number that could be two things is what the words beside it say. A finding that is not `sure` is redacted in
    place, and not searched for elsewhere.
    """

    start: int
    end: int
    type: str
    rank: float
    sure: bool = True

    def moved(self, by: int) -> "Finding":
        return self.at(self.start + by, self.end + by)

    def at(self, start: int, end: int) -> "Finding":
        if start == self.start and end == self.end:
            return self
        return Finding(start, end, self.type, self.rank, self.sure)


def resolve_overlaps(
    text: str, findings: Iterable[Finding], protected: Sequence[tuple[int, int]] = ()
) -> list[Finding]:
    """The findings in reading order, without overlaps, so that all that was found is still covered.

    The longest wins, but for vague ones; then the higher rank, then the type that comes first in the alphabet. The
    part of an overridden finding beyond the other one stays a finding, except for words that punctuation separates
    from it. Nothing in a `protected` range is a finding, and none ends within a word.
    """
    candidates = [_whole_words(text, finding) for finding in findings]
    ordered = sorted(
        candidates,
        key=lambda candidate: (
            _is_vague(candidate),
            candidate.start - candidate.end,
            -candidate.rank,
            candidate.type,
        ),
    )
    taken = bytearray(len(text))
    for start, end in protected:
        taken[start:end] = b"\x01" * (end - start)
    resolved: list[Finding] = []
    for finding in ordered:
        for start, end in _free(taken, finding.start, finding.end):
            cut = (start, end) != (finding.start, finding.end)
            rest = text[start:end]
            start, end = _trimmed(text, start, end)
            if start < end and not (cut and _says_nothing(rest, finding)):
                resolved.append(finding.at(start, end))
                taken[start:end] = b"\x01" * (end - start)
    return sorted(resolved, key=lambda finding: finding.start)


def _whole_words(text: str, finding: Finding) -> Finding:
    """The finding with the rest of the words that it begins and ends in."""
    start, end = finding.start, finding.end
    while start > 0 and _is_of_word(text[start - 1]) and _is_of_word(text[start]):
        start -= 1
    while end < len(text) and _is_of_word(text[end]) and _is_of_word(text[end - 1]):
        end += 1
    return finding.at(start, end)


def _is_of_word(char: str) -> bool:
    return char.isalnum() or category(char)[0] == "M"


def _is_vague(finding: Finding) -> bool:
    """Whether it may be less or more than the value: no form and no label of its own says where that ends."""
    return finding.type == REFERENCE and finding.rank < _VAGUE_RANK


def _says_nothing(rest: str, finding: Finding) -> bool:
    """Whether what a winner left over is no more than plain words: "the Rev" of "the Rev Cranley"."""
    if _is_vague(finding) and (_APART.fullmatch(rest) or not any(map(str.isdigit, rest))):
        return True
    return all(word in SMALL_WORDS or word.strip(".") in TITLES for word in rest.lower().split())


def exclude_overridden(
    text: str, allowed: Sequence[tuple[int, int]], findings: Iterable[Finding]
) -> list[tuple[int, int]]:
    """The ranges that stay as a policy asks: those that are not a part of something longer, nor of a subject."""
    if not allowed:
        return []
    candidates = [_whole_words(text, finding) for finding in findings]
    ordered = sorted(candidates, key=lambda finding: finding.start)
    starts = [finding.start for finding in ordered]
    reached = list(accumulate((finding.end for finding in ordered), max))
    return [
        (start, end)
        for start, end in allowed
        # Those that begin before the range ends, from the first that may reach into it.
        if not any(
            _overrides(text, finding, start, end)
            for finding in islice(ordered, bisect_right(reached, start), bisect_left(starts, end))
        )
    ]


def _overrides(text: str, finding: Finding, start: int, end: int) -> bool:
    if finding.end <= start or end <= finding.start:
        return False
    if finding.rank >= SUBJECT_RANK:
        return True
    around = f"{text[finding.start : start]} {text[end : finding.end]}".lower().split()
    return finding.start <= start and end <= finding.end and any(word not in SMALL_WORDS for word in around)


def _free(taken: bytearray, start: int, end: int) -> list[tuple[int, int]]:
    """What is left of `start:end` outside of what is taken."""
    free: list[tuple[int, int]] = []
    while 0 <= (start := taken.find(0, start, end)) < end:
        stop = taken.find(1, start, end)
        free.append((start, end if stop < 0 else stop))
        start = free[-1][1]
    return free


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Without the white space at both ends; empty if neither a letter nor a digit is left."""
    piece = text[start:end]
    if not any(map(str.isalnum, piece)):
        return start, start
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())
