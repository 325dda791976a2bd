"""The log as static files (C2SP tlog-tiles): paths, tiles and entry bundles.

A tile of level L holds up to 256 hashes of complete subtrees of 256**L leaves, side by side. An entry bundle
holds the entries below a tile of level 0, each after its length in two bytes, big-endian.
"""

import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from audit.audit_errors import TileInvalid
from audit.events import MAX_BYTES
from audit.merkle import HASH_BYTES

WIDTH: Final = 256
MAX_LEVEL: Final = 63

_PATH = re.compile(
    r"tile/(?P<level>entries|[0-9]|[1-5][0-9]|6[0-3])/(?P<index>(?:x[0-9]{3}/)*[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?",
    re.ASCII,
)
_LENGTH = struct.Struct(">H")


@dataclass(frozen=True)
class Tile:
    """Tile `index` of `level`, or entry bundle `index` if that is None; `width` is its number of items."""

    level: int | None
    index: int
    width: int = WIDTH

    def path(self) -> str:
        """Where it stands, below the log's prefix (C2SP tlog-tiles, Merkle Tree)."""
        groups = [f"{self.index % 1000:03}"]
        number = self.index // 1000
        while number:
            groups.append(f"x{number % 1000:03}")
            number //= 1000
        level = "entries" if self.level is None else self.level
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{level}/{'/'.join(reversed(groups))}{partial}"

    def within(self, size: int) -> bool:
        """Whether a log of `size` entries has all the items of this tile."""
        return (self.index * WIDTH + self.width) << (8 * (self.level or 0)) <= size


def parse_path(path: str) -> Tile:
    """Read a path that `Tile.path` could have made, and no other spelling of it."""
    # Any index below 2**63 fits; more would only cost work.
    match = _PATH.fullmatch(path) if len(path) <= 64 else None
    if match is None:
        raise TileInvalid("the path names no tile; see C2SP tlog-tiles")
    level = None if match["level"] == "entries" else int(match["level"])
    index = int(match["index"].replace("x", "").replace("/", ""))
    tile = Tile(level, index, int(match["width"] or WIDTH))
    if tile.width > WIDTH or tile.path() != path:
        raise TileInvalid("the path is not the tile's one spelling; see C2SP tlog-tiles")
    return tile


def partial_tiles(size: int) -> list[Tile]:
    """The tiles of a log of `size` entries that are not full yet, lowest level first."""
    tiles = []
    for level in range(MAX_LEVEL + 1):
        items = size >> (8 * level)
        if items % WIDTH:
            tiles.append(Tile(level, items // WIDTH, items % WIDTH))
    return tiles


def encode_bundle(entries: Sequence[bytes]) -> bytes:
    """The bundle of up to 256 entries (C2SP tlog-tiles, Log entries)."""
    if len(entries) > WIDTH or any(len(entry) > MAX_BYTES for entry in entries):
        raise TileInvalid(f"a bundle has at most {WIDTH} entries of at most {MAX_BYTES} bytes")
    return b"".join(_LENGTH.pack(len(entry)) + entry for entry in entries)


def decode_bundle(bundle: bytes, width: int) -> list[bytes]:
    """The `width` entries of a bundle, which must hold them and nothing else."""
    entries: list[bytes] = []
    at = 0
    while at < len(bundle) and len(entries) < width:
        start = at + _LENGTH.size
        at = start + int.from_bytes(bundle[at:start], "big")
        entries.append(bundle[start:at])
    if at != len(bundle) or len(entries) != width:
        raise TileInvalid(f"the bundle does not hold {width} entries exactly")
    return entries


def decode_tile(tile: bytes, width: int) -> list[bytes]:
    """The `width` hashes of a tile, which must hold them and nothing else."""
    if len(tile) != width * HASH_BYTES:
        raise TileInvalid(f"the tile does not hold {width} hashes exactly")
    return [tile[at : at + HASH_BYTES] for at in range(0, len(tile), HASH_BYTES)]
