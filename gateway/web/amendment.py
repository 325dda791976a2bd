"""Amending the text before accepting it: what was changed so far, and a page of its own for a text that is long."""

from fastapi import Response

from gateway.web.advice_pages import advice_id, advice_page
from gateway.web.drafts import read_draft, save_draft
from gateway.web.page_request import PageRequest
from gateway.web.problems import Problems


async def show(page: PageRequest) -> Response:
    """The form without the texts beside it."""
    typed = await read_draft(page, advice_id(page))
    return await advice_page(page, Problems(page.language), typed, alone=True)


async def compare(page: PageRequest) -> Response:
    """The page again, with what the person has changed; nothing is decided, and all that was typed is kept."""
    await save_draft(page, page.request.url.path, page.form)
    alone = bool(page.value("alone"))
    return await advice_page(page, Problems(page.language), page.form, alone=alone, compare=True)
