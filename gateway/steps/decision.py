"""Step 10 of the pipeline: a named person accepts or rejects, and signs it where the policy asks for that."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from audit import now_text
from gateway.advice import Advice, Amendment, DecisionRequest, Recorder, Refused, amended, to_sign
from gateway.errors import Conflict, GatewayError
from gateway.identity import Caller, Person, Signing
from gateway.steps.calls import Decision
from gateway.steps.decision_waiter import DecisionWaiter
from gateway.steps.visibility import restored_answer
from gateway.storage import Database, Vault


def require_decider(caller: Caller) -> Person:
    """The caller as the person who decides; a 403 for anyone who may not."""
    if not isinstance(caller, Person):
        raise GatewayError(
            "person_required",
            "An application can ask, never decide: send a person's own token in `Authorization`.",
        )
    if not caller.may_decide:
        raise GatewayError(
            "role_required", "Deciding takes the role caseworker or reviewer; an admin gives roles to people."
        )
    return caller


class DecisionService:
    """The actions of people on pending advice. Each is durable before it is answered."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        recorder: Recorder,
        signing: Signing,
        waiter: DecisionWaiter,
        find: Callable[[str], Awaitable[Advice]],
    ) -> None:
        self._database = database
        self._vault = vault
        self._recorder = recorder
        self._signing = signing
        self._waiter = waiter
        self._find = find

    async def decide(
        self,
        person: Person,
        advice: str,
        decision: Decision,
        signature: Mapping[str, str] | None = None,
    ) -> Advice:
        """Count a person's decision, once however often it is sent; gives the advice after it.

        `signature`: by their passkey over what `to_sign` gave, where the policy asks for it.
        """
        request, amendment = await self._decision_request(person, advice, decision)
        request = replace(request, signature=signature)
        after, verdict = await self._recorder.decided(advice, request, amendment)
        if after.status != "pending":
            self._waiter.notify(advice)
        if isinstance(verdict, Refused):
            raise verdict.error
        return after

    async def to_sign(self, person: Person, advice: str, decision: Decision) -> bytes:
        """The bytes that the person's passkey signs for this decision; an error if the decision would not count now."""
        request, amendment = await self._decision_request(person, advice, decision)
        found = await self._find(advice)
        if found.expired_at(now_text()):
            raise Conflict("advice_expired", "The time to decide on this advice is over; ask for it again.")
        return await self._database.fetch(
            lambda connection: to_sign(connection, self._vault, self._signing, found, request, amendment)
        )

    async def _decision_request(
        self, person: Person, advice: str, decision: Decision
    ) -> tuple[DecisionRequest, Amendment | None]:
        if decision.amendment is not None and decision.decision != "accept":
            raise GatewayError("invalid_field", "`amendment` goes with an accept only.", param="amendment")
        request = DecisionRequest(
            person,
            decision.decision,
            reason=decision.reason,
            caveats_read=frozenset(decision.caveats_read),
            facts_confirmed=frozenset(decision.facts_confirmed),
            own_view=decision.own_view,
        )
        if decision.amendment is not None and not decision.amendment.strip():
            raise GatewayError(
                "invalid_field", "`amendment` is blank; write the text, or leave it out.", param="amendment"
            )
        amendment = None
        if decision.amendment is not None:
            amendment = await self._amended(advice, decision.amendment)
        return request, amendment

    async def _amended(self, advice: str, text: str) -> Amendment:
        found = await self._find(advice)
        if found.received_at is None:
            return Amendment.of({}, text)
        answer = await self._database.fetch(
            lambda connection: restored_answer(connection, self._vault, found)
        )
        amended(answer, text)  # changed tool calls must be calls
        return await asyncio.to_thread(Amendment.of, answer, text)

    async def give_view(self, person: Person, advice: str, view: str) -> None:
        """Record what a person thinks, before the advice is shown to them."""
        await self._recorder.viewed(advice, person, view)
