"""A log as one file, as a gateway's page gives it out (`audit.mirror.log_archive`). Nothing is unpacked."""

import tarfile
from pathlib import Path
from typing import Final

from audit.audit_errors import Unreadable
from audit.sources.folder import MAX_BYTES, FolderSource
from audit.sources.source import CHECKPOINT_PATH

_MAGIC: Final = (257, b"ustar")
"""POSIX.1-2017, pax, ustar Interchange Format."""


def is_archive(path: Path) -> bool:
    """Whether the file is a tar archive."""
    start, magic = _MAGIC
    with path.open("rb") as file:
        return file.read(start + len(magic))[start:] == magic


class ArchiveSource(FolderSource):
    """Reads the files inside the archive at `path`, each where it lies."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        try:
            self._file = path.open("rb")
            with tarfile.open(path, "r:") as members:
                self._places = {
                    member.name: (member.offset_data, member.size)
                    for member in members
                    if member.type == tarfile.REGTYPE
                }
        except (OSError, tarfile.TarError):
            raise Unreadable(f"{path}: this archive was cut short or changed; download it again") from None

    def checkpoint(self) -> bytes:
        """The file `checkpoint`, the last of the archive."""
        note = self._read(CHECKPOINT_PATH)
        if note is None:
            raise Unreadable(
                f"this archive has no {CHECKPOINT_PATH}, which comes last: it was cut short; download it again"
            )
        return note

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _read(self, path: str) -> bytes | None:
        place = self._places.get(path)
        if place is None:
            return None
        self._file.seek(place[0])
        return self._file.read(min(place[1], MAX_BYTES + 1))
