"""Where exactly a log's tiles and entries differ from what was signed."""

from dataclasses import dataclass
from typing import Final

from audit.checking.span_reader import Gap
from audit.checkpoint import Checkpoint
from audit.entry_blocks import BLOCK, block_root, parents
from audit.report import WHOLE, Findings
from audit.sources import AuthenticTree, Source, TileDamaged
from audit.sources.tree import read_tile, tile_of
from audit.tiles import WIDTH, Tile

_CHANGED: Final = "bytes changed (leaf hash differs from the one recorded)"
_HASH_CHANGED: Final = "its recorded leaf hash was changed (the event itself is as signed)"
_UNLIKE: Final = "event and recorded leaf hash differ, and no tile that was signed tells which was changed"
_REMOVED: Final = "removed or unreadable (a signed checkpoint covers it): its bundle "


@dataclass(frozen=True)
class TreeScan:
    """What a pass over the entries found: hashes of all full blocks, the last block's leaves, and the gaps."""

    source: Source
    checkpoint: Checkpoint
    roots: list[bytes]
    last: list[bytes]
    gaps: list[Gap]
    matches_root: bool
    """Whether the entries have the checkpoint's root."""


def locate(scan: TreeScan, findings: Findings) -> None:
    """Add to `findings` what differs, and where."""
    signed = _signed_tree(scan)
    for gap in scan.gaps:
        _explain(gap, scan, signed, findings)
    if scan.matches_root:
        _compare_tiles(scan, findings)
        return
    changed = _blocks_that_differ(scan, signed, findings)
    if not findings and not changed:
        findings.add(
            0,
            "not what was signed: changed, with the recorded hashes, somewhere in the log",
            max(0, scan.checkpoint.size - 1),
        )


def _signed_tree(scan: TreeScan) -> AuthenticTree | None:
    """The tree of the checkpoint, if the tiles at its right edge are as they were signed."""
    try:
        return AuthenticTree(scan.source, scan.checkpoint)
    except TileDamaged:
        return None


def _expected(signed: AuthenticTree | None, block: int) -> bytes | None:
    """The hash that was signed for a full block, where a signed tile still tells it."""
    try:
        return signed.expected(0, block) if signed else None
    except TileDamaged:
        return None


def _explain(gap: Gap, scan: TreeScan, signed: AuthenticTree | None, findings: Findings) -> None:
    first = gap.block * BLOCK
    if gap.bundle:
        findings.add(first, _REMOVED + gap.bundle, first + gap.width - 1)
    if gap.tile:
        findings.add(WHOLE, gap.tile, subject=Tile(0, gap.block, gap.width).path())
    if gap.leaves is None or gap.recorded is None:
        return
    finding = _HASH_CHANGED if scan.matches_root else _verdict(gap, signed)
    for index, (leaf, recorded) in enumerate(zip(gap.leaves, gap.recorded, strict=True), first):
        if leaf != recorded:
            findings.add(index, finding)


def _verdict(gap: Gap, signed: AuthenticTree | None) -> str:
    """Which of event and recorded hash is not as it was signed."""
    if gap.width < BLOCK:
        # The partial tile is part of the right edge, which as a whole gave the root.
        return _CHANGED if signed else _UNLIKE
    expected = _expected(signed, gap.block)
    if expected is not None and gap.recorded and block_root(gap.recorded) == expected:
        return _CHANGED
    if expected is not None and gap.leaves and block_root(gap.leaves) == expected:
        return _HASH_CHANGED
    return _UNLIKE


def _blocks_that_differ(scan: TreeScan, signed: AuthenticTree | None, findings: Findings) -> bool:
    """Blocks whose events and tile agree with each other, but not with what was signed."""
    explained = {gap.block for gap in scan.gaps}
    differ = False
    for block, root in enumerate(scan.roots):
        if block in explained or not root:
            continue
        try:
            expected = signed.expected(0, block) if signed else None
        except TileDamaged as error:
            findings.add(WHOLE, error.what, subject=error.path)
            continue
        if expected is not None and root != expected:
            differ = True
            findings.add(
                block * BLOCK,
                "not what was signed: changed, with the recorded hashes, somewhere among these",
                block * BLOCK + BLOCK - 1,
            )
    if signed is None:
        differ = _edge_differs(scan, findings) or differ
    return differ


def _edge_differs(scan: TreeScan, findings: Findings) -> bool:
    """The right edge is not the signed one, and nor are the entries: compare what can be compared."""
    before = len(findings.sorted())
    if all(scan.roots):
        _compare_tiles(scan, findings)
    return len(findings.sorted()) > before


def _compare_tiles(scan: TreeScan, findings: Findings) -> None:
    """Hold each tile of level 1 and above against the hashes of the entries below it."""
    level, hashes = 1, scan.roots
    while hashes:
        for index in range(0, len(hashes), WIDTH):
            _compare_tile(scan, level, index // WIDTH, hashes[index : index + WIDTH], findings)
        level, hashes = level + 1, _full_tiles(hashes)


def _compare_tile(scan: TreeScan, level: int, index: int, hashes: list[bytes], findings: Findings) -> None:
    tile = tile_of(level, index, scan.checkpoint.size)
    try:
        recorded = read_tile(scan.source, tile)
    except TileDamaged as error:
        findings.add(WHOLE, error.what, subject=error.path)
        return
    for place, (expected, other) in enumerate(zip(hashes, recorded, strict=True)):
        if expected != other:
            findings.add(place, "is not the hash of the entries below it", subject=f"{tile.path()} hash")


def _full_tiles(hashes: list[bytes]) -> list[bytes]:
    """The hashes of the full tiles over `hashes`, one level up."""
    for _ in range(8):
        hashes = parents(hashes)
    return hashes
