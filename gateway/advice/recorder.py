"""What happened, on the record: one method a step, each durable when it returns.

A method hands the log one command. In the command's transaction the event is appended, the projections follow,
and the content that the event commits to is sealed: all of it is on disk, or none.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, TypeVar

import orjson

from audit import Log, LogFull, LogUnavailable, Transaction
from gateway.advice.advice_events import (
    failed_event,
    passed_on_event,
    received_event,
    refused_event,
    requested_event,
    shown_event,
)
from gateway.advice.decision_commands import expire, record_decision, record_view, require_advice
from gateway.advice.decision_rules import Counted, DecisionRequest, Refused, Repeated
from gateway.advice.erasure import erased_error
from gateway.advice.gateway_liveness import begin, end
from gateway.advice.projection import record
from gateway.advice.queries import decisions_on, is_response_deleted, seen_by
from gateway.advice.request_and_answer import AnswerRecord, Claim, RequestRecord
from gateway.advice.request_claims import claim_request, note_undelivered, remove_claim, remove_claims
from gateway.advice.seeded_check_outcome import mark_as_seeded_check, reveal_unjudged
from gateway.advice.state import Advice
from gateway.advice.transcription import TranscriptionRecord, sealed_transcript
from gateway.advice.usage_projection import AnswerUsage
from gateway.advice.word_counts import Amendment
from gateway.errors import Conflict, GatewayError
from gateway.identity import Person, Signing
from gateway.storage import RowTaken, Vault

T = TypeVar("T")


class PseudonymTaken(Exception):
    """At another gateway the same case got a pseudonym, or a reported value, meanwhile: redact again."""


class Recorder:
    """Writes the events of asking, answering, deciding and releasing.

    `gateway` is this one's id where several share the log; without `signing` no decision that must be signed counts.
    `on_events` is called with what a command wrote, once it is on the disk, and how many seconds that took.
    """

    def __init__(
        self,
        log: Log,
        vault: Vault,
        gateway: str | None = None,
        signing: Signing | None = None,
        on_events: Callable[[Sequence[bytes], float], None] | None = None,
    ) -> None:
        self._log = log
        self._vault = vault
        self._gateway = gateway
        self._signing = signing
        self._on_events = on_events

    def at_work(self) -> AbstractContextManager[None]:
        """Around what will put something on the record soon: see `audit.Log.at_work`."""
        return self._log.at_work()

    async def submit(self, command: Callable[[Transaction], T]) -> T:
        """Run `command` in the log's transaction; returns once it is on disk."""
        events: tuple[bytes, ...] = ()

        def watched(transaction: Transaction) -> T:
            nonlocal events
            result = command(transaction)
            events = transaction.entries
            return result

        began = time.monotonic()
        try:
            # Shielded: a caller that goes away must not take back what the log is writing.
            committed = await asyncio.shield(asyncio.wrap_future(self._log.submit(watched)))
        except LogFull:
            raise GatewayError(
                "busy", "Too many events are waiting for the log; send it again.", retry_after=1
            ) from None
        except LogUnavailable:
            raise GatewayError(
                "log_unavailable",
                "The audit log can't be written now, so nothing was done; send it again later.",
                retry_after=5,
            ) from None
        if self._on_events is not None and events:
            self._on_events(events, time.monotonic() - began)
        return committed.result

    async def requested(self, request: RequestRecord) -> None:
        """`advice.requested`, before anything leaves."""

        def command(transaction: Transaction) -> None:
            commitments = self._seal_request(transaction, request)
            if (
                request.case_given
            ):  # else nobody asks again within this one advice, and its request is sealed with them
                self._keep_pseudonyms(transaction, request.scope, request.pseudonyms, request.missed)
            if request.claim is not None:
                claim_request(transaction, self._vault, request.advice, request.claim)
            if request.seeded_check is not None:
                mark_as_seeded_check(transaction.connection, request.advice, request.seeded_check)
            record(transaction, requested_event(request, commitments))
            if self._gateway is not None:
                begin(transaction.connection, request.advice, self._gateway)

        await self.submit(command)

    async def append(self, event: Mapping[str, Any]) -> None:
        """An event of `EmbeddingRecord` or `TranscriptionRecord`, to which no content belongs."""
        await self.submit(lambda transaction: record(transaction, event))

    async def refused(self, request: RequestRecord, refused_by: str) -> None:
        """`advice.refused`: the policy said no, and nothing left. What was asked is kept, to try changed rules on."""

        def command(transaction: Transaction) -> None:
            record(transaction, refused_event(request, refused_by, self._seal_request(transaction, request)))

        await self.submit(command)

    async def transcribed(
        self,
        request: TranscriptionRecord,
        received: Callable[[Mapping[str, str]], Mapping[str, Any]],
        *,
        content: Mapping[str, Any] | str,
        case: str | None,
        pseudonyms: Sequence[tuple[str, str, str]],
        missed: int,
    ) -> None:
        """`transcription.received`, which `received` makes of the commitments, before the transcript is given away."""
        sealed = sealed_transcript(content, request.response_format, case)

        def command(transaction: Transaction) -> None:
            if request.case is not None:
                self._keep_pseudonyms(transaction, request.case, pseudonyms, missed)
            commitments = self._vault.seal(
                transaction.connection, advice=request.transcription, contents=sealed
            )
            record(transaction, received(commitments))

        await self.submit(command)

    async def received(
        self, request: RequestRecord, answered: AnswerRecord, *, undelivered: bool = False
    ) -> Advice:
        """`advice.received`, before the answer is shown; and `advice.shown` where it is shown at once. `undelivered`
        until it is `delivered`.
        """

        def command(transaction: Transaction) -> Advice:
            if not self._ends(transaction, request.advice):
                raise GatewayError(
                    "busy",
                    "This gateway was out of reach for so long that another gave this request up; send it again.",
                    retry_after=1,
                )
            commitments = self._seal_answer(
                transaction, request.advice, answered.completion, answered.added, answered.evidence
            )
            record(transaction, received_event(request, answered, transaction.now, commitments))
            if answered.shown_to is not None:
                record(transaction, shown_event(request.advice, answered.shown_to))
            if answered.tools:
                record(transaction, passed_on_event(request.advice, answered))
            advice = require_advice(transaction, request.advice)
            if undelivered:
                note_undelivered(transaction, self._vault, advice)
            return advice

        return await self.submit(command)

    async def failed(
        self,
        request: RequestRecord,
        *,
        code: str,
        partial: Mapping[str, Any] | None = None,
        added: Mapping[str, Sequence[str]] | None = None,
        used: AnswerUsage | None = None,
    ) -> None:
        """`advice.failed`: no answer, one that was cut, or one that is refused for what it `added`.

        The idempotency key is free again. `used`: what was used all the same.
        """

        def command(transaction: Transaction) -> None:
            if not self._ends(transaction, request.advice):
                return
            commitments = None
            if partial is not None:
                commitments = self._seal_answer(transaction, request.advice, partial, added or {})
            record(transaction, failed_event(request, code, commitments, added, used))
            reveal_unjudged(transaction, require_advice(transaction, request.advice))
            remove_claims(transaction.connection, request.advice)

        await self.submit(command)

    async def interrupted(self, advice: str) -> None:
        """`advice.failed` for advice that a crash left unanswered."""

        def command(transaction: Transaction) -> None:
            if self._ends(transaction, advice) and require_advice(transaction, advice).status == "requested":
                event = {"type": "advice.failed", "advice": advice, "actor": "gateway", "code": "interrupted"}
                record(transaction, event)
                reveal_unjudged(transaction, require_advice(transaction, advice))
                remove_claims(transaction.connection, advice)

        await self.submit(command)

    async def abandoned(self, advice: str, claim: Claim | None = None) -> None:
        """`advice.abandoned`, if nobody has decided on it: its answer reached nobody, so it waits for nobody.

        Nothing of `claim` must have been delivered at another gateway.
        """

        def command(transaction: Transaction) -> None:
            if claim is not None and not remove_claim(transaction.connection, claim, advice):
                return
            found = require_advice(transaction, advice)
            if found.status == "pending" and not decisions_on(transaction.connection, advice):
                record(transaction, {"type": "advice.abandoned", "advice": advice, "actor": "gateway"})
                reveal_unjudged(transaction, require_advice(transaction, advice))
                remove_claims(transaction.connection, advice)

        await self.submit(command)

    async def undelivered(self, advice: str) -> None:
        """The answer reached nobody so far: should this gateway end, the next one knows."""
        await self.submit(
            lambda transaction: note_undelivered(
                transaction, self._vault, require_advice(transaction, advice)
            )
        )

    async def delivered(self, advice: str) -> None:
        """What was `undelivered` has reached somebody."""
        await self.submit(lambda transaction: remove_claims(transaction.connection, advice))

    async def expired(self, advice: str) -> None:
        """`advice.expired`, if its time to decide is over and nobody did."""
        await self.submit(lambda transaction: expire(transaction, require_advice(transaction, advice)))

    async def shown(self, advice: str, viewer: str) -> None:
        """`advice.shown`, the first time that this caller sees it."""

        def command(transaction: Transaction) -> None:
            if not seen_by(transaction.connection, advice, viewer):
                record(transaction, shown_event(advice, viewer))

        await self.submit(command)

    async def released(self, advice: str, actor: str) -> None:
        """`advice.released`, the first time that the application receives accepted advice."""

        def command(transaction: Transaction) -> None:
            found = require_advice(transaction, advice)
            if found.status != "accepted":
                raise Conflict("advice_settled", "This advice is not accepted, so it is not released.")
            if found.erased_at is not None:
                raise erased_error(found)
            if is_response_deleted(transaction.connection, advice):
                raise unknown_response()
            if found.released_at is None:
                event = {
                    "type": "advice.released",
                    "advice": advice,
                    "actor": actor,
                    "text": found.released_text,
                }
                record(transaction, event)

        await self.submit(command)

    async def response_deleted(self, advice: str, actor: str) -> None:
        """`advice.response_deleted`: from now on the application is given nothing of this advice."""

        def command(transaction: Transaction) -> None:
            if not is_response_deleted(transaction.connection, advice):
                event = {"type": "advice.response_deleted", "advice": advice, "actor": actor}
                record(transaction, event)

        await self.submit(command)

    async def viewed(self, advice: str, person: Person, view: str) -> None:
        """`view.recorded`: what the person thinks before seeing the advice."""
        await self.submit(lambda transaction: record_view(transaction, self._vault, advice, person, view))

    async def decided(
        self, advice: str, request: DecisionRequest, amendment: Amendment | None
    ) -> tuple[Advice, Counted | Repeated | Refused]:
        """`decision.recorded`, and `advice.accepted` or `.rejected` where it settles the advice."""
        return await self.submit(
            lambda transaction: record_decision(
                transaction, self._vault, self._signing, advice, request, amendment
            )
        )

    def _ends(self, transaction: Transaction, advice: str) -> bool:
        """Whether the request is still under way; it no longer is. Among several gateways one may give up another's."""
        if self._gateway is None:
            return True
        end(transaction.connection, advice)
        return require_advice(transaction, advice).status == "requested"

    def _keep_pseudonyms(
        self, transaction: Transaction, scope: str, pseudonyms: Sequence[tuple[str, str, str]], missed: int
    ) -> None:
        if self._gateway is not None and len(self._vault.missed(transaction.connection, scope)) != missed:
            raise PseudonymTaken
        try:
            self._vault.keep_pseudonyms(transaction.connection, scope, pseudonyms)
        except RowTaken:
            raise PseudonymTaken from None

    def _seal_request(self, transaction: Transaction, request: RequestRecord) -> dict[str, str]:
        contents = {kind: orjson.dumps(content) for kind, content in request.sealed.items()}
        return self._vault.seal(transaction.connection, advice=request.advice, contents=contents)

    def _seal_answer(
        self,
        transaction: Transaction,
        advice: str,
        completion: Mapping[str, Any],
        added: Mapping[str, Sequence[str]],
        evidence: Mapping[str, Any] | None = None,
    ) -> dict[str, str]:
        """The answer, the personal data that it added and what it rests on, for the person who decides."""
        contents = {"answer": orjson.dumps(completion)}
        if added:
            contents["added"] = orjson.dumps(added)
        if evidence is not None:
            contents["evidence"] = orjson.dumps(evidence)
        return self._vault.seal(transaction.connection, advice=advice, contents=contents)


def unknown_response() -> GatewayError:
    """The same answer whether there is none, it is somebody else's, or it was deleted or not to be stored."""
    return GatewayError(
        "unknown_response", "There is no response with this id for you; check the id, the key and the case."
    )
