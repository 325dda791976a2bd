"""Texts made into vectors: admitted, redacted and recorded as requests for advice are. Nothing is decided on."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gateway.advice import AnswerUsage, EmbeddingRecord, Recorder, about_tokens, token_counts
from gateway.errors import GatewayError
from gateway.evidence import shipped_model
from gateway.policy import request_facts
from gateway.providers import EmbeddingResult, ProviderError, Providers
from gateway.steps.admission import Admission, AdmittedEmbedding, refusal_of
from gateway.steps.calls import EmbeddingCall
from gateway.steps.detached_tasks import DetachedTasks
from gateway.steps.request_redaction import RequestRedaction
from gateway.steps.usage_limits import UsageLimits, characters_of


@dataclass(frozen=True)
class EmbeddingAnswer:
    """The vectors, and how the policy's limits stand."""

    embedded: EmbeddingResult
    headers: Mapping[str, str]


class Embedding:
    """Steps 2 to 6 of the pipeline for one request for embeddings."""

    def __init__(
        self,
        admission: Admission,
        limits: UsageLimits,
        redaction: RequestRedaction,
        recorder: Recorder,
        providers: Providers,
        detached: DetachedTasks,
    ) -> None:
        self._admission = admission
        self._limits = limits
        self._redaction = redaction
        self._recorder = recorder
        self._providers = providers
        self._detached = detached

    async def embed(self, call: EmbeddingCall) -> EmbeddingAnswer:
        """The vectors, in the order of the texts; a `GatewayError` or `ProviderError` if there are none."""
        with self._recorder.at_work():
            admitted = await self._admission.admit_embedding(call)  # 2. admit
            async with self._limits.released_on_error(admitted.embedding):
                outgoing, redactions = await self._redact(admitted)  # 3. redact
                record = _record_of(admitted, redactions)
                await self._refuse_by_policy(admitted, record)
                await self._recorder.append(record.requested())  # 5. record, before anything leaves
                embedded = await self._complete(admitted, record, outgoing)  # 6. complete
        return EmbeddingAnswer(embedded, admitted.allowance.headers)

    async def _redact(self, admitted: AdmittedEmbedding) -> tuple[dict[str, Any], dict[str, int]]:
        if not admitted.rules.leaves:
            return admitted.request, {}
        redacted, _ = await self._redaction.redact(admitted, numbered=False)
        return redacted.request, redacted.counts

    async def _refuse_by_policy(self, admitted: AdmittedEmbedding, record: EmbeddingRecord) -> None:
        """By the policy's `refuse`, each text as a message."""
        messages = [{"role": "user", "content": text} for text in admitted.request["input"]]
        facts = request_facts(
            {"messages": messages},
            sorted(record.redactions),
            admitted.application.id,
            shipped_model(),
            compared=admitted.policy.compares,
        )
        refusal = await refusal_of(admitted.policy, facts)
        if refusal is not None:
            await self._recorder.append(record.refused(refusal.id))
            raise GatewayError("refused_by_policy", refusal.say, refusal=refusal.id)

    async def _complete(
        self, admitted: AdmittedEmbedding, record: EmbeddingRecord, outgoing: dict[str, Any]
    ) -> EmbeddingResult:
        try:
            embedded = await self._providers.embed(record.models, outgoing, admitted.policy.residency)
        except ProviderError as error:
            await self._recorder.append(record.failed(error.code))
            raise
        except asyncio.CancelledError:
            self._detached.start(self._recorder.append(record.failed("caller_gone")))
            raise
        attempts = [{"model": attempt.model, "outcome": attempt.outcome} for attempt in embedded.attempts]
        counted = token_counts(embedded.usage)
        usage = counted or {"prompt_tokens": about_tokens(characters_of(outgoing["input"]))}
        price = self._providers.terms.prices.get(embedded.model)
        cost = None if price is None else price.cost(usage)
        used = AnswerUsage(embedded.model, usage, not counted, cost)
        await self._recorder.append(record.received(attempts, used))
        await self._limits.charge(admitted.embedding, used.tokens)
        return embedded


def _record_of(admitted: AdmittedEmbedding, redactions: dict[str, int]) -> EmbeddingRecord:
    return EmbeddingRecord(
        embedding=admitted.embedding,
        actor=admitted.application.actor,
        policy={"id": admitted.policy.id, "version": admitted.policy.version},
        models=admitted.models,
        leaves=admitted.rules.leaves,
        inputs=len(admitted.request["input"]),
        redactions=redactions,
        case=None if admitted.context.case is None else admitted.scope,
        requester=None if admitted.requester is None else admitted.requester.id,
    )
