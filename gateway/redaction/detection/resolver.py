"""Deciding which findings of a reading stand."""

import re
from bisect import bisect_right
from collections.abc import Collection, Sequence
from typing import Final

from gateway.redaction.decoders.views import HintedText
from gateway.redaction.detection.known_values import KnownValues
from gateway.redaction.pseudonyms.pseudonyms import typed_ranges
from gateway.redaction.recognisers.numbers.labels import label_heads, labelled_types
from gateway.redaction.text.cache import Cache
from gateway.redaction.text.findings import (
    SUBJECT_RANK,
    WEAK_RANK,
    Finding,
    exclude_overridden,
    resolve_overlaps,
)
from gateway.redaction.text.scripts import Scripts

_FARTHEST: Final = 3
_BESIDE: Final = re.compile(rf"[ :.#-]{{1,{_FARTHEST}}}")
HIDDEN_RANK: Final = 0.5
"""Of a word that somebody hid and that no list has."""
ResolutionCache = Cache[tuple[Finding, ...]]


class Resolver:
    """Decides which findings stand, beside what a user typed as a pseudonym and what a policy keeps.

    `types` are those whose pseudonyms a user may have typed, `keep` a policy's phrases and types, `unread` the scripts
    whose words nothing reads. What was resolved is remembered in `cache`.
    """

    def __init__(
        self,
        types: Collection[str],
        keep: Sequence[str],
        unread: Scripts | None = None,
        cache: ResolutionCache | None = None,
    ) -> None:
        self._types = types
        self._unread = unread
        self._cache = cache
        allowed = None if unread is None else sorted(unread.allowed)
        self._terms = repr((sorted(types), sorted(keep), allowed))
        self._kept = KnownValues()
        for phrase in keep:
            self._kept.add_phrase(phrase)

    def resolve(
        self, reading: HintedText, findings: Sequence[Finding], known_values: KnownValues
    ) -> Sequence[Finding]:
        found = [
            finding
            for finding in findings
            if finding.rank != WEAK_RANK or known_values.has_name(reading.text[finding.start : finding.end])
        ]
        found += reading.search(known_values.search)
        if self._cache is None:
            return self._resolve(reading, found)
        places = sorted((finding.start, finding.end, finding.type, finding.rank) for finding in found)
        key = self._cache.key(f"{reading.offset} {places} {self._terms} {reading.text}")
        resolved = self._cache.get(key)
        if resolved is None:
            resolved = tuple(self._resolve(reading, found))
            self._cache.put(key, resolved)
        return resolved

    def _resolve(self, reading: HintedText, findings: list[Finding]) -> list[Finding]:
        if self._unread is not None:
            words = self._unread.words(reading.text)
            findings += [Finding(start, end, "PERSON", HIDDEN_RANK) for start, end in words]
        labelled = sorted(one.start for one in findings if one.type in labelled_types())
        findings = [one for one in findings if not _is_label(reading.text, one, labelled)]
        if not findings:
            return []
        protected = [(0, reading.offset)] if reading.offset else []
        protected += typed_ranges(reading.text, self._types)
        allowed = [(finding.start, finding.end) for finding in self._kept.search(reading.text)]
        protected += exclude_overridden(reading.text, allowed, findings)
        subjects = [finding for finding in findings if finding.rank >= SUBJECT_RANK]
        protected += exclude_overridden(reading.text, reading.allowed, subjects)
        return resolve_overlaps(reading.text, findings, protected)


def _is_label(text: str, finding: Finding, labelled: Sequence[int]) -> bool:
    """Whether what a model takes for a name is the label in capitals of an identifier, "NI AB123456C", or begins so.

    `labelled` are the places, in order, where identifiers begin that have labels.
    """
    if finding.type != "PERSON" or finding.rank >= SUBJECT_RANK:
        return False
    first = bisect_right(labelled, finding.start)
    for at in labelled[first : bisect_right(labelled, finding.end + _FARTHEST, first)]:
        word = text[finding.start : min(finding.end, at)].rstrip()
        if word.lower() in label_heads() and _BESIDE.fullmatch(text, finding.start + len(word), at):
            return True
    return False
