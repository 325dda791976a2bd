"""Every page in one table: its address, what it answers to, and who may use it.

`router_of` puts one guard in front of all of them:

1. the visitor's language, and their session
2. a form must come from one of our pages, and hold the token of this very browser
3. anyone who is not signed in is asked to sign in, and comes back to the page, with what they had typed
4. anyone who is signed in without one of the page's roles is refused
"""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Request, Response

from gateway.errors import GatewayError
from gateway.identity import ROLES, Role
from gateway.web import (
    advice_pages,
    amendment,
    concerns,
    decision_form,
    decision_signature,
    erasure,
    keys,
    measures,
    passkey_approval,
    passkeys,
    policies,
    policy_changes,
    policy_versions,
    provider,
    queue,
    record,
    sign_in,
    statements,
    usage,
)
from gateway.web.csrf import is_same_origin
from gateway.web.drafts import save_draft
from gateway.web.error_pages import error_page
from gateway.web.home import home, set_language
from gateway.web.page_request import Form, PageRequest

Handler = Callable[[PageRequest], Awaitable[Response]]
AllowedRoles = frozenset[Role]

NOBODY: Final[AllowedRoles] = frozenset()
"""The page is for those who are not signed in, too."""
ANYBODY: Final[AllowedRoles] = frozenset(ROLES)
DECIDERS: Final[AllowedRoles] = frozenset({"caseworker", "reviewer"})
OVERSEERS: Final[AllowedRoles] = frozenset({"oversight"})
AUDITORS: Final[AllowedRoles] = frozenset({"oversight", "admin"})
ADMINS: Final[AllowedRoles] = frozenset({"admin"})


@dataclass(frozen=True)
class Route:
    """One page: whoever uses it has one of `roles`; `NOBODY` asks for none."""

    path: str
    roles: AllowedRoles
    get: Handler | None = None
    post: Handler | None = None


ROUTES: Final[Sequence[Route]] = (
    Route("/", ANYBODY, get=home),
    Route("/advice", DECIDERS, get=queue.show, post=queue.find_case),
    Route("/advice/{advice}", DECIDERS, get=advice_pages.show),
    Route("/advice/{advice}/asked", DECIDERS, get=advice_pages.show_asked),
    Route("/advice/{advice}/answer", DECIDERS, get=advice_pages.show_answer),
    Route("/advice/{advice}/accepted", DECIDERS, get=advice_pages.show_accepted),
    Route("/advice/{advice}/changes", DECIDERS, get=amendment.show, post=amendment.compare),
    Route("/advice/{advice}/view", DECIDERS, get=advice_pages.back, post=decision_form.give_view),
    Route("/advice/{advice}/decision", DECIDERS, get=advice_pages.back, post=decision_form.decide),
    Route("/advice/{advice}/sign", DECIDERS, get=decision_signature.show, post=decision_signature.send),
    Route("/advice/{advice}/missed", DECIDERS, get=advice_pages.back, post=decision_form.report_missed),
    Route("/record", AUDITORS, get=record.find),
    Route("/record.csv", AUDITORS, get=record.export),
    Route("/record.tar", AUDITORS, get=record.whole_log),
    Route("/record/{advice}", AUDITORS, get=record.decision_record),
    Route("/record/{advice}/proof.json", AUDITORS, get=record.proof),
    Route("/record/{advice}/decision.pdf", AUDITORS, get=record.document),
    Route("/measures", AUDITORS, get=measures.overview),
    Route("/measures/pictures/{picture}.svg", AUDITORS, get=measures.picture),
    Route("/measures.csv", AUDITORS, get=measures.table),
    Route("/measures/{measure}", AUDITORS, get=measures.measure_page),
    Route("/measures/{measure}/chart.svg", AUDITORS, get=measures.chart),
    Route("/usage", ADMINS, get=usage.overview),
    Route("/usage/chart.svg", ADMINS, get=usage.chart),
    Route("/usage.csv", ADMINS, get=usage.table),
    Route("/policies", ANYBODY, get=policies.show),
    Route("/policy-changes", ADMINS, get=policy_changes.show, post=policy_changes.put_in_force),
    Route("/policies/{policy}", ANYBODY, get=policies.policy_page),
    Route("/policies/{policy}/retire", ADMINS, get=policies.back, post=policy_changes.retire),
    Route("/policies/{policy}/versions", ANYBODY, get=policy_versions.history),
    Route("/policies/{policy}/versions/{version}", ANYBODY, get=policy_versions.one),
    Route(
        "/policies/{policy}/versions/{version}/restore",
        ADMINS,
        get=policy_versions.back,
        post=policy_versions.restore,
    ),
    Route("/policies/{policy}/compare", ANYBODY, get=policy_versions.compare),
    Route("/policies/{policy}/transparency-record.md", AUDITORS, get=policies.transparency),
    Route("/advice/{advice}/statement", DECIDERS | ADMINS, get=statements.show),
    Route("/advice/{advice}/statement.md", DECIDERS | ADMINS, get=statements.markdown),
    Route("/advice/{advice}/statement.pdf", DECIDERS | ADMINS, get=statements.document),
    Route("/keys", ADMINS, get=keys.show),
    Route("/keys/revoke", ADMINS, post=keys.revoke_one),
    Route("/keys/passkeys", ADMINS, get=passkey_approval.show),
    Route("/keys/passkeys/{credential}", ADMINS, get=passkey_approval.passkey_page),
    Route(
        "/keys/passkeys/{credential}/approve",
        ADMINS,
        get=passkey_approval.back,
        post=passkey_approval.approve,
    ),
    Route(
        "/keys/passkeys/{credential}/revoke", ADMINS, get=passkey_approval.back, post=passkey_approval.revoke
    ),
    Route("/passkeys", ANYBODY, get=passkeys.show),
    Route("/passkeys/new", ANYBODY, get=passkeys.back, post=passkeys.add),
    Route("/passkeys/revoke", ANYBODY, get=passkeys.back, post=passkeys.revoke),
    Route("/erasure", ADMINS, get=erasure.ask, post=erasure.preview),
    Route("/erasure/confirm", ADMINS, post=erasure.confirm),
    Route("/concerns", ANYBODY, get=concerns.show),
    Route("/concerns/new", ANYBODY, get=concerns.ask, post=concerns.send),
    Route("/concerns/{concern}", ANYBODY, get=concerns.concern_page),
    Route("/concerns/{concern}/answer", ADMINS, post=concerns.answer),
    Route("/sign-in", NOBODY, get=sign_in.ask, post=sign_in.sign_in),
    Route("/sign-in/provider", NOBODY, get=provider.redirect_to_provider, post=provider.redirect_to_provider),
    Route("/sign-in/callback", NOBODY, get=provider.complete_sign_in),
    Route("/signed-out", NOBODY, get=provider.signed_out),
    Route("/sign-out", NOBODY, post=sign_in.sign_out),
    Route("/set-password", NOBODY, get=sign_in.ask_for_password, post=sign_in.choose_password),
    Route("/language/{code}", NOBODY, get=set_language),
)


