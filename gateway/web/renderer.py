"""Templates into pages, and what every page says to the browser about itself."""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import Response
from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader

from gateway.web.assets import Assets
from gateway.web.language import Language

_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
    " form-action {form_action}; frame-ancestors 'none'; base-uri 'none'"
)
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "Vary": "Cookie, Accept-Language",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""`same-origin`, since a browser that tells no referrer sends no usable `Origin` with a form either."""


def page_headers(form_action: str = "'self'") -> dict[str, str]:
    """The headers of each page and each redirection; `form_action` names the addresses that its forms may lead to."""
    return {**_HEADERS, "Content-Security-Policy": _POLICY.format(form_action=form_action)}


class Renderer:
    """Jinja, always escaping; the words come from the visitor's language."""

    def __init__(self, assets: Assets) -> None:
        self._assets = assets
        govuk = {"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}
        self._loader = ChoiceLoader([PackageLoader("gateway.web"), PrefixLoader(govuk)])
        self._environments: dict[str, Environment] = {}

    def render(
        self,
        language: Language,
        template: str,
        context: Mapping[str, Any],
        *,
        status: int = 200,
        form_action: str = "'self'",
    ) -> Response:
        """The page that `template` makes of `context`."""
        body = self._environment(language).get_template(template).render(context)
        return Response(
            body, status, headers=page_headers(form_action), media_type="text/html; charset=utf-8"
        )

    def _environment(self, language: Language) -> Environment:
        environment = self._environments.get(language.code)
        if environment is None:
            environment = self._environments[language.code] = self._make(language)
        return environment

    def _make(self, language: Language) -> Environment:
        environment = Environment(
            loader=self._loader,
            autoescape=True,
            extensions=["jinja2.ext.i18n"],
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.install_gettext_translations(language.words, newstyle=True)  # type: ignore[attr-defined]
        environment.globals["asset"] = self._assets.url
        environment.globals["language"] = language
        environment.filters["time"] = language.time
        environment.filters["day"] = language.day
        environment.filters["span"] = language.span
        environment.filters["number"] = language.number
        return environment
