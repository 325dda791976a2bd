"""PERSON in a record of speech: "Okafor: No comment." where the same person speaks more than once."""

import re
from collections import Counter
from typing import Any, Final

from presidio_analyzer import EntityRecognizer, RecognizerResult

from gateway.redaction.lexicon import UNLISTED, lexicon

_SCORE: Final = 0.6
_SPEAKS: Final = re.compile(
    r"^[ \t>*_]{0,4}(?:[A-Z]{2,4}\.? ){0,2}([^\W\d_][\w'’.-]*(?: [^\W\d_][\w'’-]*){0,2})"
    r"[*_]{0,2}:[ \t]+(?=[^\W\d_\"'“])",
    re.MULTILINE,
)


class PersonSpeaking(EntityRecognizer):
    """What stands before a colon where a line begins, twice at least, if each word of it may be a name."""

    def __init__(self) -> None:
        super().__init__(["PERSON"], name="PersonSpeaking", supported_language="en")

    def load(self) -> None:
        """Nothing to load."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:
        """Each place where somebody begins to speak."""
        places = [(match.span(1), match[1].lower()) for match in _SPEAKS.finditer(text)]
        often = {label for label, times in Counter(label for _, label in places).items() if times > 1}
        speakers = {label for label in often if all(map(_may_be_name, label.split()))}
        return [
            RecognizerResult("PERSON", start, end, _SCORE)
            for (start, end), label in places
            if label in speakers
        ]


def _may_be_name(word: str) -> bool:
    listed = lexicon()
    unlisted = listed.size(word) == UNLISTED and not listed.is_abbreviation(word) and len(word) > 1
    return (unlisted or listed.is_name(word)) and not listed.is_never_a_name(word)
