"""The append-only log: events in one order, under signed checkpoints, that anyone entitled can verify alone.

    log = Log.open(database, signer, checkpoint_file=path)
    committed = log.submit(lambda transaction: transaction.append({"type": "policy.loaded", ...})).result()

`Log` writes: commands run in the writer's transaction, many in one commit, and are answered once it is on the
disk. The formats (`audit.events`, `audit.merkle`, `audit.note`, `audit.checkpoint`, `audit.cosignature`,
`audit.tiles`) are what someone else must be able to read in twenty years. This package needs the standard
library and `cryptography`, and imports nothing of the gateway.
"""

from audit.commitments import commit, opens
from audit.errors import (
    AuditError,
    EventInvalid,
    ForkRefused,
    FormatInvalid,
    LogDamaged,
    LogFull,
    LogInUse,
    LogUnavailable,
    NoteInvalid,
    NotInLog,
    StartRefused,
    TileInvalid,
    Unreadable,
)
from audit.events import decode_event
from audit.log import Log
from audit.signer import Signer
from audit.transaction import Command, Committed, Transaction

__all__ = [
    "AuditError",
    "Command",
    "Committed",
    "EventInvalid",
    "ForkRefused",
    "FormatInvalid",
    "Log",
    "LogDamaged",
    "LogFull",
    "LogInUse",
    "LogUnavailable",
    "NotInLog",
    "NoteInvalid",
    "Signer",
    "StartRefused",
    "TileInvalid",
    "Transaction",
    "Unreadable",
    "commit",
    "decode_event",
    "opens",
]
