"""Countersign from the first edge to the last. Read it top to bottom.

 1. identify   the application, and the person it acts for
 2. admit      find the policy; check who may use it, its limits, and undecided advice that is overdue
 3. redact     every text in the request, documents first read into text; refuse what can't be read, and what the
               policy refuses
 4. compose    put the policy's prompt in front
 5. record     `advice.requested`, durably, before anything leaves
 6. complete   through a provider, with the policy's routes, timeouts, retries and fallbacks
 7. inspect    the answer: personal data that was not in the request, what of the request each fact and sentence
               rests on, conditions of caveats; refuse or mask what the policy says
 8. record     `advice.received` with the caveats, durably; seal the content
 9. gate       hold the answer, or show it, as the policy says
10. decide     a person accepts or rejects, and signs it with their passkey where the policy asks; the event is durable
               before the answer
11. release    what was accepted, with pseudonyms put back

Requests for embeddings pass steps 1 to 3, 5, 6 and 8 (`gateway/steps/embedding.py`), recordings 1, 2, 5, 6 and 8
(`gateway/steps/transcription.py`): there is nothing to decide.

What a step does in detail stands beside it in `gateway/steps/`; `docs/architecture.md` names the files. Left to others:
HTTP (`gateway/api`), and checking all this afterwards without trusting us (`audit`).
"""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import structlog

from gateway.advice import (
    Advice,
    AnswerRecord,
    AnswerUsage,
    PseudonymTaken,
    Recorder,
    with_inline_caveats,
)
from gateway.errors import GatewayError
from gateway.identity import Caller, LastUsedTracker, Person, identify
from gateway.policy import InForce, SeededCheck
from gateway.providers import CompletionStream, ProviderError, Providers, TranscriptionResult
from gateway.reading import Reader, ReadingStopped
from gateway.redaction import RedactedRequest, RedactionError, StreamMask
from gateway.steps import (
    Admission,
    AdmittedRequest,
    Answer,
    AnswerInspection,
    Call,
    CaseLocks,
    Decision,
    DecisionService,
    DetachedTasks,
    DocumentReader,
    Embedding,
    EmbeddingAnswer,
    EmbeddingCall,
    Masking,
    PreparedRequest,
    Relay,
    Releases,
    RepeatedRequests,
    RequestRedaction,
    ScheduledCheck,
    SeededCheckSchedule,
    StreamedAnswer,
    StreamOutcome,
    Transcription,
    TranscriptionCall,
    UsageLimits,
    added_personal_data,
    refusal_of,
    without_text,
)
from gateway.storage import Database, Vault
from gateway.telemetry import Metrics

_log = structlog.get_logger("countersign")

_PSEUDONYM_TRIES = 3


