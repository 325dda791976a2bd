"""Pages for people, rendered by the gateway itself: they work without scripts, and ask no other host for anything.

`routes.py` is the table of all pages with the roles that may use each, and the guard in front of them.
"""

from gateway.web.pages import build_pages
from gateway.web.routes import ROUTES, Route

__all__ = ["ROUTES", "Route", "build_pages"]
