"""The newest checkpoint outside the database: a file that shows when an older copy was put in its place."""

import os
from pathlib import Path


class CheckpointFile:
    """The checkpoint file at `path`, or with None no file at all."""

    def __init__(self, path: Path | None) -> None:
        self._path = path

    @property
    def name(self) -> str:
        """The file's name, for errors."""
        return "(none)" if self._path is None else self._path.name

    @property
    def expected(self) -> bool:
        """Whether there should be a file."""
        return self._path is not None

    def read(self) -> bytes | None:
        """The note in the file, or None if there is no file."""
        try:
            return None if self._path is None else self._path.read_bytes()
        except FileNotFoundError:
            return None

    def keep(self, note: bytes) -> None:
        """Replace the file by one with `note`, on the disk when this returns; it never holds half a note."""
        if self._path is None:
            return
        beside = self._path.with_name(self._path.name + ".new")
        with beside.open("wb") as file:
            file.write(note)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._path)
        sync_path(self._path.parent)


def sync_path(path: Path) -> None:
    """Put a file, or a folder's names, on the disk."""
    # Windows opens no folders; there the file itself must do.
    if os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
