"""Two checkpoints that one honest log can't have signed both, kept as evidence that anyone can check.

The evidence is a folder with both signed notes as they were served, and `evidence.json`, which says what they
show. For two sizes it holds a consistency proof (RFC 6962 section 2.1.2): it proves that the newer tree begins
with another root than the one that was signed before.
"""

import json
import os
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from audit.audit_errors import AuditError
from audit.checkpoint import Checkpoint

FORMAT: Final = "countersign-evidence/v1"


class Contradiction(AuditError):
    """The log contradicts what it signed before; the text names both checkpoints."""

    kind = ""

    def __init__(self, evidence: "ForkEvidence") -> None:
        super().__init__(evidence.words())
        self.evidence = evidence


class Fork(Contradiction):
    """Two signed checkpoints of one log do not continue each other."""

    kind = "fork"


class RolledBack(Contradiction):
    """The log serves a checkpoint that is older than one that it served before."""

    kind = "roll-back"


@dataclass(frozen=True)
class ForkEvidence:
    """Both notes, what they say, and for two sizes the proof that ties the newer one to another past.

    `prefix` is the root that the newer tree has at the older size.
    """

    kind: str
    seen_note: bytes
    seen: Checkpoint
    served_note: bytes
    served: Checkpoint
    prefix: bytes | None = None
    proof: Sequence[bytes] = ()

    def words(self) -> str:
        """What happened, for a person at the terminal."""
        if self.kind == RolledBack.kind:
            return (
                f"the log was rolled back: it serves {self.served}, but it had signed and served {self.seen}"
                " before; keep both, and ask its operator for the events in between"
            )
        return (
            f"the log was forked: it signed {self.seen}, and now serves {self.served}, which does not continue it;"
            " both signatures hold, so the two notes prove the fork; keep them, and tell the other witnesses"
        )

    def write(self, folder: Path) -> Path:
        """Write the evidence to a new folder inside `folder`; gives the new folder."""
        place = folder / f"{self.kind}-{self.seen.size}-{self.served.size}-{_hour()}"
        number = 1
        while True:
            try:
                place.mkdir(parents=True)
                break
            except FileExistsError:
                number += 1
                place = place.with_name(f"{place.name.split('.')[0]}.{number}")
        for name, content in self._files().items():
            with (place / name).open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        return place

    def _files(self) -> dict[str, bytes]:
        document = {
            "format": FORMAT,
            "kind": self.kind,
            "origin": self.seen.origin,
            "what": self.words(),
            "seen": _described(self.seen, "checkpoint.seen"),
            "served": _described(self.served, "checkpoint.served"),
            "proof": None
            if self.prefix is None
            else {
                "what": "the tree of the larger size begins with this root at the smaller size"
                " (RFC 6962 section 2.1.2)",
                "root_at_smaller_size": b64encode(self.prefix).decode(),
                "consistency": [b64encode(node).decode() for node in self.proof],
            },
        }
        return {
            "checkpoint.seen": self.seen_note,
            "checkpoint.served": self.served_note,
            "evidence.json": (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode(),
        }


def _described(checkpoint: Checkpoint, file: str) -> dict[str, object]:
    return {"file": file, "size": checkpoint.size, "root": b64encode(checkpoint.root).decode()}


def _hour() -> str:
    return datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
