"""Deciding which findings of a reading stand."""

from collections.abc import Collection, Sequence
from typing import Final

from gateway.redaction.findings import SUBJECT_RANK, WEAK_RANK, Finding, settle, unchallenged
from gateway.redaction.memory import Memory
from gateway.redaction.mentions import Mentions
from gateway.redaction.pseudonyms import typed_ranges
from gateway.redaction.replacing import HintedReading
from gateway.redaction.scripts import Scripts

HIDDEN_RANK: Final = 0.5
"""Of a word that somebody hid and that no list has."""
Settled = Memory[tuple[Finding, ...]]


class Judge:
    """Decides which findings stand, beside what a user typed as a pseudonym and what a policy keeps.

    `types` are those whose pseudonyms a user may have typed, `keep` a policy's phrases and types, `unread` the scripts
    whose words nothing reads. What was settled is remembered in `memory`.
    """

    def __init__(
        self,
        types: Collection[str],
        keep: Sequence[str],
        unread: Scripts | None = None,
        memory: Settled | None = None,
    ) -> None:
        self._types = types
        self._unread = unread
        self._memory = memory
        allowed = None if unread is None else sorted(unread.allowed)
        self._terms = repr((sorted(types), sorted(keep), allowed))
        self._kept = Mentions()
        for phrase in keep:
            self._kept.add_phrase(phrase)

    def settled(
        self, reading: HintedReading, found: Sequence[Finding], mentions: Mentions
    ) -> Sequence[Finding]:
        """Those of `found` and of what `mentions` has that stand."""
        mentioned = list(mentions.search(reading.text))
        for at, view in enumerate(reading.views):
            mentioned += reading.seen(at, mentions.search(view.text))
        mentioned += [
            one
            for one in found
            if one.rank == WEAK_RANK and mentions.has_name(reading.text[one.start : one.end])
        ]
        found = [one for one in found if one.rank != WEAK_RANK]
        if self._memory is None:
            return self._settle(reading, [*found, *mentioned])
        places = sorted((one.start, one.end, one.type, one.rank) for one in (*found, *mentioned))
        key = self._memory.key(f"{reading.offset} {places} {self._terms} {reading.text}")
        settled = self._memory.get(key)
        if settled is None:
            settled = tuple(self._settle(reading, [*found, *mentioned]))
            self._memory.put(key, settled)
        return settled

    def _settle(self, reading: HintedReading, findings: list[Finding]) -> list[Finding]:
        if self._unread is not None:
            words = self._unread.words(reading.text)
            findings += [Finding(start, end, "PERSON", HIDDEN_RANK) for start, end in words]
        if not findings:
            return []
        protected = [(0, reading.offset)] if reading.offset else []
        protected += typed_ranges(reading.text, self._types)
        kept = [(finding.start, finding.end) for finding in self._kept.search(reading.text)]
        protected += unchallenged(reading.text, kept, findings)
        subjects = [finding for finding in findings if finding.rank >= SUBJECT_RANK]
        protected += unchallenged(reading.text, reading.kept, subjects)
        return settle(reading.text, findings, protected)
