"""The same request again gets the advice of the first: by its key, while that is in flight, undelivered, or held."""

from collections.abc import Awaitable, Callable

from gateway.advice import Claim, InFlightElsewhere, Recorder
from gateway.steps.calls import Answer, Call, StreamedAnswer
from gateway.steps.detached_tasks import DetachedTasks
from gateway.steps.held_requests import HeldRequests
from gateway.steps.idempotency import Idempotency
from gateway.steps.release import Releases
from gateway.steps.shared_requests import SharedRequests
from gateway.steps.shared_streams import SharedStreams
from gateway.storage import Database, Vault

Ask = Callable[[str | None], Awaitable[Answer | StreamedAnswer]]
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
        self._held = HeldRequests(releases)
        remembering = not database.shared
        self._shared = SharedRequests(detached, self._idempotency, remembering=remembering)
        self._streams = SharedStreams(detached, self._idempotency, remembering=remembering)

    async def answer(self, call: Call, ask: Ask) -> Answer | StreamedAnswer:
        """What `ask` gives for `call`, or gave for the same one at this gateway a moment ago."""
        if call.stream:
            return await self._streams.answer(call, lambda: _ask(ask))
        return await self._shared.answer(call, lambda: _whole(ask))

    async def earlier(self, call: Call, asked: str | None) -> str | None:
        """The advice of the same request of before, or `asked`, whose answer is to be given again."""
        return await self._idempotency.earlier(call, asked) or await self._held.earlier(call)

    def claim(self, call: Call) -> Claim | None:
        """By what the same request again will be known, at every gateway."""
        return self._idempotency.claim(call)

    def remember_held(self, call: Call, advice: str) -> None:
        """The advice is held now, and the application is told so."""
        self._held.remember(call, advice)


async def _whole(ask: Ask) -> Answer:
    answer = await _ask(ask)
    assert isinstance(answer, Answer)  # noqa: S101 - only a call for a stream gets one
    return answer


async def _ask(ask: Ask) -> Answer | StreamedAnswer:
    asked: str | None = None
    while True:
        try:
            return await ask(asked)
        except InFlightElsewhere as same:
            asked = same.advice
