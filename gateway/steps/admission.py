"""Step 2 of the pipeline: who may ask what, and whether something else must be done first."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Final, TypedDict, TypeVar

from audit import now_text
from gateway.advice import (
    Review,
    decision_support,
    find_run,
    new_advice_id,
    new_embedding_id,
    new_transcription_id,
    overdue,
    scope_of,
)
from gateway.errors import Conflict, GatewayError
from gateway.evidence import shipped_model
from gateway.identity import Application, Person, find_person
from gateway.policy import (
    AnswerFacts,
    Caveat,
    Embeddings,
    InForce,
    Policy,
    Refusal,
    RequestFacts,
    SeededCheck,
    Transcriptions,
    request_facts,
)
from gateway.redaction import RedactedRequest
from gateway.steps.calls import Call, CaseContext, EmbeddingCall, TranscriptionCall, split_context
from gateway.steps.named_policy import find_policy, review_of
from gateway.steps.stage_rules import models_at_stage, require_part_in_pilot
from gateway.steps.tool_calls import answered_calls
from gateway.steps.usage_limits import Allowance, UsageLimits
from gateway.storage import Connection, Database, Vault

T = TypeVar("T")

ReadDocuments = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]
_LONG: Final = 100_000
"""Characters of a request from which on conditions are judged on a thread."""
_LISTED = 20
"""How many overdue pieces of advice an error lists."""


class _SharedFields(TypedDict):
    """The common part of all requests to models: the requester, the case, the models that may answer, and the
    reservation.
    """

    application: Application
    requester: Person | None
    scope: str
    models: tuple[str, ...]
    allowance: Allowance


@dataclass(frozen=True, kw_only=True)
class AdmittedRequest:
    """A request that may go on: who asks, under which policy, about what."""

    advice: str
    application: Application
    requester: Person | None
    policy: Policy
    context: CaseContext
    scope: str
    request: dict[str, Any]
    call: Call
    seeded_check: SeededCheck | None = None
    continues: str | None = None
    made_up_case: str | None = None
    models: tuple[str, ...] = ()
    allowance: Allowance | None = None
    """`models`: those that may answer; `allowance`: what is set aside for it, but for a check; `seeded_check`: the
    one that this is, where no application asked; `continues`: the advice whose tool calls this gives the results of;
    `made_up_case`: the reference that people are shown for a check's case."""

    @property
    def policy_version(self) -> dict[str, str]:
        """As events name it."""
        return {"id": self.policy.id, "version": self.policy.version}

    @property
    def streams(self) -> bool:
        """Whether the answer is shown while it arrives."""
        return self.call.stream and self.policy.review.gate == "use" and not self.policy.refuses_added

    @property
    def may_be_repeated(self) -> bool:
        """Whether the same request again is this one: not a seeded check, which no application asked for."""
        return self.seeded_check is None

    @property
    def limit_headers(self) -> Mapping[str, str]:
        """How the policy's limits stand with this request."""
        return {} if self.allowance is None else self.allowance.headers

    @property
    def case_reference(self) -> str | None:
        """The case's reference as the people who decide are shown it."""
        return self.made_up_case or self.context.case

    @cached_property
    def review(self) -> Review:
        """The review rules that stay with the advice, whatever becomes of the policy."""
        return review_of(self.policy)

    def facts(self, redacted: RedactedRequest) -> RequestFacts:
        """What the policy's conditions may know of the request."""
        return request_facts(
            self.request,
            sorted(redacted.counts),
            self.application.id,
            shipped_model(),
            compared=self.policy.compares,
        )


@dataclass(frozen=True, kw_only=True)
class AdmittedEmbedding:
    """Texts that may be made into vectors: who asks, under which policy, about what."""

    embedding: str
    application: Application
    requester: Person | None
    policy: Policy
    rules: Embeddings
    context: CaseContext
    scope: str
    request: dict[str, Any]
    models: tuple[str, ...]
    allowance: Allowance


@dataclass(frozen=True, kw_only=True)
class AdmittedTranscription:
    """A recording that may be transcribed: who asks, under which policy, about what."""

    transcription: str
    application: Application
    requester: Person | None
    policy: Policy
    rules: Transcriptions
    context: CaseContext
    scope: str
    call: TranscriptionCall
    models: tuple[str, ...]
    allowance: Allowance


async def refusal_of(policy: Policy, facts: RequestFacts) -> Refusal | None:
    """The rule that refuses the request; on a thread where that takes long."""
    return await _judged(policy, facts, lambda: policy.refusal(facts))


async def caveats_of(policy: Policy, request: RequestFacts, answer: AnswerFacts) -> tuple[Caveat, ...]:
    """The caveats of an answer, in the same way."""
    return await _judged(policy, request, lambda: policy.caveats_for(request, answer))


async def _judged(policy: Policy, request: RequestFacts, judge: Callable[[], T]) -> T:
    if policy.compares or len(request.text) > _LONG:
        return await asyncio.to_thread(judge)
    return judge()


