"""PERSON by the closed world: a capitalised word that is in no list of common words is a name until shown otherwise.

What is in such a list may still be a name (Grace, May, Young, Do): then what stands beside it decides. In a line
without capitals, as speech recognition writes it, an unlisted word is a name, and a listed one only with a cue.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from presidio_analyzer import EntityRecognizer, RecognizerResult

from gateway.redaction.closed_world import BesideNames, InSmallLetters, WithCapitals
from gateway.redaction.lexicon import Lexicon, lexicon
from gateway.redaction.words import Line, Word, lines_of

_SCORE: Final = 0.52
"""Below spaCy's: a place that it knows is a place."""
_INITIALS: Final = 6
_BESIDE: Final = 2


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
        """Every run of words that is taken for a name."""
        found = []
        for line in lines_of(text, self._lexicon):
            named = self._named(line)
            found += [
                RecognizerResult("PERSON", start, end, _SCORE)
                for start, end in _runs(line.words, named, text)
            ]
        return found

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
