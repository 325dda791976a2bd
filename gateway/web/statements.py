"""A statement for the person whose case it is, to read here, to print and to send."""

import asyncio

from fastapi import Response

from gateway.advice import find_advice
from gateway.errors import GatewayError
from gateway.oversight import Block, as_markdown, statement, statement_pdf
from gateway.web.page_request import PageRequest
from gateway.web.record import file_answer


async def show(page: PageRequest) -> Response:
    """The statement on the case of one advice."""
    advice = str(page.request.path_params["advice"])
    return page.render("statement.html", advice=advice, blocks=await _blocks(page, advice))


async def markdown(page: PageRequest) -> Response:
    """The same as a file."""
    advice = str(page.request.path_params["advice"])
    text = as_markdown(await _blocks(page, advice))
    return file_answer(text.encode(), f"{advice}.statement.md", "text/markdown; charset=utf-8")


async def document(page: PageRequest) -> Response:
    """The same to print."""
    advice = str(page.request.path_params["advice"])
    file = await asyncio.to_thread(statement_pdf, await _blocks(page, advice))
    return file_answer(file, f"{advice}.statement.pdf", "application/pdf")


async def _blocks(page: PageRequest, advice: str) -> list[Block]:
    services = page.services
    found = await services.database.fetch(lambda connection: find_advice(connection, advice))
    if found is None:
        raise GatewayError("unknown_advice", "There is no such advice.")
    return await services.database.fetch(
        lambda connection: statement(connection, services.policies, found.scope)
    )
