"""Identifiers that are certain by their form alone: by a check digit that passes, or by a form that nothing else has.

They are looked for in grammar (names of tools, `enum` and the like), where neither a model nor a label says anything.
"""

from collections.abc import Collection, Iterator

from gateway.redaction.detection.pattern_matcher import MatchContext, PatternMatcher
from gateway.redaction.recognisers.identifier import declared
from gateway.redaction.text.findings import Finding


class CertainIdentifiers:
    """Finds them. Built once; safe to use from several threads."""

    def __init__(self, seconds: float) -> None:
        self._readers = [
            (PatternMatcher(one, seconds), one.certain) for one in declared() if one.certain is not None
        ]

    def find(self, text: str, entities: Collection[str]) -> Iterator[Finding]:
        """Those of these types in a reading."""
        if not any(sign == "@" or sign.isdigit() for sign in text):
            return
        reading = MatchContext(text)
        for reader, score in self._readers:
            if reader.type in entities:
                yield from reader.read(reading, score)
