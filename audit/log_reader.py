"""Reading a log beside its writer: events, proofs and tiles, on connections that wait for nobody."""

from collections.abc import Callable

from audit import merkle, tiles
from audit.audit_errors import NotInLog
from audit.store import Storage


class Reader:
    """Reads what commits have stored; `size` gives the number of events that signed checkpoints cover.

    Usable from many threads at once; each call borrows a connection.
    """

    def __init__(self, storage: Storage, size: Callable[[], int]) -> None:
        self._storage = storage
        self._size = size

    def newest_checkpoint(self) -> bytes | None:
        """The signed checkpoint of the largest size, no matter who signed it."""
        with self._storage.snapshot() as view:
            return view.newest_checkpoint()

    def events(self, start: int, end: int) -> list[bytes]:
        """The canonical bytes of events `start` to `end - 1`."""
        size = self._size()
        if not 0 <= start <= end <= size:
            raise NotInLog(f"the log has {size} events; ask for a range within them")
        with self._storage.snapshot() as view:
            return view.events(start, end)

    def inclusion_proof(self, index: int, size: int) -> list[bytes]:
        """RFC 6962 section 2.1.1: that event `index` is in the log of `size` events."""
        newest = self._size()
        if not 0 <= index < size <= newest:
            raise NotInLog(f"the log has {newest} events; ask for index < size <= {newest}")
        return self._proof(lambda node: merkle.inclusion_proof(index, size, node))

    def consistency_proof(self, old: int, size: int) -> list[bytes]:
        """RFC 6962 section 2.1.2: that the log of `size` events begins with the log of `old` events."""
        newest = self._size()
        if not 0 <= old <= size <= newest:
            raise NotInLog(f"the log has {newest} events; ask for old <= size <= {newest}")
        return self._proof(lambda node: merkle.consistency_proof(old, size, node))

    def tile(self, path: str) -> bytes:
        """The tile or entry bundle at `path` (C2SP tlog-tiles): `tile/0/000`, `tile/entries/000.p/3`."""
        tile = tiles.parse_path(path)
        if not tile.within(size := self._size()):
            raise NotInLog(f"the log has {size} events, which do not fill this tile")
        first = tile.index * tiles.WIDTH
        with self._storage.snapshot() as view:
            if tile.level is None:
                return tiles.encode_bundle(view.events(first, first + tile.width))
            return b"".join(view.nodes([(8 * tile.level, first + i) for i in range(tile.width)]))

    def _proof(self, prove: Callable[[merkle.Nodes], list[bytes]]) -> list[bytes]:
        """The result of `prove` over the tree's nodes. `prove` runs twice: first to list the nodes that it needs, so
        that one query reads them all.
        """
        places: list[tuple[int, int]] = []

        def want(level: int, index: int) -> bytes:
            places.append((level, index))
            return bytes(merkle.HASH_BYTES)

        prove(want)
        with self._storage.snapshot() as view:
            hashes = dict(zip(places, view.nodes(places), strict=True))
        return prove(lambda level, index: hashes[level, index])
