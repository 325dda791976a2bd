"""Erasing content and holding it, in the log's transaction: the event, the projections and the deletion are one.

Advice that is not settled is never erased; nothing is erased that is under a legal hold. Why it was erased or held
is a word from a closed list, for a free text could hold the very data that is to go.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import bindparam, delete, exists, or_, select, update

from audit import Transaction
from gateway.advice.projection import record
from gateway.advice.queries import find_advice
from gateway.advice.refused_requests import find_refused, refused_due, refused_in
from gateway.advice.state import Advice
from gateway.advice.transcription import (
    PREFIX,
    find_transcription,
    transcriptions_in,
    transcripts_due,
)
from gateway.errors import Conflict, GatewayError
from gateway.storage import Connection, Row, SealedDamaged, Statement, Vault, tables

RETENTION: Final = "retention"
ERASURE_REASONS: Final = {
    "subject_request": "the person concerned asked for it",
    "court_order": "a court ordered it",
    "collected_in_error": "it should not have been collected",
    "no_longer_needed": "it is no longer needed",
    RETENTION: "its retention time is over",
}
"""Why content is erased, with the sentence that callers get; `retention` is the gateway's own."""
HOLD_REASONS: Final = {
    "litigation": "legal proceedings",
    "inquest": "an inquest or inquiry",
    "investigation": "an investigation",
    "complaint": "a complaint or an appeal",
    "access_request": "a request for access to it",
}
"""Why content is held."""

_UNSETTLED: Final = ("requested", "pending")
_LISTED: Final = 5

_advice = tables.advice
_cases = tables.cases
_holds = tables.holds
_in_scope = Statement(
    select(_advice.c.id, _advice.c.status, _advice.c.erased_at)
    .where(_advice.c.scope == bindparam("scope"))
    .order_by(_advice.c.requested_at, _advice.c.id)
)
_holds_on = Statement(
    select(_holds)
    .where(
        or_(
            _holds.c.scope == bindparam("scope"),
            _holds.c.scope.in_(select(_advice.c.id).where(_advice.c.scope == bindparam("scope"))),
            _holds.c.scope.in_(
                select(tables.refused_requests.c.advice).where(
                    tables.refused_requests.c.scope == bindparam("scope")
                )
            ),
            _holds.c.scope.in_(
                select(tables.transcriptions.c.id).where(tables.transcriptions.c.scope == bindparam("scope"))
            ),
        )
    )
    .order_by(_holds.c.event)
)
_holds_of_advice = Statement(
    select(_holds)
    .where(or_(_holds.c.scope == bindparam("advice"), _holds.c.scope == bindparam("scope")))
    .order_by(_holds.c.event)
)
_all_holds = Statement(select(_holds).order_by(_holds.c.event))
_content_due = Statement(
    select(_advice.c.id, _advice.c.scope)
    .where(
        _advice.c.content_until <= bindparam("now"),
        ~exists().where(or_(_holds.c.scope == _advice.c.id, _holds.c.scope == _advice.c.scope)),
    )
    .order_by(_advice.c.content_until)
    .limit(bindparam("most"))
)
_pseudonyms_due = Statement(
    select(_cases.c.scope)
    .where(
        _cases.c.pseudonyms_until <= bindparam("now"),
        _cases.c.open == 0,
        ~exists().where(_holds.c.scope == _cases.c.scope),
    )
    .order_by(_cases.c.pseudonyms_until)
    .limit(bindparam("most"))
)
_forget_claim_by_body = Statement(
    delete(tables.idempotency).where(
        tables.idempotency.c.advice == bindparam("which"), tables.idempotency.c.body_hash == ""
    )
)
_forget_body = Statement(
    update(tables.idempotency).values(body_hash="").where(tables.idempotency.c.advice == bindparam("which"))
)


@dataclass(frozen=True)
class ErasureTarget:
    """What is erased or held: a case by its keyed reference, or one advice."""

    scope: str
    is_case: bool

    @property
    def named(self) -> dict[str, str]:
        """As events name it."""
        return {"case": self.scope} if self.is_case else _named(self.scope)


