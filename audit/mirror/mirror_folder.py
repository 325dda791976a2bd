"""The log as static files, written so that nothing unfinished ever stands under a name that somebody reads.

Each file is written beside its place and renamed into it; the checkpoint comes last, after everything that it
covers is on the disk. A partial tile stands under its own name only (C2SP tlog-tiles, Partial Tiles), never
under the full tile's, and is removed once the full one is there.
"""

import os
import shutil
import sqlite3
from pathlib import Path
from typing import Final

from audit.audit_errors import LogInUse, Unreadable
from audit.sources import CHECKPOINT_PATH, VERIFIER_KEY_PATH, WITNESSED_PATH
from audit.tiles import WIDTH, Tile

_LOCK: Final = ".lock"
_FRESH: Final = ".new"


class Tree:
    """The files of a log in `folder`, written by one process at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._unsynced: list[Path] = []
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = _locked(folder / _LOCK)
        except OSError as error:
            raise Unreadable(
                f"{folder} can't be written ({type(error).__name__}); name another folder"
            ) from None

    def checkpoint(self) -> bytes | None:
        """The newest checkpoint that this folder follows; everything below it is here."""
        return self._read(CHECKPOINT_PATH)

    def witnessed(self) -> bytes | None:
        """The newest cosigned checkpoint that was kept."""
        return self._read(WITNESSED_PATH)

    def tile(self, tile: Tile) -> bytes | None:
        """A tile's content, if it is here."""
        return self._read(tile.path())

    def put(self, tile: Tile, content: bytes) -> None:
        """Keep a tile or a bundle."""
        self._put(tile.path(), content)

    def keep_keys(self, verifier_keys: str) -> None:
        """Keep the log's verifier keys beside it, one a line."""
        if self._read(VERIFIER_KEY_PATH) != verifier_keys.encode():
            self._put(VERIFIER_KEY_PATH, verifier_keys.encode())

    def keep(self, checkpoint: bytes, witnessed: bytes | None) -> None:
        """The last step: sync all that was written, then replace the checkpoint."""
        self._sync()
        if witnessed is not None:
            self._put(WITNESSED_PATH, witnessed)
        self._put(CHECKPOINT_PATH, checkpoint)
        self._sync()

    def remove_partials(self, tile: Tile) -> None:
        """Remove the partial forms of a tile that is here in full, and on the disk."""
        shutil.rmtree(self.folder / f"{Tile(tile.level, tile.index).path()}.p", ignore_errors=True)

    def close(self) -> None:
        """Let another process write here."""
        self._lock.close()

    def _read(self, path: str) -> bytes | None:
        try:
            return (self.folder / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise Unreadable(f"{self.folder / path} can't be read ({type(error).__name__})") from None

    def _put(self, path: str, content: bytes) -> None:
        place = self.folder / path
        fresh = place.with_name(place.name + _FRESH)
        try:
            try:
                file = fresh.open("wb")
            except FileNotFoundError:
                place.parent.mkdir(parents=True, exist_ok=True)
                file = fresh.open("wb")
            with file:
                file.write(content)
                file.flush()
                if path == CHECKPOINT_PATH:
                    os.fsync(file.fileno())
            fresh.replace(place)
        except OSError as error:
            raise Unreadable(
                f"{place} can't be written ({type(error).__name__}); check the folder's permissions and space"
            ) from None
        self._unsynced.append(place)

    def _sync(self) -> None:
        """Put on the disk what was written since the last time, names included."""
        for place in [*self._unsynced, *sorted({place.parent for place in self._unsynced})]:
            if os.name == "nt" and place.is_dir():
                continue
            handle = os.open(place, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
        self._unsynced = []


def _locked(path: Path) -> sqlite3.Connection:
    """A lock that ends with this process, on every system that SQLite runs on."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=0, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = MEMORY")
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error as error:
        connection.close()
        if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY:
            raise LogInUse(f"another process writes to {path.parent}; wait for it, or end it") from None
        raise Unreadable(
            f"{path.parent} can't be locked; check its permissions, and that it is on a local disk"
        ) from None
    return connection


def tile_count(level: int | None, size: int) -> int:
    """How many tiles of a level a log of `size` has, the partial one too."""
    return -(-(size >> 8 * (level or 0)) // WIDTH)
