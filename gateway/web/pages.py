"""Builds what the pages share, once."""

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from gateway.http import explain
from gateway.settings import Settings
from gateway.web.assets import Assets
from gateway.web.error_pages import error_page
from gateway.web.language import choose_language, load_languages
from gateway.web.page_request import PageRequest
from gateway.web.renderer import Renderer
from gateway.web.routes import router_of


@dataclass(frozen=True)
class Pages:
    """The pages as the application takes them in: `begin` makes a `PageRequest` of a request."""

    router: APIRouter
    begin: Callable[[Request], PageRequest]

    async def answer_unmatched(self, request: Request, error: HTTPException) -> Response:
        """The page for an address that leads nowhere."""
        page = self.begin(request)
        try:
            await page.load_session()
        except Exception as other:  # noqa: BLE001 - as for every page
            return error_page(page, other)
        return error_page(page, error)


def build_pages(settings: Settings) -> Pages:
    """The pages' routes, and their answer to whatever leads nowhere."""
    assets = Assets()
    renderer = Renderer(assets)
    languages = load_languages(settings.web.time_zone)

    def begin(request: Request) -> PageRequest:
        language = choose_language(languages, request.cookies, request.headers.get("accept-language"))
        return PageRequest(request, settings, renderer, languages, language)

    async def serve_asset(request: Request, digest: str, name: str) -> Response:
        try:
            return assets.answer(request, digest, name)
        except Exception as error:  # noqa: BLE001 - as for every page
            return Response(status_code=explain(error).status)

    router = router_of(begin)
    router.add_api_route("/assets/{digest}/{name}", serve_asset, methods=["GET"])
    return Pages(router, begin)
