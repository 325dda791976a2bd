"""Changing the log's signing key: both sign for a while, so that anyone who trusts the old one can pass on to the new.

The event that names the new key lies under checkpoints that both keys signed. `log.key` holds the keys that sign,
`log.vkey` the public halves of all that ever did, since older checkpoints verify with older keys.
"""

import os
import time
from collections.abc import Mapping
from contextlib import closing
from typing import Any, Final

from audit import Log, Signer
from gateway.advice import all_events, heartbeats
from gateway.bootstrap import database_of, open_log
from gateway.commands.control import OPERATOR
from gateway.operations import HEARTBEAT_SECONDS
from gateway.settings import LOG_KEY, LOG_VKEY, Settings, SettingsInvalid
from gateway.storage import Database

_KIND: Final = "log.key_rotated"


def begin_change(settings: Settings) -> str:
    """Add a new key that signs beside the old one; gives its public half. Interrupted, it goes on with the same key."""
    signer = _stopped(settings)
    if not signer.beside:
        new = Signer.generate(signer.origin)
        with (settings.data / LOG_VKEY).open("a", encoding="utf-8") as published:
            published.write(new.verifier_key + "\n")
            published.flush()
            os.fsync(published.fileno())
        signer.with_beside(new).replace(settings.data / LOG_KEY)
    return _record(settings, "both")


def finish_change(settings: Settings) -> str:
    """Let the new key sign alone; gives its public half."""
    signer = _stopped(settings)
    if not signer.beside:
        raise SettingsInvalid("only one key signs this log; begin with `countersign keys rotate-log`")
    recorded = _record(settings, "new")
    signer.beside[-1].replace(settings.data / LOG_KEY)
    return recorded


def _stopped(settings: Settings) -> Signer:
    # Opened, so that a gateway that runs here stops us before anything is changed.
    log, signer = open_log(settings)
    log.close()
    database = database_of(settings)
    if database.shared:
        _refuse_beside_others(database)
    return signer


def _refuse_beside_others(database: Database) -> None:
    """Others would go on signing with the keys that they started with, until the log no longer takes them."""
    before = database.read(heartbeats)
    if not before:
        return
    time.sleep(2.5 * HEARTBEAT_SECONDS)
    now = database.read(heartbeats)
    running = [name for name, count in now.items() if count > before.get(name, -1)]
    if running:
        raise SettingsInvalid(
            f"{len(running)} other gateway(s) run on this database; stop them all, change the key at this one, and copy"
            f" {LOG_KEY} and {LOG_VKEY} to the others before they start"
        )


def _record(settings: Settings, signing: str) -> str:
    log, signer = open_log(settings)
    with closing(log):
        old, new = signer.verifier_key, signer.beside[-1].verifier_key
        event = {"type": _KIND, "actor": OPERATOR, "from": old, "to": new, "signing": signing}
        if not _recorded(log, event):
            log.submit(lambda transaction: transaction.append(event)).result()
    return new


def _recorded(log: Log, event: Mapping[str, Any]) -> bool:
    return any(event.items() <= found.items() for _, found in all_events(log) if found["type"] == _KIND)
