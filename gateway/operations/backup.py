"""A copy of a gateway's record, made beside the running gateway, and putting it back where nothing newer was signed.

A backup is a folder: the database (`countersign.db`, or `database.dump` of PostgreSQL), `log.vkey`, `checkpoint`,
`witnessed` if there is one, and `backup.json` with the SHA-256 of each. Neither the log's key nor a master key is in
it: who had one beside the record could go on writing it, or read all of it.

It is written under another name, verified, and renamed once it is on the disk: what has its name is whole. A restore
puts the database in its place last, and does nothing where there is one.
"""

import hashlib
import json
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from audit import (
    CHECKPOINT_FILE,
    DATABASE_FILE,
    KEY_FILE,
    VERIFIER_KEY_FILE,
    Checkpoint,
    CheckpointFile,
    NoteInvalid,
    Signer,
    now_text,
    open_checkpoint,
    parse_checkpoint,
    sync_path,
    verify_directory,
)
from gateway import VERSION
from gateway.errors import ExplainedError
from gateway.storage import SCHEMA_HEAD, Database, DatabaseUnfit

MANIFEST: Final = "backup.json"
_BESIDE: Final = (CHECKPOINT_FILE, VERIFIER_KEY_FILE, "witnessed")


class BackupRefused(ExplainedError):
    """The backup can't be made or put back; the message says why, and what to do."""


@dataclass(frozen=True)
class Backup:
    """A backup and the log that it holds."""

    folder: Path
    checkpoint: Checkpoint
    note: bytes
    """The checkpoint as it is signed."""
    made_at: str


