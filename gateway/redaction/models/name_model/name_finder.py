"""From how likely each word piece is part of a name to findings: whole words, and names of several words as one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

import regex  # type: ignore[import-untyped]  # it ships no types

from gateway.redaction.lexicon import groups, name_use
from gateway.redaction.models.name_model import NameModel, PieceScores
from gateway.redaction.text.findings import WEAK_RANK, Finding

_WORD: Final = regex.compile(r"[\p{L}\p{M}\p{Nd}]+(?:['’](?!s(?![\p{L}\p{M}]))[\p{L}\p{M}]+)*")
"""What is found or not as a whole; a name before `'s` ends before it."""
_CODED: Final = regex.compile(
    r"\p{Nd}+|(?=.*\p{Nd})(?:\P{L}*\p{L}\P{L}*|(?=(?:\P{L}*\p{L}){2,4}\P{L}*$).*[2-46-9]\p{L}.*)"
)
"""Digits alone or with one letter; a digit before one of few letters, unless a scanner reads it for O, I or S."""
_QUESTION: Final = regex.compile(r"^[ \t>]*Q(?:\d{0,3}[.:)]|\d{1,3} )", regex.MULTILINE)
_ANSWER: Final = regex.compile(r"^[ \t>]*\KA(?=[.:) ])", regex.MULTILINE)
"""How lines begin in the record of an interview: no initial."""
_DATE: Final = regex.compile(
    r"(?:(?<!\d)(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?|\b(?:first|second|third|(?:four|fif|six|seven|eigh|nin|ten"
    r"|eleven|twelf|(?:thir|four|fif|six|seven|eigh|nine)teen|twentie|thirtie)th))[ -]?(?:of )?"
    r"\K(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]{0,6}\b"
    r"|\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}(?= \d{1,2}(?:st|nd|rd|th|/\d)?\b)",
    regex.IGNORECASE,
)
"""Months behind a day, and days of the week before one."""
_LETTERS: Final = str.maketrans("0135", "oles")
"""What a scanner reads for letters."""
_SMALL_L: Final = regex.compile(r"(?<=\p{Ll})I")
_CAPITAL_I: Final = regex.compile(r"(?<=\p{Lu})[l1](?=\p{Lu})")
"""Likewise: "weekIy", "WlTNESS"."""
_BETWEEN: Final = regex.compile(r" {1,2}|-|\. ?|_")
"""What stands between two words of one name; a full stop only behind an initial or in a user name."""
PERSON: Final = "PERSON"
_RANK: Final = 0.55
"""Below what a pattern is sure of."""


class MinimumScores(NamedTuple):
    """The least probability for a word to count as part of a name: with a capital or in small letters, in a text that
    has a sure name (`company`) or in one without (`alone`).
    """

    company: float
    company_small: float
    alone: float
    alone_small: float

    def of(self, word: str, *, company: bool) -> float:
        """That of `word`."""
        if word.islower():
            return self.company_small if company else self.alone_small
        return self.company if company else self.alone


_USUAL: Final = MinimumScores(0.008, 0.1, 0.25, 0.45)
_RARE: Final = MinimumScores(0.06, 0.7, 0.5, 0.87)
_NEVER: Final = MinimumScores(0.4, 0.85, 0.65, 0.94)
_UNKNOWN: Final = MinimumScores(0.018, 0.3, 0.38, 0.58)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """How likely a word must be part of a person's name to be taken for one.

    Names stand together: in a text that has one for certain, less is enough. How much is enough depends on what a
    dictionary says of the word: it is often a name too (`usual`: Rose), is one somewhere (`rare`: Blessing), is none
    (`never`: Asylum), or the dictionary lacks it (`unknown`: Okafor). A `sure` name is remembered in its case. A
    `weak` one counts only if the same word is known as a name. A word that is `otherwise` times likelier a place or a
    group is no name. Chosen on the development sets and on tests/redaction/evaluation.
    """

    usual: MinimumScores = _USUAL
    rare: MinimumScores = _RARE
    never: MinimumScores = _NEVER
    unknown: MinimumScores = _UNKNOWN
    capitals: float = 0.03
    letter: float = 0.05
    sure_name: float = 0.95
    sure: float = 0.85
    weak: float = 0.009
    place: float = 0.2
    otherwise: float = 2.0

    def of(self, word: str, *, company: bool) -> float:
        """The least for a person's `word`, in a text with a sure name or in one without; over 1 for none at all."""
        if _CODED.fullmatch(word):
            return 2.0
        if len(word) == 1:
            return max(self.letter, self.unknown.of(word, company=company))
        meant = _CAPITAL_I.sub("I", _SMALL_L.sub("l", word)).lower().translate(_LETTERS)
        use = name_use(meant)
        if use == "never" and meant != word.lower():
            return 2.0
        scores: MinimumScores = getattr(self, use or "unknown")
        least = scores.of(word, company=company)
        return max(least, self.capitals) if word.isupper() else least


