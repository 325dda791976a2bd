"""A decision that a policy wants signed: shown once more in words, and recorded with the person's own signature.

The form that was filled in is the person's draft. Nothing else is kept between it and the signature: what is signed is
made anew of it, and whatever changed meanwhile is found by the signature not fitting.
"""

from collections.abc import Mapping
from typing import Final

from fastapi import Response

from gateway.errors import GatewayError
from gateway.identity import passkeys_of
from gateway.steps import Decision
from gateway.web import advice_text
from gateway.web.advice_pages import AdviceView, advice_id, advice_page, load_advice
from gateway.web.decision_form import DESCRIBED_STATUSES, describe_refusal, read_decision
from gateway.web.drafts import delete_draft, read_draft
from gateway.web.page_request import PageRequest
from gateway.web.problems import Problems

_PARTS: Final = ("credential", "client_data", "authenticator_data", "signature")


async def show(page: PageRequest) -> Response:
    """The decision to be signed, with the button that asks the browser for the passkey."""
    return await _page(page, Problems(page.language))


async def send(page: PageRequest) -> Response:
    """Record the decision with its signature; or say why not, with everything typed kept."""
    signature = signature_of(page)
    advice, problems = advice_id(page), Problems(page.language)
    shown, decision = await _typed(page)
    if decision is None:
        recorded = "?recorded=decision" if shown.own_decision(page) is not None else ""
        return page.redirect(f"/advice/{advice}{recorded}")
    try:
        await page.services.pipeline.decide(page.person, advice, decision, signature)
    except GatewayError as error:
        if error.code == "signature_invalid":
            text = problems._("What would go on record is not what was signed. Look at it again and sign it")
            problems.add("signed", text)
            return await _page(page, problems)
        if error.status not in DESCRIBED_STATUSES:
            raise
        problems.add("decision", describe_refusal(problems, error))
        return await advice_page(page, problems, page.form, status=error.status)
    await delete_draft(page, advice)
    return page.redirect(f"/advice/{advice}?recorded=decision")


def signature_of(page: PageRequest) -> Mapping[str, str]:
    """What the browser answered, as an event's `signature`."""
    return {name: page.value(name) for name in _PARTS}


async def _page(page: PageRequest, problems: Problems) -> Response:
    shown, decision = await _typed(page)
    advice = shown.advice.id
    if decision is None:
        return page.redirect(f"/advice/{advice}")
    signing = page.services.signing
    held = await page.services.database.fetch(lambda connection: passkeys_of(connection, page.person.id))
    usable = signing.usable(held)
    try:
        to_sign = await page.services.decisions.to_sign(page.person, advice, decision)
    except GatewayError as error:
        if error.status not in DESCRIBED_STATUSES:
            raise
        problems.add("decision", describe_refusal(problems, error))
        return await advice_page(page, problems, page.form, status=error.status)
    return page.render(
        "sign.html",
        status=422 if problems else 200,
        problems=problems,
        advice=shown.advice,
        policy=shown.policy,
        texts=[decision.amendment] if decision.amendment is not None else advice_text.answers(shown.document),
        decision=decision,
        available=signing.ceremonies is not None,
        usable=bool(usable),
        waits=any(passkey.state == "waits" for passkey in held),
        options=signing.here.ask_to_sign(to_sign, [passkey.credential for passkey in usable])
        if usable
        else None,
    )


async def _typed(page: PageRequest) -> tuple[AdviceView, Decision | None]:
    """The advice, and the decision of the person's draft; None where there is none that could be signed now."""
    shown = await load_advice(page)
    page.form = await read_draft(page, shown.advice.id)
    signs = shown.advice.review.signature == "passkey" and shown.may_decide(page)
    answered = shown.document.get("completion") is not None
    return shown, read_decision(page, shown, Problems(page.language)) if signs and answered else None