class Admission:
    """Checks a request against its policy and against what is due."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        policies: InForce,
        base_url: str,
        limits: UsageLimits,
        local: Collection[str],
    ) -> None:
        """`local`: models that are none, or that run in the gateway's own process."""
        self._database = database
        self._vault = vault
        self._policies = policies
        self._base_url = base_url
        self._limits = limits
        self._local = local

    async def admit_embedding(self, call: EmbeddingCall) -> AdmittedEmbedding:
        """Texts that may be made into vectors; overdue advice doesn't matter, since nothing is decided on."""
        application = call.application
        request, context = split_context(call.body, call.headers)
        policy = find_policy(self._policies, request.get("model"), application)
        if policy.embeddings is None:
            raise GatewayError(
                "embeddings_not_allowed",
                "This policy makes no embeddings; its owner allows them in its section `embeddings`.",
                param="model",
            )
        name = new_embedding_id()
        common = await self._admit(
            name, call, policy, policy.embeddings.models, context, request, lambda: str(request).encode()
        )
        return AdmittedEmbedding(
            embedding=name, policy=policy, rules=policy.embeddings, context=context, request=request, **common
        )

    async def admit_transcription(self, call: TranscriptionCall) -> AdmittedTranscription:
        """A recording that may be transcribed; likewise."""
        application = call.application
        request, context = split_context(call.body, call.headers)
        policy = find_policy(self._policies, request.get("model"), application)
        if policy.transcriptions is None:
            raise GatewayError(
                "transcriptions_not_allowed",
                "This policy takes no recorded speech; its owner allows it in its section `transcriptions`.",
                param="model",
            )
        name = new_transcription_id()
        common = await self._admit(
            name,
            call,
            policy,
            policy.transcriptions.models,
            context,
            request,
            lambda: call.recording.data,
        )
        return AdmittedTranscription(
            transcription=name,
            policy=policy,
            rules=policy.transcriptions,
            context=context,
            call=call,
            **common,
        )

    async def admit(self, call: Call) -> AdmittedRequest:
        """The request as it may go on; a `GatewayError` with the remedy if it may not."""
        application = call.application
        request, context = split_context(call.body, call.headers)
        policy = find_policy(self._policies, request.get("model"), application)
        if not isinstance(request.get("messages"), list) or not request["messages"]:
            raise GatewayError("invalid_request", "`messages` must be a list of messages.", param="messages")
        if call.stream:  # else a provider says nothing of what it took
            request["stream_options"] = {**(request.get("stream_options") or {}), "include_usage": True}
        advice = new_advice_id()
        common = await self._admit(
            advice, call, policy, policy.models, context, request, lambda: call.fingerprint
        )

        def check(connection: Connection) -> str | None:
            self._nothing_overdue(connection, application, common["requester"], policy)
            calls = [self._vault.reference("call", application.id, call) for call in answered_calls(request)]
            return find_run(connection, calls, None if context.case is None else common["scope"])

        try:
            continues = await self._database.fetch(check)
        except BaseException:
            await self._limits.charge(advice)
            raise
        return AdmittedRequest(
            advice=advice,
            policy=policy,
            context=context,
            request=request,
            call=call,
            continues=continues,
            **common,
        )

    async def with_documents(self, admitted: AdmittedRequest, read: ReadDocuments) -> AdmittedRequest:
        """The same with the text of its documents in their place, for which more is set aside."""
        request = await read(admitted.request)
        if request is admitted.request:
            return admitted
        allowance = await self._limits.reserve(
            admitted.advice,
            admitted.policy,
            admitted.models,
            admitted.application,
            admitted.requester,
            request,
        )
        return replace(admitted, request=request, allowance=allowance)

    async def _admit(
        self,
        name: str,
        call: Call | EmbeddingCall | TranscriptionCall,
        policy: Policy,
        route_names: Sequence[str],
        context: CaseContext,
        request: Mapping[str, Any],
        fingerprint: Callable[[], bytes],
    ) -> _SharedFields:
        """Keep the models of `route_names` that the stage allows, and set aside the usage of the request. A 403 or
        429 `GatewayError` if it is refused. `fingerprint` gives the bytes from which a pilot's number is drawn if
        there is no case.
        """
        application, case = call.application, context.case
        requester = await self._requester(context.on_behalf_of)

        def drawn_by() -> Sequence[str]:
            own = (case,) if case is not None else ("", hashlib.sha256(fingerprint()).hexdigest())
            return application.id, *own

        require_part_in_pilot(policy, requester, drawn_by, self._vault, datetime.now(UTC).date())
        models = models_at_stage(policy, route_names, requester, self._local)
        return {
            "application": application,
            "requester": requester,
            "scope": scope_of(self._vault, application.id, case, name),
            "models": models,
            "allowance": await self._limits.reserve(name, policy, models, application, requester, request),
        }

    async def _requester(self, person: str | None) -> Person | None:
        if person is None:
            return None
        row = await self._database.fetch(lambda connection: find_person(connection, person))
        if row is None:
            raise GatewayError(
                "invalid_field",
                "`on_behalf_of` names nobody whose token is in force; use a person's id, or leave it out.",
                param="metadata.on_behalf_of",
            )
        return row

    def _nothing_overdue(
        self, connection: Connection, application: Application, requester: Person | None, policy: Policy
    ) -> None:
        allowed = policy.review.max_overdue
        late = overdue(
            connection,
            application=application.id,
            policy=policy.id,
            requester=None if requester is None else requester.id,
            now=now_text(),
            most=allowed + _LISTED,
        )
        if len(late) <= allowed:
            return
        due = [decision_support(advice, self._base_url) for advice in late[:_LISTED]]
        raise Conflict(
            "overdue_advice",
            "Advice that was shown is overdue for a person's decision; decide on it first: "
            + ", ".join(f"{row['advice_id']} (due {row['decide_by']})" for row in due),
            overdue=due,
        )
