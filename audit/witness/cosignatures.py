"""Which witnesses cosigned a checkpoint, and when (C2SP tlog-cosignature)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from audit import cosignature
from audit.checkpoint import Checkpoint, open_checkpoint
from audit.note import Verifier


@dataclass(frozen=True)
class ValidCosignature:
    """A witness whose cosignature holds; `time` in POSIX seconds, the latest if it signed with several keys."""

    name: str
    time: int

    def __str__(self) -> str:
        """As reports name it."""
        return f"{self.name} at {spoken(self.time)}"


def cosigned(
    note: bytes, log: Sequence[Verifier], witnesses: Sequence[Verifier]
) -> tuple[Checkpoint, list[ValidCosignature]]:
    """The checkpoint of a note that the log signed, and the witnesses that cosigned it; each counts once.

    Raises `NoteInvalid` if the log did not sign it, or a signature by a trusted key does not hold.
    """
    checkpoint, opened = open_checkpoint(note, [*log, *witnesses], log[0].name)
    kinds = {(key.name, key.key_id): key.kind for key in witnesses}
    times: dict[str, int] = {}
    for signature in opened.verified:
        kind = kinds.get((signature.name, signature.key_id))
        if kind is not None:
            time, _ = cosignature.split(signature.field, kind)
            times[signature.name] = max(time, times.get(signature.name, 0))
    return checkpoint, [ValidCosignature(name, time) for name, time in sorted(times.items())]


def spoken(time: int) -> str:
    """A time as people read it."""
    try:
        return datetime.fromtimestamp(time, UTC).strftime("%-d %B %Y, %H:%M:%S UTC")
    except (ValueError, OverflowError, OSError):
        return f"{time} seconds after 1970"
