"""Recovery: what the log holds, read from the disk, before anything is signed.

The same code runs at start, after a crash and after a failed write. It reads the right edge only: the rest is
`audit.checking`'s.
"""

import contextlib
from dataclasses import dataclass
from typing import Final

from audit import merkle
from audit.audit_errors import EventInvalid, ForkRefused, LogDamaged, NoteInvalid
from audit.checkpoint import Checkpoint, open_checkpoint
from audit.checkpoint_file import CheckpointFile
from audit.events import decode_event, is_time
from audit.signer import Signer
from audit.store import Store
from audit.tiles import WIDTH

_FOLLOWED: Final = 4 * WIDTH
"""Events of others that are hashed one by one; beyond that the stored right edge is read instead, as at a start."""


@dataclass(frozen=True)
class RecoveredState:
    """The log after a commit; the frontier is never appended to, only copied."""

    checkpoint: Checkpoint
    note: bytes
    frontier: merkle.Frontier
    last_time: str


def recover(
    store: Store, signer: Signer, checkpoint_file: CheckpointFile, known: Checkpoint | None = None
) -> RecoveredState:
    """Read and check the log's state; raises a `StartRefused` where signing on it could fork it.

    `known` is a checkpoint that this process has seen. The file outside is brought up to date if it lags.
    """
    store.begin()  # others that write this log wait, so that it is read at one moment
    try:
        state = _newest(store, signer) or _first(store, signer, checkpoint_file)
        if known:
            _require_extends(store, state.checkpoint, known, "this process")
        lags = _lags(store, signer, checkpoint_file, state, known)
        store.commit()
    except BaseException:
        with contextlib.suppress(Exception):
            store.rollback()
        raise
    if lags:
        checkpoint_file.keep(state.note)
    return state


def follow(store: Store, signer: Signer, state: RecoveredState) -> RecoveredState:
    """The log's newest state, read in the writer's transaction: `state` itself, unless others have gone on since."""
    note = store.newest_checkpoint()
    if note == state.note:
        return state
    if note is None:
        raise ForkRefused(f"the database is empty, but this process has signed {state.checkpoint}")
    checkpoint = _open(note, signer, "the database's newest checkpoint")
    if not 0 < checkpoint.size - state.checkpoint.size <= _FOLLOWED:
        newest = _newest(store, signer)
        assert newest is not None  # noqa: S101 - there is a checkpoint
        _require_extends(store, newest.checkpoint, state.checkpoint, "this process")
        return newest
    tree, event = state.frontier.copy(), b""
    for index, (event, nodes) in enumerate(store.stored(state.checkpoint.size), state.checkpoint.size):
        if tree.append(merkle.leaf_hash(event)) != nodes:
            raise LogDamaged(f"event {index}: bytes changed (leaf hash differs from the one recorded)")
    if tree.size != checkpoint.size or tree.root() != checkpoint.root:
        raise ForkRefused(
            f"the database is a fork: its newest checkpoint, {checkpoint}, does not continue {state.checkpoint},"
            " which this process has; keep the database as evidence, and run `audit verify`"
        )
    return RecoveredState(checkpoint, note, tree, _time_of(event, checkpoint.size - 1))


def _newest(store: Store, signer: Signer) -> RecoveredState | None:
    note, size = store.newest_checkpoint(), store.size()
    if note is None:
        if size:
            raise LogDamaged(
                f"there are {size} events but no signed checkpoint; restore the database from a backup"
            )
        return None
    checkpoint = _open(note, signer, "the database's newest checkpoint")
    if checkpoint.size != size:
        raise LogDamaged(
            f"there are {size} events, but the newest checkpoint is {checkpoint}; run `audit verify`"
        )
    frontier = merkle.Frontier.at(size, store.node)
    if frontier.root() != checkpoint.root:
        raise LogDamaged(
            f"the stored hashes don't give the newest checkpoint, {checkpoint}; run `audit verify`"
        )
    return RecoveredState(checkpoint, note, frontier, _check_edge(store, size))


def _check_edge(store: Store, size: int) -> str:
    """Hash the events below the last tile again; gives the time of the last event."""
    event = b""
    for index, (event, nodes) in enumerate(store.stored(start := max(0, size - 1) // WIDTH * WIDTH), start):
        if merkle.leaf_hash(event) != nodes[: merkle.HASH_BYTES]:
            raise LogDamaged(f"event {index}: bytes changed (leaf hash differs from the one recorded)")
    return _time_of(event, size - 1) if size else ""


def _time_of(event: bytes, index: int) -> str:
    try:
        time = decode_event(event).get("time")
    except EventInvalid as error:
        raise LogDamaged(f"event {index}: {error}") from None
    if not isinstance(time, str) or not is_time(time):
        raise LogDamaged(f"event {index}: has no time")
    return time


def _first(store: Store, signer: Signer, checkpoint_file: CheckpointFile) -> RecoveredState:
    """Sign the empty log, so that from its first event on nothing can be cut off unseen."""
    if (note := checkpoint_file.read()) is not None:
        checkpoint = _open(note, signer, f"the checkpoint file {checkpoint_file.name}")
        raise ForkRefused(
            f"the database is empty, but the checkpoint file {checkpoint_file.name} has {checkpoint};"
            " restore the database that belongs to it, or begin in another folder with a new key"
        )
    frontier = merkle.Frontier()
    checkpoint = Checkpoint(signer.origin, 0, frontier.root())
    note = signer.sign(checkpoint.body())
    store.add_checkpoint(0, note)
    return RecoveredState(checkpoint, note, frontier, "")


def _lags(
    store: Store,
    signer: Signer,
    checkpoint_file: CheckpointFile,
    state: RecoveredState,
    known: Checkpoint | None,
) -> bool:
    """Whether the checkpoint file is to be brought up to date; it must not be ahead, nor of another history."""
    note = checkpoint_file.read()
    if note == state.note or not checkpoint_file.expected:
        return False
    if note is None and state.checkpoint.size and known is None:
        raise ForkRefused(
            f"the checkpoint file {checkpoint_file.name} is missing, so nobody can tell whether the database, with"
            f" {state.checkpoint}, is an older copy; put the file back, or, if you know that the database is"
            " the newest, write what `audit checkpoint` prints to it"
        )
    if note is not None:
        outside = _open(note, signer, f"the checkpoint file {checkpoint_file.name}")
        _require_extends(store, state.checkpoint, outside, f"the checkpoint file {checkpoint_file.name}")
    return True


def _require_extends(store: Store, newest: Checkpoint, known: Checkpoint, where: str) -> None:
    if known.size > newest.size:
        raise ForkRefused(
            f"the database is an older copy: its newest checkpoint is {newest}, but {where} has {known};"
            " restore the newest database; events signed after that must not be signed again"
        )
    if merkle.root(known.size, store.node) != known.root:
        raise ForkRefused(
            f"the database is a fork: with its newest checkpoint, {newest}, it does not continue {known},"
            f" which {where} has; keep both as evidence, and restore the database that continues it"
        )


def _open(note: bytes, signer: Signer, what: str) -> Checkpoint:
    try:
        return open_checkpoint(note, signer.verifiers, signer.origin)[0]
    except NoteInvalid as error:
        raise LogDamaged(
            f"{what} can't be used with this key: {error};"
            " start with the log's own key, or restore what was changed"
        ) from None
