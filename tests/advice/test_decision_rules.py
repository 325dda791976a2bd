"""The rules of deciding, as a table."""

from dataclasses import replace
from typing import Any

import pytest

from gateway.advice import (
    Advice,
    Counted,
    DecisionRequest,
    RecordedDecision,
    Refused,
    Repeated,
    Review,
    evaluate,
)
from gateway.identity import Person

ANA = Person("p_ana", "Ana", frozenset({"caseworker"}))
BEN = Person("p_ben", "Ben", frozenset({"reviewer"}))

REVIEW = Review(
    gate="release",
    deciders=1,
    not_the_requester=False,
    view_first=False,
    accept_reason=False,
    reject_reason=True,
    decide_within=3600,
)
ADVICE = Advice(
    id="adv_1",
    status="pending",
    policy="draft-letter",
    policy_version="0" * 64,
    application="casebook",
    scope="case_1",
    requester="p_ana",
    review=REVIEW,
    redactions={},
    caveats=({"id": "read-me", "text": "Read me."},),
    requested_at="2026-11-24T09:00:00.000000Z",
    received_at="2026-11-24T09:00:01.000000Z",
    decide_by="2026-11-24T10:00:01.000000Z",
    settled_at=None,
    released_text=None,
    released_at=None,
)


def advice(status: str = "pending", **review: Any) -> Advice:
    return replace(ADVICE, status=status, review=replace(REVIEW, **review))  # type: ignore[arg-type]


def accept(person: Person, text: int = 0, **more: Any) -> DecisionRequest:
    return DecisionRequest(person, "accept", text, **more)


def reject(person: Person, reason: str | None = "The dates are wrong.") -> DecisionRequest:
    return DecisionRequest(person, "reject", reason=reason)


def cast(person: Person, decision: Any = "accept", text: int = 0) -> RecordedDecision:
    return RecordedDecision(person.id, decision, text, "2026-11-24T09:10:00.000000Z")