def erase(
    transaction: Transaction, vault: Vault, target: ErasureTarget, *, why: str, actor: str
) -> dict[str, Any]:
    """Erase by somebody's command; a second time does nothing more. Gives what was erased."""
    targets = _targets(transaction.connection, target)
    _refuse_held(transaction.connection, target, targets)
    waiting = [row["id"] for row in targets if row["status"] in _UNSETTLED]
    if waiting:
        raise Conflict(
            "advice_undecided",
            "Advice that waits for an answer or a decision is not erased; reject it first, then send this again: "
            + ", ".join(waiting[:_LISTED]),
            waiting=waiting[:_LISTED],
        )
    remaining = [row["id"] for row in targets if row["erased_at"] is None]
    pseudonyms = 0
    try:
        for item in remaining:
            _erase_content(transaction, vault, item, targets[0]["scope"], why=why, actor=actor)
        if target.is_case and vault.has_pseudonyms(transaction.connection, target.scope):
            pseudonyms = _erase_pseudonyms(transaction, vault, target.scope, why=why, actor=actor)
    except SealedDamaged:
        raise GatewayError(
            "content_damaged",
            "A key that should be destroyed is not to be found, so nothing was erased: the database is damaged."
            " `countersign check` names what is concerned; restore it, then send this again.",
        ) from None
    transcripts = [item for item in remaining if item.startswith(PREFIX)]
    return {
        "object": "erasure",
        **target.named,
        "advice_erased": [item for item in remaining if item not in transcripts],
        "transcripts_erased": transcripts,
        "pseudonyms_erased": pseudonyms,
    }


@dataclass(frozen=True)
class ErasurePlan:
    """The effect of an erasure: pieces of advice and transcripts, by id, and the obstacles."""

    advice: list[str]
    transcripts: list[str]
    erased_before: int
    undecided: list[str]
    holds: list[Row]


def preview_erasure(connection: Connection, target: ErasureTarget) -> ErasurePlan:
    """The effect of `erase` now; a 404 `GatewayError` if there is nothing to erase."""
    targets = _targets(connection, target)
    remaining = [row["id"] for row in targets if row["erased_at"] is None]
    return ErasurePlan(
        advice=[item for item in remaining if not item.startswith(PREFIX)],
        transcripts=[item for item in remaining if item.startswith(PREFIX)],
        erased_before=sum(row["erased_at"] is not None for row in targets),
        undecided=[row["id"] for row in targets if row["status"] in _UNSETTLED],
        holds=_holds_concerned(connection, target, targets),
    )


def erase_due(transaction: Transaction, vault: Vault, most: int) -> int:
    """Erase what is past its policy's retention, up to `most` of each kind; gives how much it was."""
    erased = 0
    for row in _due(transaction.connection, transaction.now, most):
        with suppress(SealedDamaged):  # it stays due, and `countersign check` names it; the others go on
            _erase_content(transaction, vault, row["id"], row["scope"], why=RETENTION, actor="gateway")
            erased += 1
    for row in _pseudonyms_due.all(transaction.connection, now=transaction.now, most=most):
        with suppress(SealedDamaged):
            _erase_pseudonyms(transaction, vault, row["scope"], why=RETENTION, actor="gateway")
            erased += 1
    return erased


def _due(connection: Connection, now: str, most: int) -> list[Row]:
    """What is past its retention, up to `most` of each kind: `id` and `scope`."""
    return [
        *_content_due.all(connection, now=now, most=most),
        *refused_due(connection, now, most),
        *transcripts_due(connection, now, most),
    ]


def is_due(connection: Connection, now: str) -> bool:
    """Whether `erase_due` would find something."""
    return bool(_due(connection, now, 1) or _pseudonyms_due.all(connection, now=now, most=1))


def place_hold(transaction: Transaction, target: ErasureTarget, *, why: str, actor: str) -> dict[str, Any]:
    """Keep content from being erased; the same hold a second time does nothing more."""
    _targets(transaction.connection, target)
    if why not in _reasons(transaction.connection, target):
        record(transaction, {"type": "hold.placed", "actor": actor, "why": why, **target.named})
    return {"object": "hold", **target.named, "why": why}


def lift_hold(transaction: Transaction, target: ErasureTarget, *, why: str, actor: str) -> dict[str, Any]:
    """Lift the hold that was placed for `why`."""
    if why not in _reasons(transaction.connection, target):
        raise GatewayError(
            "unknown_hold", "There is no such hold; `countersign hold list` shows what is held, and why."
        )
    record(transaction, {"type": "hold.lifted", "actor": actor, "why": why, **target.named})
    return {"object": "hold", **target.named, "why": why}


