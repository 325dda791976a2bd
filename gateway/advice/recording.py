"""What happened, on the record: one method a step, each durable when it returns.

A method hands the log one command. In the command's transaction the event is appended, the projections follow,
and the content that the event commits to is sealed: all of it is on disk, or none.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import orjson
from sqlalchemy import bindparam, delete, select

from audit import Log, LogFull, LogUnavailable, Transaction
from gateway.advice.deciding import Ballot, Counted, Repeated, Turned, weigh
from gateway.advice.erasing import gone
from gateway.advice.presence import begin, end
from gateway.advice.projection import record
from gateway.advice.queries import decisions_on, find_advice, seen_by, view_of
from gateway.advice.seeded import keep_apart, reveal, reveal_expired
from gateway.advice.state import Advice, Review, later
from gateway.advice.wording import Amendment, answer_texts, count_words
from gateway.errors import Conflict, GatewayError
from gateway.identity import Person
from gateway.storage import Connection, RowTaken, SealedMissing, Statement, Vault, insertion, tables

T = TypeVar("T")

_MOST_TOKENS = 10**12  # what a provider says is not trusted to fit an event

_claim = insertion(tables.idempotency)
_give_back = Statement(delete(tables.idempotency).where(tables.idempotency.c.advice == bindparam("advice")))
_claimed = Statement(
    select(tables.idempotency).where(
        tables.idempotency.c.application == bindparam("application"),
        tables.idempotency.c.key_hash == bindparam("key_hash"),
    )
)


class PseudonymTaken(Exception):
    """At another gateway the same case got a pseudonym, or a reported value, meanwhile: redact again."""


@dataclass(frozen=True)
class Asked:
    """A request that is about to leave: what the event says, and what is sealed with it."""

    advice: str
    actor: str
    application: str
    policy: Mapping[str, str]
    review: Review
    retention: Mapping[str, int]
    redactions: Mapping[str, int]
    scope: str
    case_given: bool
    requester: str | None
    sealed: Mapping[str, Any]
    pseudonyms: Sequence[tuple[str, str, str]] = ()
    idempotency: tuple[str, bytes] | None = None
    check: str | None = None
    missed: int = 0
    """`retention`: seconds; `sealed`: JSON content by kind; `idempotency`: the key's hash and its body; `check`: the
    id of a seeded check; `missed`: how many reported values of the case it was redacted with."""


@dataclass(frozen=True)
class Answered:
    """An answer: what the event says, and what is sealed with it."""

    model: str
    attempts: Sequence[Mapping[str, Any]]
    caveats: Sequence[Mapping[str, str]]
    entities: Sequence[str]
    added: Mapping[str, Sequence[str]] = field(repr=False)
    complete: bool
    shown_to: str | None
    completion: Mapping[str, Any] = field(repr=False)

    @property
    def words(self) -> int:
        """How many words there are to read."""
        return sum(count_words(text) for text in answer_texts(self.completion))

    @property
    def usage(self) -> dict[str, int]:
        """The provider's own count of tokens; empty where it gave none."""
        given = self.completion.get("usage")
        counts = given if isinstance(given, Mapping) else {}
        return {
            name: counts[name]
            for name in ("prompt_tokens", "completion_tokens")
            if isinstance(counts.get(name), int) and 0 <= counts[name] < _MOST_TOKENS
        }


