"""Finding the events of one advice in a log, and proving each of them."""

import re
from collections.abc import Sequence
from typing import Final

from audit import merkle
from audit.audit_errors import EventInvalid, NoteInvalid, Unreadable
from audit.checkpoint import Checkpoint, open_checkpoint
from audit.entry_blocks import BLOCK
from audit.events import Json, decode_event
from audit.note import Verifier
from audit.progress import Progress, silent
from audit.proofs.file import DecisionProof, ProvenEvent
from audit.proofs.passkey_holders import is_about_people, signers
from audit.proofs.tlog_proof import TlogProof
from audit.sources import Source, entries, nodes_of
from audit.sources.tree import TileDamaged

_TELL_EVERY: Final = 64
_ABOUT_PEOPLE: Final = re.compile(rb'"type":"(?:passkey|key)[.]')

Entry = tuple[int, bytes]
"""An event's index and bytes."""


def gather(
    source: Source,
    advice: str,
    verifiers: Sequence[Verifier],
    progress: Progress | None = None,
) -> DecisionProof:
    """All events about `advice`, each with its proof under the newest checkpoint.

    A checkpoint that witnesses cosigned is taken instead where it covers them all. `Unreadable` if there are none,
    or the source is damaged where they are.
    """
    newest_note = source.checkpoint()
    newest = _opened(newest_note, verifiers)
    entries, people = _events_about(source, newest.size, advice, progress or silent)
    if not entries:
        raise Unreadable("the log has no event about this advice; check its id, or update the mirror")
    note, checkpoint = _best(source, verifiers, entries[-1][0], (newest_note, newest))
    nodes = nodes_of(source, checkpoint.size)
    try:
        events, passkeys = (
            tuple(ProvenEvent(entry, _proof(index, entry, note, checkpoint, nodes)) for index, entry in one)
            for one in (entries, _of_signers(entries, people))
        )
    except TileDamaged as error:
        raise Unreadable(f"{error}; run verify to see what else is wrong") from None
    known = tuple(key.verifier_key for key in verifiers)
    return DecisionProof(checkpoint.origin, advice, events, known, passkeys)


def _events_about(source: Source, size: int, advice: str, tell: Progress) -> tuple[list[Entry], list[Entry]]:
    """The entries about the advice, and those about anybody's passkeys and roles."""
    needle = advice.encode("utf-8", "replace")
    entries_about: list[Entry] = []
    people: list[Entry] = []
    for start, bundle in entries(source, size):
        for index, entry in enumerate(bundle, start):
            if needle in entry and _event(entry).get("advice") == advice:
                entries_about.append((index, entry))
            elif _ABOUT_PEOPLE.search(entry) and is_about_people(_event(entry)):
                people.append((index, entry))
        if start // BLOCK % _TELL_EVERY == 0:
            tell(start + len(bundle), size)
    tell(size, size)
    return entries_about, people


def _of_signers(entries: list[Entry], people: list[Entry]) -> list[Entry]:
    about = [(index, entry, _event(entry)) for index, entry in people if index < entries[-1][0]]
    holders = signers((_event(entry) for _, entry in entries), [event for _, _, event in about])
    return [(index, entry) for index, entry, event in about if event.get("holder") in holders]


def _event(entry: bytes) -> dict[str, Json]:
    try:
        return decode_event(entry)
    except EventInvalid:
        return {}


def _opened(note: bytes, verifiers: Sequence[Verifier]) -> Checkpoint:
    try:
        return open_checkpoint(note, verifiers, verifiers[0].name)[0]
    except NoteInvalid as error:
        raise Unreadable(f"the log's checkpoint can't be relied on: {error}") from None


def _best(
    source: Source, verifiers: Sequence[Verifier], last: int, newest: tuple[bytes, Checkpoint]
) -> tuple[bytes, Checkpoint]:
    """The witnessed checkpoint if it covers the last event, else the newest."""
    note = source.witnessed()
    if note is None:
        return newest
    try:
        checkpoint = _opened(note, verifiers)
    except Unreadable:
        return newest
    return (note, checkpoint) if last < checkpoint.size <= newest[1].size else newest


def _proof(index: int, entry: bytes, note: bytes, checkpoint: Checkpoint, nodes: merkle.Nodes) -> TlogProof:
    path = merkle.inclusion_proof(index, checkpoint.size, nodes)
    if not merkle.verify_inclusion(merkle.leaf_hash(entry), index, checkpoint.size, path, checkpoint.root):
        raise Unreadable(
            f"event {index} can't be proven: the log's tiles do not belong to its checkpoint; run verify"
        )
    return TlogProof(index, tuple(path), note)
