"""The client: one method for each thing that is asked of the gateway."""

import time
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Literal, Self, TypeVar

import httpx

from countersign_client import requests
from countersign_client.client_errors import CountersignError
from countersign_client.results import Advice, DueAdvice, RecordedDecision, ReportedValue

T = TypeVar("T")


class Client:
    """Calls one gateway with an application's key, or a person's token. Safe to use from several threads.

    Each method raises `CountersignError` with the gateway's code.
    """

    def __init__(self, base_url: str, key: str, *, timeout: float = 30.0) -> None:
        self._timeout = timeout
        self._http = httpx.Client(**requests.settings(base_url, key, timeout))

    def wait_for_decision(self, advice: str, *, seconds: float = 300) -> Advice:
        """The advice once it is settled: accepted, with its answer, or rejected, expired or failed.

        `NotDecided` if that takes longer than `seconds`. That an application got an accepted answer goes on record.
        """
        return self._do(requests.wait_for_decision(advice, seconds))

    def list_due(self) -> list[DueAdvice]:
        """All advice that waits for a decision, the most urgent first: an application's own, or a person's queue."""
        return self._do(requests.list_due())

    def decide(
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
        """Decide in the name of the person whose `token` it is. The same decision again changes nothing."""
        return self._do(
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

    def report_missed(self, token: str, advice: str, value: str, *, kind: str | None = None) -> ReportedValue:
        """Report a value that left unredacted; `kind` is one of the redaction's types, such as `PERSON`."""
        return self._do(requests.report_missed(token, advice, value, kind=kind))

    def close(self) -> None:
        """End the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _do(self, steps: requests.Steps[T]) -> T:
        try:
            step = next(steps)
            while True:
                if isinstance(step, requests.Pause):
                    time.sleep(step.seconds)
                    step = next(steps)
                    continue
                try:
                    document = self._send(step)
                except CountersignError as error:
                    step = steps.throw(error)
                else:
                    step = steps.send(document)
        except StopIteration as end:
            result: T = end.value
            return result

    def _send(self, asked: requests.Send) -> dict[str, Any]:
        try:
            response = self._http.request(**asked.arguments(self._timeout))
        except httpx.HTTPError as error:
            raise requests.no_answer(error) from error
        return requests.document_of(response)
