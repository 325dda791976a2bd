"""A log's entries from end to end, whatever kind of source they lie in."""

from collections.abc import Iterator

from audit.audit_errors import NotInLog, TileInvalid, Unreadable
from audit.entry_blocks import BLOCK
from audit.sources.source import Source
from audit.tiles import Tile, decode_bundle


def entries(source: Source, size: int) -> Iterator[tuple[int, list[bytes]]]:
    """All entries of a log, a bundle at a time with the index of its first; `Unreadable` if one is missing."""
    for start in range(0, size, BLOCK):
        width = min(BLOCK, size - start)
        bundle = Tile(None, start // BLOCK, width)
        try:
            yield start, decode_bundle(source.tile(bundle), width)
        except (NotInLog, TileInvalid) as error:
            raise Unreadable(f"{error}; run verify to see what else is wrong") from None
