"""The actions of a person on an advice: their view, their decision, and a report of a missed redaction."""

from typing import Final, Literal

from fastapi import Response

from audit import now_text
from gateway.advice import DecisionRequest, missing, not_open
from gateway.errors import GatewayError
from gateway.steps import Decision, MissedRedaction
from gateway.web import advice_text
from gateway.web.drafts import delete_draft, save_draft
from gateway.web.one_advice import AdviceView, advice_id, advice_page, load_advice
from gateway.web.page_request import PageRequest
from gateway.web.problems import Problems

_MAX_REASON_LENGTH: Final = 10_000
_MAX_VIEW_LENGTH: Final = 10_000
_MAX_VALUE_LENGTH: Final = 500

_CHOICES: Final = ("accept", "change", "reject")
DESCRIBED_STATUSES: Final = (403, 409, 422)
"""Refusals that are shown beside the form; others have pages of their own."""


async def give_view(page: PageRequest) -> Response:
    """Record the person's own view; then the advice is shown to them."""
    problems = Problems(page.language)
    view = page.value("view")
    if not view.strip():
        problems.add("view", problems._("Write down what you think before you see the advice"))
    if len(view) > _MAX_VIEW_LENGTH:
        problems.add("view", problems._("Your view is too long"))
    if not problems:
        try:
            await page.services.decisions.give_view(page.person, advice_id(page), view)
        except GatewayError as error:
            if error.status not in DESCRIBED_STATUSES:
                raise
            problems.add("view", describe_refusal(problems, error))
        else:
            await delete_draft(page, advice_id(page))
            return page.redirect(f"/advice/{advice_id(page)}")
    return await _again(page, problems, status=422)


async def decide(page: PageRequest) -> Response:
    """Record the person's decision, or say what is missing or in its way, with everything typed kept.

    If the policy asks for a signature, the texts are kept and shown once more on the page to sign it.
    """
    shown = await load_advice(page)
    problems = Problems(page.language)
    refusal = not_open(shown.advice, page.person.id, now_text())
    if refusal is not None and shown.own_decision(page) is None:
        problems.add("decision", describe_refusal(problems, refusal))
        return await _again(page, problems, status=409)
    decision = read_decision(page, shown, problems)
    if problems or decision is None:
        return await _again(page, problems, status=422)
    if shown.advice.review.signature == "passkey" and shown.own_decision(page) is None:
        await save_draft(page, page.request.url.path, page.form)
        return page.redirect(f"/advice/{shown.advice.id}/sign")
    try:
        await page.services.pipeline.decide(page.person, shown.advice.id, decision)
    except GatewayError as error:
        if error.status not in DESCRIBED_STATUSES:
            raise
        problems.add("decision", describe_refusal(problems, error))
        return await _again(page, problems, status=error.status)
    await delete_draft(page, shown.advice.id)
    return page.redirect(f"/advice/{shown.advice.id}?recorded=decision")


async def report_missed(page: PageRequest) -> Response:
    """Report something personal that was not taken out; from now on it is, in this case.

    The report comes with whatever stands in the page's other form, which is kept.
    """
    problems = Problems(page.language)
    value = page.value("missed").strip()
    if not value:
        problems.add("missed", problems._("Enter what should have been taken out"))
    elif len(value) > _MAX_VALUE_LENGTH:
        problems.add("missed", problems._("Enter only the words that should have been taken out"))
    else:
        try:
            report = MissedRedaction(value=value, type=None)
            await page.services.missed_redactions.report(page.person, advice_id(page), report)
        except GatewayError as error:
            if error.code != "invalid_field":
                raise
            problems.add(
                "missed", problems._("Copy it from the text above as it stands there, in whole words")
            )
        else:
            other_fields = {name: values for name, values in page.form.items() if name != "missed"}
            await save_draft(page, page.request.url.path, other_fields)
            return page.redirect(f"/advice/{advice_id(page)}?recorded=missed")
    return await _again(page, problems, status=422)


