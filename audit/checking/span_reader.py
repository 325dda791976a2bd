"""Reading one span of a log from its bundles and level-0 tiles."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field

from audit.audit_errors import NotInLog, TileInvalid
from audit.entry_blocks import BLOCK, block_root, faults, leaf_hashes, read_block
from audit.sources import Source, open_source
from audit.sources.tree import TileDamaged, read_tile
from audit.tiles import Tile, decode_bundle


@dataclass(frozen=True)
class SpanTask:
    """Events `start` to `end - 1` of the log at `where`."""

    where: str
    token: str | None
    start: int
    end: int
    any_entries: bool


@dataclass(frozen=True)
class Gap:
    """A block whose bundle and level-0 tile do not say the same, or of which one can't be read.

    `leaves` are hashed from the bundle, `recorded` are the tile's; `bundle` and `tile` say what is wrong with each.
    """

    block: int
    width: int
    leaves: list[bytes] | None
    recorded: list[bytes] | None
    bundle: str | None
    tile: str | None


@dataclass
class SpanRead:
    """The content of a span; a root is empty if it could not be computed."""

    first: int
    count: int
    roots: list[bytes] = field(default_factory=list)
    last: list[bytes] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    contents: list[tuple[int, str]] = field(default_factory=list)
    missing: bool = False
    first_time: str = ""
    last_time: str = ""


def read_span(task: SpanTask) -> SpanRead:
    """Read the span from a source of its own."""
    result = SpanRead(task.start, task.end - task.start)
    with closing(open_source(task.where, task.token)) as source:
        for block, width, bundle, tile in _fetched(source, task):
            _take(result, task, block, width, bundle, tile)
    return result


def _fetched(
    source: Source, task: SpanTask
) -> Iterator[tuple[int, int, list[bytes] | str, list[bytes] | str]]:
    """Each block's entries and recorded hashes, or what is wrong with them; over the web, some at once."""

    def fetch(start: int) -> tuple[int, int, list[bytes] | str, list[bytes] | str]:
        block, width = start // BLOCK, min(BLOCK, task.end - start)
        return block, width, _entries(source, block, width), _recorded(source, block, width)

    starts = range(task.start, task.end, BLOCK)
    if source.at_once == 1:
        yield from map(fetch, starts)
        return
    with ThreadPoolExecutor(source.at_once) as pool:
        yield from pool.map(fetch, starts)


def _entries(source: Source, block: int, width: int) -> list[bytes] | str:
    try:
        return decode_bundle(source.tile(Tile(None, block, width)), width)
    except NotInLog:
        return "is missing"
    except TileInvalid as error:
        return f"can't be read: {error}"


def _recorded(source: Source, block: int, width: int) -> list[bytes] | str:
    try:
        return read_tile(source, Tile(0, block, width))
    except TileDamaged as error:
        return error.what


def _take(
    result: SpanRead,
    task: SpanTask,
    block: int,
    width: int,
    bundle: list[bytes] | str,
    tile: list[bytes] | str,
) -> None:
    leaves: list[bytes] | None = None
    if isinstance(bundle, str):
        result.missing = True
    else:
        leaves = leaf_hashes(bundle)
        if not task.any_entries:
            _read_contents(result, block, bundle)
    if leaves is None or leaves != tile:
        result.gaps.append(
            Gap(
                block,
                width,
                leaves,
                None if isinstance(tile, str) else tile,
                bundle if isinstance(bundle, str) else None,
                tile if isinstance(tile, str) else None,
            )
        )
    if width == BLOCK:
        result.roots.append(block_root(leaves) if leaves else b"")
    else:
        result.last = leaves or []


def _read_contents(result: SpanRead, block: int, entries: list[bytes]) -> None:
    read = read_block(entries)
    if read is not None and read.first_time >= result.last_time:
        result.first_time = result.first_time or read.first_time
        result.last_time = read.last_time
        return
    for index, entry in enumerate(entries, block * BLOCK):
        fault, time = faults(entry, result.last_time)
        if fault is None:
            result.first_time = result.first_time or time
        else:
            result.contents.append((index, fault))
        result.last_time = time
