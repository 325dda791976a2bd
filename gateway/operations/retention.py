"""Retention: content is kept as long as it must be and no longer. Erasing, holds, a new master key.

Each method waits for the disk, so the gateway calls them on threads; commands at the machine call them as they are.
An erasure is complete only once the database keeps no older page of the content, so it is answered after that.
"""

import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any, Final, TypeVar

from audit import Log, Transaction
from gateway.advice import ErasureTarget, erase, erase_due, is_due, lift_hold, missing_content, place_hold
from gateway.errors import GatewayError
from gateway.storage import Database, Keyring, Vault, rotation

T = TypeVar("T")

_AT_ONCE: Final = 200
"""Erasures, or keys to move, in one transaction: others wait for it."""
_PURGE_SECONDS: Final = 10.0
_PURGE_EVERY: Final = 0.05


class Retention:
    """Over the log and its database; safe to be called from several threads."""

    def __init__(self, log: Log, database: Database, vault: Vault) -> None:
        self._log = log
        self._database = database
        self._vault = vault
        self._rotating = threading.Lock()
        # Whoever was here before may have ended between erasing and overwriting.
        self._purge_due = True

    def erase(self, target: ErasureTarget, *, why: str, actor: str) -> dict[str, Any]:
        """Erase by command; returns once nothing of it is left in the database's files."""
        result = self._run(lambda transaction: erase(transaction, self._vault, target, why=why, actor=actor))
        self._purge_due = True
        self._purge_all()
        return result

    def place_hold(self, target: ErasureTarget, *, why: str, actor: str) -> dict[str, Any]:
        """Keep content from being erased."""
        return self._run(lambda transaction: place_hold(transaction, target, why=why, actor=actor))

    def lift_hold(self, target: ErasureTarget, *, why: str, actor: str) -> dict[str, Any]:
        """Let content be erased again."""
        return self._run(lambda transaction: lift_hold(transaction, target, why=why, actor=actor))

    def erase_due(self, now: str) -> None:
        """Erase what is past its retention, and go on with what an earlier erasure could not overwrite yet."""
        while self._database.read(lambda connection: is_due(connection, now)):
            if not self._run(lambda transaction: erase_due(transaction, self._vault, _AT_ONCE)):
                break
            self._purge_due = True
        if self._purge_due:
            self._purge_due = not self._database.purge(self._log)

    def rotate_master(self, *, actor: str) -> dict[str, Any]:
        """Put every content key under a new wrapping key; goes on where an interrupted rotation was left."""
        ring = self._vault.ring
        with self._rotating:
            renewed = ring.renewed()
            self._run(lambda transaction: rotation.begin(transaction.connection, renewed, transaction.now))
            self._database.read(ring.load)
            moved = self._move_keys(ring)
            while not self._run(lambda transaction: self._finish_rotation(transaction, actor)):
                again = self._move_keys(ring)  # wrapped by another gateway meanwhile
                if not again:
                    raise GatewayError(
                        "content_damaged",
                        "Some keys can't be moved: the database is damaged. `countersign check` names what is"
                        " concerned; restore it, then send this again. All master keys are needed until then.",
                    )
                moved += again
            self._database.read(ring.load)
            self._purge_due = True
            self._purge_all()
        return {"object": "rotation", "keys_moved": moved}

    def missing_content(self) -> int:
        """The number of pieces of advice whose content, or its key, is missing without an event of its erasure."""
        return self._database.read(missing_content)

    def _move_keys(self, ring: Keyring) -> int:
        moved, after = 0, ""
        while True:
            some, last = self._run(partial(_step, ring, after))
            moved += some
            if last is None:
                return moved
            after = last

    def _finish_rotation(self, transaction: Transaction, actor: str) -> bool:
        if not rotation.finish(transaction.connection, self._vault.ring):
            return False
        event = {"type": "master_key.rotated", "actor": actor, "wrapping": self._vault.ring.newest}
        transaction.append(event)
        return True

    def _purge_all(self) -> None:
        end = time.monotonic() + _PURGE_SECONDS
        while not self._database.purge(self._log):
            if time.monotonic() > end:
                raise GatewayError(
                    "erasure_unfinished",
                    "It is erased, and that is on record; but something (a verification, a backup) is still reading an"
                    " older copy of the database, so bytes of it may lie in the write-ahead log until that ends."
                    " Send it again then; a running gateway also goes on by itself.",
                    retry_after=10,
                )
            time.sleep(_PURGE_EVERY)
        self._purge_due = False

    def _run(self, command: Callable[[Transaction], T]) -> T:
        return self._log.submit(command).result().result


def _step(ring: Keyring, after: str, transaction: Transaction) -> tuple[int, str | None]:
    return rotation.step(transaction.connection, ring, after, _AT_ONCE)
