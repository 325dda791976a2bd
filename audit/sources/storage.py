"""A log in a database of somebody else's kind, read through its `Storage` beside the gateways that write it."""

from pathlib import Path

from audit.checkpoint import parse_checkpoint
from audit.errors import LogUnavailable, Unreadable
from audit.evidence import VERIFIER_KEY_FILE
from audit.reading import Reader
from audit.sources.source import WITNESSED_PATH
from audit.store import Storage
from audit.tiles import Tile


class StorageSource:
    """Reads tiles as far as the checkpoint that it gave; the keys lie in a gateway's data folder, `folder`."""

    at_once = 1

    def __init__(self, storage: Storage, folder: Path) -> None:
        self._folder = folder
        self._size = 0
        self._reader = Reader(storage, lambda: self._size)

    @property
    def name(self) -> str:
        """The folder."""
        return str(self._folder)

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

    def witnessed(self) -> bytes | None:
        """The file `witnessed` in the folder."""
        return self._read(WITNESSED_PATH)

    def verifier_keys(self) -> str | None:
        """The file `log.vkey` in the folder."""
        found = self._read(VERIFIER_KEY_FILE)
        return None if found is None else found.decode("utf-8", "replace")

    def tile(self, tile: Tile) -> bytes:
        """A tile or a bundle, made of the database's rows."""
        return self._reader.tile(tile.path())

    def close(self) -> None:
        """Nothing is held open."""

    def _read(self, name: str) -> bytes | None:
        try:
            return (self._folder / name).read_bytes()
        except OSError:
            return None
