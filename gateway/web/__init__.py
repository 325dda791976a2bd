"""Pages for people, rendered by the gateway itself: they work without scripts, and ask no other host for anything.

`routes.py` is the table of all pages with the roles that may use each, and the guard in front of them.

A new page is a handler (`async def show(page: PageRequest) -> Response`), a row of that table, a template that extends
`base.html`, and an entry in `navigation.py` if people go there from everywhere. A handler reads `page.person`,
`page.query(…)` and `page.value(…)`, answers with `page.render(template, **context)` or `page.redirect(address)`, and
raises a `GatewayError` for an error page. Forms carry `token`. Words stand in `_("…")`.
"""

from gateway.web.pages import build_pages
from gateway.web.routes import ROUTES, Route

__all__ = ["ROUTES", "Route", "build_pages"]
