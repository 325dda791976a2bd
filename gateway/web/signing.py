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
from gateway.web import reading
from gateway.web.deciding import TOLD, read_decision, told
from gateway.web.drafts import drop_draft, read_draft
from gateway.web.one_advice import Shown, advice_id, advice_page, load_shown
from gateway.web.problems import Problems
from gateway.web.visit import Visit

_PARTS: Final = ("credential", "client_data", "authenticator_data", "signature")


async def show(visit: Visit) -> Response:
    """What is about to be signed, with the button that asks the browser for the passkey."""
    return await _page(visit, Problems(visit.language))


async def send(visit: Visit) -> Response:
    """Record the decision with its signature; or say why not, with everything typed kept."""
    signature = signature_of(visit)
    advice, problems = advice_id(visit), Problems(visit.language)
    shown, decision = await _typed(visit)
    if decision is None:
        recorded = "?recorded=decision" if shown.mine(visit) is not None else ""
        return visit.go(f"/advice/{advice}{recorded}")
    try:
        await visit.services.pipeline.decide(visit.person, advice, decision, signature)
    except GatewayError as error:
        if error.code == "signature_invalid":
            text = problems._("What would go on record is not what was signed. Look at it again and sign it")
            problems.add("signed", text)
            return await _page(visit, problems)
        if error.status not in TOLD:
            raise
        problems.add("decision", told(problems, error))
        return await advice_page(visit, problems, visit.form, status=error.status)
    await drop_draft(visit, advice)
    return visit.go(f"/advice/{advice}?recorded=decision")


def signature_of(visit: Visit) -> Mapping[str, str]:
    """What the browser answered, as an event's `signature`."""
    return {name: visit.value(name) for name in _PARTS}


async def _page(visit: Visit, problems: Problems) -> Response:
    shown, decision = await _typed(visit)
    advice = shown.advice.id
    if decision is None:
        return visit.go(f"/advice/{advice}")
    signing = visit.services.signing
    held = await visit.services.database.fetch(lambda connection: passkeys_of(connection, visit.person.id))
    usable = signing.usable(held)
    try:
        to_sign = await visit.services.decisions.to_sign(visit.person, advice, decision)
    except GatewayError as error:
        if error.status not in TOLD:
            raise
        problems.add("decision", told(problems, error))
        return await advice_page(visit, problems, visit.form, status=error.status)
    return visit.page(
        "sign.html",
        status=422 if problems else 200,
        problems=problems,
        advice=shown.advice,
        policy=shown.policy,
        texts=[decision.amendment] if decision.amendment is not None else reading.answers(shown.document),
        decision=decision,
        available=signing.ceremonies is not None,
        usable=bool(usable),
        waits=any(one.state == "waits" for one in held),
        options=signing.here.ask_to_sign(to_sign, [one.credential for one in usable]) if usable else None,
    )


async def _typed(visit: Visit) -> tuple[Shown, Decision | None]:
    """The advice, and the decision of the person's draft; None where there is none that could be signed now."""
    shown = await load_shown(visit)
    visit.form = await read_draft(visit, shown.advice.id)
    signs = shown.advice.review.signature == "passkey" and shown.may_decide(visit)
    answered = shown.document.get("completion") is not None
    return shown, read_decision(visit, shown, Problems(visit.language)) if signs and answered else None
