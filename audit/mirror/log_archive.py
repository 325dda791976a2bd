"""A whole log as one file: the files of a static export (C2SP tlog-tiles) as a POSIX tar, made while it is read.

The checkpoint comes last, after everything that it covers, so that a file that was cut short has none.
"""

import tarfile
from collections.abc import Callable, Iterator
from typing import Final

from audit.checkpoint import parse_checkpoint
from audit.mirror.mirror_folder import tile_count
from audit.sources.source import CHECKPOINT_PATH, VERIFIER_KEY_PATH, WITNESSED_PATH
from audit.sources.tree import tile_of
from audit.tiles import Tile

_AT_ONCE: Final = 256 * 1024
"""Bytes that are handed on together."""


def archive(
    checkpoint: bytes, witnessed: bytes | None, verifier_keys: str, tile: Callable[[str], bytes]
) -> Iterator[bytes]:
    """The archive in pieces; `tile` gives a tile of the log by its path (`Log.tile`), as far as `checkpoint` goes.

    What `witnessed` covers must not be more than that.
    """
    piece = bytearray()
    for path, content in _files(checkpoint, witnessed, verifier_keys, tile):
        piece += _member(path, content)
        if len(piece) >= _AT_ONCE:
            yield bytes(piece)
            piece.clear()
    yield bytes(piece) + bytes(2 * tarfile.BLOCKSIZE)


def _files(
    checkpoint: bytes, witnessed: bytes | None, verifier_keys: str, tile: Callable[[str], bytes]
) -> Iterator[tuple[str, bytes]]:
    yield VERIFIER_KEY_PATH, verifier_keys.encode()
    if witnessed is not None:
        yield WITNESSED_PATH, witnessed
    size, level = parse_checkpoint(checkpoint).size, 0
    while size >> 8 * level:
        for index in range(tile_count(level, size)):
            path_tile = tile_of(level, index, size)
            yield path_tile.path(), tile(path_tile.path())
            if level == 0:
                bundle = Tile(None, index, path_tile.width).path()
                yield bundle, tile(bundle)
        level += 1
    yield CHECKPOINT_PATH, checkpoint


def _member(path: str, content: bytes) -> bytes:
    """A header and a content that fills whole blocks (POSIX.1-2017, pax, ustar Interchange Format)."""
    info = tarfile.TarInfo(path)
    info.size = len(content)
    return info.tobuf(tarfile.USTAR_FORMAT) + content + bytes(-len(content) % tarfile.BLOCKSIZE)
