"""From how likely each word piece is part of a name to findings: whole words, and names of several words as one."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

import numpy as np
import regex  # type: ignore[import-untyped]  # it ships no types

from gateway.redaction.lexicon import FILE_ENDINGS, groups, name_use
from gateway.redaction.models.name_model import NameModel, PieceScores
from gateway.redaction.models.name_model.value_finder import VALUES, values
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
_FILE_ENDING: Final = regex.compile(rf"(?<=[\p{{L}}\p{{Nd}}]\.)(?:{FILE_ENDINGS})(?!\w)", regex.IGNORECASE)
_MARKUP: Final = regex.compile(
    r"(?<=&)(?:nbsp|[lr][sd]quo|quot|amp|[lg]t|apos|[mn]dash|hellip|\w(?:acute|grave|circ|uml|tilde|cedil|ring|caron))(?=;)"
    r"|(?<=</?)(?:br|hr|p|b|i|u|a|em|strong|span|font|div|table|t[drh]|li|[uo]l|h[1-6]|html|body)(?=[ />])"
)
"""Entities and tags of HTML; where one stands within a name, the decoded text has that name."""
_LETTERS: Final = str.maketrans("0135", "oles")
"""What a scanner reads for letters."""
_SMALL_L: Final = regex.compile(r"(?<=\p{Ll})I")
_CAPITAL_I: Final = regex.compile(r"(?<=\p{Lu})[l1](?=\p{Lu})")
"""Likewise: "weekIy", "WlTNESS"."""
_BETWEEN: Final = regex.compile(r" {1,2}|-|\. ?|_")
"""What stands between two words of one name; a full stop only behind an initial or in a user name."""
PERSON: Final = "PERSON"
Range = tuple[int, int]
_RANK: Final = 0.55
"""Below what a pattern is sure of."""
_LEAST: Final = {
    "usual": (0.01, 0.06, 0.3, 0.5),
    "rare": (0.02, 0.43, 0.65, 0.9),
    "never": (0.25, 0.75, 0.8, 0.98),
    "unknown": (0.005, 0.17, 0.5, 0.7),
}
"""How likely a word must be part of a person's name to be taken for one, by what a dictionary says of it: it is often
a name too (Rose), is one somewhere (Blessing), is none (asylum, methadone), or the dictionary lacks it (Okafor).

Names stand together: the first two hold in a text that has another for certain, with a capital and in small letters,
the last two in any other text. Chosen on the development sets and on tests/redaction/evaluation.
"""
_CAPITALS: Final = 0.03
"""The least for a word in capitals."""
_LETTER: Final = (0.05, 0.8)
"""The least for a letter alone, beside a sure name in the text or without."""
_SURE_NAME: Final = 0.95
"""From here on a word is one for certain."""
_SURE: Final = 0.85
"""From here on a name is remembered in its case."""
_WEAK: Final = 0.009
"""From here on a word counts if the same is known as a name."""
_PLACE: Final = 0.2
_OTHERWISE: Final = 2.0
"""A word that is so many times likelier a place or a group is no name."""
_NEVER: Final = 2.0


def _least(word: str, *, company: bool) -> float:
    """The least for a person's `word`, beside a sure name in the text or without; over 1 for none at all."""
    if _CODED.fullmatch(word):
        return _NEVER
    if len(word) == 1:
        return _LETTER[not company]
    kind = 2 * (not company) + word.islower()
    meant = _CAPITAL_I.sub("I", _SMALL_L.sub("l", word)).lower().translate(_LETTERS)
    use = name_use(meant)
    if use == "never" and meant != word.lower():
        return _NEVER
    least = _LEAST[use or "unknown"][kind]
    return max(least, _CAPITALS) if word.isupper() else least


