"""The same request again: an `Idempotency-Key` belongs to the advice of the request that it came with first."""

from gateway.advice import Recorder
from gateway.steps.calls import Call
from gateway.storage import Database, Vault


class Idempotency:
    """Finds what a key was used for; the key itself is kept as a keyed hash only."""

    def __init__(self, database: Database, vault: Vault, recorder: Recorder) -> None:
        self._database = database
        self._vault = vault
        self._recorder = recorder

    def claim(self, call: Call) -> tuple[str, bytes] | None:
        """The key's hash and the request's fingerprint; None without a key."""
        if call.idempotency_key is None:
            return None
        key = self._vault.reference("idempotency", call.application.id, call.idempotency_key)
        return key, call.fingerprint

    async def earlier(self, call: Call) -> str | None:
        """The advice that was asked for with the same key; a `Conflict` if that was another request."""
        claim = self.claim(call)
        if claim is None:
            return None
        return await self._database.fetch(
            lambda connection: self._recorder.claimed(connection, call.application.id, *claim)
        )
