"""Countersign from the first edge to the last. Read it top to bottom.

 1. identify   the application, and the person it acts for
 2. admit      find the policy; check who may use it, its limits, and undecided advice that is overdue
 3. redact     every text in the request; refuse what can't be read, and what the policy refuses
 4. compose    put the policy's prompt in front
 5. record     `advice.requested`, durably, before anything leaves
 6. complete   through a provider, with the policy's routes, timeouts, retries and fallbacks
 7. inspect    the answer: personal data that was not in the request, conditions of caveats; refuse or mask what
               the policy says
 8. record     `advice.received` with the caveats, durably; seal the content
 9. gate       hold the answer, or show it, as the policy says
10. decide     a person accepts or rejects, and signs it with their passkey where the policy asks; the event is durable
               before the answer
11. release    what was accepted, with pseudonyms put back

What a step does in detail stands beside it in `gateway/steps/`, one file a step. Left to others: HTTP (`gateway/api`),
and checking all this afterwards without trusting us (`audit`).
"""

import asyncio
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from types import MappingProxyType
from typing import Any, ParamSpec, TypeVar

import structlog

from gateway.advice import (
    Advice,
    Answered,
    Asked,
    Missed,
    PseudonymTaken,
    Recorder,
    decision_support,
    find_advice,
    in_progress,
    receipt,
    record_missed,
    with_inline_caveats,
)
from gateway.errors import Conflict, GatewayError
from gateway.identity import Application, Caller, Person, Signing, Uses, identify
from gateway.policy import AnswerFacts, Check, InForce
from gateway.providers import Completion, CompletionStream, ProviderError, Providers
from gateway.redaction import (
    Pseudonym,
    Redacted,
    Redactor,
    StreamMask,
    can_be_redacted,
    stands_in,
    subject_type,
)
from gateway.steps import (
    Admission,
    Admitted,
    Answer,
    Call,
    CaseLocks,
    Deciding,
    Disclosure,
    Masking,
    MissedRedaction,
    OnRecord,
    Relay,
    Seeded,
    Seeding,
    Settled,
    Streamed,
    disclose,
    released_completion,
    unknown_advice,
)
from gateway.storage import Database, Vault

_log = structlog.get_logger("countersign")

P = ParamSpec("P")
T = TypeVar("T")

_PSEUDONYM_TRIES = 3


