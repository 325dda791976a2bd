"""The tree of one checkpoint, read from a source's tiles and checked from the root down.

1. The partial tiles at the right edge hold all the peaks of the tree, so together they must give the root.
2. A full tile's own hash stands in the tile above it, which was checked before it.
So whatever `AuthenticTree` gives belongs to the checkpoint, no matter who stored it.
"""

from collections import OrderedDict
from typing import Final

from audit import merkle
from audit.audit_errors import AuditError, NotInLog, TileInvalid
from audit.checkpoint import Checkpoint
from audit.entry_blocks import block_root, tree_above
from audit.sources.source import Source
from audit.tiles import WIDTH, Tile, decode_tile, partial_tiles

_KEPT: Final = 64
"""Tiles that are kept in memory: a proof needs few, and reads of neighbours need the same ones again."""


class TileDamaged(AuditError):
    """A tile that is missing, or does not belong to the checkpoint."""

    def __init__(self, path: str, what: str) -> None:
        super().__init__(f"{path} {what}")
        self.path = path
        self.what = what


def tile_of(level: int, index: int, size: int) -> Tile:
    """Tile `index` of `level` in a tree of `size`, full or as wide as it is there."""
    width = min(WIDTH, (size >> 8 * level) - index * WIDTH)
    if width < 1:
        raise NotInLog("the log has no such tile")
    return Tile(level, index, width)


def read_tile(source: Source, tile: Tile) -> list[bytes]:
    """A tile's hashes; `TileDamaged` if it is missing or of another length."""
    try:
        return decode_tile(source.tile(tile), tile.width)
    except NotInLog:
        raise TileDamaged(tile.path(), "is missing") from None
    except TileInvalid as error:
        raise TileDamaged(tile.path(), f"can't be read: {error}") from None


class AuthenticTree:
    """Hashes of the tree that `checkpoint` signed; a `TileDamaged` where the source gives others."""

    def __init__(self, source: Source, checkpoint: Checkpoint) -> None:
        self._source = source
        self.size = checkpoint.size
        self._edge = {tile.level: read_tile(source, tile) for tile in partial_tiles(checkpoint.size)}
        if edge_root(self.size, self._edge) != checkpoint.root:
            paths = ", ".join(tile.path() for tile in partial_tiles(checkpoint.size))
            raise TileDamaged(paths, "together do not give the checkpoint's root")
        self._full: OrderedDict[tuple[int, int], list[bytes]] = OrderedDict()

    def tile(self, level: int, index: int) -> list[bytes]:
        """The hashes of a tile."""
        tile = tile_of(level, index, self.size)
        if tile.width < WIDTH:
            return self._edge[level]
        hashes = self._full.get((level, index))
        if hashes is None:
            hashes = read_tile(self._source, tile)
            if block_root(hashes) != self.expected(level, index):
                raise TileDamaged(tile.path(), "does not belong to the checkpoint")
            self._full[level, index] = hashes
            if len(self._full) > _KEPT:
                self._full.popitem(last=False)
        else:
            self._full.move_to_end((level, index))
        return hashes

    def expected(self, level: int, index: int) -> bytes:
        """The hash that the full tile `index` of `level` must have: what the tile above says."""
        return self.tile(level + 1, index // WIDTH)[index % WIDTH]

    def node(self, level: int, index: int) -> bytes:
        """The hash of the complete subtree `(level, index)`, as `audit.merkle` asks for it."""
        return _within(self.tile(level // 8, (index << level % 8) // WIDTH), level % 8, index)


def edge_root(size: int, edge: dict[int | None, list[bytes]]) -> bytes:
    """The root that the partial tiles give, by their levels: their peaks, the highest level first."""
    peaks: list[bytes] = []
    for level in sorted((level for level in edge if level is not None), reverse=True):
        part = merkle.Frontier()
        for node in edge[level]:
            part.append(node)
        peaks += part.peaks
    return merkle.Frontier(size, peaks).root()


def nodes_of(source: Source, size: int) -> merkle.Nodes:
    """Hashes straight from the source's tiles, unchecked: for proofs, which are checked as a whole."""
    hashes: dict[tuple[int, int], list[bytes]] = {}

    def node(level: int, index: int) -> bytes:
        place = (level // 8, (index << level % 8) // WIDTH)
        if place not in hashes:
            hashes[place] = read_tile(source, tile_of(*place, size))
        return _within(hashes[place], level % 8, index)

    return node


def _within(hashes: list[bytes], height: int, index: int) -> bytes:
    """The hash `height` levels above the hashes of a tile, the `index`-th of its level in the whole tree."""
    first = (index << height) % WIDTH
    return tree_above(hashes[first : first + (1 << height)])[height][0]
