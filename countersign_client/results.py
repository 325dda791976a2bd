"""What the client returns."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Self

Status = Literal[
    "requested", "pending", "accepted", "rejected", "expired", "failed", "passed_on", "abandoned"
]


@dataclass(frozen=True, slots=True)
class PersonDecision:
    """What one person decided."""

    person: str
    decision: Literal["accept", "reject"]
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Advice:
    """One advice as the caller may see it. `completion` is there once it was accepted, `text` is its words."""

    id: str
    status: Status
    policy: str
    review_url: str
    decide_by: datetime | None
    decisions: tuple[PersonDecision, ...]
    completion: Mapping[str, Any] | None

    @property
    def is_undecided(self) -> bool:
        """Whether somebody may still decide on it."""
        return self.status in ("requested", "pending")

    @property
    def text(self) -> str | None:
        """The words of the answer; None where there are none to be seen."""
        choices = (self.completion or {}).get("choices") or [{}]
        content = (choices[0].get("message") or {}).get("content")
        return content if isinstance(content, str) else None

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Self:
        """From `GET /v1/advice/{id}`."""
        support = document["decision_support"]
        return cls(
            id=document["id"],
            status=document["status"],
            policy=support["policy"]["id"],
            review_url=support["review_url"],
            decide_by=moment(support["decide_by"]),
            decisions=tuple(
                PersonDecision(one["person"], one["decision"], datetime.fromisoformat(one["decided_at"]))
                for one in document["decisions"]
            ),
            completion=document.get("completion"),
        )


@dataclass(frozen=True, slots=True)
class DueAdvice:
    """Advice that waits for a decision, without its content."""

    id: str
    policy: str
    application: str
    requester: str | None
    requested_at: datetime
    decide_by: datetime | None
    review_url: str

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> Self:
        """From `GET /v1/advice`."""
        support = entry["decision_support"]
        return cls(
            id=entry["id"],
            policy=support["policy"]["id"],
            application=entry["application"],
            requester=entry["requester"],
            requested_at=datetime.fromisoformat(entry["requested_at"]),
            decide_by=moment(support["decide_by"]),
            review_url=support["review_url"],
        )


@dataclass(frozen=True, slots=True)
class RecordedDecision:
    """A decision that is on record. `status` stays `pending` where another person has to decide too."""

    advice: str
    person: str
    decision: Literal["accept", "reject"]
    status: Status


@dataclass(frozen=True, slots=True)
class ReportedValue:
    """A report that is on record, and whether the value is redacted in its case from now on."""

    advice: str
    type: str
    redacted_in_case: bool


def moment(text: str | None) -> datetime | None:
    """A time of the API, which is in UTC."""
    return None if text is None else datetime.fromisoformat(text)
