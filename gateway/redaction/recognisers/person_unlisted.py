"""PERSON by the closed world: a capitalised word that is in no list of common words is a name until shown otherwise.

What is in such a list may still be a name (Grace, May, Young, Do): then what stands beside it decides. In a line
without capitals, as speech recognition writes it, an unlisted word is a name, and a listed one only with a cue. What
is left is weighed: what the models were not sure of, together with all that can be seen of the word.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from presidio_analyzer import EntityRecognizer, RecognizerResult

from gateway.redaction.closed_world import BesideNames, InSmallLetters, Seen, WithCapitals, add_likely
from gateway.redaction.lexicon import Lexicon, lexicon
from gateway.redaction.words import Line, Word, lines_of

_SCORE: Final = 0.52
"""Below spaCy's: a place that it knows is a place."""
_INITIALS: Final = 6
_BESIDE: Final = 2


@dataclass(frozen=True, slots=True)
class NamesSeen:
    """What others found in a text: where names are, and where a model saw one, sure or not."""

    named: Sequence[tuple[int, int]]
    seen: Sequence[Seen]


class PersonUnlisted(EntityRecognizer):
    """Reads line by line; finds single words and runs of them."""

    def __init__(self) -> None:
        super().__init__(["PERSON"], name="PersonUnlisted", supported_language="en")
        self._lexicon: Lexicon = lexicon()
        self._with_capitals = WithCapitals(self._lexicon)
        self._in_small_letters = InSmallLetters(self._lexicon)
        self._beside_names = BesideNames(self._lexicon)

    def load(self) -> None:
        """Nothing more: the lists are read when it is made."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:
        """Every run of words that is taken for a name; `nlp_artifacts` is what others found, of prose."""
        lines = list(lines_of(text, self._lexicon))
        named = [self._named(line) for line in lines]
        if isinstance(nlp_artifacts, NamesSeen):
            _add_named(lines, named, nlp_artifacts.named)
            self._add_likely(text, lines, named, nlp_artifacts.seen)
        return [
            RecognizerResult("PERSON", start, end, _SCORE)
            for line, of_line in zip(lines, named, strict=True)
            for start, end in _runs(line.words, of_line, text)
        ]

    def _add_likely(
        self, text: str, lines: Sequence[Line], named: Sequence[list[bool]], seen: Sequence[Seen]
    ) -> None:
        """Mark in `named` what rules and models left and what is likely to be a name all the same."""
        add_likely(text, lines, named, seen, self._lexicon)

    def _named(self, line: Line) -> list[bool]:
        words = line.words
        judge = self._in_small_letters.is_name if line.lower else self._with_capitals.is_name
        named = [judge(line, at) for at in range(len(words))]
        for _ in range(2):
            for at in range(len(words)):
                # Names reach two words far, to what they are joined with.
                if not named[at] and True in named[max(0, at - _BESIDE) : at + _BESIDE + 1]:
                    named[at] = self._beside_names.is_name(words, at, named, line.lower)
        return named


def _add_named(lines: Sequence[Line], named: Sequence[list[bool]], ranges: Sequence[tuple[int, int]]) -> None:
    """Mark the words that stand in one of the ranges."""
    places = [(number, at) for number, line in enumerate(lines) for at in range(len(line.words))]
    starts = [lines[number].words[at].start for number, at in places]
    for start, end in ranges:
        for place in range(bisect_left(starts, start), bisect_left(starts, end)):
            number, at = places[place]
            named[number][at] = True


def _runs(words: Sequence[Word], named: Sequence[bool], text: str) -> Iterator[tuple[int, int]]:
    """The names that stand side by side, as one range each."""
    start = end = -1
    for word, is_named in zip(words, named, strict=True):
        within = text[end : word.start] in (" ", "-", "  ") or (
            text[end : word.start] in (". ", ".") and end - start < _INITIALS and text[end - 1].isupper()
        )
        if is_named and start >= 0 and within:
            end = word.end
        else:
            if start >= 0:
                yield start, end
            start, end = (word.start, word.end) if is_named else (-1, -1)
    if start >= 0:
        yield start, end
