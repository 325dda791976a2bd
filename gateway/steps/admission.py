"""Step 2 of the pipeline: who may ask what, and whether something else must be done first."""

import asyncio
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from gateway.advice import (
    Limiter,
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
from gateway.identity import Application, Caller, Person, find_person
from gateway.policy import (
    AnswerFacts,
    Caveat,
    Check,
    Embeddings,
    InForce,
    Policy,
    Refusal,
    RequestFacts,
    Transcriptions,
    request_facts,
)
from gateway.redaction import Redacted
from gateway.steps.calls import Call, CaseContext, EmbeddingCall, TranscriptionCall, split_context
from gateway.steps.tool_calls import answered_calls
from gateway.storage import Connection, Database, Vault
from gateway.timestamps import now_text

_LISTED = 20
"""How many overdue pieces of advice an error lists."""


@dataclass(frozen=True)
class Admitted:
    """A request that may go on: who asks, under which policy, about what."""

    advice: str
    application: Application
    requester: Person | None
    policy: Policy
    context: CaseContext
    scope: str
    request: dict[str, Any]
    call: Call
    check: Check | None = None
    continues: str | None = None
    made_up_case: str | None = None
    """`check`: what this is, where no application asked but a seeded check is mixed in; `continues`: the advice whose
    tool calls this gives the results of; `made_up_case`: the reference that people are shown for a check's case."""

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
        """Whether the same request again is this one: not a stream, whose end nobody could be given again, but by its
        own key; and not a seeded check, which no application asked for.
        """
        return self.check is None and (self.call.idempotency_key is not None or not self.streams)

    @property
    def case_reference(self) -> str | None:
        """The case's reference as the people who decide are shown it."""
        return self.made_up_case or self.context.case

    @cached_property
    def review(self) -> Review:
        """The review rules that stay with the advice, whatever becomes of the policy."""
        return review_of(self.policy)

    def facts(self, redacted: Redacted) -> RequestFacts:
        """What the policy's conditions may know of the request."""
        return request_facts(self.request, sorted(redacted.counts), self.application.id, shipped_model())


@dataclass(frozen=True)
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


@dataclass(frozen=True)
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


def review_of(policy: Policy) -> Review:
    """The policy's review rules, as they stay with an advice."""
    rules = policy.review
    return Review(
        gate=rules.gate,
        deciders=rules.deciders,
        not_the_requester=rules.not_the_requester,
        view_first=rules.view_first,
        accept_reason=rules.reason.accept == "required",
        reject_reason=rules.reason.reject == "required",
        decide_within=int(rules.decide_within.total_seconds()),
        confirm=tuple(caveat.id for caveat in policy.caveats if caveat.confirm),
        signature=rules.signature,
        tools=rules.tools,
        shown_first=rules.shown_first,
        confirm_facts=rules.confirm_facts,
    )


def require_application(caller: Caller) -> Application:
    """The caller as the application that asks; a 403 for anyone who may not."""
    if not isinstance(caller, Application):
        raise GatewayError(
            "application_required",
            "People decide on advice; an application asks for it, with its own key.",
        )
    return caller


def find_policy(policies: InForce, name: object, application: Application) -> Policy:
    """The policy that a request names as `model`; a `GatewayError` if there is none for this application."""
    if not isinstance(name, str):
        raise GatewayError("invalid_request", "`model` must be the name of a policy.", param="model")
    if name in policies.out_of_step:
        raise GatewayError(
            "policy_out_of_step",
            "Another version of this policy is in force than this gateway has; an admin brings the files here.",
            retry_after=30,
        )
    policy = policies.get(name)
    if policy is None:
        raise GatewayError(
            "unknown_policy",
            "`model` names no policy that is in force here; GET /v1/models lists them.",
            param="model",
        )
    if not policy.allows(application.id):
        raise GatewayError(
            "policy_not_allowed",
            "This policy does not list this application; an admin adds it under `applications`.",
            param="model",
        )
    return policy


async def refusal_of(policy: Policy, facts: RequestFacts) -> Refusal | None:
    """The rule that refuses the request; on a thread where sentences are compared."""
    return await asyncio.to_thread(policy.refusal, facts) if policy.compares else policy.refusal(facts)


async def caveats_of(policy: Policy, request: RequestFacts, answer: AnswerFacts) -> tuple[Caveat, ...]:
    """The caveats of an answer, in the same way."""
    if policy.compares:
        return await asyncio.to_thread(policy.caveats_for, request, answer)
    return policy.caveats_for(request, answer)


class Admission:
    """Checks a request against its policy and against what is due."""

    def __init__(self, database: Database, vault: Vault, policies: InForce, base_url: str) -> None:
        self._database = database
        self._vault = vault
        self._policies = policies
        self._base_url = base_url
        self._limiter = Limiter(requests=database.request_rates())

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
        requester = await self._admit_within_limits(application, policy, context)
        name = new_embedding_id()
        scope = scope_of(self._vault, application.id, context.case, name)
        return AdmittedEmbedding(
            name, application, requester, policy, policy.embeddings, context, scope, request
        )

    async def admit_transcription(self, call: TranscriptionCall) -> AdmittedTranscription:
        """A recording that may be transcribed, if its route is within the organisation; likewise."""
        application = call.application
        request, context = split_context(call.body, call.headers)
        policy = find_policy(self._policies, request.get("model"), application)
        if policy.transcriptions is None:
            raise GatewayError(
                "transcriptions_not_allowed",
                "This policy takes no recorded speech; its owner allows it in its section `transcriptions`.",
                param="model",
            )
        requester = await self._admit_within_limits(application, policy, context)
        name = new_transcription_id()
        scope = scope_of(self._vault, application.id, context.case, name)
        return AdmittedTranscription(
            name, application, requester, policy, policy.transcriptions, context, scope, call
        )

    async def _admit_within_limits(
        self, application: Application, policy: Policy, context: CaseContext
    ) -> Person | None:
        """The person who asks; of what there is nothing to decide on."""
        requester = await self._requester(context.on_behalf_of)
        await self._count_request(application, policy)
        tokens = policy.limits.tokens_per_day
        await self._database.fetch(
            lambda connection: self._limiter.admit_tokens(connection, application.id, policy.id, tokens)
        )
        return requester

    async def admit(self, call: Call) -> Admitted:
        """The request as it may go on; a `GatewayError` with the remedy if it may not."""
        application = call.application
        request, context = split_context(call.body, call.headers)
        policy = find_policy(self._policies, request.get("model"), application)
        requester = await self._requester(context.on_behalf_of)
        await self._count_request(application, policy)

        if not isinstance(request.get("messages"), list) or not request["messages"]:
            raise GatewayError("invalid_request", "`messages` must be a list of messages.", param="messages")
        advice = new_advice_id()
        scope = scope_of(self._vault, application.id, context.case, advice)

        def look(connection: Connection) -> str | None:
            tokens = policy.limits.tokens_per_day
            self._limiter.admit_tokens(connection, application.id, policy.id, tokens)
            self._nothing_overdue(connection, application, requester, policy)
            calls = [self._vault.reference("call", application.id, one) for one in answered_calls(request)]
            return find_run(connection, calls, None if context.case is None else scope)

        continues = await self._database.fetch(look)
        return Admitted(
            advice, application, requester, policy, context, scope, request, call, continues=continues
        )

    def count_tokens(
        self, admitted: Admitted | AdmittedEmbedding | AdmittedTranscription, tokens: int
    ) -> None:
        """Add what an answer used to the day's count."""
        self._limiter.count_tokens(admitted.application.id, admitted.policy.id, tokens)

    async def _requester(self, person: str | None) -> Person | None:
        if person is None:
            return None
        found = await self._database.fetch(lambda connection: find_person(connection, person))
        if found is None:
            raise GatewayError(
                "invalid_field",
                "`on_behalf_of` names nobody whose token is in force; use a person's id, or leave it out.",
                param="metadata.on_behalf_of",
            )
        return found

    async def _count_request(self, application: Application, policy: Policy) -> None:
        # Not with what is looked up: that is tried again on a connection that ended, and would count twice.
        limit = policy.limits.requests_per_minute
        await self._database.run_in_thread(
            lambda: self._limiter.admit_request(application.id, policy.id, limit)
        )

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
            + ", ".join(f"{one['advice_id']} (due {one['decide_by']})" for one in due),
            overdue=due,
        )
