"""The client: one method for each thing that is asked of the gateway."""

import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Final, Literal, Self
from urllib.parse import quote

import httpx

from countersign_client.errors import CountersignError, NotDecided, Unreachable
from countersign_client.results import Advice, DueAdvice, RecordedDecision, ReportedValue

_LONGEST_WAIT: Final = 60
"""Seconds that one request waits: proxies end what takes longer."""
_PAUSE: Final = 1.0
_PAGE: Final = 100
_NEVER: Final = datetime.max.replace(tzinfo=UTC)


class Client:
    """Calls one gateway with an application's key, or a person's token. Safe to use from several threads.

    Each method raises `CountersignError` with the gateway's code.
    """

    def __init__(self, base_url: str, key: str, *, timeout: float = 30.0) -> None:
        self._timeout = timeout
        self._http = httpx.Client(
            base_url=base_url.rstrip("/"), headers={"Authorization": f"Bearer {key}"}, timeout=timeout
        )

    def wait_for_decision(self, advice: str, *, seconds: float = 300) -> Advice:
        """The advice once it is settled: accepted, with its answer, or rejected, expired or failed.

        `NotDecided` if that takes longer than `seconds`. That an application got an accepted answer goes on record.
        """
        end = time.monotonic() + seconds
        while True:
            left = end - time.monotonic()
            found = self._read(advice, min(_LONGEST_WAIT, max(0, round(left))))
            if found is not None and not found.is_undecided:
                return found
            left = end - time.monotonic()
            if left <= 0:
                raise NotDecided(advice)
            time.sleep(min(_PAUSE, left))

    def list_due(self) -> list[DueAdvice]:
        """All advice that waits for a decision, the most urgent first: an application's own, or a person's queue."""
        found: list[DueAdvice] = []
        after: str | None = None
        while True:
            asked = {"status": "pending", "limit": str(_PAGE)} | ({} if after is None else {"after": after})
            page = self._send("GET", "/v1/advice", params=asked)
            found += [DueAdvice.of(entry) for entry in page["data"]]
            after = page["next"]
            if after is None:
                return sorted(found, key=lambda one: (one.decide_by or _NEVER, one.requested_at))

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
        given = {"reason": reason, "amendment": amendment, "own_view": own_view}
        body = {"decision": decision, "caveats_read": list(caveats_read), **_without_none(given)}
        done = self._send("POST", f"{_path(advice)}/decisions", token=token, json=body)
        return RecordedDecision(done["advice_id"], done["person"], done["decision"], done["status"])

    def report_missed(self, token: str, advice: str, value: str, *, kind: str | None = None) -> ReportedValue:
        """Report a value that left unredacted; `kind` is one of the redaction's types, such as `PERSON`."""
        body = _without_none({"value": value, "type": kind})
        done = self._send("POST", f"{_path(advice)}/missed-redactions", token=token, json=body)
        return ReportedValue(done["advice_id"], done["type"], done["redacted_in_case"])

    def close(self) -> None:
        """End the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _read(self, advice: str, wait: int) -> Advice | None:
        """The advice as it is after some seconds; None where the gateway can't say now but can soon."""
        try:
            document = self._send(
                "GET", _path(advice), headers={"Prefer": f"wait={wait}"}, timeout=wait + self._timeout
            )
        except CountersignError as error:
            if isinstance(error, Unreachable) or error.status in (429, 503):
                return None
            raise
        return Advice.of(document)

    def _send(
        self,
        method: str,
        path: str,
        *,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> dict[str, Any]:
        given = dict(headers or {}) | ({} if token is None else {"Authorization": f"Bearer {token}"})
        try:
            response = self._http.request(method, path, headers=given, **more)
        except httpx.HTTPError as error:
            raise Unreachable(f"The gateway did not answer ({type(error).__name__}).") from error
        try:
            body = response.json()
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise Unreachable("Something else than the gateway answered.", response.status_code)
        if response.is_success:
            return body
        raise _refusal(response, body)


def _refusal(response: httpx.Response, body: Mapping[str, Any]) -> CountersignError:
    error = body.get("error")
    if not isinstance(error, dict) or not isinstance(error.get("code"), str):
        return Unreachable("Something else than the gateway answered.", response.status_code)
    after = response.headers.get("retry-after", "")
    return CountersignError(
        error["code"],
        str(error.get("message", "")),
        status=response.status_code,
        param=error.get("param"),
        retry_after=float(after) if after.isdigit() else None,
        details={
            name: one for name, one in error.items() if name not in ("code", "message", "param", "type")
        },
    )


def _path(advice: str) -> str:
    return f"/v1/advice/{quote(advice, safe='')}"


def _without_none(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value is not None}