def list_holds(connection: Connection) -> list[dict[str, str]]:
    """Every hold in force, oldest first; cases by their keyed reference."""
    return [
        {
            **({"case": row["scope"]} if row["scope"].startswith("case_") else _named(row["scope"])),
            "why": row["why"],
            "placed_at": row["placed_at"],
        }
        for row in _all_holds.all(connection)
    ]


def erased_error(advice: Advice) -> GatewayError:
    """The 410 of erased advice: when and why."""
    why = ERASURE_REASONS.get(advice.erased_why or "", "")
    return GatewayError(
        "advice_erased",
        f"This advice's content was erased at {advice.erased_at}, since {why};"
        " that it was asked for and decided stays on record. Ask again with a new request.",
        erased_at=advice.erased_at,
        why=advice.erased_why,
    )


def _targets(connection: Connection, target: ErasureTarget) -> Sequence[Row]:
    """The advice concerned: id, scope, status, when erased; a 404 if there is none."""
    if target.is_case:
        rows = _in_scope.all(connection, scope=target.scope)
        targets = [{**row, "scope": target.scope} for row in rows]
        targets += [{**row, "status": "refused"} for row in refused_in(connection, target.scope)]
        targets += [_as_target(row) for row in transcriptions_in(connection, target.scope)]
    elif target.scope.startswith(PREFIX):
        transcription = find_transcription(connection, target.scope)
        targets = [] if transcription is None else [_as_target(transcription)]
    else:
        advice = find_advice(connection, target.scope)
        refused = find_refused(connection, target.scope)
        targets = []
        if advice is not None:
            targets = [
                {
                    "id": advice.id,
                    "scope": advice.scope,
                    "status": advice.status,
                    "erased_at": advice.erased_at,
                }
            ]
        elif refused is not None:
            targets = [{**refused, "status": "refused"}]
    if not targets:
        raise GatewayError(
            "unknown_case" if target.is_case else "unknown_advice",
            "There is nothing of this here; check the reference and the application.",
        )
    return targets


def _as_target(transcription: Row) -> Row:
    """One that never came has no content: that is as if it were erased."""
    erased = transcription["erased_at"] or (
        None if transcription["received_at"] else transcription["requested_at"]
    )
    return {**transcription, "status": "received", "erased_at": erased}


def _named(content: str) -> dict[str, str]:
    """As events name that to which content belongs."""
    return {"transcription" if content.startswith(PREFIX) else "advice": content}


def _holds_concerned(connection: Connection, target: ErasureTarget, targets: Sequence[Row]) -> list[Row]:
    if target.is_case:
        return _holds_on.all(connection, scope=target.scope)
    return _holds_of_advice.all(connection, advice=target.scope, scope=targets[0]["scope"])


def _refuse_held(connection: Connection, target: ErasureTarget, targets: Sequence[Row]) -> None:
    holds = _holds_concerned(connection, target, targets)
    if holds:
        first = holds[0]
        raise Conflict(
            "on_hold",
            f"This is under a legal hold since {first['placed_at']} ({HOLD_REASONS.get(first['why'], '')}), so it is"
            " not erased; anyone who may lift it does so with `countersign hold lift`.",
            holds=[{"why": hold["why"], "placed_at": hold["placed_at"]} for hold in holds],
        )


def _reasons(connection: Connection, target: ErasureTarget) -> set[str]:
    held = _holds_of_advice.all(connection, advice=target.scope, scope=target.scope)
    return {row["why"] for row in held}


def _erase_content(
    transaction: Transaction, vault: Vault, advice: str, scope: str, *, why: str, actor: str
) -> None:
    """Of an advice, or of a transcription."""
    vault.erase(transaction.connection, advice)
    _forget_claim_by_body.run(transaction.connection, which=advice)
    _forget_body.run(transaction.connection, which=advice)
    event = {"type": "content.erased", **_named(advice), "actor": actor, "why": why, "erased": ["content"]}
    record(transaction, event if scope == advice else {**event, "case": scope})


def _erase_pseudonyms(transaction: Transaction, vault: Vault, case: str, *, why: str, actor: str) -> int:
    count = vault.erase_pseudonyms(transaction.connection, case)
    event = {"type": "content.erased", "case": case, "actor": actor, "why": why, "erased": ["pseudonyms"]}
    record(transaction, event)
    return count
