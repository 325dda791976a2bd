"""Changing the text before accepting it: what was changed so far, and a page of its own for a text that is long."""

from fastapi import Response

from gateway.web.drafts import keep_draft, read_draft
from gateway.web.one_advice import advice_id, advice_page
from gateway.web.problems import Problems
from gateway.web.visit import Visit


async def show(visit: Visit) -> Response:
    """The form without the texts beside it."""
    typed = await read_draft(visit, advice_id(visit))
    return await advice_page(visit, Problems(visit.language), typed, alone=True)


async def compare(visit: Visit) -> Response:
    """The page again, with what the person has changed; nothing is decided, and all that was typed is kept."""
    await keep_draft(visit, visit.request.url.path, visit.form)
    alone = bool(visit.value("alone"))
    return await advice_page(visit, Problems(visit.language), visit.form, alone=alone, compare=True)
