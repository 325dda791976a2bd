"""What each method asks of the gateway, step by step, without a connection: both clients do these steps.

A method is a generator. It yields what is to be sent, or a pause, and is given the JSON that came, or the
`CountersignError` in its place.
"""

import time
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal, TypeVar
from urllib.parse import quote

import httpx

from countersign_client.client_errors import CountersignError, NotDecided, Unreachable
from countersign_client.results import Advice, DueAdvice, RecordedDecision, ReportedValue

_MAX_WAIT: Final = 60
"""Seconds that one request waits: proxies end what takes longer."""
_PAUSE: Final = 1.0
_PAGE: Final = 100
_NEVER: Final = datetime.max.replace(tzinfo=UTC)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Send:
    """One request; `token` in place of the client's own key, `wait`: seconds that the gateway may take longer."""

    method: str
    path: str
    token: str | None = None
    params: Mapping[str, str] | None = None
    json: Mapping[str, Any] | None = None
    wait: int | None = None

    def arguments(self, timeout: float) -> dict[str, Any]:
        """As httpx's `request` takes them."""
        headers = {} if self.token is None else {"Authorization": f"Bearer {self.token}"}
        if self.wait is not None:
            headers["Prefer"] = f"wait={self.wait}"
        return {
            "method": self.method,
            "url": self.path,
            "headers": headers,
            "params": self.params,
            "json": self.json,
            "timeout": timeout + (self.wait or 0),
        }


@dataclass(frozen=True, slots=True)
class Pause:
    """Seconds in which nothing is sent."""

    seconds: float


Steps = Generator[Send | Pause, Any, T]


def settings(base_url: str, key: str, timeout: float) -> dict[str, Any]:
    """For a client of httpx."""
    return {
        "base_url": base_url.rstrip("/"),
        "headers": {"Authorization": f"Bearer {key}"},
        "timeout": timeout,
    }


def wait_for_decision(advice: str, seconds: float) -> Steps[Advice]:
    """Reads the advice until it is settled; goes on where the gateway can't say now but can soon."""
    end = time.monotonic() + seconds
    while True:
        wait = min(_MAX_WAIT, max(0, round(end - time.monotonic())))
        try:
            found = Advice.of((yield Send("GET", _path(advice), wait=wait)))
        except CountersignError as error:
            if not isinstance(error, Unreachable) and error.status not in (429, 503):
                raise
        else:
            if not found.is_undecided:
                return found
        left = end - time.monotonic()
        if left <= 0:
            raise NotDecided(advice)
        yield Pause(min(_PAUSE, left))


def list_due() -> Steps[list[DueAdvice]]:
    """Reads every page."""
    found: list[DueAdvice] = []
    after: str | None = None
    while True:
        asked = {"status": "pending", "limit": str(_PAGE)} | ({} if after is None else {"after": after})
        page = yield Send("GET", "/v1/advice", params=asked)
        found += [DueAdvice.of(entry) for entry in page["data"]]
        after = page["next"]
        if after is None:
            return sorted(found, key=lambda one: (one.decide_by or _NEVER, one.requested_at))


def decide(
    token: str,
    advice: str,
    decision: Literal["accept", "reject"],
    *,
    reason: str | None,
    amendment: str | None,
    caveats_read: Sequence[str],
    own_view: Literal["agrees", "differs"] | None,
) -> Steps[RecordedDecision]:
    """Sends a person's decision."""
    given = {"reason": reason, "amendment": amendment, "own_view": own_view}
    body = {"decision": decision, "caveats_read": list(caveats_read), **_without_none(given)}
    done = yield Send("POST", f"{_path(advice)}/decisions", token=token, json=body)
    return RecordedDecision(done["advice_id"], done["person"], done["decision"], done["status"])


def report_missed(token: str, advice: str, value: str, *, kind: str | None) -> Steps[ReportedValue]:
    """Sends a person's report."""
    body = _without_none({"value": value, "type": kind})
    done = yield Send("POST", f"{_path(advice)}/missed-redactions", token=token, json=body)
    return ReportedValue(done["advice_id"], done["type"], done["redacted_in_case"])


def document_of(response: httpx.Response) -> dict[str, Any]:
    """The JSON of an answer; raises `CountersignError` for a refusal."""
    try:
        body = response.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Unreachable("Something else than the gateway answered.", response.status_code)
    if response.is_success:
        return body
    raise _refusal(response, body)


def no_answer(error: httpx.HTTPError) -> Unreachable:
    """What a failure of the connection is to callers."""
    return Unreachable(f"The gateway did not answer ({type(error).__name__}).")


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
