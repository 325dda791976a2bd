"""The same client for asyncio."""

import asyncio
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Literal, Self, TypeVar

import httpx

from countersign_client import requests
from countersign_client.client_errors import CountersignError
from countersign_client.results import Advice, DueAdvice, RecordedDecision, ReportedValue

T = TypeVar("T")


class AsyncClient:
    """`Client` for asyncio: the same methods, to be awaited, with the same results and errors."""

    def __init__(self, base_url: str, key: str, *, timeout: float = 30.0) -> None:
        self._timeout = timeout
        self._http = httpx.AsyncClient(**requests.settings(base_url, key, timeout))

    async def wait_for_decision(self, advice: str, *, seconds: float = 300) -> Advice:
        """See Client."""
        return await self._do(requests.wait_for_decision(advice, seconds))

    async def list_due(self) -> list[DueAdvice]:
        """See Client."""
        return await self._do(requests.list_due())

    async def decide(
        self,
        token: str,
        advice: str,
        decision: Literal["accept", "reject"],
        *,
        reason: str | None = None,
        amendment: str | None = None,
        caveats_read: Sequence[str] = (),
        own_view: Literal["agrees", "differs"] | None = None,
    ) -> RecordedDecision:
        """See Client."""
        return await self._do(
            requests.decide(
                token,
                advice,
                decision,
                reason=reason,
                amendment=amendment,
                caveats_read=caveats_read,
                own_view=own_view,
            )
        )

    async def report_missed(
        self, token: str, advice: str, value: str, *, kind: str | None = None
    ) -> ReportedValue:
        """See Client."""
        return await self._do(requests.report_missed(token, advice, value, kind=kind))

    async def aclose(self) -> None:
        """End the connections."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def _do(self, steps: requests.Steps[T]) -> T:
        try:
            step = next(steps)
            while True:
                if isinstance(step, requests.Pause):
                    await asyncio.sleep(step.seconds)
                    step = next(steps)
                    continue
                try:
                    document = await self._send(step)
                except CountersignError as error:
                    step = steps.throw(error)
                else:
                    step = steps.send(document)
        except StopIteration as end:
            result: T = end.value
            return result

    async def _send(self, asked: requests.Send) -> dict[str, Any]:
        try:
            response = await self._http.request(**asked.arguments(self._timeout))
        except httpx.HTTPError as error:
            raise requests.no_answer(error) from error
        return requests.document_of(response)
