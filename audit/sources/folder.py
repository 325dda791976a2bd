"""A log as static files: a mirror, or an export that a web server publishes (C2SP tlog-tiles)."""

from dataclasses import replace
from pathlib import Path

from audit.audit_errors import Unreadable
from audit.sources.source import CHECKPOINT_PATH, VERIFIER_KEY_PATH, WITNESSED_PATH, cut, missing
from audit.tiles import WIDTH, Tile

MAX_BYTES = WIDTH * (2 + 65_535)
"""Of the largest bundle: 256 entries with their lengths."""


class FolderSource:
    """Reads the files below `folder`."""

    at_once = 1

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def name(self) -> str:
        """The folder."""
        return str(self._folder)

    def checkpoint(self) -> bytes:
        """The file `checkpoint`."""
        note = self._read(CHECKPOINT_PATH)
        if note is None:
            raise Unreadable(
                f"there is no file {CHECKPOINT_PATH} in this folder; name a data folder, a mirror or an export"
            )
        return note

    def witnessed(self) -> bytes | None:
        """The file `witnessed`."""
        return self._read(WITNESSED_PATH)

    def verifier_keys(self) -> str | None:
        """The file `log.vkey`."""
        keys = self._read(VERIFIER_KEY_PATH)
        return None if keys is None else keys.decode("utf-8", "replace")

    def tile(self, tile: Tile) -> bytes:
        """A tile's file, or what is left of it in the full tile's."""
        content = self._read(tile.path())
        if content is None and tile.width < WIDTH:
            full = self._read(replace(tile, width=WIDTH).path())
            content = None if full is None else cut(full, tile)
        if content is None:
            raise missing(tile)
        return content

    def close(self) -> None:
        """Nothing is open."""

    def _read(self, path: str) -> bytes | None:
        try:
            with (self._folder / path).open("rb") as file:
                return file.read(MAX_BYTES + 1)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise Unreadable(f"{path} can't be read ({type(error).__name__})") from None
