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
    ErasurePlan,
    ErasureTarget,
    case_scope,
    preview_erasure,
)
from gateway.errors import GatewayError
from gateway.identity import known_applications
from gateway.web.page_request import PageRequest
from gateway.web.problems import Problems

REASONS: Final = [reason for reason in ERASURE_REASONS if reason != RETENTION]


async def ask(page: PageRequest) -> Response:
    """The form."""
    return await _form(page, Problems(page.language))


async def preview(page: PageRequest) -> Response:
    """The content to be erased, and a button to erase it if nothing prevents that."""
    problems = Problems(page.language)
    target = _matter(page, problems)
    reason = page.value("reason")
    if reason not in REASONS:
        problems.add("reason", problems._("Select why"))
    if problems or target is None:
        return await _form(page, problems)
    going = await _plan(page, target, problems)
    if going is None:
        return await _form(page, problems)
    return page.render(
        "erasure-preview.html",
        going=going,
        reason=reason,
        reason_in_words=ERASURE_REASONS[reason],
        hold_reasons=HOLD_REASONS,
        typed=_typed(page),
    )


async def confirm(page: PageRequest) -> Response:
    """Erase; answered once it is gone from the database's files."""
    problems = Problems(page.language)
    target = _matter(page, problems)
    if problems or target is None or page.value("reason") not in REASONS:
        return await _form(page, problems)
    services = page.services
    async with services.cases.hold(target.scope):  # not while a request of the case takes up its pseudonyms
        result = await asyncio.to_thread(
            services.retention.erase, target, why=page.value("reason"), actor=page.person.actor
        )
    return page.render("erased.html", done=result)


async def _form(page: PageRequest, problems: Problems) -> Response:
    return page.render(
        "erasure.html",
        status=422 if problems else 200,
        problems=problems,
        typed=_typed(page),
        reasons=[{"value": reason, "text": ERASURE_REASONS[reason]} for reason in REASONS],
        applications=await page.services.database.fetch(known_applications),
    )


def _typed(page: PageRequest) -> dict[str, str]:
    return {name: page.value(name) for name in ("what", "application", "case", "advice", "reason")}


def _matter(page: PageRequest, problems: Problems) -> ErasureTarget | None:
    what, case, advice = page.value("what"), page.value("case").strip(), page.value("advice").strip()
    if what == "advice":
        if not advice:
            problems.add("advice", problems._("Enter the number of the advice"))
        return ErasureTarget(advice, is_case=False)
    if what == "case":
        application = page.value("application")
        if not case:
            problems.add("case", problems._("Enter the case's reference"))
        if not application:
            problems.add("application", problems._("Select the application"))
        return ErasureTarget(case_scope(page.services.vault, application, case), is_case=True)
    problems.add("what", problems._("Select what is to be erased"))
    return None


async def _plan(page: PageRequest, target: ErasureTarget, problems: Problems) -> ErasurePlan | None:
    try:
        return await page.services.database.fetch(lambda connection: preview_erasure(connection, target))
    except GatewayError as error:
        if error.status != 404:
            raise
    field = "case" if target.is_case else "advice"
    problems.add(field, problems._("There is nothing of this here. Check it, and the application"))
    return None