def router_of(begin: Callable[[Request], PageRequest]) -> APIRouter:
    """The table as a router; `begin` makes a `PageRequest` of a request."""
    router = APIRouter(include_in_schema=False)
    for route in ROUTES:
        if route.get is not None:
            router.add_api_route(route.path, _guarded(begin, route, route.get), methods=["GET"])
        if route.post is not None:
            router.add_api_route(route.path, _guarded(begin, route, route.post), methods=["POST"])
    return router


def _guarded(
    begin: Callable[[Request], PageRequest], route: Route, handler: Handler
) -> Callable[[Request], Awaitable[Response]]:
    async def serve(request: Request) -> Response:
        page = begin(request)
        try:
            return await _serve(page, route, handler)
        except Exception as error:  # noqa: BLE001 - every exception becomes a page
            return error_page(page, error, await _typed(page, route))

    return serve


async def _typed(page: PageRequest, route: Route) -> Form:
    """What somebody sent from a page of ours, to be given back to them, wherever it was refused.

    A form of a page for those who are not signed in may hold a password, and is not given back.
    """
    request = page.request
    if request.method != "POST" or not route.roles or not is_same_origin(request):
        return {}
    with suppress(Exception):  # what can't be read can't be given back
        return page.sent if page.sent is not None else await page.read_form()
    return {}


async def _serve(page: PageRequest, route: Route, handler: Handler) -> Response:
    if "prefetch" in page.request.headers.get("sec-purpose", ""):
        raise GatewayError(
            "busy", "What is shown goes on record, so nothing is fetched before it is asked for."
        )
    await page.load_session()
    sends = page.request.method == "POST"
    if sends and not is_same_origin(page.request):
        raise GatewayError("form_refused", "The form did not come from this service.")
    form = await page.read_form() if sends else {}
    if page.session is None and route.roles:
        return await sign_in.ask_first(page, form)
    if route.roles and not page.person.roles & route.roles:
        raise GatewayError("role_required", "This page is for other roles.")
    if sends and not page.has_valid_csrf_token(form):
        address = page.request.url.path
        kept_at = await save_draft(page, address, form) if route.roles else address
        if kept_at == address:
            raise GatewayError("form_refused", "The form is not of this session.")
        return page.redirect(kept_at)
    page.form = form
    return await handler(page)
