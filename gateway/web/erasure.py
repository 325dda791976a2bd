"""Erasing a case or one advice, for admins: first what would go and what stands in its way, then the deed.

The case's own reference may say who it is about: it stands in the form only, never in an address.
"""

import asyncio
from typing import Final

from fastapi import Response

from gateway.advice import (
    ERASURE_REASONS,
    HOLD_REASONS,
    RETENTION,
    ErasureTarget,
    Going,
    case_scope,
    preview_erasure,
)
from gateway.errors import GatewayError
from gateway.oversight import known_applications
from gateway.web.problems import Problems
from gateway.web.visit import Visit

REASONS: Final = [reason for reason in ERASURE_REASONS if reason != RETENTION]


async def ask(visit: Visit) -> Response:
    """The form."""
    return await _form(visit, Problems(visit.language))


async def preview(visit: Visit) -> Response:
    """What would go, and a button to do it if nothing stands in its way."""
    problems = Problems(visit.language)
    target = _matter(visit, problems)
    reason = visit.value("reason")
    if reason not in REASONS:
        problems.add("reason", problems._("Select why"))
    if problems or target is None:
        return await _form(visit, problems)
    going = await _going(visit, target, problems)
    if going is None:
        return await _form(visit, problems)
    return visit.page(
        "erasure-preview.html",
        going=going,
        reason=reason,
        reason_in_words=ERASURE_REASONS[reason],
        hold_reasons=HOLD_REASONS,
        typed=_typed(visit),
    )


async def confirm(visit: Visit) -> Response:
    """Erase; answered once it is gone from the database's files."""
    problems = Problems(visit.language)
    target = _matter(visit, problems)
    if problems or target is None or visit.value("reason") not in REASONS:
        return await _form(visit, problems)
    services = visit.services
    async with services.cases.hold(target.scope):  # not while a request of the case takes up its pseudonyms
        done = await asyncio.to_thread(
            services.retention.erase, target, why=visit.value("reason"), actor=visit.person.actor
        )
    return visit.page("erased.html", done=done)


async def _form(visit: Visit, problems: Problems) -> Response:
    return visit.page(
        "erasure.html",
        status=422 if problems else 200,
        problems=problems,
        typed=_typed(visit),
        reasons=[{"value": one, "text": ERASURE_REASONS[one]} for one in REASONS],
        applications=await visit.services.database.fetch(known_applications),
    )


def _typed(visit: Visit) -> dict[str, str]:
    return {name: visit.value(name) for name in ("what", "application", "case", "advice", "reason")}


def _matter(visit: Visit, problems: Problems) -> ErasureTarget | None:
    what, case, advice = visit.value("what"), visit.value("case").strip(), visit.value("advice").strip()
    if what == "advice":
        if not advice:
            problems.add("advice", problems._("Enter the number of the advice"))
        return ErasureTarget(advice, is_case=False)
    if what == "case":
        application = visit.value("application")
        if not case:
            problems.add("case", problems._("Enter the case's reference"))
        if not application:
            problems.add("application", problems._("Select the application"))
        return ErasureTarget(case_scope(visit.services.vault, application, case), is_case=True)
    problems.add("what", problems._("Select what is to be erased"))
    return None


async def _going(visit: Visit, target: ErasureTarget, problems: Problems) -> Going | None:
    try:
        return await visit.services.database.fetch(lambda connection: preview_erasure(connection, target))
    except GatewayError as error:
        if error.status != 404:
            raise
    field = "case" if target.is_case else "advice"
    problems.add(field, problems._("There is nothing of this here. Check it, and the application"))
    return None