class NameFinder:
    """Finds names, places and groups with the name model. Safe to use from several threads."""

    def __init__(self, model: NameModel, thresholds: Thresholds | None = None) -> None:
        self._model = model
        self._thresholds = thresholds or Thresholds()

    def read(self, texts: Sequence[str]) -> list[list[Finding]]:
        """For each text what it holds, in reading order."""
        return [
            list(self._findings(text, judged))
            for text, judged in zip(texts, self._model.classify(texts), strict=True)
        ]

    def _findings(self, text: str, judged: PieceScores) -> Iterator[Finding]:
        no_names = {match.start() for match in _DATE.finditer(text)}
        if _QUESTION.search(text):
            no_names |= {match.start() for match in _ANSWER.finditer(text)}
        words = [match.span() for match in _WORD.finditer(text) if match.start() not in no_names]
        for label, likely in judged.likely.items():
            highest = float(likely.max(initial=0.0))
            if label == PERSON and highest >= self._thresholds.weak:
                by_word = self._people(words, judged)
                company = highest >= self._thresholds.sure_name
                least = [self._thresholds.of(text[start:end], company=company) for start, end in words]
                if not company:
                    least = self._beside(text, words, by_word, least)
                yield from self._ranges(text, words, label, by_word, least)
                yield from self._weak(words, by_word, least)
            elif label != PERSON and highest >= self._thresholds.place:
                by_word = _by_word(words, judged.offsets, likely.tolist())
                yield from self._ranges(text, words, label, by_word, [self._thresholds.place] * len(words))

    def _people(self, words: Sequence[tuple[int, int]], judged: PieceScores) -> list[float]:
        """The probability that each word is part of a person's name; 0 if another kind is much likelier."""
        people = _by_word(words, judged.offsets, judged.likely[PERSON].tolist())
        others = [
            _by_word(words, judged.offsets, likely.tolist())
            for label, likely in judged.likely.items()
            if label != PERSON
        ]
        return [
            0.0 if sum(other) > self._thresholds.otherwise * person else person
            for person, *other in zip(people, *others, strict=True)
        ]

    def _beside(
        self, text: str, words: Sequence[tuple[int, int]], likely: Sequence[float], least: Sequence[float]
    ) -> list[float]:
        """The least for each word; with a capital, less is enough beside a word that is taken for a name."""
        taken = [sure >= enough for sure, enough in zip(likely, least, strict=True)]
        lower = list(least)
        for at, ((_, end), (start, _)) in enumerate(pairwise(words)):
            if taken[at] != taken[at + 1] and _BETWEEN.fullmatch(text, end, start):
                word = text[slice(*words[at + taken[at]])]
                if not word.islower():
                    lower[at + taken[at]] = self._thresholds.of(word, company=True)
        return lower

    def _weak(
        self, words: Sequence[tuple[int, int]], likely: Sequence[float], least: Sequence[float]
    ) -> Iterator[Finding]:
        """Words of which one may be a name, if the same is one elsewhere."""
        for (start, end), sure, enough in zip(words, likely, least, strict=True):
            if self._thresholds.weak <= sure < enough <= 1:
                yield Finding(start, end, PERSON, WEAK_RANK)

    def _ranges(
        self,
        text: str,
        words: Sequence[tuple[int, int]],
        label: str,
        likely: Sequence[float],
        least: Sequence[float],
    ) -> Iterator[Finding]:
        """The ranges of a label: words that are likely enough, side by side as one."""
        start = end = -1
        lowest = 1.0
        for (first, last), sure, enough in zip(words, likely, least, strict=True):
            if sure < enough:
                continue
            if start >= 0 and _belongs(text, start, end, first):
                end, lowest = last, min(lowest, sure)
                continue
            if start >= 0:
                yield self._finding(text, start, end, label, lowest)
            start, end, lowest = first, last, sure
        if start >= 0:
            yield self._finding(text, start, end, label, lowest)

    def _finding(self, text: str, start: int, end: int, label: str, lowest: float) -> Finding:
        """A range of a label; a nationality is a group, whatever the model takes it for."""
        if label == PERSON and text[start:end].lower() in groups():
            label = "NRP"
        return Finding(start, end, label, _RANK, sure=lowest >= self._thresholds.sure)


def _by_word(
    words: Sequence[tuple[int, int]], offsets: Sequence[tuple[int, int]], likely: Sequence[float]
) -> list[float]:
    """For each word the greatest of its pieces'."""
    words_found = []
    at = 0
    for start, end in words:
        while at < len(offsets) and offsets[at][1] <= start:
            at += 1
        best, piece = 0.0, at
        while piece < len(offsets) and offsets[piece][0] < end:
            best = max(best, likely[piece])
            piece += 1
        words_found.append(best)
    return words_found


def _belongs(text: str, start: int, end: int, after: int) -> bool:
    """Whether a word that begins at `after` goes on a name that stands at `start:end`."""
    between = text[end:after]
    if not _BETWEEN.fullmatch(between):
        return False
    if not between.startswith("."):
        return True
    initial = end - start == 1 or not text[end - 2].isalnum()
    return initial or between == "."