class Recorder:
    """Writes the events of asking, answering, deciding and releasing.

    `gateway` is this one's id where several share the log.
    """

    def __init__(self, log: Log, vault: Vault, gateway: str | None = None) -> None:
        self._log = log
        self._vault = vault
        self._gateway = gateway

    def at_work(self) -> AbstractContextManager[None]:
        """Around what will put something on the record soon: see `audit.Log.at_work`."""
        return self._log.at_work()

    async def submit(self, command: Callable[[Transaction], T]) -> T:
        """Run `command` in the log's transaction; returns once it is on disk."""
        try:
            # Shielded: a caller that goes away must not take back what the log is writing.
            committed = await asyncio.shield(asyncio.wrap_future(self._log.submit(command)))
        except LogFull:
            raise GatewayError(
                "busy", "Too many events are waiting for the log; send it again.", retry_after=1
            ) from None
        except LogUnavailable:
            raise GatewayError(
                "log_unavailable",
                "The audit log can't be written now, so nothing was done; send it again later.",
                retry_after=5,
            ) from None
        return committed.result

    async def requested(self, asked: Asked) -> None:
        """`advice.requested`, before anything leaves."""

        def command(transaction: Transaction) -> None:
            contents = {kind: orjson.dumps(content) for kind, content in asked.sealed.items()}
            commitments = self._vault.seal(transaction.connection, advice=asked.advice, contents=contents)
            self._keep_pseudonyms(transaction, asked)
            self._claim_key(transaction, asked)
            if asked.check is not None:
                keep_apart(transaction.connection, asked.advice, asked.check)
            event: dict[str, Any] = {
                "type": "advice.requested",
                "advice": asked.advice,
                "actor": asked.actor,
                "policy": dict(asked.policy),
                "review": asked.review.as_event(),
                "retention": dict(asked.retention),
                "redactions": dict(asked.redactions),
                "commitments": commitments,
            }
            if asked.case_given:
                event["case"] = asked.scope
            if asked.requester is not None:
                event["requester"] = asked.requester
            record(transaction, event)
            if self._gateway is not None:
                begin(transaction.connection, asked.advice, self._gateway)

        await self.submit(command)

    async def refused(self, advice: str, actor: str, policy: Mapping[str, str], refused_by: str) -> None:
        """`advice.refused`: the policy said no, and nothing left."""
        event = {
            "type": "advice.refused",
            "advice": advice,
            "actor": actor,
            "policy": dict(policy),
            "refused_by": refused_by,
        }
        await self.submit(lambda transaction: record(transaction, event))

    async def received(self, asked: Asked, answered: Answered) -> Advice:
        """`advice.received`, before the answer is shown; and `advice.shown` where it is shown at once."""

        def command(transaction: Transaction) -> Advice:
            if not self._ends(transaction, asked.advice):
                raise GatewayError(
                    "busy",
                    "This gateway was out of reach for so long that another gave this request up; send it again.",
                    retry_after=1,
                )
            commitments = self._seal_answer(transaction, asked.advice, answered.completion, answered.added)
            record(
                transaction,
                {
                    "type": "advice.received",
                    "advice": asked.advice,
                    "actor": "gateway",
                    "policy": dict(asked.policy),
                    "model": answered.model,
                    "attempts": [dict(attempt) for attempt in answered.attempts],
                    "caveats": [dict(caveat) for caveat in answered.caveats],
                    "entities": sorted(answered.entities),
                    "added": _counts(answered.added),
                    "usage": dict(answered.usage),
                    "words": answered.words,
                    "complete": answered.complete,
                    "decide_by": later(transaction.now, asked.review.decide_within),
                    "commitments": commitments,
                },
            )
            if answered.shown_to is not None:
                record(transaction, _shown(asked.advice, answered.shown_to))
            return _existing(transaction, asked.advice)

        return await self.submit(command)

    async def failed(
        self,
        asked: Asked,
        *,
        code: str,
        partial: Mapping[str, Any] | None = None,
        added: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        """`advice.failed`: no answer, one that was cut, or one that is refused for what it `added`.

        The idempotency key is free again.
        """

        def command(transaction: Transaction) -> None:
            if not self._ends(transaction, asked.advice):
                return
            event: dict[str, Any] = {
                "type": "advice.failed",
                "advice": asked.advice,
                "actor": "gateway",
                "policy": dict(asked.policy),
                "code": code,
            }
            if partial is not None:
                event["commitments"] = self._seal_answer(transaction, asked.advice, partial, added or {})
            if added is not None:
                event["added"] = _counts(added)
            record(transaction, event)
            _give_back.run(transaction.connection, advice=asked.advice)

        await self.submit(command)

    async def interrupted(self, advice: str) -> None:
        """`advice.failed` for advice that a crash left unanswered."""

        def command(transaction: Transaction) -> None:
            if self._ends(transaction, advice) and _existing(transaction, advice).status == "requested":
                event = {"type": "advice.failed", "advice": advice, "actor": "gateway", "code": "interrupted"}
                record(transaction, event)
                _give_back.run(transaction.connection, advice=advice)

        await self.submit(command)

    async def expired(self, advice: str) -> None:
        """`advice.expired`, if its time to decide is over and nobody did."""
        await self.submit(lambda transaction: _expire(transaction, _existing(transaction, advice)))

    async def shown(self, advice: str, viewer: str) -> None:
        """`advice.shown`, the first time that this caller sees it."""

        def command(transaction: Transaction) -> None:
            if not seen_by(transaction.connection, advice, viewer):
                record(transaction, _shown(advice, viewer))

        await self.submit(command)

    async def released(self, advice: str, actor: str) -> None:
        """`advice.released`, the first time that the application receives accepted advice."""

        def command(transaction: Transaction) -> None:
            found = _existing(transaction, advice)
            if found.status != "accepted":
                raise Conflict("advice_settled", "This advice is not accepted, so it is not released.")
            if found.erased_at is not None:
                raise gone(found)
            if found.released_at is None:
                event = {
                    "type": "advice.released",
                    "advice": advice,
                    "actor": actor,
                    "text": found.released_text,
                }
                record(transaction, event)

        await self.submit(command)

    async def viewed(self, advice: str, person: Person, view: str) -> None:
        """`view.recorded`: what the person thinks before seeing the advice."""

        def command(transaction: Transaction) -> None:
            found = _existing(transaction, advice)
            _turn_away(transaction, found)
            if view_of(transaction.connection, advice, person.id):
                self._same_view(transaction, found, person, view)
                return
            sealed = self._seal(transaction, advice, f"view.{person.id}", view)
            record(
                transaction,
                {
                    "type": "view.recorded",
                    "advice": advice,
                    "actor": person.actor,
                    "commitments": {"view": sealed},
                },
            )

        await self.submit(command)

    async def decided(
        self, advice: str, ballot: Ballot, amendment: Amendment | None
    ) -> tuple[Advice, Counted | Repeated | Turned]:
        """`decision.recorded`, and `advice.accepted` or `.rejected` where it settles the advice."""

        def command(transaction: Transaction) -> tuple[Advice, Counted | Repeated | Turned]:
            found = _expire(transaction, _existing(transaction, advice))
            cast = decisions_on(transaction.connection, advice)
            text = self._text_number(transaction, found, amendment)
            given = view_of(transaction.connection, advice, ballot.person.id)
            counting = replace(ballot, text=text, view_given=given)
            verdict = weigh(found, cast, counting)
            if isinstance(verdict, Counted):
                self._count(transaction, found, counting, amendment, verdict)
                found = _existing(transaction, advice)
            return found, verdict

        return await self.submit(command)

    def claimed(self, connection: Connection, application: str, key_hash: str, body: bytes) -> str | None:
        """The advice that an idempotency key belongs to; a `Conflict` if it came with another body."""
        row = _claimed.one(connection, application=application, key_hash=key_hash)
        if row is None:
            return None
        advice = find_advice(connection, row["advice"])
        assert advice is not None  # noqa: S101 - both rows are written in one transaction
        if advice.erased_at is not None:
            raise gone(advice)
        if row["body_hash"] != self._vault.digest(connection, advice.id, body):
            raise Conflict(
                "idempotency_key_reused",
                "This Idempotency-Key came before with another body; use a new key for a new request.",
            )
        return advice.id

    def _ends(self, transaction: Transaction, advice: str) -> bool:
        """Whether the request is still under way; it no longer is. Among several gateways one may give up another's."""
        if self._gateway is None:
            return True
        end(transaction.connection, advice)
        return _existing(transaction, advice).status == "requested"

    def _count(
        self,
        transaction: Transaction,
        advice: Advice,
        ballot: Ballot,
        amendment: Amendment | None,
        verdict: Counted,
    ) -> None:
        commitments: dict[str, str] = {}
        if ballot.reason:
            kind = f"reason.{ballot.person.id}"
            commitments["reason"] = self._seal(transaction, advice.id, kind, ballot.reason)
        if amendment is not None:
            commitments["amendment"] = self._amendment(transaction, advice, ballot.text, amendment.text)
        event = {
            "advice": advice.id,
            "actor": ballot.person.actor,
            "policy": {"id": advice.policy, "version": advice.policy_version},
        }
        decision: dict[str, Any] = {
            **event,
            "type": "decision.recorded",
            "decision": ballot.decision,
            "text": ballot.text,
            "caveats_read": sorted(ballot.caveats_read),
            "commitments": commitments,
        }
        if amendment is not None:
            decision["changed"] = amendment.changed
        if ballot.own_view is not None:
            decision["own_view"] = ballot.own_view
        record(transaction, decision)
        if verdict.outcome == "accepted":
            record(transaction, {**event, "type": "advice.accepted", "text": ballot.text})
            text = None if amendment is None else amendment.text
            reveal(transaction, self._vault, advice, text, accepted=True)
        elif verdict.outcome == "rejected":
            record(transaction, {**event, "type": "advice.rejected"})
            reveal(transaction, self._vault, advice, None, accepted=False)

    def _text_number(self, transaction: Transaction, advice: Advice, amendment: Amendment | None) -> int:
        """0 for the model's answer; the number of this amendment, whether somebody made the same one or it is new."""
        if amendment is None:
            return 0
        if advice.erased_at is not None:
            raise gone(advice)
        number = 1
        while True:
            try:
                kept = self._vault.open(transaction.connection, advice=advice.id, kind=f"amendment.{number}")
            except SealedMissing:
                return number
            if orjson.loads(kept.content) == amendment.text:
                return number
            number += 1

    def _amendment(self, transaction: Transaction, advice: Advice, number: int, amendment: str) -> str:
        kind = f"amendment.{number}"
        try:
            return self._vault.open(transaction.connection, advice=advice.id, kind=kind).commitment
        except SealedMissing:
            return self._seal(transaction, advice.id, kind, amendment)

    def _same_view(self, transaction: Transaction, advice: Advice, person: Person, view: str) -> None:
        kept = self._vault.open(transaction.connection, advice=advice.id, kind=f"view.{person.id}")
        if orjson.loads(kept.content) != view:
            raise Conflict("view_recorded", "You recorded another view before; the first one stands.")

    def _keep_pseudonyms(self, transaction: Transaction, asked: Asked) -> None:
        if not asked.case_given:
            return  # nobody asks again within this one advice, and its request is sealed with them
        if self._gateway is not None and self._missed_since(transaction, asked):
            raise PseudonymTaken
        try:
            self._vault.keep_pseudonyms(transaction.connection, asked.scope, asked.pseudonyms)
        except RowTaken:
            raise PseudonymTaken from None

    def _missed_since(self, transaction: Transaction, asked: Asked) -> bool:
        return len(self._vault.missed(transaction.connection, asked.scope)) != asked.missed

    def _claim_key(self, transaction: Transaction, asked: Asked) -> None:
        if asked.idempotency is None:
            return
        key_hash, body = asked.idempotency
        digest = self._vault.digest(transaction.connection, asked.advice, body)
        try:
            _claim.run(
                transaction.connection,
                application=asked.application,
                key_hash=key_hash,
                advice=asked.advice,
                body_hash=digest,
            )
        except RowTaken:
            raise in_progress() from None

    def _seal_answer(
        self,
        transaction: Transaction,
        advice: str,
        completion: Mapping[str, Any],
        added: Mapping[str, Sequence[str]],
    ) -> dict[str, str]:
        """The answer and, where it has any, the personal data that it added, for the person who decides."""
        contents = {"answer": orjson.dumps(completion)}
        if added:
            contents["added"] = orjson.dumps(added)
        return self._vault.seal(transaction.connection, advice=advice, contents=contents)

    def _seal(self, transaction: Transaction, advice: str, kind: str, content: Any) -> str:
        contents = {kind: orjson.dumps(content)}
        return self._vault.seal(transaction.connection, advice=advice, contents=contents)[kind]


def in_progress() -> GatewayError:
    """The answer to a second request with the same key while the first is under way."""
    return GatewayError(
        "request_in_progress",
        "The request with this Idempotency-Key is still being answered; send it again in a moment.",
        retry_after=1,
    )


def _existing(transaction: Transaction, advice: str) -> Advice:
    found = find_advice(transaction.connection, advice)
    if found is None:
        raise GatewayError("unknown_advice", "There is no such advice.")
    return found


def _turn_away(transaction: Transaction, advice: Advice) -> None:
    if advice.status != "pending" or advice.expired_at(transaction.now):
        raise Conflict(
            "advice_settled", "This advice no longer waits for a decision, so a view can't be added."
        )


def _expire(transaction: Transaction, advice: Advice) -> Advice:
    if not advice.expired_at(transaction.now):
        return advice
    policy = {"id": advice.policy, "version": advice.policy_version}
    record(transaction, {"type": "advice.expired", "advice": advice.id, "actor": "gateway", "policy": policy})
    reveal_expired(transaction, advice)
    return _existing(transaction, advice.id)


def _counts(added: Mapping[str, Sequence[str]]) -> dict[str, int]:
    return {entity: len(values) for entity, values in added.items()}


def _shown(advice: str, viewer: str) -> dict[str, Any]:
    return {"type": "advice.shown", "advice": advice, "actor": "gateway", "to": viewer}