class Pipeline:
    """The eleven steps over the parts that `app.py` built."""

    def __init__(
        self,
        *,
        database: Database,
        vault: Vault,
        recorder: Recorder,
        policies: InForce,
        redactor: Redactor,
        providers: Providers,
        cases: CaseLocks,
        base_url: str,
        signing: Signing,
        settled: Settled,
        uses: Uses,
        checks: Mapping[str, Sequence[Check]] = MappingProxyType({}),
        checks_within_minutes: float = 0,
    ) -> None:
        self._recorder = recorder
        self._settled = settled
        self._uses = uses
        self._database = database
        self._vault = vault
        self._redactor = redactor
        self._providers = providers
        self._base_url = base_url
        self._admission = Admission(database, vault, policies, base_url)
        self._cases = cases
        self._policies = policies
        self._seeding = Seeding(checks, checks_within_minutes)
        self.deciding = Deciding(database, vault, recorder, signing, self._settled, self._find)
        self._ending = asyncio.Event()
        self._unfinished: set[asyncio.Task[Any]] = set()

    async def ask(self, call: Call) -> Answer | Streamed:
        """Steps 2 to 9 for one request; a repeated `Idempotency-Key` gets the state of the first."""
        earlier = await self._asked_before(call)
        if earlier is not None:
            return await self._answer_again(earlier, call)
        with self._recorder.at_work():
            admitted = await self._admission.admit(call)
            on_record = await self._put_on_record(admitted)
            if call.stream and admitted.policy.review.gate == "use" and not admitted.policy.refuses_added:
                return await self._stream(on_record)
            began = time.monotonic()
            completion = await self._complete(on_record)
            seconds = time.monotonic() - began
            try:
                answered = await self._inspect(on_record, completion.body, completion)
            except asyncio.CancelledError:
                self._finish(self._recorder.failed(on_record.asked, code="caller_gone"))
                raise
            await self._refuse_added(on_record, answered)
            advice = await self._record_answer(on_record, answered)
            seeded = self._seeding.due(on_record, completion, seconds)
            if seeded is not None:
                self._finish(self._mix_in(seeded))
        return await self._gate(on_record, advice, dict(answered.completion))

    # 1. Identify

    async def identify(self, authorization: str | None) -> Caller:
        """The caller behind an `Authorization` header; a 401 if there is none in force."""
        return await self._database.fetch(
            lambda connection: identify(connection, authorization, self._uses.note)
        )

    def application(self, caller: Caller) -> Application:
        """The caller as the application that asks; a 403 for whoever may not."""
        if not isinstance(caller, Application):
            raise GatewayError(
                "application_required",
                "People decide on advice; an application asks for it, with its own key.",
            )
        return caller

    # 2. Admit: gateway/steps/admission.py. Then 3 to 5, one request of a case at a time.

    async def _put_on_record(self, admitted: Admitted) -> OnRecord:
        async with self._cases.hold(admitted.scope):
            for _ in range(_PSEUDONYM_TRIES):
                redacted, missed = await self._redact(admitted)
                await self._refuse_by_policy(admitted, redacted)
                outgoing = admitted.policy.compose(redacted.request)  # 4. compose
                try:
                    return await self._record_request(admitted, redacted, outgoing, missed)
                except PseudonymTaken:  # by another gateway on the same log
                    continue
        raise GatewayError("busy", "This case is busy elsewhere; send the request again.", retry_after=1)

    # 3. Redact

    async def _redact(self, admitted: Admitted) -> tuple[Redacted, int]:
        known, missed = await self._database.fetch(
            lambda connection: (
                self._vault.pseudonyms(connection, admitted.scope),
                self._vault.missed(connection, admitted.scope),
            )
        )
        redacted = await self._reading(
            self._redactor.redact,
            admitted.request,
            known=[Pseudonym(*one) for one in known],
            subjects=admitted.matter.subjects,
            missed=missed,
            keep=admitted.policy.redaction.keep,
            scripts=admitted.policy.redaction.scripts,
            also=admitted.policy.redaction.redact,
            tools=admitted.policy.declared_tools,
        )
        return redacted, len(missed)

    async def _reading(self, read: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """Run what reads a text: on a thread where models do, which takes long and leaves the loop to others."""
        if self._redactor.reads_names:
            return await asyncio.to_thread(read, *arguments, **named)
        return read(*arguments, **named)

    async def _refuse_by_policy(self, admitted: Admitted, redacted: Redacted) -> None:
        refusal = admitted.policy.refusal(admitted.facts(redacted))
        if refusal is not None:
            if admitted.check is None:
                await self._recorder.refused(
                    admitted.advice, admitted.application.actor, admitted.policy_version, refusal.id
                )
            raise GatewayError("refused_by_policy", refusal.say, refusal=refusal.id)

    # 5. Record, before anything leaves

    async def _record_request(
        self, admitted: Admitted, redacted: Redacted, outgoing: dict[str, Any], missed: int
    ) -> OnRecord:
        issued = [(one.text, one.type, one.value) for one in redacted.issued]
        seeded = admitted.check
        check = (
            {} if seeded is None else {"check": {"id": seeded.id, "wrong": seeded.wrong, "why": seeded.why}}
        )
        asked = Asked(
            advice=admitted.advice,
            actor=admitted.application.actor,
            application=admitted.application.id,
            policy=admitted.policy_version,
            review=admitted.review,
            retention=admitted.policy.retention.seconds,
            redactions=redacted.counts,
            scope=admitted.scope,
            case_given=admitted.matter.case is not None,
            requester=None if admitted.requester is None else admitted.requester.id,
            sealed={
                "request": {
                    "body": admitted.request,
                    "issued": issued,
                    "call_ids": dict(redacted.call_ids),
                    **check,
                },
                "sent": outgoing,
            },
            pseudonyms=[(one.text, one.type, one.value) for one in redacted.new],
            idempotency=self._idempotency(admitted.call),
            check=None if seeded is None else seeded.id,
            missed=missed,
        )
        await self._recorder.requested(asked)
        return OnRecord(admitted, redacted, outgoing, asked)

    # 6. Complete

    async def _complete(self, on_record: OnRecord) -> Completion:
        try:
            return await self._providers.complete(on_record.admitted.policy.models, on_record.outgoing)
        except ProviderError as error:
            await self._recorder.failed(on_record.asked, code=error.code)
            raise
        except asyncio.CancelledError:
            self._finish(self._recorder.failed(on_record.asked, code="caller_gone"))
            raise

    # 7. Inspect

    async def _inspect(
        self,
        on_record: OnRecord,
        completion: dict[str, Any],
        source: Completion | CompletionStream,
        *,
        complete: bool = True,
        mask: StreamMask | None = None,
    ) -> Answered:
        admitted = on_record.admitted
        sent: dict[str, Any] = {
            "prompt": admitted.policy.wording.text,
            "keep": admitted.policy.redaction.keep,
        }
        if mask is not None:
            found = mask.inspection(completion)
        elif (
            admitted.policy.masks_added and admitted.check is None
        ):  # what is wrong with a check must stay in it
            completion, found = await self._reading(
                self._redactor.mask, completion, on_record.redacted, **sent
            )
        else:
            found = await self._reading(self._redactor.inspect, completion, on_record.redacted, **sent)
        facts = AnswerFacts(text=found.text, entities=sorted(found.entities), added=sorted(found.added))
        caveats = admitted.policy.caveats_for(admitted.facts(on_record.redacted), facts)
        return Answered(
            model=source.model,
            attempts=[{"model": one.model, "outcome": one.outcome} for one in source.attempts],
            caveats=[{"id": caveat.id, "text": caveat.say} for caveat in caveats],
            entities=sorted(found.entities),
            added=found.added,
            complete=complete,
            shown_to=admitted.application.actor if admitted.review.gate == "use" else None,
            completion=completion,
        )

    async def _refuse_added(self, on_record: OnRecord, answered: Answered) -> None:
        admitted = on_record.admitted
        refused = admitted.policy.refused_added(answered.added)
        if not refused:
            return
        await self._recorder.failed(
            on_record.asked, code="added_personal_data", partial=answered.completion, added=answered.added
        )
        self._admission.count_tokens(admitted, sum(answered.usage.values()))
        raise GatewayError(
            "added_personal_data",
            f"The model's answer held personal data that you did not send ({', '.join(refused)}), so it is not shown."
            " Ask again, or put all that the answer needs into the request; that it is refused is the policy's"
            " `redaction.added`.",
            types=refused,
            advice=admitted.advice,
        )

    # 8. Record the answer, before it is shown

    async def _record_answer(self, on_record: OnRecord, answered: Answered) -> Advice:
        advice = await self._recorder.received(on_record.asked, answered)
        if on_record.admitted.check is None:
            self._admission.count_tokens(on_record.admitted, sum(answered.usage.values()))
        return advice

    async def _mix_in(self, seeded: Seeded) -> None:
        """Steps 3 to 8 for a seeded check: it waits among the others, and no application is ever given it."""
        await self._pause(seeded.after)
        policy = seeded.mould.policy
        now = self._policies.get(policy.id)
        if self._ending.is_set() or now is None or now.version != policy.version:
            return
        try:
            with self._recorder.at_work():
                on_record = await self._put_on_record(seeded.asked(self._vault))
            await self._pause(seeded.answer_seconds)
            with self._recorder.at_work():
                completion = seeded.answered(on_record)
                answered = await self._inspect(on_record, completion.body, completion)
                await self._record_answer(on_record, answered)
        except GatewayError as error:
            _log.warning("a seeded check could not be mixed in", policy=policy.id, code=error.code)

    async def _pause(self, seconds: float) -> None:
        """Wait so long, or until the gateway ends."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._ending.wait(), seconds)

    # 9. Gate: hold the answer, or show it

    async def _gate(self, on_record: OnRecord, advice: Advice, completion: dict[str, Any]) -> Answer:
        admitted = on_record.admitted
        if advice.review.gate == "release":
            return await self._hold(admitted.application, advice, completion, admitted.call.wait)
        restored = on_record.restorer().completion(completion)
        if admitted.policy.caveats_inline:
            restored = with_inline_caveats(restored, advice.caveats)
        return self._shown(advice, restored)

    async def _hold(
        self, application: Application, advice: Advice, completion: dict[str, Any], wait: float
    ) -> Answer:
        if wait > 0:
            advice = await self._wait(application, advice, wait)
        if advice.status == "accepted":
            return await self._release(application, advice)
        if advice.status != "pending":
            raise _not_released(advice)
        return self._shown(advice, receipt(advice, completion, self._base_url), held=True)

    def _shown(self, advice: Advice, completion: dict[str, Any], *, held: bool = False) -> Answer:
        completion = {**completion, "decision_support": decision_support(advice, self._base_url)}
        return Answer(advice.id, advice.status, completion, held)

    # 6 to 9 for advice that is shown while it arrives

    async def _stream(self, on_record: OnRecord) -> Streamed:
        try:
            upstream = await self._providers.stream(on_record.admitted.policy.models, on_record.outgoing)
        except ProviderError as error:
            await self._recorder.failed(on_record.asked, code=error.code)
            raise
        except asyncio.CancelledError:
            self._finish(self._recorder.failed(on_record.asked, code="caller_gone"))
            raise

        mask = self._stream_mask(on_record)

        async def ended(completion: dict[str, Any]) -> tuple[Advice, dict[str, Any]]:
            answered = await self._inspect(on_record, completion, upstream, mask=mask)
            advice = await self._record_answer(on_record, answered)
            return advice, decision_support(advice, self._base_url)

        async def cut(partial: dict[str, Any], code: str) -> None:
            await self._recorder.failed(on_record.asked, code=code, partial=partial)

        async def left(partial: dict[str, Any]) -> None:
            answered = await self._inspect(on_record, partial, upstream, complete=False, mask=mask)
            await self._record_answer(on_record, answered)

        def abandoned(partial: dict[str, Any]) -> None:
            self._finish(left(partial))

        relay = Relay(
            upstream,
            on_record.restorer(),
            ended=ended,
            cut=cut,
            abandoned=abandoned,
            inline_caveats=on_record.admitted.policy.caveats_inline,
            masking=None if mask is None else Masking(mask, self._reading),
        )
        return Streamed(on_record.admitted.advice, relay.chunks())

    def _stream_mask(self, on_record: OnRecord) -> StreamMask | None:
        policy = on_record.admitted.policy
        if not policy.masks_added:
            return None
        return self._redactor.mask_stream(
            on_record.redacted,
            json_content=on_record.asks_for_json,
            prompt=policy.wording.text,
            keep=policy.redaction.keep,
        )

    # 10. Decide: gateway/steps/decision.py, and a person's correction

    async def report_missed(self, person: Person, advice: str, report: MissedRedaction) -> Missed:
        """Record a value that left unredacted; from then on it is redacted in the advice's case."""
        found = await self._find(advice)
        seen = (await self._disclose(person, found)).document
        entity = self._missed_type(report)
        asked = [seen["request"], seen["sent"]]
        if not await asyncio.to_thread(stands_in, report.value, asked):
            raise GatewayError(
                "invalid_field",
                "`value` does not stand in this advice's request, nor in what was sent; copy it from there, whole"
                " words of it.",
                param="value",
            )
        async with self._cases.hold(found.scope):  # a request that comes later is redacted with it
            return await self._recorder.submit(
                lambda transaction: record_missed(
                    transaction, self._vault, advice, person, report.value, entity
                )
            )

    def _missed_type(self, report: MissedRedaction) -> str:
        if not can_be_redacted(report.value):
            raise GatewayError(
                "invalid_field",
                "`value` is what left unredacted: no pseudonym, and two letters or digits of it at least.",
                param="value",
            )
        if report.type is None:
            return subject_type(report.value)
        if report.type not in self._redactor.types:
            raise GatewayError(
                "invalid_field",
                "`type` is none of those that are redacted here, such as PERSON or UK_NINO; leave it out if none fits.",
                param="type",
            )
        return report.type

    # 11. Release

    async def read(self, caller: Caller, advice: str, wait: float = 0.0) -> dict[str, Any]:
        """One advice as `caller` may see it; that it is shown or released is on the record first."""
        found = await self._find(advice)
        disclosure = await self._disclose(caller, found)
        if wait > 0 and found.status in ("requested", "pending"):
            found = await self._wait(caller, found, wait)
            disclosure = await self._disclose(caller, found)
        if not disclosure.shows_answer:
            return disclosure.document
        if isinstance(caller, Person):
            await self._recorder.shown(advice, caller.actor)
        elif found.status == "accepted":
            await self._recorder.released(advice, caller.actor)
        return (await self._disclose(caller, await self._find(advice))).document

    async def _release(self, application: Application, advice: Advice) -> Answer:
        await self._recorder.released(advice.id, application.actor)
        completion = await self._database.fetch(
            lambda connection: released_completion(connection, self._vault, advice)
        )
        return self._shown(advice, completion)

    async def _disclose(self, caller: Caller, advice: Advice) -> Disclosure:
        return await self._database.fetch(
            lambda connection: disclose(connection, self._vault, caller, advice, self._base_url)
        )

    async def _find(self, advice: str) -> Advice:
        found = await self._database.fetch(lambda connection: find_advice(connection, advice))
        if found is None:
            raise unknown_advice()
        return found

    # The same request again

    def _idempotency(self, call: Call) -> tuple[str, bytes] | None:
        if call.idempotency_key is None:
            return None
        key = self._vault.reference("idempotency", call.application.id, call.idempotency_key)
        return key, call.fingerprint

    async def _asked_before(self, call: Call) -> Advice | None:
        claim = self._idempotency(call)
        if claim is None:
            return None
        advice = await self._database.fetch(
            lambda connection: self._recorder.claimed(connection, call.application.id, *claim)
        )
        return None if advice is None else await self._find(advice)

    async def _answer_again(self, advice: Advice, call: Call) -> Answer:
        if advice.status == "requested":
            raise in_progress()
        if advice.review.gate == "use" and advice.status == "pending":
            return self._shown(advice, (await self.read(call.application, advice.id))["completion"])
        return await self._hold(call.application, advice, {}, call.wait)

    # Waiting, and what goes on after a caller has gone

    async def _wait(self, caller: Caller, advice: Advice, seconds: float) -> Advice:
        await self._disclose(caller, advice)  # nobody waits for what they may not know of
        return await self._settled.wait(advice.id, seconds, lambda: self._find(advice.id))

    def _finish(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.ensure_future(work)
        self._unfinished.add(task)
        task.add_done_callback(self._unfinished.discard)

    async def drain(self) -> None:
        """Wait for what goes on after its caller has gone, before the log is closed."""
        self._ending.set()
        await asyncio.gather(*self._unfinished, return_exceptions=True)


def _not_released(advice: Advice) -> GatewayError:
    if advice.status == "rejected":
        return Conflict(
            "advice_rejected", "This advice was rejected and is not released; ask again with a new key."
        )
    if advice.status == "expired":
        return Conflict(
            "advice_expired", "Nobody decided in time, so this is not released; ask again with a new key."
        )
    return Conflict("advice_not_ready", "The model gave no answer to this request; ask again with a new key.")
