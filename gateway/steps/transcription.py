"""Recorded speech made into text by a server within the organisation: admitted, on record, and part of its case.

Nothing can be redacted from sound, so nothing is sent to a route that is outside. Names and identifiers in the
transcript become known values of the case, so that they are redacted wherever the application sends them.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from gateway.advice import AnswerUsage, PseudonymTaken, Recorder, TranscriptionRecord, token_counts
from gateway.errors import GatewayError
from gateway.policy import Policy
from gateway.providers import ProviderError, Providers, TranscriptionResult
from gateway.redaction import RedactionFailed, Unreadable
from gateway.steps.admission import Admission, AdmittedTranscription
from gateway.steps.calls import CaseContext, TranscriptionCall
from gateway.steps.case_locks import CaseLocks
from gateway.steps.detached_tasks import DetachedTasks
from gateway.steps.request_redaction import RequestRedaction
from gateway.steps.usage_limits import UsageLimits

_PSEUDONYM_TRIES: Final = 3


@dataclass(frozen=True)
class _Transcript:
    """The transcript, as a request that says it: what redaction finds in that is what the case knows."""

    policy: Policy
    context: CaseContext
    scope: str
    request: dict[str, Any]


class Transcription:
    """Steps 2 to 8 of the pipeline for one recording; there is nothing to decide."""

    def __init__(
        self,
        admission: Admission,
        limits: UsageLimits,
        redaction: RequestRedaction,
        recorder: Recorder,
        providers: Providers,
        detached: DetachedTasks,
        cases: CaseLocks,
    ) -> None:
        self._admission = admission
        self._limits = limits
        self._redaction = redaction
        self._recorder = recorder
        self._providers = providers
        self._detached = detached
        self._cases = cases

    async def transcribe(self, call: TranscriptionCall) -> tuple[str, TranscriptionResult]:
        """The transcription's id and the transcript; a `GatewayError` or `ProviderError` if there is none."""
        admitted = await self._admission.admit_transcription(call)  # 2. admit
        async with self._limits.released_on_error(admitted.transcription):
            return admitted.transcription, await self._transcribe(admitted, call)

    async def _transcribe(
        self, admitted: AdmittedTranscription, call: TranscriptionCall
    ) -> TranscriptionResult:
        self._refuse_outside(admitted.models)
        record = _record_of(admitted)
        await self._recorder.append(
            record.requested()
        )  # 5. record, before the recording is given to a server
        try:
            transcribed = await self._providers.transcribe(  # 6. complete
                record.models, call.recording, admitted.policy.residency
            )
            await self._record(admitted, record, transcribed)  # 8. record
        except asyncio.CancelledError:
            self._detached.start(self._recorder.append(record.failed("caller_gone")))
            raise
        except (ProviderError, RedactionFailed, Unreadable) as error:
            await self._recorder.append(record.failed(_code(error)))
            raise
        await self._limits.charge(admitted.transcription, sum(token_counts(transcribed.usage).values()))
        return transcribed

    def _refuse_outside(self, models: Sequence[str]) -> None:
        """The policy was checked against the settings of its time; these are the settings of now."""
        for name in models:
            if not self._providers.terms.transcribers.get(name):
                raise GatewayError(
                    "transcriptions_not_allowed",
                    f"The model {name} of this policy is outside, and sound can't be redacted. If its server is your"
                    f" own, the operator says `leaves: false` at models.{name} in countersign.yaml; else an admin names"
                    " another in `transcriptions.models`.",
                    param="model",
                )

    async def _record(
        self, admitted: AdmittedTranscription, record: TranscriptionRecord, transcribed: TranscriptionResult
    ) -> None:
        attempts = [{"model": attempt.model, "outcome": attempt.outcome} for attempt in transcribed.attempts]
        usage = token_counts(transcribed.usage)
        price = self._providers.terms.prices.get(transcribed.model)
        used = AnswerUsage(transcribed.model, usage, cost=None if price is None else price.cost(usage))
        async with self._cases.hold(admitted.scope):
            for _ in range(_PSEUDONYM_TRIES):
                new, known, missed = await self._find_in(admitted, transcribed.text)
                try:
                    await self._recorder.transcribed(
                        record,
                        partial(record.received, attempts, used, known),
                        content=transcribed.content,
                        case=admitted.context.case,
                        pseudonyms=new,
                        missed=missed,
                    )
                    return
                except PseudonymTaken:  # by another gateway on the same log
                    continue
        raise GatewayError("busy", "This case is busy elsewhere; send the recording again.", retry_after=1)

    async def _find_in(
        self, admitted: AdmittedTranscription, text: str
    ) -> tuple[list[tuple[str, str, str]], dict[str, int], int]:
        """The values of the transcript that the case will know: new pseudonyms, the counts of all findings by type,
        and the number of reported values that were searched for.
        """
        if admitted.context.case is None or not text.strip():
            return [], {}, 0
        request = {"messages": [{"role": "user", "content": text}]}
        transcript = _Transcript(admitted.policy, admitted.context, admitted.scope, request)
        redacted, missed = await self._redaction.redact(transcript)
        return (
            [(pseudonym.text, pseudonym.type, pseudonym.value) for pseudonym in redacted.new],
            dict(redacted.counts),
            missed,
        )


def _record_of(admitted: AdmittedTranscription) -> TranscriptionRecord:
    recording = admitted.call.recording
    return TranscriptionRecord(
        transcription=admitted.transcription,
        actor=admitted.application.actor,
        policy={"id": admitted.policy.id, "version": admitted.policy.version},
        models=admitted.models,
        retention=admitted.policy.retention.seconds,
        size=len(recording.data),
        response_format=recording.response_format,
        case=None if admitted.context.case is None else admitted.scope,
        requester=None if admitted.requester is None else admitted.requester.id,
    )


def _code(error: ProviderError | RedactionFailed | Unreadable) -> str:
    if isinstance(error, ProviderError):
        return error.code
    return "unreadable_content" if isinstance(error, Unreadable) else "redaction_failed"
