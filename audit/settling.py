"""Settling: what the log holds, read from the disk, before anything is signed.

The same code runs at start, after a crash and after a failed write. It reads the right edge only: the rest is
`audit.verify`'s.
"""

from dataclasses import dataclass

from audit import merkle
from audit.checkpoint import Checkpoint, open_checkpoint
from audit.errors import EventInvalid, ForkRefused, LogDamaged, NoteInvalid
from audit.events import decode_event, is_time
from audit.outside import Outside
from audit.signer import Signer
from audit.sqlite import Store
from audit.tiles import WIDTH


@dataclass(frozen=True)
class State:
    """The log after a commit; the frontier is never appended to, only copied."""

    checkpoint: Checkpoint
    note: bytes
    frontier: merkle.Frontier
    last_time: str


def settle(store: Store, signer: Signer, outside: Outside, known: Checkpoint | None = None) -> State:
    """Read and check the log's state; raises a `StartRefused` where signing on it could fork it.

    `known` is a checkpoint that this process has seen. The file outside is brought up to date if it lags.
    """
    state = _newest(store, signer) or _first(store, signer, outside)
    if known:
        _require_extends(store, state.checkpoint, known, "this process")
    _compare_outside(store, signer, outside, state, known)
    return state


def _newest(store: Store, signer: Signer) -> State | None:
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
    return State(checkpoint, note, frontier, _check_edge(store, size))


def _check_edge(store: Store, size: int) -> str:
    """Hash the events below the last tile again; gives the time of the last event."""
    event = b""
    for index, (event, nodes) in enumerate(store.stored(start := max(0, size - 1) // WIDTH * WIDTH), start):
        if merkle.leaf_hash(event) != nodes[: merkle.HASH_BYTES]:
            raise LogDamaged(f"event {index}: bytes changed (leaf hash differs from the one recorded)")
    if not size:
        return ""
    try:
        time = decode_event(event).get("time")
    except EventInvalid as error:
        raise LogDamaged(f"event {size - 1}: {error}") from None
    if not isinstance(time, str) or not is_time(time):
        raise LogDamaged(f"event {size - 1}: has no time")
    return time


def _first(store: Store, signer: Signer, outside: Outside) -> State:
    """Sign the empty log, so that from its first event on nothing can be cut off unseen."""
    if (note := outside.read()) is not None:
        checkpoint = _open(note, signer, f"the checkpoint file {outside.name}")
        raise ForkRefused(
            f"the database is empty, but the checkpoint file {outside.name} has {checkpoint};"
            " restore the database that belongs to it, or begin in another folder with a new key"
        )
    frontier = merkle.Frontier()
    checkpoint = Checkpoint(signer.origin, 0, frontier.root())
    note = signer.sign(checkpoint.body())
    store.begin()
    store.add_checkpoint(0, note)
    store.commit()
    return State(checkpoint, note, frontier, "")


def _compare_outside(
    store: Store, signer: Signer, outside: Outside, state: State, known: Checkpoint | None
) -> None:
    note = outside.read()
    if note == state.note or not outside.expected:
        return
    if note is None and state.checkpoint.size and known is None:
        raise ForkRefused(
            f"the checkpoint file {outside.name} is missing, so nobody can tell whether the database, with"
            f" {state.checkpoint}, is an older copy; put the file back, or, if you know that the database is"
            " the newest, write what `audit checkpoint` prints to it"
        )
    if note is not None:
        kept = _open(note, signer, f"the checkpoint file {outside.name}")
        _require_extends(store, state.checkpoint, kept, f"the checkpoint file {outside.name}")
    outside.keep(state.note)


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