def read_decision(page: PageRequest, shown: AdviceView, problems: Problems) -> Decision | None:
    """The decision that the form holds; None, with `problems` filled, if it is not complete yet."""
    choice, reason = page.value("decision"), page.value("reason")
    text = advice_text.plain(page.value("amendment"))
    review = shown.advice.review
    if choice not in _CHOICES:
        problems.add("decision", problems._("Select what you decide"))
        return None
    if review.view_first and page.value("own_view") not in ("agrees", "differs"):
        problems.add("own_view", problems._("Select whether the advice agrees with the view you gave"))
    _check_text(choice, text, shown.text, problems)
    if len(reason) > _MAX_REASON_LENGTH:
        problems.add("reason", problems._("Your reasons are too long"))
    caveats_read = [caveat for caveat in page.form.get("caveats_read", []) if caveat in shown.to_confirm]
    facts_confirmed = [
        fact for fact in page.form.get("facts_confirmed", []) if fact in shown.facts_to_confirm
    ]
    accepts = choice != "reject"
    request = DecisionRequest(
        person=page.person,
        decision="accept" if accepts else "reject",
        text=1 if choice == "change" else 0,
        reason=reason,
        caveats_read=frozenset(caveats_read),
        facts_confirmed=frozenset(facts_confirmed),
        facts_due=frozenset(shown.facts_to_confirm),
        view_given=True,
        shown=True,
    )
    for error in missing(shown.advice, request):
        problems.add(error.param or "decision", describe_refusal(problems, error))
    if problems:
        return None
    return Decision(
        decision="accept" if accepts else "reject",
        reason=reason or None,
        amendment=text if choice == "change" else None,
        caveats_read=caveats_read,
        facts_confirmed=facts_confirmed,
        own_view=_own_view(page, shown),
    )


def _check_text(choice: str, text: str, original: str, problems: Problems) -> None:
    """An accept as it is must leave the answer as it was given, an accept with changes must not."""
    if choice == "change" and not text.strip():
        problems.add("amendment", problems._("Write the text as you accept it"))
    elif choice == "change" and text == original:
        problems.add("amendment", problems._("Change the text, or select ‘Accept as it is’"))
    elif choice == "accept" and text and text != original:
        problems.add(
            "amendment",
            problems._("You changed the text: select ‘Accept with changes’, or undo your changes"),
        )


def _own_view(page: PageRequest, shown: AdviceView) -> Literal["agrees", "differs"] | None:
    if not shown.advice.review.view_first:
        return None
    return "agrees" if page.value("own_view") == "agrees" else "differs"


async def _again(page: PageRequest, problems: Problems, *, status: int) -> Response:
    """The page with what is wrong; what was typed stands in it, and is kept should the visitor leave it."""
    await save_draft(page, page.request.url.path, page.form)
    return await advice_page(page, problems, page.form, status=status)


def describe_refusal(problems: Problems, error: GatewayError) -> str:
    """What stood in the way of a decision, in the visitor's language."""
    texts = {
        "already_decided": problems._("You decided on this advice already. One decision per person stands"),
        "advice_settled": problems._(
            "Somebody else decided on this advice before you. Nothing of yours was recorded"
        ),
        "advice_expired": problems._("The time to decide on this advice is over. Nothing was recorded"),
        "requester_may_not_decide": problems._(
            "You asked for this advice, so somebody else must decide on it"
        ),
        "reason_required": problems._("Give your reasons"),
        "caveats_unread": problems._("Read and confirm each caveat, or reject the advice"),
        "facts_unconfirmed": problems._(
            "Check and confirm each fact that is not in what was sent, or change the text"
        ),
        "view_recorded": problems._("You gave another view before. The first one stands"),
    }
    return texts.get(error.code) or problems._("This could not be recorded. Check what you entered")
