"""One advice as the events tell it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Status = Literal[
    "requested", "pending", "accepted", "rejected", "expired", "failed", "passed_on", "abandoned"
]
"""`requested` until the model has answered, and `failed` if it never did. `passed_on`: a turn of an agent's run that
only calls tools. `abandoned`: its answer reached nobody."""


@dataclass(frozen=True)
class Review:
    """The review rules in force when the advice was asked for; they stay with it when the policy changes."""

    gate: Literal["use", "release"]
    deciders: int
    not_the_requester: bool
    view_first: bool
    accept_reason: bool
    reject_reason: bool
    decide_within: int
    confirm: tuple[str, ...] = ()
    signature: Literal["none", "passkey"] = "none"
    tools: tuple[str, ...] = ()
    shown_first: bool = False
    confirm_facts: bool = False
    """`decide_within` in seconds; `confirm`: ids of caveats to be confirmed with an accept; `tools`: those whose calls
    are held; `shown_first`: whether who accepts must have been shown the advice; `confirm_facts`: the answer's own
    words are accepted only with each unsupported fact confirmed."""

    def as_event(self) -> dict[str, Any]:
        """As `advice.requested` carries it."""
        return {
            "gate": self.gate,
            "deciders": self.deciders,
            "not_the_requester": self.not_the_requester,
            "view_first": self.view_first,
            "accept_reason": self.accept_reason,
            "reject_reason": self.reject_reason,
            "decide_within": self.decide_within,
            "confirm": list(self.confirm),
            "signature": self.signature,
            **({"tools": list(self.tools)} if self.tools else {}),
            **({"shown_first": True} if self.shown_first else {}),
            **({"confirm_facts": True} if self.confirm_facts else {}),
        }

    @classmethod
    def from_event(cls, fields: Mapping[str, Any]) -> "Review":
        """From `advice.requested`."""
        return cls(**{**fields, "confirm": tuple(fields["confirm"]), "tools": tuple(fields.get("tools", ()))})


@dataclass(frozen=True)
class Advice:
    """The state of one advice. Times are RFC 3339 in UTC, so that they sort as text."""

    id: str
    status: Status
    policy: str
    policy_version: str
    application: str
    scope: str
    requester: str | None
    review: Review
    redactions: dict[str, int]
    caveats: tuple[dict[str, str], ...]
    requested_at: str
    received_at: str | None
    decide_by: str | None
    settled_at: str | None
    released_text: int | None
    released_at: str | None
    erased_at: str | None = None
    erased_why: str | None = None
    continues: str | None = None
    unsupported_facts: int | None = None
    """`continues`: the advice whose tool calls this gives the results of. `released_text`: 0 for the model's answer,
    k for the k-th amendment; set once accepted."""

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> "Advice":
        """From a row of the projection."""
        fields = {name: row[name] for name in cls.__dataclass_fields__ if name in row}
        return cls(
            **{
                **fields,
                "review": Review.from_event(json.loads(row["review"])),
                "redactions": json.loads(row["redactions"]),
                "caveats": tuple(json.loads(row["caveats"])),
            }
        )

    def expired_at(self, now: str) -> bool:
        """Held advice can't be decided on past its time; advice in use must be, however late."""
        late = self.decide_by is not None and now > self.decide_by
        return self.status == "pending" and self.review.gate == "release" and late


@dataclass(frozen=True)
class RecordedDecision:
    """A decision that one person made; `text` as in `Advice.released_text`."""

    person: str
    decision: Literal["accept", "reject"]
    text: int
    decided_at: str
    passkey: str | None = None
    """`passkey`: the credential that signed it, where the policy asked for that."""