class Pipeline:
    """The eleven steps over the services that `app.py` built."""

    def __init__(
        self,
        *,
        database: Database,
        vault: Vault,
        recorder: Recorder,
        policies: InForce,
        reader: Reader,
        providers: Providers,
        cases: CaseLocks,
        decisions: DecisionService,
        releases: Releases,
        last_used: LastUsedTracker,
        metrics: Metrics,
        base_url: str,
        documents: DocumentReader,
        seeded_checks: Mapping[str, Sequence[SeededCheck]],
        seeded_checks_within_minutes: float,
    ) -> None:
        self._database = database
        self._vault = vault
        self._recorder = recorder
        self._policies = policies
        self._providers = providers
        self._cases = cases
        self._decisions = decisions
        self._releases = releases
        self._last_used = last_used
        self._metrics = metrics
        self._base_url = base_url
        self._limits = UsageLimits(database, recorder, providers)
        self._admission = Admission(database, vault, policies, base_url, self._limits, providers.terms.local)
        self._documents = documents
        self._redaction = RequestRedaction(database, vault, reader)
        self._inspection = AnswerInspection(reader, vault, lambda: providers.terms.prices)
        self._seeded_checks = SeededCheckSchedule(seeded_checks, seeded_checks_within_minutes)
        self._detached = DetachedTasks()
        self._repeated = RepeatedRequests(database, vault, recorder, releases, self._detached)
        self._transcription = Transcription(
            self._admission, self._limits, self._redaction, recorder, providers, self._detached, cases
        )
        self._embedding = Embedding(
            self._admission, self._limits, self._redaction, recorder, providers, self._detached
        )

    async def ask(self, call: Call) -> Answer | StreamedAnswer:
        """Steps 2 to 9 for one request; the same request again, while nobody has its answer, gets that of the first."""
        return await self._repeated.answer(call, lambda asked: self._ask(call, asked))

    async def _ask(self, call: Call, asked: str | None) -> Answer | StreamedAnswer:
        """Steps 2 to 9; the same request of before gets the state of the first, or of the advice `asked` elsewhere."""
        earlier = await self._repeated.earlier(call, asked)
        if earlier is not None:
            return earlier
        with self._recorder.at_work():
            admitted = await self._admission.admit(call)  # 2. admit
            async with self._limits.released_on_error(admitted.advice):
                admitted = await self._admission.with_documents(admitted, self.read_documents)
                prepared = await self._redact_and_record(admitted)  # 3. redact, 4. compose, 5. record
                if admitted.streams:
                    return await self._stream(prepared)
                async with self._failure_recorded(prepared):
                    began = time.monotonic()
                    with self._metrics.step("complete"):
                        completion = await self._providers.complete(*prepared.to_send)  # 6. complete
                    seconds = time.monotonic() - began
                    with self._metrics.step("inspect"):
                        answered = await self._inspection.inspect(prepared, completion.body, completion)  # 7.
                await self._refuse_added(prepared, answered)
                with self._metrics.step("record_answer"):
                    advice = await self._record_answer(prepared, answered)  # 8. record
            seeded = self._seeded_checks.due(prepared, completion, seconds)
            if seeded is not None:
                self._detached.start(self._run_seeded_check(seeded))
        answer = await self._gate(prepared, advice, dict(answered.completion))  # 9. gate
        return replace(answer, headers=admitted.limit_headers)

    async def embed(self, call: EmbeddingCall) -> EmbeddingAnswer:
        """Steps 2 to 6 for texts that are to become vectors, of which there is nothing to decide."""
        return await self._embedding.embed(call)

    async def transcribe(self, call: TranscriptionCall) -> tuple[str, TranscriptionResult]:
        """Steps 2 to 8 for a recording, of which there is nothing to decide; the id and the transcript."""
        return await self._transcription.transcribe(call)

    async def drain(self) -> None:
        """Wait for what goes on after its caller has gone, before the log is closed."""
        await self._detached.drain()

    # 1. Identify

    async def identify(self, authorization: str | None) -> Caller:
        """The caller behind an `Authorization` header; a 401 if there is none in force."""
        return await self._database.fetch(
            lambda connection: identify(connection, authorization, self._last_used.record_use)
        )

    # 2. Admit: gateway/steps/admission.py

    # 3 to 5, one request of a case at a time

    async def _redact_and_record(self, admitted: AdmittedRequest) -> PreparedRequest:
        async with self._cases.hold(admitted.scope):
            for _ in range(_PSEUDONYM_TRIES):
                with self._metrics.step("redact"):
                    redacted, missed = await self._redact(admitted)  # 3. redact
                outgoing = admitted.policy.compose(redacted.request)  # 4. compose
                try:
                    with self._metrics.step("record_request"):
                        return await self._record_request(admitted, redacted, outgoing, missed)  # 5. record
                except PseudonymTaken:  # by another gateway on the same log
                    continue
        raise GatewayError("busy", "This case is busy elsewhere; send the request again.", retry_after=1)

    # 3. Redact

    async def read_documents(self, request: dict[str, Any]) -> dict[str, Any]:
        """A chat completion request with text in place of its files."""
        return await self._documents.read(request)

    async def _redact(self, admitted: AdmittedRequest) -> tuple[RedactedRequest, int]:
        redacted, missed = await self._redaction.redact(admitted)
        refusal = await refusal_of(admitted.policy, admitted.facts(redacted))
        if refusal is not None:
            if admitted.seeded_check is None:
                outgoing = admitted.policy.compose(redacted.request)
                await self._recorder.refused(
                    PreparedRequest.of(admitted, redacted, outgoing).record, refusal.id
                )
            raise GatewayError("refused_by_policy", refusal.say, refusal=refusal.id)
        return redacted, missed

    # 5. Record, before anything leaves

    async def _record_request(
        self, admitted: AdmittedRequest, redacted: RedactedRequest, outgoing: dict[str, Any], missed: int
    ) -> PreparedRequest:
        claim = self._repeated.claim(admitted.call) if admitted.may_be_repeated else None
        prepared = PreparedRequest.of(admitted, redacted, outgoing, missed=missed, claim=claim)
        await self._recorder.requested(prepared.record)
        return prepared

    # 6. Complete

    @asynccontextmanager
    async def _failure_recorded(self, prepared: PreparedRequest) -> AsyncIterator[None]:
        """Puts on the record why there is no answer: the provider or its inspection failed, or the caller has gone."""
        try:
            yield
        except (ProviderError, RedactionError, ReadingStopped) as error:
            await self._recorder.failed(prepared.record, code=getattr(error, "code", "redaction_failed"))
            raise
        except asyncio.CancelledError:
            self._detached.start(self._recorder.failed(prepared.record, code="caller_gone"))
            raise

    # 7. Inspect

    async def _refuse_added(self, prepared: PreparedRequest, answered: AnswerRecord) -> None:
        admitted = prepared.admitted
        refused = admitted.policy.refused_added(answered.added)
        if not refused:
            return
        failure = {"code": "added_personal_data", "partial": answered.completion, "added": answered.added}
        await self._failed(prepared, answered.used, **failure)
        raise added_personal_data(admitted.advice, refused)

    async def _failed(self, prepared: PreparedRequest, used: AnswerUsage, **failure: Any) -> None:
        await self._recorder.failed(prepared.record, used=used, **failure)
        await self._limits.charge(prepared.admitted.advice, used.tokens)

    # 8. Record the answer, before it is shown

    async def _record_answer(self, prepared: PreparedRequest, answered: AnswerRecord) -> Advice:
        undelivered = self._repeated.notes_undelivered(prepared.admitted)
        advice = await self._recorder.received(prepared.record, answered, undelivered=undelivered)
        if prepared.admitted.seeded_check is None:
            await self._limits.charge(prepared.admitted.advice, answered.used.tokens)
        return advice

    # 9. Gate: hold the answer, or show it

    async def _gate(self, prepared: PreparedRequest, advice: Advice, completion: dict[str, Any]) -> Answer:
        admitted = prepared.admitted
        if advice.review.gate == "release" and advice.status == "passed_on":
            completion = without_text(completion)
        elif advice.review.gate == "release":
            self._repeated.remember_held(admitted.call, advice.id)
            return await self._releases.hold(admitted.call, advice, completion)
        restored = prepared.restorer().completion(completion)
        if admitted.policy.caveats_inline:
            restored = with_inline_caveats(restored, advice.caveats)
        return self._releases.answer(advice, restored)

    # 10. Decide

    async def decide(
        self,
        person: Person,
        advice: str,
        decision: Decision,
        signature: Mapping[str, str] | None = None,
    ) -> Advice:
        """Count a person's decision, once however often it is sent; gives the advice after it."""
        return await self._decisions.decide(person, advice, decision, signature)

    # 11. Release

    async def read(self, caller: Caller, advice: str, wait: float = 0.0) -> dict[str, Any]:
        """One advice as `caller` may see it; that it is shown or released is on the record first."""
        return await self._releases.read(caller, advice, wait)

    # Steps 6 to 9 for advice that is shown while it arrives

    async def _stream(self, prepared: PreparedRequest) -> StreamedAnswer:
        async with self._failure_recorded(prepared):
            upstream = await self._providers.stream(*prepared.to_send)
        mask = self._inspection.mask_stream(prepared)
        relay = Relay(
            upstream,
            prepared.restorer(),
            self._stream_outcome(prepared, upstream, mask),
            inline_caveats=prepared.admitted.policy.caveats_inline,
            include_usage=prepared.admitted.call.include_usage,
            masking=None if mask is None else Masking(mask),
        )
        return StreamedAnswer(prepared.admitted.advice, relay.chunks(), prepared.admitted.limit_headers)

    def _stream_outcome(
        self, prepared: PreparedRequest, upstream: CompletionStream, mask: StreamMask | None
    ) -> StreamOutcome:
        async def answered(completion: dict[str, Any], *, complete: bool) -> Advice:
            record = await self._inspection.inspect(
                prepared, completion, upstream, complete=complete, mask=mask
            )
            return await self._record_answer(prepared, record)

        async def failed(partial: dict[str, Any], code: str) -> None:
            used = self._inspection.used(prepared, partial, upstream)
            await self._failed(prepared, used, code=code, partial=partial)

        return StreamOutcome(self._detached, self._base_url, answered, failed)

    # Steps 3 to 8 for a seeded check: it waits among the others, and no application is ever given it

    async def _run_seeded_check(self, seeded: ScheduledCheck) -> None:
        await self._detached.pause(seeded.after)
        policy = seeded.disguise.policy
        now = self._policies.get(policy.id)
        if self._detached.ending or now is None or now.version != policy.version:
            return
        try:
            with self._recorder.at_work():
                prepared = await self._redact_and_record(seeded.admitted_request(self._vault))  # 3. to 5.
            await self._detached.pause(seeded.answer_seconds)
            with self._recorder.at_work():
                completion = seeded.completion(prepared)  # 6.
                answered = await self._inspection.inspect(prepared, completion.body, completion)  # 7.
                await self._record_answer(prepared, answered)  # 8.
        except GatewayError as error:
            _log.warning("a seeded check could not be mixed in", policy=policy.id, code=error.code)
