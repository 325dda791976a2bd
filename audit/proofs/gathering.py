"""Finding the events of one advice in a log, and proving each of them."""

from collections.abc import Iterator, Sequence
from typing import Final

from audit import merkle
from audit.blocks import BLOCK
from audit.checkpoint import Checkpoint, open_checkpoint
from audit.errors import EventInvalid, NoteInvalid, NotInLog, TileInvalid, Unreadable
from audit.events import decode_event
from audit.note import Verifier
from audit.progress import Progress, silent
from audit.proofs.file import DecisionProof, ProvenEvent
from audit.proofs.tlog_proof import TlogProof
from audit.sources import Source, nodes_of
from audit.sources.tree import TileDamaged
from audit.tiles import Tile, decode_bundle

_TELL_EVERY: Final = 64


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
    found = list(_events_about(source, newest.size, advice, progress or silent))
    if not found:
        raise Unreadable("the log has no event about this advice; check its id, or update the mirror")
    note, checkpoint = _best(source, verifiers, found[-1][0], (newest_note, newest))
    nodes = nodes_of(source, checkpoint.size)
    try:
        events = tuple(
            ProvenEvent(entry, _proof(index, entry, note, checkpoint, nodes)) for index, entry in found
        )
    except TileDamaged as error:
        raise Unreadable(f"{error}; run verify to see what else is wrong") from None
    return DecisionProof(checkpoint.origin, advice, events, tuple(key.verifier_key for key in verifiers))


def entries(source: Source, size: int) -> Iterator[tuple[int, list[bytes]]]:
    """All entries of a log, a bundle at a time with the index of its first; `Unreadable` if one is missing."""
    for start in range(0, size, BLOCK):
        width = min(BLOCK, size - start)
        bundle = Tile(None, start // BLOCK, width)
        try:
            yield start, decode_bundle(source.tile(bundle), width)
        except (NotInLog, TileInvalid) as error:
            raise Unreadable(f"{error}; run verify to see what else is wrong") from None


def _events_about(source: Source, size: int, advice: str, tell: Progress) -> Iterator[tuple[int, bytes]]:
    try:
        wanted = advice.encode()
    except UnicodeEncodeError:
        return
    for start, bundle in entries(source, size):
        for index, entry in enumerate(bundle, start):
            if wanted in entry and _is_about(entry, advice):
                yield index, entry
        if start // BLOCK % _TELL_EVERY == 0:
            tell(start + len(bundle), size)
    tell(size, size)


def _is_about(entry: bytes, advice: str) -> bool:
    try:
        return decode_event(entry).get("advice") == advice
    except EventInvalid:
        return False


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
