"""Every page, role by role: who may not use it is refused, before anything is looked up or changed."""

import re

import httpx
import pytest

from gateway.identity import ROLES
from gateway.web import ROUTES, Route
from tests.gateway_server import GatewayServer, form_token

BY_ROLE = {"caseworker": "ana", "reviewer": "ben", "oversight": "olu", "admin": "ada"}
CASES = [
    (route, method)
    for route in ROUTES
    for method, handler in (("GET", route.get), ("POST", route.post))
    if handler is not None and route.path != "/sign-out"  # ends the session that the other cases use
]


def send(client: httpx.Client, route: Route, method: str, **fields: str) -> httpx.Response:
    path = re.sub(r"\{[^}]+\}", "adv_unknown", route.path)
    return client.request(method, path, data=fields if method == "POST" else None)


@pytest.fixture(scope="module")
def signed_in(site: GatewayServer) -> dict[str, httpx.Client]:
    return {role: site.browser(who) for role, who in BY_ROLE.items()}


@pytest.mark.parametrize(("route", "method"), CASES, ids=lambda one: getattr(one, "path", one))
@pytest.mark.parametrize("role", ROLES)
def test_each_role_reaches_the_pages_that_are_its_own_and_no_others(
    signed_in: dict[str, httpx.Client], route: Route, method: str, role: str
) -> None:
    client = signed_in[role]
    answer = send(client, route, method, token=form_token(client.get("/nowhere").text))
    if route.roles and role not in route.roles:
        assert answer.status_code == 403
    else:
        assert answer.status_code in (200, 303, 404, 409, 422)


@pytest.mark.parametrize(("route", "method"), CASES, ids=lambda one: getattr(one, "path", one))
def test_whoever_is_not_signed_in_is_asked_to(site: GatewayServer, route: Route, method: str) -> None:
    with site.browser() as client:
        answer = send(client, route, method)
    if not route.roles:
        return
    if method == "GET":
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in?return=")
    else:
        assert answer.status_code == 401


@pytest.mark.parametrize(
    "route", [route for route in ROUTES if route.post is not None], ids=lambda route: route.path
)
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_a_form_from_elsewhere_is_refused_even_with_its_token(
    signed_in: dict[str, httpx.Client], route: Route, headers: dict[str, str]
) -> None:
    client = signed_in["caseworker"]
    path = re.sub(r"\{[^}]+\}", "adv_unknown", route.path)
    answer = client.post(path, data={"token": form_token(client.get("/nowhere").text)}, headers=headers)
    assert answer.status_code == 403
    assert client.get("/advice").status_code == 200


@pytest.mark.parametrize(
    "route", [route for route in ROUTES if route.post is not None], ids=lambda route: route.path
)
def test_a_form_without_its_sessions_token_is_refused(
    site: GatewayServer, signed_in: dict[str, httpx.Client], route: Route
) -> None:
    another = form_token(signed_in["reviewer"].get("/nowhere").text)
    client = signed_in["caseworker"]
    for token in ("", "0" * 40, another):
        answer = send(client, route, "POST", token=token)
        assert answer.status_code in (303, 403)
        assert client.get("/advice").status_code == 200


@pytest.mark.parametrize("path", ["/", "/sign-in", "/nowhere", "/assets/0/none.css", "/sign-in?return=/x"])
def test_every_page_tells_the_browser_what_it_may_do(site: GatewayServer, path: str) -> None:
    with site.browser() as client:
        answer = client.get(path)
    if path.startswith("/assets"):
        assert answer.status_code == 404
        return
    policy = dict(
        part.strip().partition(" ")[::2] for part in answer.headers["content-security-policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert (
        policy["script-src"] == policy["style-src"] == policy["img-src"] == policy["form-action"] == "'self'"
    )
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"


def test_an_unknown_path_is_a_page_for_a_browser_and_an_error_object_for_an_app(site: GatewayServer) -> None:
    with site.browser() as client:
        page = client.get("/nowhere")
        app = client.get("/nowhere", headers={"Accept": "*/*"})
    assert (page.status_code, app.status_code) == (404, 404)
    assert "Page not found" in page.text
    assert app.json()["error"]["code"] == "not_found"


def test_assets_may_be_kept_for_good_and_come_compressed(site: GatewayServer) -> None:
    with site.browser() as client:
        page = client.get("/sign-in").text
        for address in re.findall(r'(?:href|src)="(/assets/[^"]+)"', page):
            answer = client.get(address)
            assert answer.status_code == 200
            assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
            assert answer.headers["content-encoding"] == "gzip"
            plain = client.get(address, headers={"Accept-Encoding": "identity"})
            assert plain.content == answer.content
