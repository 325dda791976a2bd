"""Which request is the same as which, at every gateway of a database: a claim leads from a request to its advice.

An application's own `Idempotency-Key` is a claim for as long as there is its advice. Where several gateways share a
database, a request without one has a claim by its body: while it is in flight, and for some minutes after if its answer
reached nobody. Elsewhere an answer that is to be shown at once is noted here until it has reached somebody, since its
gateway may end before that.
Keys and bodies stand here as keyed hashes.
"""

from typing import Final

from sqlalchemy import bindparam, delete, select

from audit import Transaction, now_text, seconds_between
from gateway.advice.erasure import erased_error
from gateway.advice.queries import find_advice, is_response_deleted
from gateway.advice.request_and_answer import Claim
from gateway.advice.state import Advice
from gateway.errors import Conflict, GatewayError
from gateway.storage import Connection, RowTaken, Statement, Vault, insertion, tables

_table = tables.idempotency
_BY_BODY: Final = ""
"""As `body_hash`: the key itself is made of the body."""

_insert = insertion(_table)
_select = Statement(
    select(_table).where(
        _table.c.application == bindparam("application"), _table.c.key_hash == bindparam("key_hash")
    )
)
_of_advice = Statement(select(_table.c.advice).where(_table.c.advice == bindparam("advice")))
_delete = Statement(delete(_table).where(_table.c.advice == bindparam("advice")))
_delete_this = Statement(
    delete(_table).where(_table.c.advice == bindparam("advice"), _table.c.key_hash == bindparam("key_hash"))
)


_undelivered = Statement(
    select(_table.c.advice, _table.c.application, _table.c.key_hash)
    .join(tables.advice, tables.advice.c.id == _table.c.advice)
    .where(
        tables.advice.c.status == "pending",
        tables.advice.c.gate == "use",
        tables.advice.c.received_at < bindparam("before"),
        _table.c.body_hash == _BY_BODY,
    )
)


class InFlightElsewhere(Exception):
    """Another gateway has recorded the same request meanwhile, as `advice`: its answer is this one's too."""

    def __init__(self, advice: str) -> None:
        super().__init__()
        self.advice = advice


def claim_request(transaction: Transaction, vault: Vault, advice: str, claim: Claim) -> None:
    """Put the claim on `advice`, in the transaction in which that is requested; the second of two gets an error."""
    body_hash = _BY_BODY
    if claim.by_key:
        body_hash = vault.digest(transaction.connection, advice, claim.body)
    else:
        _make_room(transaction.connection, vault, claim)
    try:
        _insert.run(
            transaction.connection,
            application=claim.application,
            key_hash=claim.key_hash,
            advice=advice,
            body_hash=body_hash,
        )
    except RowTaken:
        raise in_progress() from None


def _make_room(connection: Connection, vault: Vault, claim: Claim) -> None:
    """For a claim by the body: what was claimed before, and counts no longer, goes."""
    first = find_claimed(connection, vault, claim)
    if first is not None:
        raise InFlightElsewhere(first.id)
    row = _select.first(connection, application=claim.application, key_hash=claim.key_hash)
    if row is not None:
        remove_claims(connection, row["advice"])


def find_claimed(connection: Connection, vault: Vault, claim: Claim) -> Advice | None:
    """The advice that a claim leads to; a `Conflict` if the key came with another body."""
    row = _select.first(connection, application=claim.application, key_hash=claim.key_hash)
    if row is None:
        return None
    advice = find_advice(connection, row["advice"])
    assert advice is not None  # noqa: S101 - both rows are written in one transaction
    if claim.seconds is not None:
        return advice if _counts(connection, advice, claim.seconds[advice.review.gate]) else None
    if advice.erased_at is not None:
        raise erased_error(advice)
    if row["body_hash"] != vault.digest(connection, advice.id, claim.body):
        raise Conflict(
            "idempotency_key_reused",
            "This Idempotency-Key came before with another body; use a new key for a new request.",
        )
    return advice


def remove_claims(connection: Connection, advice: str) -> None:
    """The advice failed: anyone who sends the request again asks anew."""
    _delete.run(connection, advice=advice)


def remove_claim(connection: Connection, claim: Claim, advice: str) -> bool:
    """The answer has reached somebody, so the same request is a new one; False if that was known."""
    return _delete_this.run(connection, advice=advice, key_hash=claim.key_hash) > 0


def note_undelivered(transaction: Transaction, vault: Vault, advice: Advice) -> None:
    """Nobody was there for an answer that is to be shown at once; `remove_claims` once somebody is.

    Held advice waits for a person in any case, and expires.
    """
    if (advice.status, advice.review.gate) == ("pending", "use") and not _of_advice.all(
        transaction.connection, advice=advice.id
    ):
        key_hash = vault.reference("undelivered", advice.application, advice.id)
        _insert.run(
            transaction.connection,
            application=advice.application,
            key_hash=key_hash,
            advice=advice.id,
            body_hash=_BY_BODY,
        )


def undelivered(connection: Connection, before: str) -> list[tuple[str, Claim]]:
    """Advice to be shown at once that was answered before a time and reached nobody, with its claim.

    What a gateway has given away it withdraws, so that these are of gateways that ended meanwhile.
    """
    rows = _undelivered.all(connection, before=before)
    return [(row["advice"], Claim(row["application"], row["key_hash"], seconds={})) for row in rows]


def in_progress() -> GatewayError:
    """The answer to a second request with the same key while the first is under way."""
    return GatewayError(
        "request_in_progress",
        "The request with this Idempotency-Key is still being answered; send it again in a moment.",
        retry_after=1,
    )


def _counts(connection: Connection, advice: Advice, seconds: float) -> bool:
    if advice.status == "requested":
        return True
    if advice.status not in ("pending", "accepted", "passed_on") or advice.erased_at is not None:
        return False
    since = advice.received_at or advice.requested_at
    return seconds_between(since, now_text()) < seconds and not is_response_deleted(connection, advice.id)
