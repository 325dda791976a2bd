"""Grammar: names of tools, functions, schemas and properties, and values that an answer must fit.

It is redacted only if it holds a known personal value (the case's pseudonyms, its subjects, values found elsewhere in
the request) or an identifier of a certain form. Models and labels are not used here: they would find names that are
none, and change the meaning of the request.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from functools import cache, partial
from typing import Final

from gateway.redaction.decoders.views import HintedText
from gateway.redaction.detection.known_values import KnownValues
from gateway.redaction.detection.pattern_matcher import CertainIdentifiers
from gateway.redaction.detection.preparation import Preparation
from gateway.redaction.detection.resolver import Resolver
from gateway.redaction.redaction_errors import Unreadable
from gateway.redaction.request.unreadable import Path, param
from gateway.redaction.request.visitors import Grammar
from gateway.redaction.text.normalised import NormalisedText

_CUT: Final = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[_.:-]+")
_MIN_DIGITS: Final = 5
"""Of an identifier in a pattern: what has fewer may be the pattern's own signs."""


class GrammarReader:
    """Finds what grammar holds. Built once; safe to use from several threads."""

    def __init__(self, identifiers: CertainIdentifiers, preparation: Preparation) -> None:
        self._identifiers = identifiers
        self._preparation = preparation

    def places(
        self,
        grammars: Iterable[Grammar],
        known_values: KnownValues,
        resolver: Resolver,
        types: Collection[str],
    ) -> dict[Grammar, list[tuple[int, int, str]]]:
        """Where each is redacted. `resolver` must not remember: what it is asked of prose has other findings."""
        readings = {grammar: HintedText(("", grammar[0])) for grammar in grammars}
        self._preparation.prepare(readings.values())
        certain = partial(self._identifiers.find, entities=types)
        return {
            grammar: reading.places(
                resolver.resolve(reading, reading.search(certain) if grammar[1] else [], known_values)
            )
            for grammar, reading in readings.items()
        }

    def check(
        self, tokens: Sequence[tuple[str, Path, bool]], known_values: KnownValues, types: Collection[str]
    ) -> None:
        """Refuse a name or pattern that holds personal data, since a pseudonym would break it."""
        holds = cache(
            lambda token, certain, least: self._holds(token, known_values, types if certain else (), least)
        )
        for token, path, certain in tokens:
            is_pattern = path[-1:] in (("pattern",), ("patternProperties",))
            if holds(token, certain, _MIN_DIGITS if is_pattern else 0):
                raise Unreadable(param(path), _REMEDY)

    def _holds(self, token: str, known_values: KnownValues, types: Collection[str], least: int) -> bool:
        text = NormalisedText(token).text
        apart = _CUT.sub(" ", text)
        # Apart in small letters: a capital within a name of several words says nothing.
        return any(any(known_values.search(form)) for form in (text, apart.lower())) or any(
            sum(map(str.isdigit, form[finding.start : finding.end])) >= least
            for form in (text, apart)
            for finding in self._identifiers.find(form, types)
        )


_REMEDY: Final = (
    "This name or pattern holds personal data (a value that stands elsewhere in the request or case, a subject, or an"
    " identifier), and can't be changed. Name it after what it does, and send the value in a message."
)
