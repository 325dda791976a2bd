"""What every place gives that a log can be read from."""

from typing import Final, Protocol

from audit.audit_errors import NotInLog
from audit.tiles import Tile, decode_bundle, encode_bundle

CHECKPOINT_PATH: Final = "checkpoint"
"""C2SP tlog-tiles, Checkpoints."""
WITNESSED_PATH: Final = "witnessed"
"""The newest checkpoint that as many witnesses cosigned as the log's policy asks for; a path of our own."""
VERIFIER_KEY_PATH: Final = "log.vkey"
"""The log's verifier keys, one a line; a path of our own, and no proof of whose keys they are."""


class Source(Protocol):
    """A log's resources by their paths below its prefix (C2SP tlog-tiles)."""

    @property
    def name(self) -> str:
        """How messages call this place."""

    @property
    def at_once(self) -> int:
        """How many requests are best under way together."""

    def checkpoint(self) -> bytes:
        """The newest signed checkpoint; `Unreadable` if there is none."""

    def witnessed(self) -> bytes | None:
        """The newest checkpoint with its cosignatures, if there is one."""

    def verifier_keys(self) -> str | None:
        """The keys that lie beside the log, one a line, if there are any."""

    def tile(self, tile: Tile) -> bytes:
        """A tile or an entry bundle; `NotInLog` if it isn't there."""

    def close(self) -> None:
        """Let go of what is open."""


def cut(full: bytes, tile: Tile) -> bytes:
    """The partial `tile` out of the full one (C2SP tlog-tiles, Partial Tiles: once full, partials may go)."""
    if tile.level is not None:
        return full[: 32 * tile.width]
    return encode_bundle(decode_bundle(full, 256)[: tile.width])


def missing(tile: Tile) -> NotInLog:
    """The error for a tile that isn't there."""
    return NotInLog(f"{tile.path()} is missing")
