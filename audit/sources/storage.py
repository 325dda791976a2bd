"""A log in a database of somebody else's kind, read through its `Storage` beside the gateways that write it."""

from pathlib import Path

from audit.audit_errors import LogUnavailable, Unreadable
from audit.checkpoint import parse_checkpoint
from audit.log_reader import Reader
from audit.sources.folder import FolderSource
from audit.store import Storage
from audit.tiles import Tile


class StorageSource(FolderSource):
    """Reads tiles as far as the checkpoint that it gave; what lies beside a log is in a gateway's data folder."""

    def __init__(self, storage: Storage, folder: Path) -> None:
        super().__init__(folder)
        self._size = 0
        self._reader = Reader(storage, lambda: self._size)

    def checkpoint(self) -> bytes:
        """The newest checkpoint in the database."""
        try:
            note = self._reader.newest_checkpoint()
        except LogUnavailable as error:
            raise Unreadable(str(error)) from None
        if note is None:
            raise Unreadable("the database holds no checkpoint yet; start a gateway on it")
        self._size = parse_checkpoint(note).size
        return note

    def tile(self, tile: Tile) -> bytes:
        """A tile or a bundle, made of the database's rows."""
        return self._reader.tile(tile.path())