@pytest.mark.parametrize(
    ("case", "state", "before", "ballot", "outcome"),
    [
        ("one accept settles", advice(), [], accept(BEN), "accepted"),
        ("one reject settles", advice(), [], reject(BEN), "rejected"),
        ("the requester may decide where allowed", advice(), [], accept(ANA), "accepted"),
        ("the first of two accepts leaves it pending", advice(deciders=2), [], accept(BEN), "pending"),
        ("the second accept settles", advice(deciders=2), [cast(ANA)], accept(BEN), "accepted"),
        ("one reject of two is enough", advice(deciders=2), [cast(ANA)], reject(BEN), "rejected"),
        (
            "a different text needs a further person",
            advice(deciders=2),
            [cast(ANA)],
            accept(BEN, 1),
            "pending",
        ),
        ("the same amendment agrees", advice(deciders=2), [cast(ANA, text=1)], accept(BEN, 1), "accepted"),
        ("late advice in use can be decided", advice(gate="use"), [], accept(BEN), "accepted"),
        (
            "a view that was given is enough",
            advice(view_first=True),
            [],
            accept(BEN, view_given=True),
            "accepted",
        ),
        (
            "a confirmed caveat is enough",
            advice(confirm=("read-me",)),
            [],
            accept(BEN, caveats_read=frozenset({"read-me"})),
            "accepted",
        ),
        (
            "a caveat that is not attached can't be asked for",
            advice(confirm=("other",)),
            [],
            accept(BEN),
            "accepted",
        ),
        ("a reject needs no caveats read", advice(confirm=("read-me",)), [], reject(BEN), "rejected"),
    ],
    ids=lambda value: value if isinstance(value, str) and " " in value else "",
)
def test_a_decision_counts(
    case: str, state: Advice, before: list[RecordedDecision], ballot: DecisionRequest, outcome: str
) -> None:
    assert evaluate(state, before, ballot) == Counted(outcome)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("case", "state", "before", "ballot", "status", "code"),
    [
        ("own request", advice(not_the_requester=True), [], accept(ANA), 403, "requester_may_not_decide"),
        (
            "own request, reject too",
            advice(not_the_requester=True),
            [],
            reject(ANA),
            403,
            "requester_may_not_decide",
        ),
        ("settled before", advice("accepted"), [cast(ANA)], accept(BEN), 409, "advice_settled"),
        ("rejected before", advice("rejected"), [cast(ANA, "reject")], reject(BEN), 409, "advice_settled"),
        ("expired", advice("expired"), [], accept(BEN), 409, "advice_expired"),
        ("not answered yet", advice("requested"), [], accept(BEN), 409, "advice_not_ready"),
        ("never answered", advice("failed"), [], accept(BEN), 409, "advice_not_ready"),
        ("no view", advice(view_first=True), [], accept(BEN), 409, "view_required"),
        ("no view, reject too", advice(view_first=True), [], reject(BEN), 409, "view_required"),
        ("reject without reason", advice(), [], reject(BEN, None), 422, "reason_required"),
        ("reject with blank reason", advice(), [], reject(BEN, " \n"), 422, "reason_required"),
        ("accept without reason", advice(accept_reason=True), [], accept(BEN), 422, "reason_required"),
        ("caveat unread", advice(confirm=("read-me",)), [], accept(BEN), 422, "caveats_unread"),
        (
            "a caveat that is not there",
            advice(),
            [],
            accept(BEN, caveats_read=frozenset({"other"})),
            422,
            "invalid_field",
        ),
        ("contrary second", advice(deciders=2), [cast(BEN)], reject(BEN), 409, "already_decided"),
        ("other text second", advice(deciders=2), [cast(BEN)], accept(BEN, 1), 409, "already_decided"),
        ("contrary after settling", advice("accepted"), [cast(BEN)], reject(BEN), 409, "already_decided"),
    ],
    ids=lambda value: value if isinstance(value, str) and " " in value else "",
)
def test_a_decision_is_turned_away(
    case: str, state: Advice, before: list[RecordedDecision], ballot: DecisionRequest, status: int, code: str
) -> None:
    verdict = evaluate(state, before, ballot)
    assert isinstance(verdict, Refused)
    assert (verdict.error.status, verdict.error.code) == (status, code)


@pytest.mark.parametrize("state", [advice(deciders=2), advice("accepted")], ids=["pending", "settled"])
def test_the_same_decision_again_is_a_repetition(state: Advice) -> None:
    assert evaluate(state, [cast(BEN)], accept(BEN)) == Repeated()


def test_two_deciders_must_be_two_people() -> None:
    assert evaluate(advice(deciders=2), [cast(BEN)], accept(BEN)) == Repeated()


def test_held_advice_expires_and_advice_in_use_does_not() -> None:
    late = "2026-11-24T10:00:01.000001Z"
    assert advice().expired_at(late)
    assert not advice().expired_at(ADVICE.decide_by or "")
    assert not advice(gate="use").expired_at(late)
    assert not advice("accepted").expired_at(late)


def test_facts_are_confirmed_before_the_answer_is_accepted_as_it_is() -> None:
    due = {"facts_due": frozenset({"f1", "f2"})}
    missing = evaluate(ADVICE, [], accept(BEN, facts_confirmed=frozenset({"f1"}), **due))
    assert isinstance(missing, Refused)
    assert missing.error.code == "facts_unconfirmed"
    assert isinstance(evaluate(ADVICE, [], accept(BEN, text=1, **due)), Counted)
    assert isinstance(
        evaluate(ADVICE, [], accept(BEN, facts_confirmed=frozenset({"f1", "f2"}), **due)), Counted
    )
    unknown = evaluate(ADVICE, [], accept(BEN, facts_confirmed=frozenset({"f1"})))
    assert isinstance(unknown, Refused)
