"""The first page, and the visitor's language."""

from fastapi import Response

from gateway.errors import GatewayError
from gateway.web.guarding import local_address
from gateway.web.language import COOKIE
from gateway.web.visit import Visit


async def home(visit: Visit) -> Response:
    """Where each role begins."""
    return visit.go("/advice") if visit.person.may_decide else visit.page("home.html")


async def set_language(visit: Visit) -> Response:
    """Keep the visitor's choice of language, and go back to where they were."""
    code = visit.request.path_params["code"]
    if code not in visit.languages:
        raise GatewayError("not_found", "There is no such language.")
    visit.remember(COOKIE, code)
    return visit.go(local_address(visit.query("return")) or "/")
