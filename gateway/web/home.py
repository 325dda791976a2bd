"""The first page, and the visitor's language."""

from fastapi import Response

from gateway.errors import GatewayError
from gateway.web.csrf import local_address
from gateway.web.language import COOKIE
from gateway.web.page_request import PageRequest


async def home(page: PageRequest) -> Response:
    """Where each role begins."""
    if page.person.may_decide:
        return page.redirect("/advice")
    return page.redirect("/measures") if "oversight" in page.person.roles else page.render("home.html")


async def set_language(page: PageRequest) -> Response:
    """Keep the visitor's choice of language, and go back to where they were."""
    code = page.request.path_params["code"]
    if code not in page.languages:
        raise GatewayError("not_found", "There is no such language.")
    page.remember(COOKIE, code)
    return page.redirect(local_address(page.query("return")) or "/")
