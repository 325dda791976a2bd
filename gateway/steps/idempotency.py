"""The same request again, at any gateway of the database: it is the advice of the first.

By the application's own `Idempotency-Key`; and without one by the body, where several gateways share a database, while
the first is in flight or its answer reached nobody. On one gateway alone `SharedRequests` and `HeldRequests` know that.
"""

import hashlib
import time
from contextlib import suppress
from math import inf
from typing import Final

from gateway.advice import Advice, Claim, Recorder, find_advice, find_claimed, in_progress, remove_claim
from gateway.errors import GatewayError
from gateway.steps.calls import Call
from gateway.steps.detached_tasks import DetachedTasks
from gateway.steps.shared_requests import REMEMBERED_SECONDS, UNDELIVERED_SECONDS
from gateway.storage import Database, DatabaseAway, Vault

_LOOK_AGAIN: Final = 0.2
"""Seconds between two looks at a request that another gateway is answering."""
_OPEN_SECONDS: Final = 15.0
"""So long a stream waits for another gateway's before it is begun; until then an error has a status of its own."""
_TRY_AGAIN: Final = 5.0
"""Seconds until the database is told again that an answer was delivered; far less than it takes to be abandoned."""


class Idempotency:
    """Finds the advice of the same request of before; keys and bodies are kept as keyed hashes only."""

    def __init__(self, database: Database, vault: Vault, recorder: Recorder, detached: DetachedTasks) -> None:
        self._database = database
        self._vault = vault
        self._recorder = recorder
        self._detached = detached

    def claim(self, call: Call) -> Claim | None:
        """By what the same request is known; None where nothing is kept of it."""
        application = call.application.id
        if call.idempotency_key is not None:
            key = self._vault.reference("idempotency", application, call.idempotency_key)
            return Claim(application, key, call.fingerprint)
        if not self._database.shared:
            return None
        body = hashlib.sha256(call.fingerprint).hexdigest()
        held = UNDELIVERED_SECONDS if call.takes_receipt else REMEMBERED_SECONDS
        seconds = {"use": UNDELIVERED_SECONDS, "release": held}
        return Claim(application, self._vault.reference("repeated", application, body), seconds=seconds)

    async def earlier(self, call: Call, asked: str | None = None) -> Advice | None:
        """The advice of the same request of before, or `asked`, once it is answered; a `Conflict` if its key came with
        another body.

        Where a stream is asked for, and what is answered is shown at once, it may be `requested` still.
        """
        claim = self.claim(call)
        if claim is None:
            return None
        found = await self._database.fetch(
            lambda connection: (
                find_claimed(connection, self._vault, claim)
                if asked is None
                else find_advice(connection, asked)
            )
        )
        if found is not None and not claim.by_key:
            streams = call.stream and found.review.gate == "use"
            found = await self.answered(found, _OPEN_SECONDS if streams else inf)
        return found

    async def answered(self, found: Advice, seconds: float = inf) -> Advice | None:
        """The advice once its gateway has an answer, or as it is after so many seconds; None if there is no answer."""
        end = time.monotonic() + seconds
        first: Advice | None = found
        while first is not None and first.status == "requested" and time.monotonic() < end:
            if self._detached.ending:
                raise in_progress()
            await self._detached.pause(_LOOK_AGAIN)
            first = await self._database.fetch(lambda connection: find_advice(connection, found.id))
        return None if first is None or first.status == "failed" else first

    def notes_undelivered(self, call: Call) -> bool:
        """Whether it has to be noted of an answer that it has reached nobody so far.

        Else the claim by the body says so, or the application comes back with its key whenever it likes.
        """
        return not self._database.shared and call.idempotency_key is None

    async def undelivered(self, call: Call, advice: str) -> None:
        """The answer is here and nobody takes it so far: put down where it outlives this gateway."""
        if self.notes_undelivered(call):
            with suppress(GatewayError):
                await self._recorder.undelivered(advice)

    async def delivered(self, call: Call, advice: str) -> None:
        """The answer is here and somebody takes it: from now on the same body is a new request."""
        if call.idempotency_key is not None:
            return
        claim = self.claim(call)
        if not await self._remove_claim(claim, advice):  # the answer is not kept back for that
            self._detached.start(self._remove_claim_later(claim, advice))

    async def _remove_claim(self, claim: Claim | None, advice: str) -> bool:
        """Whether the database could be told."""
        with suppress(DatabaseAway, GatewayError):
            if claim is None:
                await self._recorder.delivered(advice)
                return True
            await self._database.run_in_thread(
                lambda: self._database.write_apart(lambda connection: remove_claim(connection, claim, advice))
            )
            return True
        return False

    async def _remove_claim_later(self, claim: Claim | None, advice: str) -> None:
        while not self._detached.ending:
            await self._detached.pause(_TRY_AGAIN)
            if await self._remove_claim(claim, advice):
                return

    async def abandon(self, call: Call, advice: str) -> None:
        """The answer reached nobody here; it is `abandoned`, unless it did at another gateway."""
        await self._recorder.abandoned(advice, self.claim(call))
