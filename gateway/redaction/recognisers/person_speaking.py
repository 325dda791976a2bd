"""PERSON in a record of speech: "Okafor: No comment." where the same person speaks more than once."""

import re
from collections import Counter
from typing import Any, Final

from presidio_analyzer import EntityRecognizer, RecognizerResult

from gateway.redaction.lexicon import FUNCTION_WORDS, UNLISTED, lexicon

_SCORE: Final = 0.6
_SPEAKS: Final = re.compile(
    r"^[ \t>]{0,4}([-•*] {1,3}|\[?\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?: ?[AaPp][Mm])?\]?[ \t-]{1,3})?"
    r"[*_]{0,2}(?:[A-Z]{2,4}\.? ){0,2}([^\W\d_][\w'’.-]*(?: [^\W\d_][\w'’-]*){0,3})"
    r"[*_]{0,2}:[ \t]+(?=[^\W\d_\"'“])",
    re.MULTILINE,
)


class PersonSpeaking(EntityRecognizer):
    """What stands before a colon where a line begins, twice or behind a time or point, if it may be a name.

    Of a conversation in which somebody is known to speak, the others may have names that are any word.
    """

    def __init__(self) -> None:
        super().__init__(["PERSON"], name="PersonSpeaking", supported_language="en")

    def load(self) -> None:
        """Nothing to load."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:
        """Each place where somebody begins to speak."""
        places = [(match.span(2), match[2].lower(), match[1] is not None) for match in _SPEAKS.finditer(text)]
        times = Counter(label for _, label, _ in places)
        heard = {label for _, label, timed in places if timed or times[label] > 1}
        speakers = {label for label in heard if all(map(_may_be_name, label.split()))}
        if not any(times[label] > 1 or _is_surely_name(label) for label in speakers):
            return []
        if speakers:
            speakers |= {label for label in heard if not any(map(_is_no_name, label.split()))}
        return [
            RecognizerResult("PERSON", start, end, _SCORE)
            for (start, end), label, _ in places
            if label in speakers
        ]


def _may_be_name(word: str) -> bool:
    listed = lexicon()
    unlisted = listed.size(word) == UNLISTED and not listed.is_abbreviation(word) and len(word) > 1
    return (unlisted or listed.is_name(word)) and not listed.is_never_a_name(word)


def _is_surely_name(label: str) -> bool:
    """Whether it begins with a given name or with a word that no list has: heads of points are surnames too."""
    first = label.split()[0]
    return lexicon().size(first) == UNLISTED or (lexicon().is_given(first) and first not in FUNCTION_WORDS)


def _is_no_name(word: str) -> bool:
    return lexicon().is_never_a_name(word) or lexicon().is_abbreviation(word) or len(word) == 1
