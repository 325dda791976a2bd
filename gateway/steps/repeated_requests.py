"""The same request again gets the advice of the first: by its key, while that is in flight, undelivered, or held."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from typing import Any

from gateway.advice import Advice, Answered, AskedElsewhere, Claim, Recorder
from gateway.errors import GatewayError
from gateway.steps.calls import Answer, Call, Streamed
from gateway.steps.detached_tasks import DetachedTasks
from gateway.steps.held_requests import HeldRequests
from gateway.steps.idempotency import Idempotency
from gateway.steps.release import Releases
from gateway.steps.shared_requests import SharedRequests
from gateway.steps.shared_streams import SharedStreams
from gateway.steps.stream_assembly import as_chunks
from gateway.storage import Database, Vault

Ask = Callable[[str | None], Awaitable[Answer | Streamed]]
"""Answers a request; given the advice that another gateway asked for with the same request at the same moment."""


class RepeatedRequests:
    """Answers one request, or gives it the answer of the same one of before."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        recorder: Recorder,
        releases: Releases,
        detached: DetachedTasks,
    ) -> None:
        self._idempotency = Idempotency(database, vault, recorder, detached)
        self._releases = releases
        self._held = HeldRequests(releases)
        remembering = not database.shared
        self._shared = SharedRequests(detached, self._idempotency, remembering=remembering)
        self._streams = SharedStreams(detached, self._idempotency, remembering=remembering)

    async def answer(self, call: Call, ask: Ask) -> Answer | Streamed:
        """What `ask` gives for `call`, or gave for the same one at this gateway a moment ago."""
        if call.stream:
            return await self._streams.answer(call, lambda: _ask(ask))
        return await self._shared.answer(call, lambda: _whole(ask))

    async def earlier(self, call: Call, asked: str | None) -> Answer | Streamed | None:
        """What the same request of before, or advice `asked`, is answered with; None where there is none."""
        found = await self._idempotency.earlier(call, asked)
        if found is None:
            held = await self._held.earlier(call)
            return None if held is None else await self._releases.answer_again(held, call)
        if found.status == "requested" and call.idempotency_key is None:
            return Streamed(found.id, self._replay(call, found))
        return await self._releases.answer_again(found.id, call)

    async def _replay(self, call: Call, advice: Advice) -> AsyncIterator[dict[str, Any]]:
        """The stream of another gateway, once it is whole."""
        if await self._idempotency.answered(advice) is None:
            raise GatewayError("advice_not_ready", "The model gave no answer to this request; ask again.")
        answer = await self._releases.answer_again(advice.id, call)
        for chunk in as_chunks(answer.completion, include_usage=call.include_usage):
            yield chunk

    def claim(self, call: Call) -> Claim | None:
        """By what the same request again will be known, at every gateway."""
        return self._idempotency.claim(call)

    def as_undelivered(self, call: Call, answered: Answered) -> Answered:
        """The answer, with a note that it has reached nobody so far where nothing else says so."""
        return replace(answered, undelivered=self._idempotency.notes_undelivered(call))

    def remember_held(self, call: Call, advice: str) -> None:
        """The advice is held now, and the application is told so."""
        self._held.remember(call, advice)


async def _whole(ask: Ask) -> Answer:
    answer = await _ask(ask)
    assert isinstance(answer, Answer)  # noqa: S101 - only a call for a stream gets one
    return answer


async def _ask(ask: Ask) -> Answer | Streamed:
    asked: str | None = None
    while True:
        try:
            return await ask(asked)
        except AskedElsewhere as same:
            asked = same.advice
