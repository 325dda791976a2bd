"""Error pages: what happened and what to do, in the visitor's language and in plain words."""

from typing import Final

from fastapi import Response

from gateway.errors import GatewayError
from gateway.http import explain
from gateway.web.page_request import Form, PageRequest


def _(text: str) -> str:
    """Marks words for the catalogues."""
    return text


_BY_CODE: Final = {
    "sign_in_failed": (
        _("Signing in did not work"),
        _(
            "You were not signed in. Go to the first page and try again. If it goes on, tell the people who run this."
        ),
    ),
    "form_refused": (
        _("This form could not be sent"),
        _(
            "It was opened in another session, or did not come from this service."
            " Go back, reload the page and send it again."
        ),
    ),
    "advice_erased": (
        _("This advice has been erased"),
        _(
            "Its content is gone for good. The record still shows that the advice was given and what was decided."
        ),
    ),
    "content_damaged": (
        _("This advice can't be shown"),
        _(
            "Its content is missing or was changed, and nothing on record explains it."
            " Tell the people who run this service."
        ),
    ),
}
_BY_STATUS: Final = {
    400: (_("This request can't be read"), _("Go back and try again.")),
    403: (
        _("You can't use this page"),
        _("Your role does not allow it. If you think that it should, ask an admin."),
    ),
    404: (
        _("Page not found"),
        _(
            "If you typed the web address, check it is correct."
            " If you followed a link, the advice may not be yours to see."
        ),
    ),
    405: (_("Page not found"), _("If you typed the web address, check it is correct.")),
    408: (_("Your form took too long to arrive"), _("Nothing was saved. Go back and send it again.")),
    409: (
        _("This has changed"),
        _("Somebody else was quicker, or it was done already. Go back and look at it again."),
    ),
    410: (_("This is gone"), _("It has been erased and can't be had again.")),
    413: (_("What you sent is too long"), _("Go back and shorten it.")),
    422: (_("This can't be used"), _("Go back, check what you entered and send it again.")),
    429: (_("Too many tries"), _("Wait a while, then try again.")),
    503: (_("The service is not available just now"), _("Nothing was lost. Wait a moment, then try again.")),
}
_SERVERS: Final = 500
"""From this status on it is not what was sent that is wrong (RFC 9110, 15.6)."""
_OTHERWISE: Final = (
    _("Sorry, there is a problem with the service"),
    _("Nothing was decided or released. Try again later."),
)


_WRITTEN: Final = ("view", "reason", "amendment", "missed", "what", "answer")
"""Fields that people write into."""


def error_page(page: PageRequest, error: Exception, typed: Form | None = None) -> Response:
    """The page for any exception, with what was typed: to be sent again where that helps, else to be copied."""
    refusal = explain(error)
    heading, text = _BY_CODE.get(refusal.code) or _BY_STATUS.get(refusal.status) or _OTHERWISE
    typed = typed or {}
    again = refusal.status >= _SERVERS or refusal.retry_after is not None
    texts = [typed[name][0] for name in _WRITTEN if typed.get(name, [""])[0].strip()]
    answer = page.render(
        "error.html",
        status=refusal.status,
        heading=heading,
        text=text,
        wait=refusal.retry_after,
        address=page.request.url.path,
        again=[(name, value) for name, values in typed.items() for value in values] if again else [],
        written=[] if again else texts,
    )
    answer.headers.update(refusal.headers)
    return answer


def not_found() -> GatewayError:
    """For an address that leads nowhere."""
    return GatewayError("not_found", "There is no such page.")
