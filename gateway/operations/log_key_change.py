"""Changing the log's signing key while gateways run: both keys sign for a while, so that anyone who trusts the old one
can pass on to the new.

The event that names the new key lies under checkpoints that both keys signed. `log.key` holds the keys that sign,
`log.vkey` the public halves of all that ever did, since older checkpoints verify with older keys. Several gateways each
have both files. One that has only the old key takes what both have signed, so the files may be copied one after the
other; but it takes nothing that the new one signed alone, so the end waits until every gateway has both.
"""

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import structlog

from audit import Log, NoteInvalid, Signer
from gateway.advice import all_events, heartbeats, signing_keys
from gateway.errors import GatewayError
from gateway.storage import Database

HEARTBEAT_SECONDS: Final = 2.0
_KIND: Final = "log.key_rotated"

_log = structlog.get_logger("countersign")


class LogKey:
    """The key of an open log, in the files `key` and `published`; `actor` of the events is who changes it."""

    def __init__(self, log: Log, database: Database, key: Path, published: Path) -> None:
        self._log = log
        self._database = database
        self._key = key
        self._published = published
        self._read_at = 0

    @property
    def ids(self) -> str:
        """Of the keys that sign, in hex, one after the other."""
        return " ".join(verifier.key_id.hex() for verifier in self._log.verifiers)

    def begin(self, *, actor: str) -> str:
        """Add a new key that signs beside the old one; gives its public half. Interrupted, it goes on with the same."""
        signer = Signer.load(self._key)
        if not signer.beside:
            new = Signer.generate(signer.origin)
            with self._published.open("a", encoding="utf-8") as published:
                published.write(new.verifier_key + "\n")
                published.flush()
                os.fsync(published.fileno())
            signer = signer.with_beside(new)
            signer.replace(self._key)
        self._log.sign_with(signer)
        return self._record(signer, "both", actor)

    def finish(self, *, actor: str) -> str:
        """Let the new key sign alone; gives its public half."""
        signer = Signer.load(self._key)
        if not signer.beside:
            raise GatewayError(
                "invalid_field", "Only one key signs this log; begin with `countersign keys rotate-log`."
            )
        new = signer.beside[-1]
        self._refuse_beside_gateways_without(new)
        recorded = self._record(signer, "new", actor)
        new.replace(self._key)
        self._log.sign_with(new)
        return recorded

    def read_again(self) -> None:
        """Sign with what the file holds now, if somebody has put another one in its place.

        A file that can't be read yet, such as half a copy, is looked at again the next time.
        """
        try:
            changed = self._key.stat().st_mtime_ns
            if changed != self._read_at:
                self._log.sign_with(Signer.load(self._key))
                self._read_at = changed
        except (OSError, NoteInvalid) as error:
            _log.warning("the log's key can't be read again", error_type=type(error).__name__)

    def _refuse_beside_gateways_without(self, new: Signer) -> None:
        """They would stop at the first checkpoint that the new key signed alone."""
        before = self._database.read(heartbeats)
        keys = self._database.read(signing_keys)
        lacking = [name for name in before if new.verifier.key_id.hex() not in keys.get(name, "").split()]
        if not lacking:
            return
        time.sleep(2.5 * HEARTBEAT_SECONDS)
        now = self._database.read(heartbeats)
        running = [name for name in lacking if now.get(name, -1) > before[name]]
        if running:
            raise GatewayError(
                "key_not_everywhere",
                f"{len(running)} gateway(s) that run on this database do not sign with the new key yet: copy"
                f" {self._key.name} and {self._published.name} to their data folders, and try again in a few seconds.",
            )

    def _record(self, signer: Signer, signing: str, actor: str) -> str:
        old, new = signer.verifier_key, signer.beside[-1].verifier_key
        event = {"type": _KIND, "actor": actor, "from": old, "to": new, "signing": signing}
        if not _recorded(self._log, event):
            self._log.submit(lambda transaction: transaction.append(event)).result()
        return new


def _recorded(log: Log, event: Mapping[str, Any]) -> bool:
    expected = {name: event[name] for name in ("type", "from", "to", "signing")}
    return any(expected.items() <= record.items() for _, record in all_events(log) if record["type"] == _KIND)
