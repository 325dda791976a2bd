"""A log in a gateway's SQLite file, read in one unchanging view beside the gateway."""

import contextlib
from pathlib import Path
from typing import Any

from audit.audit_errors import NotInLog, TileInvalid, Unreadable
from audit.log_folder import DATABASE_FILE, VERIFIER_KEY_FILE, open_snapshot
from audit.merkle import HASH_BYTES
from audit.schema import FAILURES
from audit.sources.source import WITNESSED_PATH, missing
from audit.tiles import WIDTH, Tile, encode_bundle


class DatabaseSource:
    """Reads the tables `events`, `hashes` and `checkpoints`; `path` is the data folder, or the file in it."""

    at_once = 1

    def __init__(self, path: Path) -> None:
        self._folder, file = (path.parent, path) if path.is_file() else (path, path / DATABASE_FILE)
        self._stack = contextlib.ExitStack()
        self._connection = self._stack.enter_context(open_snapshot(file))

    @property
    def name(self) -> str:
        """The folder."""
        return str(self._folder)

    def checkpoint(self) -> bytes:
        """The newest checkpoint in the database."""
        rows = self._rows("SELECT CAST(note AS BLOB) FROM checkpoints ORDER BY size DESC LIMIT 1")
        if not rows or not isinstance(rows[0][0], bytes):
            raise Unreadable("the database holds no checkpoint; restore it from a backup")
        return rows[0][0]

    def witnessed(self) -> bytes | None:
        """The file `witnessed` beside the database."""
        return self._read(WITNESSED_PATH)

    def verifier_keys(self) -> str | None:
        """The file `log.vkey` beside the database."""
        keys = self._read(VERIFIER_KEY_FILE)
        return None if keys is None else keys.decode("utf-8", "replace")

    def tile(self, tile: Tile) -> bytes:
        """A tile or a bundle, made of the tables' rows."""
        first = tile.index * WIDTH
        if tile.level is None:
            entries = self._column(
                "SELECT CAST(event AS BLOB) FROM events WHERE idx >= ? AND idx < ? ORDER BY idx",
                first,
                first + tile.width,
            )
            return encode_bundle(self._all(entries, tile))
        step = 1 << 8 * tile.level
        places = [(first + i + 1) * step - 1 for i in range(tile.width)]
        if places[-1] >= 2**63:
            raise missing(tile)
        if tile.level == 0:
            where, values = "idx >= ? AND idx <= ?", [places[0], places[-1]]
        else:
            where, values = f"idx IN ({', '.join('?' * len(places))})", places
        hashes = self._column(
            f"SELECT substr(CAST(nodes AS BLOB), ?, ?) FROM hashes WHERE {where} ORDER BY idx",  # noqa: S608 - only question marks
            HASH_BYTES * 8 * tile.level + 1,
            HASH_BYTES,
            *values,
        )
        return b"".join(self._all(hashes, tile))

    def close(self) -> None:
        """Close the view."""
        self._stack.close()

    def _all(self, rows: list[Any], tile: Tile) -> list[bytes]:
        if len(rows) != tile.width:
            raise missing(tile)
        if not all(isinstance(item, bytes) for item in rows):
            raise NotInLog(f"{tile.path()} is damaged")
        return rows

    def _column(self, query: str, *values: int) -> list[Any]:
        return [row[0] for row in self._rows(query, *values)]

    def _rows(self, query: str, *values: int) -> list[Any]:
        try:
            return self._connection.execute(query, values).fetchall()
        except FAILURES as error:
            kind = getattr(error, "sqlite_errorname", type(error).__name__)
            raise TileInvalid(f"the database can't be read there ({kind})") from None

    def _read(self, name: str) -> bytes | None:
        try:
            return (self._folder / name).read_bytes()
        except OSError:
            return None
