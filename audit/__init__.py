"""The append-only log: events in one order, under signed checkpoints, that anyone entitled can verify alone.

    log = Log.open(database, signer, checkpoint_file=path)
    committed = log.submit(lambda transaction: transaction.append({"type": "policy.loaded", ...})).result()

`Log` writes: commands run in the writer's transaction, many in one commit, and are answered once it is on the
disk. The formats (`audit.events`, `audit.merkle`, `audit.note`, `audit.checkpoint`, `audit.cosignature`,
`audit.tiles`) are what someone else must be able to read in twenty years. This package needs the standard
library and `cryptography`, and imports nothing of the gateway.
"""

from audit.audit_errors import (
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
    SignatureInvalid,
    StartRefused,
    TileInvalid,
    Unreadable,
)
from audit.checking import verify_directory
from audit.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint
from audit.checkpoint_file import CheckpointFile, sync_path
from audit.cli import main
from audit.commitments import commit, opens
from audit.event_times import later, now_text, seconds_between, time_text
from audit.events import MAX_INTEGER, decode_event
from audit.log import Log
from audit.log_folder import CHECKPOINT_FILE, DATABASE_FILE, KEY_FILE, VERIFIER_KEY_FILE
from audit.merkle import leaf_hash, verify_consistency, verify_inclusion
from audit.mirror import archive as archive_log
from audit.note import Verifier
from audit.passkeys import ALGORITHMS as PASSKEY_ALGORITHMS
from audit.passkeys import APPROVALS as PASSKEY_APPROVALS
from audit.passkeys import (
    Passkey,
    approval_to_sign,
    challenge_of,
    decision_to_sign,
    passkey_to_sign,
    verify_signature,
)
from audit.proofs import DecisionProof, ProvenEvent, TlogProof, describe_event, describe_signature, signers
from audit.proofs import ProofReport as CheckedDecision
from audit.proofs import check as check_decision
from audit.proofs import encode_file as encode_decision
from audit.proofs import explain as explain_decision
from audit.proofs.disclosure import seal as seal_disclosure
from audit.report import Finding, Report
from audit.schema import log_schema
from audit.signer import Signer
from audit.sqlite import Lock, SQLiteFile
from audit.store import Connection, Storage
from audit.transaction import Command, CommitResult, Transaction
from audit.witness import ValidCosignature, cosigned
from audit.witness.request import encode_request as encode_witness_request

__all__ = [
    "CHECKPOINT_FILE",
    "DATABASE_FILE",
    "KEY_FILE",
    "MAX_INTEGER",
    "PASSKEY_ALGORITHMS",
    "PASSKEY_APPROVALS",
    "VERIFIER_KEY_FILE",
    "AuditError",
    "CheckedDecision",
    "Checkpoint",
    "CheckpointFile",
    "Command",
    "CommitResult",
    "Connection",
    "DecisionProof",
    "EventInvalid",
    "Finding",
    "ForkRefused",
    "FormatInvalid",
    "Lock",
    "Log",
    "LogDamaged",
    "LogFull",
    "LogInUse",
    "LogUnavailable",
    "NotInLog",
    "NoteInvalid",
    "Passkey",
    "ProvenEvent",
    "Report",
    "SQLiteFile",
    "SignatureInvalid",
    "Signer",
    "StartRefused",
    "Storage",
    "TileInvalid",
    "TlogProof",
    "Transaction",
    "Unreadable",
    "ValidCosignature",
    "Verifier",
    "approval_to_sign",
    "archive_log",
    "challenge_of",
    "check_decision",
    "commit",
    "cosigned",
    "decision_to_sign",
    "decode_event",
    "describe_event",
    "describe_signature",
    "encode_decision",
    "encode_witness_request",
    "explain_decision",
    "later",
    "leaf_hash",
    "log_schema",
    "main",
    "now_text",
    "open_checkpoint",
    "opens",
    "parse_checkpoint",
    "passkey_to_sign",
    "seal_disclosure",
    "seconds_between",
    "signers",
    "sync_path",
    "time_text",
    "verify_consistency",
    "verify_directory",
    "verify_inclusion",
    "verify_signature",
]
