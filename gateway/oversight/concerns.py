"""A concern about an advice or a policy: who raised it, how bad it is, what became of it; its words only sealed.

About an advice it is sealed with the advice and goes with it; about a policy under a key of its own.
"""

import secrets
from dataclasses import dataclass
from typing import Any, Final, Literal

import orjson
from sqlalchemy import bindparam, or_, select

from audit import Transaction
from gateway.advice import erased_error, find_advice, record
from gateway.errors import Conflict, GatewayError
from gateway.identity import Person
from gateway.policy import PolicySet
from gateway.storage import (
    Connection,
    Row,
    SealedDamaged,
    SealedMissing,
    Statement,
    Vault,
    optional_number,
    optional_text,
    tables,
)

Severity = Literal["minor", "serious", "urgent"]
State = Literal["open", "upheld", "not_upheld"]
SEVERITIES: Final[tuple[Severity, ...]] = ("minor", "serious", "urgent")
STATES: Final[tuple[State, ...]] = ("open", "upheld", "not_upheld")

_concerns = tables.concerns
_by_id = Statement(select(_concerns).where(_concerns.c.id == bindparam("concern")))
_listed = Statement(
    select(_concerns)
    .where(
        or_(optional_text("state").is_(None), _concerns.c.state == optional_text("state")),
        or_(optional_text("raised_by").is_(None), _concerns.c.raised_by == optional_text("raised_by")),
        or_(optional_number("before").is_(None), _concerns.c.event < optional_number("before")),
    )
    .order_by(_concerns.c.event.desc())
    .limit(bindparam("most"))
)


@dataclass(frozen=True)
class Concern:
    """One concern as the events tell it; `event` is the index of the one that raised it."""

    id: str
    advice: str | None
    policy: str
    severity: Severity
    raised_by: str
    raised_at: str
    state: State
    answered_at: str | None
    answers: int
    event: int

    @classmethod
    def of(cls, row: Row) -> "Concern":
        """From a row of the projection."""
        return cls(**row)


def raise_concern(
    transaction: Transaction,
    vault: Vault,
    policies: PolicySet,
    person: Person,
    *,
    advice: str | None,
    policy: str | None,
    severity: Severity,
    what: str,
) -> Concern:
    """`concern.raised`: what is wrong with an advice or a policy, and how bad it is."""
    concern = f"concern_{secrets.token_hex(12)}"
    event: dict[str, Any] = {
        "type": "concern.raised",
        "actor": person.actor,
        "concern": concern,
        "severity": severity,
        "policy": _about_policy(policies, policy),
    }
    if advice is not None:
        found = find_advice(transaction.connection, advice)
        if found is None:
            raise GatewayError("unknown_advice", "There is no such advice; check its id.", param="advice")
        if found.erased_at is not None:
            raise erased_error(found)
        event["advice"] = advice
        event["policy"] = {"id": found.policy, "version": found.policy_version}
    event["commitments"] = _seal(transaction, vault, event, "concern", what)
    record(transaction, event)
    return _existing(transaction.connection, concern)


def answer_concern(
    transaction: Transaction, vault: Vault, person: Person, concern: str, *, state: State, answer: str
) -> Concern:
    """`concern.answered`, by an admin: whether it is upheld, and what was done. It can be answered again."""
    found = _existing(transaction.connection, concern)
    if state == "open":
        raise GatewayError("invalid_field", "`state` is upheld or not_upheld.", param="state")
    if found.raised_by == person.actor:
        raise Conflict("own_concern", "Somebody else than who raised a concern answers it.")
    event: dict[str, Any] = {
        "type": "concern.answered",
        "actor": person.actor,
        "concern": concern,
        "state": state,
        "number": found.answers + 1,
    }
    if found.advice is not None:
        event["advice"] = found.advice
    try:
        event["commitments"] = _seal(transaction, vault, event, "concern_answer", answer)
    except SealedMissing:
        erased = find_advice(transaction.connection, found.advice or "")
        if erased is None or erased.erased_at is None:
            raise
        raise erased_error(erased) from None
    record(transaction, event)
    return _existing(transaction.connection, concern)


def list_concerns(
    connection: Connection,
    *,
    state: State | None = None,
    raised_by: str | None = None,
    before: int | None = None,
    most: int = 50,
) -> list[Concern]:
    """Newest first; `before` is the `event` of the last one seen."""
    rows = _listed.all(connection, state=state, raised_by=raised_by, before=before, most=most)
    return [Concern.of(row) for row in rows]


def find_concern(connection: Connection, concern: str) -> Concern | None:
    """The concern with this id."""
    row = _by_id.first(connection, concern=concern)
    return None if row is None else Concern.of(row)


def words_of(connection: Connection, vault: Vault, concern: Concern) -> tuple[str | None, list[str]]:
    """The text of the concern, and of each answer; None and none if they were erased with the advice."""
    place = concern.advice or concern.id
    try:
        said = vault.open_json(connection, advice=place, kind=f"concern.{concern.id}")
        kinds = [f"concern_answer.{concern.id}.{number}" for number in range(1, concern.answers + 1)]
        answers = [vault.open_json(connection, advice=place, kind=kind) for kind in kinds]
    except SealedMissing:
        return None, []
    except SealedDamaged:
        raise GatewayError(
            "content_damaged",
            "This concern's words were changed; `countersign check` names what is concerned.",
        ) from None
    return said, answers


def _seal(
    transaction: Transaction, vault: Vault, event: dict[str, Any], kind: str, words: str
) -> dict[str, str]:
    content_kind = f"{kind}.{event['concern']}" + (f".{event['number']}" if "number" in event else "")
    sealed = vault.seal(
        transaction.connection,
        advice=event.get("advice", event["concern"]),
        contents={content_kind: orjson.dumps(words)},
    )
    return {kind: sealed[content_kind]}


def _about_policy(policies: PolicySet, name: str | None) -> dict[str, str]:
    if name is None:
        return {}
    policy = policies.get(name)
    if policy is None:
        raise GatewayError("unknown_policy", "There is no such policy in force.", param="policy")
    return {"id": policy.id, "version": policy.version}


def _existing(connection: Connection, concern: str) -> Concern:
    found = find_concern(connection, concern)
    if found is None:
        raise GatewayError("unknown_concern", "There is no such concern; check its id.")
    return found
