"""Grammar: names of tools, functions, schemas and properties, and values that an answer must fit.

It is redacted only where it holds what is known to be personal (the case's pseudonyms, subjects, what was found
elsewhere in the request) or an identifier of a certain form: a model or a label would read names into it, and change
what the request means.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Final

from gateway.redaction.beneath import Beneath
from gateway.redaction.certain import CertainIdentifiers
from gateway.redaction.errors import Unreadable
from gateway.redaction.findings import Finding
from gateway.redaction.judging import Judge
from gateway.redaction.mentions import Mentions
from gateway.redaction.reading import Reading
from gateway.redaction.refusing import Path, param
from gateway.redaction.replacing import Grammar, HintedReading

_CUT: Final = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[_.:-]+")
_LEAST_DIGITS: Final = 5
"""Of an identifier in a pattern: what has fewer may be the pattern's own signs."""


class GrammarReader:
    """Finds what grammar holds. Built once; safe to use from several threads."""

    def __init__(self, identifiers: CertainIdentifiers, beneath: Beneath) -> None:
        self._identifiers = identifiers
        self._beneath = beneath

    def places(
        self, grammars: Iterable[Grammar], mentions: Mentions, judge: Judge, wanted: Collection[str]
    ) -> dict[Grammar, list[tuple[int, int, str]]]:
        """Where each is redacted. `judge` must not remember: what it is asked of prose has other findings."""
        readings = {grammar: HintedReading(("", grammar[0])) for grammar in grammars}
        self._beneath.look(readings.values())
        return {
            grammar: reading.places(
                judge.settled(reading, self._found(reading, wanted) if grammar[1] else [], mentions)
            )
            for grammar, reading in readings.items()
        }

    def _found(self, reading: HintedReading, wanted: Collection[str]) -> list[Finding]:
        found = list(self._identifiers.find(reading.text, wanted))
        for at, view in enumerate(reading.views):
            found += reading.seen(at, self._identifiers.find(view.text, wanted))
        return found

    def check(
        self, tokens: Sequence[tuple[str, Path, bool]], mentions: Mentions, wanted: Collection[str]
    ) -> None:
        """Refuse a name or pattern that holds personal data, since a pseudonym would break it."""
        checked: dict[tuple[str, bool, bool], bool] = {}
        for token, path, certain in tokens:
            is_pattern = path[-1:] in (("pattern",), ("patternProperties",))
            key = (token, certain, is_pattern)
            if key not in checked:
                least = _LEAST_DIGITS if is_pattern else 0
                checked[key] = self._holds(token, mentions, wanted if certain else (), least)
            if checked[key]:
                raise Unreadable(param(path), _REMEDY)

    def _holds(self, token: str, mentions: Mentions, wanted: Collection[str], least: int) -> bool:
        text = Reading(token).text
        apart = _CUT.sub(" ", text)
        # Apart in small letters: a capital within a name of several words says nothing.
        if any(next(mentions.search(one), None) is not None for one in (text, apart.lower())):
            return True
        return any(
            sum(map(str.isdigit, one[found.start : found.end])) >= least
            for one in (text, apart)
            for found in self._identifiers.find(one, wanted)
        )


_REMEDY: Final = (
    "This name or pattern holds personal data (a value that stands elsewhere in the request or case, a subject, or an"
    " identifier), and can't be changed. Name it after what it does, and send the value in a message."
)
