"""Following a log by its tiles: what is new is checked against the new checkpoint, then stored, the checkpoint last.

1. Read the checkpoint that was kept, and the one that is served now; both must be signed by the log.
2. A served one that is older, or has another root at the same size, proves a fork or a roll-back: stop.
3. The tiles at the right edge must give the new root, and each tile below must belong to the tile above it.
4. The tree must have the kept root at the kept size, else the log was forked: stop.
5. Each new bundle must hash to its place; then it is stored, and the tile of its hashes with it.
6. The tiles above follow, then all of it is synced, then the checkpoint is replaced.
Files left by a crash are used again: a stored bundle that still hashes to its place is not fetched a second time.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, TypeVar

from audit import merkle
from audit.audit_errors import NoteInvalid, NotInLog, TileInvalid, Unreadable
from audit.checkpoint import Checkpoint, open_checkpoint
from audit.entry_blocks import BLOCK, block_root, leaf_hashes
from audit.mirror.fork_evidence import Fork, ForkEvidence, RolledBack
from audit.mirror.mirror_folder import Tree, tile_count
from audit.note import Verifier
from audit.progress import Progress, silent
from audit.sources import AuthenticTree, Source, TileDamaged
from audit.sources.tree import tile_of
from audit.tiles import WIDTH, Tile, decode_bundle

T = TypeVar("T")

_AHEAD: Final = 16
"""Bundles that may be fetched before the one that is being checked."""


@dataclass(frozen=True)
class FollowResult:
    """What one round came to: the sizes before and after."""

    before: int
    checkpoint: Checkpoint


def follow(
    source: Source, tree: Tree, verifiers: Sequence[Verifier], progress: Progress | None = None
) -> FollowResult:
    """Bring `tree` up to `source`'s newest checkpoint.

    Raises `Fork` or `RolledBack` with the evidence, `TileDamaged` if the source's files do not belong to its own
    checkpoint, and `Unreadable`; in each case the tree stays at the checkpoint that it had.
    """
    # 1
    stored_note, served_note = tree.checkpoint(), source.checkpoint()
    served = _open(served_note, verifiers, f"the checkpoint that {source.name} serves")
    stored = Checkpoint(served.origin, 0, merkle.EMPTY_ROOT)
    if stored_note is not None:
        stored = _open(stored_note, verifiers, f"the checkpoint in {tree.folder}")
        # 2
        _compare(stored_note, stored, served_note, served)
    # 3
    authentic = AuthenticTree(source, served)
    # 4
    if stored_note is not None:
        _require_continued(stored_note, stored, served_note, served, authentic)
    # 5
    _store_entries(source, tree, authentic, stored.size, progress or silent)
    # 6
    _store_tiles(tree, authentic, stored.size)
    tree.keep_keys("".join(f"{key.verifier_key}\n" for key in verifiers if not key.cosigns))
    witnessed = _witnessed(source, authentic, verifiers)
    if served_note != stored_note or (witnessed is not None and witnessed != tree.witnessed()):
        tree.keep(served_note, witnessed)
    _remove_partials(tree, stored.size, served.size)
    return FollowResult(stored.size, served)


def require_continued(source: Source, remembered_note: bytes, verifiers: Sequence[Verifier]) -> bytes:
    """The checkpoint that `source` serves, which must continue the one that was seen before (steps 1 to 4)."""
    served_note = source.checkpoint()
    served = _open(served_note, verifiers, f"the checkpoint that {source.name} serves")
    remembered = _open(remembered_note, verifiers, "the checkpoint that was remembered")
    _compare(remembered_note, remembered, served_note, served)
    _require_continued(remembered_note, remembered, served_note, served, AuthenticTree(source, served))
    return served_note


def _open(note: bytes, verifiers: Sequence[Verifier], what: str) -> Checkpoint:
    try:
        return open_checkpoint(note, verifiers, verifiers[0].name)[0]
    except NoteInvalid as error:
        raise Unreadable(f"{what} can't be relied on: {error}") from None


def _compare(stored_note: bytes, stored: Checkpoint, served_note: bytes, served: Checkpoint) -> None:
    if served.size == stored.size and served.root != stored.root:
        raise Fork(ForkEvidence(Fork.kind, stored_note, stored, served_note, served))
    if served.size < stored.size:
        raise RolledBack(ForkEvidence(RolledBack.kind, stored_note, stored, served_note, served))


def _require_continued(
    stored_note: bytes, stored: Checkpoint, served_note: bytes, served: Checkpoint, tree: AuthenticTree
) -> None:
    prefix = merkle.root(stored.size, tree.node)
    if prefix != stored.root:
        proof = merkle.consistency_proof(stored.size, served.size, tree.node)
        raise Fork(ForkEvidence(Fork.kind, stored_note, stored, served_note, served, prefix, proof))


def _store_entries(source: Source, tree: Tree, authentic: AuthenticTree, start: int, tell: Progress) -> None:
    """Bundles and level-0 tiles from the last one that was not full."""
    blocks = range(start // BLOCK, tile_count(0, authentic.size))

    def fetch(block: int) -> tuple[Tile, bytes, bool]:
        tile = tile_of(0, block, authentic.size)
        bundle = Tile(None, block, tile.width)
        # Full bundles are looked for at home first: a crash may have left them.
        stored = tree.tile(bundle) if tile.width == WIDTH else None
        return (tile, stored, True) if stored is not None else (tile, _fetched(source, bundle), False)

    for tile, content, stored in _in_order(fetch, blocks, source.at_once):
        bundle = Tile(None, tile.index, tile.width)
        leaves = _leaves(content, tile.width)
        if stored and not _belongs(leaves, tile, authentic):
            content = _fetched(source, bundle)
            leaves = _leaves(content, tile.width)
        if leaves is None or not _belongs(leaves, tile, authentic):
            raise TileDamaged(bundle.path(), "does not belong to the checkpoint")
        tree.put(bundle, content)
        tree.put(tile, b"".join(leaves))
        tell(tile.index * BLOCK + tile.width - start, authentic.size - start)


def _fetched(source: Source, bundle: Tile) -> bytes:
    try:
        return source.tile(bundle)
    except NotInLog:
        raise TileDamaged(bundle.path(), "is missing") from None
    except TileInvalid as error:
        raise TileDamaged(bundle.path(), f"can't be read: {error}") from None


def _leaves(bundle: bytes, width: int) -> list[bytes] | None:
    try:
        return leaf_hashes(decode_bundle(bundle, width))
    except TileInvalid:
        return None


def _belongs(leaves: list[bytes] | None, tile: Tile, authentic: AuthenticTree) -> bool:
    """Whether these are the leaves that the checkpoint signed for level-0 tile `tile`."""
    if leaves is None:
        return False
    if tile.width < WIDTH:
        return leaves == authentic.tile(0, tile.index)
    return block_root(leaves) == authentic.expected(0, tile.index)


def _store_tiles(tree: Tree, authentic: AuthenticTree, start: int) -> None:
    """Tiles of level 1 and above that are new or wider than before."""
    level = 1
    while authentic.size >> 8 * level:
        for index in range((start >> 8 * level) // WIDTH, tile_count(level, authentic.size)):
            tile = tile_of(level, index, authentic.size)
            tree.put(tile, b"".join(authentic.tile(level, index)))
        level += 1


def _remove_partials(tree: Tree, before: int, size: int) -> None:
    """Partial tiles whose full ones are stored now."""
    level = 0
    while size >> 8 * level:
        for index in range((before >> 8 * level) // WIDTH, (size >> 8 * level) // WIDTH):
            tree.remove_partials(Tile(level, index))
            if level == 0:
                tree.remove_partials(Tile(None, index))
        level += 1


def _witnessed(source: Source, authentic: AuthenticTree, verifiers: Sequence[Verifier]) -> bytes | None:
    """The source's cosigned checkpoint, if it is one of this very log; who cosigned is for others to judge."""
    note = source.witnessed()
    if note is None:
        return None
    try:
        checkpoint, _ = open_checkpoint(
            note, [key for key in verifiers if not key.cosigns], verifiers[0].name
        )
    except NoteInvalid:
        return None
    if checkpoint.size > authentic.size or merkle.root(checkpoint.size, authentic.node) != checkpoint.root:
        return None
    return note


def _in_order(work: Callable[[int], T], items: Sequence[int], at_once: int) -> Iterator[T]:
    """The results of `work` in order, with some under way at once."""
    if at_once == 1:
        yield from map(work, items)
        return
    with ThreadPoolExecutor(at_once) as pool:
        under_way: deque[Future[T]] = deque()
        try:
            for item in items:
                under_way.append(pool.submit(work, item))
                if len(under_way) >= _AHEAD:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()
        finally:
            for future in under_way:
                future.cancel()
