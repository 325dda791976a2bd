"""The rules of deciding, as pure functions: state and request in, one of three small answers out.

`Counted`  the decision counts and settles the advice, or leaves it pending for another decider
`Repeated` the same person said the same before: the same answer again, no second event
`Refused`  it does not count, and why
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from gateway.advice.state import Advice, RecordedDecision
from gateway.errors import Conflict, GatewayError
from gateway.identity import Person

Outcome = Literal["pending", "accepted", "rejected"]


@dataclass(frozen=True)
class DecisionRequest:
    """What a person says of one advice; `text` 0 accepts the model's answer, k the k-th amendment.

    `facts_due`: those to be confirmed where the answer is accepted as it is. `own_view`: whether the advice agrees with
    the view that they gave before seeing it. `signature`: over all of this by their passkey, as the event holds it;
    whether it holds is judged where the event is made.
    """

    person: Person
    decision: Literal["accept", "reject"]
    text: int = 0
    reason: str | None = None
    caveats_read: frozenset[str] = frozenset()
    facts_confirmed: frozenset[str] = frozenset()
    facts_due: frozenset[str] = frozenset()
    view_given: bool = False
    shown: bool = False
    own_view: Literal["agrees", "differs"] | None = None
    signature: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Counted:
    """The decision counts; `outcome` is the advice's status after it."""

    outcome: Outcome


@dataclass(frozen=True)
class Repeated:
    """The same decision by the same person as before."""


@dataclass(frozen=True)
class Refused:
    """The decision does not count."""

    error: GatewayError


def evaluate(
    advice: Advice, decisions: Sequence[RecordedDecision], request: DecisionRequest
) -> Counted | Repeated | Refused:
    """Judge `request` on `advice`, given the decisions `decisions` so far. Expiry is judged by the caller's clock."""
    earlier = next((decision for decision in decisions if decision.person == request.person.id), None)
    if earlier is not None:
        return _again(earlier, request)
    error = not_open(advice, request.person.id) or next(missing(advice, request), None)
    if error is not None:
        return Refused(error)
    if request.decision == "reject":
        return Counted("rejected")
    # Two deciders must have accepted the same words; a different text needs a further person to agree with it.
    agreeing = 1 + sum(other.decision == "accept" and other.text == request.text for other in decisions)
    return Counted("accepted" if agreeing >= advice.review.deciders else "pending")


def _again(earlier: RecordedDecision, request: DecisionRequest) -> Repeated | Refused:
    if (earlier.decision, earlier.text) == (request.decision, request.text):
        return Repeated()
    return Refused(
        Conflict(
            "already_decided",
            f"You decided to {earlier.decision} this advice; one decision per person stands.",
        )
    )


def not_open(advice: Advice, person: str, now: str = "") -> GatewayError | None:
    """Why `person` can't decide on the advice at all; `now` where nothing has expired it yet."""
    if advice.review.not_the_requester and advice.requester == person:
        return GatewayError(
            "requester_may_not_decide",
            "This policy wants somebody else than the person who asked to decide; pass it to a colleague.",
        )
    expired = advice.status == "expired" or advice.expired_at(now)
    if advice.status == "pending" and not expired:
        return None
    if advice.status in ("requested", "failed"):
        return Conflict("advice_not_ready", f"There is nothing to decide on: this advice is {advice.status}.")
    if expired:
        return Conflict("advice_expired", "The time to decide on this advice is over; ask for it again.")
    return Conflict(
        "advice_settled", f"This advice was {advice.status} by somebody else already; nothing was changed."
    )


def missing(advice: Advice, request: DecisionRequest) -> Iterator[GatewayError]:
    """What the policy wants besides, one error each; `param` names the field."""
    review, accepts = advice.review, request.decision == "accept"
    if review.view_first and not request.view_given:
        yield Conflict(
            "view_required",
            f"Give your own view first: POST /v1/advice/{advice.id}/view with {{'view': '…'}}, then decide.",
        )
    if review.shown_first and accepts and not request.shown:
        yield Conflict(
            "not_shown",
            f"You have not been shown this advice. Read it first: GET /v1/advice/{advice.id}, or its page.",
        )
    if request.own_view is not None and not request.view_given:
        yield GatewayError(
            "invalid_field",
            "`own_view` compares the advice with a view that you gave before, and you gave none; leave it out.",
            param="own_view",
        )
    needs_reason = review.accept_reason if accepts else review.reject_reason
    if needs_reason and not (request.reason or "").strip():
        yield GatewayError(
            "reason_required", f"Say why: this policy needs a reason to {request.decision}.", param="reason"
        )
    yield from _caveats_unread(advice, request)
    yield from _facts_unconfirmed(request)


def _caveats_unread(advice: Advice, request: DecisionRequest) -> Iterator[GatewayError]:
    attached = {caveat["id"] for caveat in advice.caveats}
    if not request.caveats_read <= attached:  # they go on record: nothing but our own words may stand there
        yield GatewayError(
            "invalid_field",
            "`caveats_read` lists ids of this advice's caveats only; GET it to see them.",
            param="caveats_read",
        )
    unread = [caveat for caveat in advice.review.confirm if caveat in attached - request.caveats_read]
    if request.decision == "accept" and unread:
        yield GatewayError(
            "caveats_unread",
            f"Read and confirm these caveats in `caveats_read`: {', '.join(unread)}.",
            param="caveats_read",
        )


def _facts_unconfirmed(request: DecisionRequest) -> Iterator[GatewayError]:
    if not request.facts_confirmed <= request.facts_due:
        yield GatewayError(
            "invalid_field",
            "`facts_confirmed` lists ids of facts that this policy wants confirmed; GET the advice to see them.",
            param="facts_confirmed",
        )
    unconfirmed = request.facts_due - request.facts_confirmed
    if request.decision == "accept" and request.text == 0 and unconfirmed:
        yield GatewayError(
            "facts_unconfirmed",
            "Check these facts of the answer, which are not in what was sent, and confirm them in `facts_confirmed`,"
            f" or change the text: {', '.join(sorted(unconfirmed))}.",
            param="facts_confirmed",
        )