def make_backup(database: Database, data: Path, folder: Path) -> Backup:
    """Copy the record as it is at one moment into the new folder `folder`, and verify the copy."""
    if folder.exists():
        raise BackupRefused(f"{folder} is there already; name a new folder")
    for name in (CHECKPOINT_FILE, VERIFIER_KEY_FILE):
        if not (data / name).is_file():
            raise BackupRefused(f"{data / name} is missing; name the data folder of a gateway with --data")
    partial = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)  # of a backup that was interrupted
    partial.mkdir(parents=True, mode=0o700)
    try:
        return _written(database, data, partial, folder)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def _written(database: Database, data: Path, partial: Path, folder: Path) -> Backup:
    for name in _BESIDE:  # the checkpoint before the database, so that the copy covers it
        if (data / name).is_file():
            shutil.copyfile(data / name, partial / name)
    with database.backed_up(partial) as copy:
        note = _newest_note(copy / DATABASE_FILE)
        _verify(copy)
    (partial / CHECKPOINT_FILE).write_bytes(note)
    files = sorted(path for path in partial.iterdir() if path.is_file())
    made_at, checkpoint = now_text(), parse_checkpoint(note)
    manifest = {
        "countersign": VERSION,
        "schema": SCHEMA_HEAD,
        "made_at": made_at,
        "log": checkpoint.origin,
        "events": checkpoint.size,
        "files": {file.name: _sha256(file) for file in files},
    }
    (partial / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")
    for path in (*files, partial / MANIFEST, partial):
        sync_path(path)
    partial.rename(folder)
    sync_path(folder.parent)
    return Backup(folder, checkpoint, note, made_at)


def read_backup(folder: Path) -> Backup:
    """The backup in `folder`; `BackupRefused` if a file of it is missing or was changed."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
        files: dict[str, str] = manifest["files"]
        changed = [name for name, hashed in files.items() if _sha256(folder / name) != hashed]
        note = (folder / CHECKPOINT_FILE).read_bytes()
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise BackupRefused(
            f"{folder} is no whole backup; name a folder that `countersign backup` made"
        ) from None
    if changed or CHECKPOINT_FILE not in files:
        raise BackupRefused(f"{folder}: {', '.join(changed)} was changed since; use another backup")
    return Backup(folder, parse_checkpoint(note), note, str(manifest["made_at"]))


def restore_backup(
    backup: Backup,
    database: Database,
    data: Path,
    *,
    log_key: Path | None = None,
    newest: bytes | None = None,
    nothing_newer: bool = False,
    owner: str | None = None,
) -> None:
    """Put the record where there is none, and verify it there.

    `newest` is a checkpoint of this log that somebody has seen. `nothing_newer`: the operator knows that none newer
    was ever signed. `owner` is the address of a PostgreSQL superuser. A restore that was interrupted once the database
    was in its place is finished.
    """
    in_place = database.has_tables()
    began = CheckpointFile(data / CHECKPOINT_FILE).read() == backup.note
    if in_place and not (began and _holds(database, backup)):
        raise BackupRefused("there is a database already; name an empty data folder, or an empty database")
    key = log_key or data / KEY_FILE
    signer = _signer(key, backup)
    _require_newest(backup, signer, (CheckpointFile(data / CHECKPOINT_FILE).read(), newest), nothing_newer)
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    if log_key is not None and not (data / KEY_FILE).exists():
        signer.save(data / KEY_FILE)
    for name in _BESIDE:
        if name != CHECKPOINT_FILE and (backup.folder / name).is_file():
            shutil.copyfile(backup.folder / name, data / name)
    CheckpointFile(data / CHECKPOINT_FILE).keep(backup.note)
    if not in_place:
        database.restore(backup.folder, owner)
    with database.verifiable(data) as copy:
        _verify(copy)


def _holds(database: Database, backup: Backup) -> bool:
    """Whether the database holds the log of the backup, and nothing newer."""
    try:
        if not database.exists():
            return False
    except DatabaseUnfit:  # other tables than a log's
        return False
    with database.log_storage().snapshot() as view:
        return view.newest_checkpoint() == backup.note


def _require_newest(
    backup: Backup, signer: Signer, seen: tuple[bytes | None, ...], nothing_newer: bool
) -> None:
    """The log's next signature on an older copy would contradict an earlier one."""
    known = [note for note in seen if note is not None]
    if not known and not nothing_newer:
        raise BackupRefused(
            f"this backup has {backup.checkpoint.size} events. If the gateway has signed more since, the log would be"
            " forked, and the first mirror that sees both reports it. Name the newest checkpoint that anybody has seen"
            " with --newest (a mirror or a witness has one), or say --nothing-newer if you know it"
        )
    for note in known:
        try:
            checkpoint = open_checkpoint(note, signer.verifiers, signer.verifiers[0].name)[0]
        except NoteInvalid as error:
            raise BackupRefused(f"the newest checkpoint can't be relied on: {error}") from None
        forks = checkpoint.size == backup.checkpoint.size and checkpoint.root != backup.checkpoint.root
        if checkpoint.size > backup.checkpoint.size or forks:
            raise BackupRefused(
                f"the log has {checkpoint.size} signed events and this backup {backup.checkpoint.size}: going on"
                " with it would fork the log; look for a newer backup, or begin a new log (docs/operations.md)"
            )


def _signer(key: Path, backup: Backup) -> Signer:
    if not key.is_file():
        raise BackupRefused(f"{key}: the log's key is not in a backup; name a copy of it with --log-key")
    signer = Signer.load(key)
    if signer.verifier_key not in (backup.folder / VERIFIER_KEY_FILE).read_text("utf-8").split():
        raise BackupRefused(f"{key}: is not the key of this backup's log; name the right one with --log-key")
    return signer


def _newest_note(file: Path) -> bytes:
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        query = "SELECT CAST(note AS BLOB) FROM checkpoints ORDER BY size DESC LIMIT 1"
        return bytes(connection.execute(query).fetchone()[0])


def _verify(copy: Path) -> None:
    report = verify_directory(copy)
    if not report.ok:
        raise BackupRefused(f"the log does not verify: {report.findings[0]}; run `countersign audit verify`")


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
