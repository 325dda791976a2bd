"""Steps 9 and 11 of the pipeline: what becomes of an answer that is held, and reading an advice.

An answer leaves only once the event that says so is durable: `advice.shown` for people, `advice.released` for the
application.
"""

from typing import Any

from gateway.advice import (
    Advice,
    Recorder,
    decision_support,
    find_advice,
    in_progress,
    is_response_deleted,
    receipt,
    review_url,
    unknown_response,
)
from gateway.errors import Conflict, GatewayError
from gateway.identity import Application, Caller, Person
from gateway.steps.calls import Answer, Call
from gateway.steps.decision_waiter import DecisionWaiter
from gateway.steps.visibility import VisibleAdvice, disclose, released_completion, unknown_advice
from gateway.storage import Database, Vault


class Releases:
    """Gives callers what they may see of an advice, when they may see it."""

    def __init__(
        self, database: Database, vault: Vault, recorder: Recorder, waiter: DecisionWaiter, base_url: str
    ) -> None:
        self._database = database
        self._vault = vault
        self._recorder = recorder
        self._waiter = waiter
        self._base_url = base_url

    async def find(self, advice: str) -> Advice:
        """The advice with this id; a 404 `GatewayError` if there is none."""
        found = await self._database.fetch(lambda connection: find_advice(connection, advice))
        if found is None:
            raise unknown_advice()
        return found

    async def is_current(self, advice: str) -> bool:
        """Whether it waits for a decision or is accepted, and its application has not deleted it."""
        if (await self.find(advice)).status not in ("pending", "accepted"):
            return False
        return not await self._database.fetch(lambda connection: is_response_deleted(connection, advice))

    async def disclose(self, caller: Caller, advice: Advice) -> VisibleAdvice:
        """The advice as `caller` may see it now; a 404 `GatewayError` if they may not know of it."""
        return await self._database.fetch(
            lambda connection: disclose(connection, self._vault, caller, advice, self._base_url)
        )

    async def read(self, caller: Caller, advice: str, wait: float = 0.0) -> dict[str, Any]:
        """One advice as `caller` may see it; that it is shown or released is on the record first."""
        found = await self.find(advice)
        disclosure = await self.disclose(caller, found)
        if wait > 0 and found.status in ("requested", "pending"):
            found = await self._wait(caller, found, wait)
            disclosure = await self.disclose(caller, found)
        if not disclosure.shows_answer:
            return disclosure.document
        if isinstance(caller, Person):
            await self._recorder.shown(advice, caller.actor)
        elif found.status == "accepted":
            await self._recorder.released(advice, caller.actor)
        return (await self.disclose(caller, await self.find(advice))).document

    async def hold(self, call: Call, advice: Advice, completion: dict[str, Any]) -> Answer:
        """The receipt of held advice, or its answer if somebody accepts it while the call waits.

        Who would take a receipt for the answer gets a 409 `advice_held` instead.
        """
        if call.wait > 0:
            advice = await self._wait(call.application, advice, call.wait)
        if advice.status == "accepted":
            return await self._release(call.application, advice)
        if advice.status == "passed_on":
            return self.answer(advice, (await self.read(call.application, advice.id))["completion"])
        if advice.status != "pending":
            raise _not_released(advice)
        if not call.takes_receipt:
            raise _held(advice, self._base_url)
        return self.answer(advice, receipt(advice, completion, self._base_url), held=True)

    async def answer_again(self, advice: str, call: Call) -> Answer:
        """The answer to a request with an earlier `Idempotency-Key`: the state of the first."""
        found = await self.find(advice)
        if await self._database.fetch(lambda connection: is_response_deleted(connection, advice)):
            raise unknown_response()
        if found.status == "requested":
            raise in_progress()
        if found.review.gate == "use" and found.status == "pending":
            completion = (await self.read(call.application, found.id))["completion"]
            if call.stream and call.idempotency_key is None and not _is_whole(completion):
                raise in_progress()  # its caller has just left it half-way, and from now on it is not this request
            return self.answer(found, completion)
        return await self.hold(call, found, {})

    def answer(self, advice: Advice, completion: dict[str, Any], *, held: bool = False) -> Answer:
        """A completion with the `decision_support` that goes with it."""
        completion = {**completion, "decision_support": decision_support(advice, self._base_url)}
        return Answer(advice.id, advice.status, completion, held)

    async def _release(self, application: Application, advice: Advice) -> Answer:
        await self._recorder.released(advice.id, application.actor)
        completion = await self._database.fetch(
            lambda connection: released_completion(connection, self._vault, advice)
        )
        return self.answer(advice, completion)

    async def _wait(self, caller: Caller, advice: Advice, seconds: float) -> Advice:
        await self.disclose(caller, advice)  # nobody waits for what they may not know of
        return await self._waiter.wait(advice.id, seconds, lambda: self.find(advice.id))


def _is_whole(completion: dict[str, Any]) -> bool:
    return all(choice.get("finish_reason") for choice in completion["choices"])


def _held(advice: Advice, base_url: str) -> GatewayError:
    return Conflict(
        "advice_held",
        "This advice is held until a person decides. Show `review_url`, and fetch the answer with"
        f" GET /v1/advice/{advice.id} once it is accepted. To wait send `Prefer: wait=60`; to get a receipt in the"
        " ordinary shape send `Prefer: respond-async`.",
        advice=advice.id,
        review_url=review_url(advice.id, base_url),
        decide_by=advice.decide_by,
    )


def _not_released(advice: Advice) -> GatewayError:
    if advice.status == "rejected":
        return Conflict(
            "advice_rejected", "This advice was rejected and is not released; ask again with a new key."
        )
    if advice.status == "expired":
        return Conflict(
            "advice_expired", "Nobody decided in time, so this is not released; ask again with a new key."
        )
    if advice.status == "abandoned":
        return Conflict("advice_not_ready", "Nobody was there for the answer to this request; ask again.")
    return Conflict("advice_not_ready", "The model gave no answer to this request; ask again with a new key.")