class NameFinder:
    """Finds names, places and groups with the name model. Safe to use from several threads."""

    def __init__(self, model: NameModel) -> None:
        self._model = model

    def read(self, texts: Sequence[str]) -> list[list[Finding]]:
        """For each text what it holds, in reading order."""
        return [
            list(self._findings(text, judged))
            for text, judged in zip(texts, self._model.classify(texts), strict=True)
        ]

    def _findings(self, text: str, judged: PieceScores) -> Iterator[Finding]:
        markup = {match.start() for match in _MARKUP.finditer(text)}
        no_names = {match.start() for form in (_DATE, _FILE_ENDING) for match in form.finditer(text)}
        if _QUESTION.search(text):
            no_names |= {match.start() for match in _ANSWER.finditer(text)}
        matches = _WORD.finditer(text, concurrent=False)
        all_words = [match.span() for match in matches if match.start() not in markup]
        of_all = _by_word(all_words, judged)
        kept = [at for at, (start, _) in enumerate(all_words) if start not in no_names]
        words = [all_words[at] for at in kept]
        by_word = {label: [likely[at] for at in kept] for label, likely in of_all.items()}
        for label, likely in by_word.items():
            highest = float(judged.likely[label].max(initial=0.0))
            if label in VALUES:
                yield from values(text, label, all_words, of_all[label])
            elif label != PERSON:
                if highest >= _PLACE:
                    yield from _ranges(text, words, label, likely, [_PLACE] * len(words))
            elif highest >= _WEAK:
                others = zip(*(other for kind, other in by_word.items() if kind != PERSON), strict=True)
                people = [
                    0.0 if sum(other) > _OTHERWISE * person else person
                    for person, other in zip(likely, others, strict=True)
                ]
                sure_names = sum(person >= _SURE_NAME for person in people)
                least = [
                    _least(text[start:end], company=sure_names > (person >= _SURE_NAME))
                    for (start, end), person in zip(words, people, strict=True)
                ]
                if not sure_names:
                    least = _beside(text, words, people, least)
                yield from _ranges(text, words, label, people, least)
                for (start, end), sure, enough in zip(words, people, least, strict=True):
                    if _WEAK <= sure < enough <= 1:
                        yield Finding(start, end, PERSON, WEAK_RANK)


def _beside(
    text: str, words: Sequence[Range], likely: Sequence[float], least: Sequence[float]
) -> list[float]:
    """The least for each word; with a capital, less is enough beside a word that is taken for a name."""
    taken = [sure >= enough for sure, enough in zip(likely, least, strict=True)]
    lower = list(least)
    for at, ((_, end), (start, _)) in enumerate(pairwise(words)):
        if taken[at] != taken[at + 1] and _BETWEEN.fullmatch(text, end, start):
            word = text[slice(*words[at + taken[at]])]
            if not word.islower():
                lower[at + taken[at]] = _least(word, company=True)
    return lower


def _ranges(
    text: str, words: Sequence[Range], label: str, likely: Sequence[float], least: Sequence[float]
) -> Iterator[Finding]:
    """The ranges of a label: words that are likely enough, side by side as one, as sure as the least sure of them."""
    ranges: list[tuple[int, int, float]] = []
    for (start, end), sure, enough in zip(words, likely, least, strict=True):
        if sure >= enough:
            if ranges and _belongs(text, *ranges[-1][:2], start):
                start, _, before = ranges.pop()
                sure = min(sure, before)
            ranges.append((start, end, sure))
    for start, end, sure in ranges:
        # A nationality is a group, whatever the model takes it for.
        group = label == PERSON and text[start:end].lower() in groups()
        yield Finding(start, end, "NRP" if group else label, _RANK, sure=sure >= _SURE)


def _by_word(words: Sequence[Range], judged: PieceScores) -> dict[str, list[float]]:
    """For each label, and for each word, the greatest of the word's pieces."""
    firsts = [first for first, _ in judged.offsets]
    lasts = [last for _, last in judged.offsets]
    edges = [(bisect_right(lasts, start), bisect_left(firsts, end)) for start, end in words]
    empty = np.array([first >= last for first, last in edges], bool)
    places = np.array(edges, np.intp).reshape(-1)
    by_word = {}
    for label, likely in judged.likely.items():
        # Of every second range, from where a word begins to where it ends, the greatest.
        greatest = np.maximum.reduceat(np.append(likely, np.float32(0)), places)[::2] if words else likely[:0]
        by_word[label] = np.where(empty, np.float32(0), greatest).tolist()
    return by_word


def _belongs(text: str, start: int, end: int, after: int) -> bool:
    """Whether a word that begins at `after` goes on a name that stands at `start:end`."""
    between = text[end:after]
    if not _BETWEEN.fullmatch(between):
        return False
    if not between.startswith("."):
        return True
    initial = end - start == 1 or not text[end - 2].isalnum()
    return initial or between == "."
