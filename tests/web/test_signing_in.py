"""Signing in and out, and what somebody who tries to get in another way gets."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from gateway.identity import revoke
from tests.gateway_server import PASSWORD, GatewayServer, form_token, send_form

Start = Callable[..., GatewayServer]


def sign_in(client: httpx.Client, username: str, password: str, **more: str) -> httpx.Response:
    return send_form(client, "/sign-in", "/sign-in", username=username, password=password, **more)


def signed_in(client: httpx.Client) -> bool:
    return not client.get("/").headers["location"].startswith("/sign-in")


def test_name_and_password_begin_a_session_and_lead_back(site: GatewayServer) -> None:
    with site.browser() as client:
        asked = client.get("/?page=2")
        assert asked.headers["location"] == "/sign-in?return=%2F%3Fpage%3D2"
        answer = sign_in(client, " Ben ", PASSWORD, **{"return": "/?page=2"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/?page=2")
        assert signed_in(client)


@pytest.mark.parametrize(
    ("username", "password"),
    [("ben", "wrong"), ("nobody", PASSWORD), ("ben", ""), ("", PASSWORD), ("ben", "x" * 5_000)],
)
def test_anything_else_does_not_and_says_the_same_of_unknown_names(
    site: GatewayServer, username: str, password: str
) -> None:
    with site.browser() as client:
        answer = sign_in(client, username, password)
        assert answer.status_code == 422
        assert "There is a problem" in answer.text
        if username and password:
            assert "The user name or the password is wrong" in answer.text
        assert "session" not in client.cookies
        assert not signed_in(client)


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "/%0d%0aSet-Cookie:x=y\r\nX: y",
        "http:evil.example",
        " /",
        "",
    ],
)
def test_signing_in_leads_to_our_own_pages_only(site: GatewayServer, address: str) -> None:
    with site.browser() as client:
        answer = sign_in(client, "ben", PASSWORD, **{"return": address})
        assert answer.headers["location"] == "/"
        assert client.get("/sign-in", params={"return": address}).headers["location"] == "/"
        assert client.get("/language/en", params={"return": address}).headers["location"] == "/"


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(
    site: GatewayServer, fresh_site: Start
) -> None:
    with site.browser() as client:
        cookie = sign_in(client, "ben", PASSWORD).headers.get_list("set-cookie")[0].lower()
    assert cookie.startswith("session=")
    for part in ("httponly", "path=/", "samesite=lax"):
        assert part in cookie
    assert "secure" not in cookie  # plain HTTP on loopback
    behind_tls = fresh_site(base_url="https://gateway.example")
    with behind_tls.browser() as client:
        page = client.get("/sign-in")
        visit = page.headers["set-cookie"]
        assert visit.startswith("__Host-visit=")
        assert "Secure" in visit
        client.headers["Cookie"] = visit.partition(";")[0]
        data = {"token": form_token(page.text), "username": "ben", "password": PASSWORD}
        cookie = client.post("/sign-in", data=data).headers.get_list("set-cookie")[0]
    assert cookie.startswith("__Host-session=")
    assert "Secure" in cookie


def test_a_new_id_is_given_at_sign_in_and_a_planted_one_is_worth_nothing(site: GatewayServer) -> None:
    with site.browser() as client:
        client.cookies.set("session", "planted" * 6, domain="127.0.0.1")
        answer = sign_in(client, "ben", PASSWORD)
        first = answer.headers.get_list("set-cookie")[0]
        assert "planted" not in first
    with site.browser("ben") as client:
        before = client.cookies["session"]
        token = form_token(client.get("/advice").text)
        answer = client.post("/sign-in", data={"token": token, "username": "cai", "password": PASSWORD})
        assert client.cookies["session"] != before
        client.cookies.set("session", before, domain="127.0.0.1")
        assert not signed_in(client)


def test_signing_out_ends_the_session_at_once_wherever_its_cookie_is(site: GatewayServer) -> None:
    with site.browser("ben") as client, site.browser() as thief:
        thief.cookies.set("session", client.cookies["session"], domain="127.0.0.1")
        assert signed_in(thief)
        assert send_form(client, "/advice", "/sign-out").headers["location"] == "/signed-out"
        assert not signed_in(client)
        assert not signed_in(thief)


def test_a_session_that_is_left_alone_or_too_old_is_over(fresh_site: Start) -> None:
    server = fresh_site()
    for column, value in (
        ("seen_at", "2026-01-01T00:00:00.000000Z"),
        ("ends_at", "2026-01-01T00:00:00.000000Z"),
    ):
        with server.browser("ben") as client:
            assert signed_in(client)
            server.resources.log.submit(
                lambda tx, column=column, value=value: tx.connection.execute(
                    f"UPDATE sessions SET {column} = ?", (value,)
                )
            ).result()
            assert not signed_in(client)


def test_revoking_somebodys_credentials_ends_their_sessions_at_once(fresh_site: Start) -> None:
    server = fresh_site()
    with server.browser("ben") as client:
        person = server.people["ben"][0]
        server.resources.log.submit(lambda tx: revoke(tx, person, actor="operator")).result()
        assert not signed_in(client)
        assert sign_in(client, "ben", PASSWORD).status_code == 422


def test_neither_the_cookie_nor_the_password_lies_in_the_database(site: GatewayServer) -> None:
    with site.browser("ben") as client:
        cookie = client.cookies["session"]
    files = [path for path in site.settings.data.iterdir() if path.name.startswith("countersign.db")]
    assert files
    for path in files:
        assert cookie.encode() not in path.read_bytes()
        assert PASSWORD.encode() not in path.read_bytes()


def test_tries_are_limited_by_account_even_many_at_once_and_after_a_restart(fresh_site: Start) -> None:
    server = fresh_site(web={"attempts_per_account": 3})

    def attempt(username: str) -> int:
        with server.browser() as client:
            return sign_in(client, username, "wrong wrong wrong").status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(attempt, ["ben"] * 8))
    assert sorted(statuses) == [422] * 3 + [429] * 5
    with server.browser() as client:
        answer = sign_in(client, "BEN ", PASSWORD)
        assert answer.status_code == 429
        assert 0 < int(answer.headers["retry-after"]) <= 15 * 60
        assert sign_in(client, "cai", PASSWORD).status_code == 303
    unknown = [attempt("nobody") for _ in range(4)]
    assert unknown == [422, 422, 422, 429]
    server.stop()
    again = fresh_site(web={"attempts_per_account": 3}, passwords=())
    with again.browser() as client:
        assert sign_in(client, "ben", PASSWORD).status_code == 429


def test_tries_are_limited_by_address(fresh_site: Start) -> None:
    server = fresh_site(web={"attempts_per_address": 4})
    with server.browser() as client:
        statuses = [sign_in(client, f"name{number}", "wrong").status_code for number in range(5)]
    assert statuses == [422] * 4 + [429]


def test_signing_in_forgives_the_tries_before_it(fresh_site: Start) -> None:
    server = fresh_site(web={"attempts_per_account": 2})
    with server.browser() as client:
        for _ in range(3):
            assert sign_in(client, "ben", "wrong").status_code == 422
            assert sign_in(client, "ben", PASSWORD).status_code == 303
            client.cookies.clear()


def test_a_password_is_set_with_a_code_once_and_the_old_one_and_its_sessions_end(fresh_site: Start) -> None:
    server = fresh_site()
    with server.client("ada") as admin:
        made = admin.post(f"/v1/people/{server.people['ben'][0]}/password-codes", json={"username": "Ben.X"})
    code = made.json()["code"]
    fields = {"username": "ben.x", "code": code, "password": "three random words"}
    with server.browser("cai") as other, server.browser() as client:
        assert (
            send_form(client, "/set-password", "/set-password", **{**fields, "password": "short"}).status_code
            == 422
        )
        assert (
            send_form(client, "/set-password", "/set-password", **{**fields, "code": "abcde"}).status_code
            == 422
        )
        assert (
            send_form(client, "/set-password", "/set-password", **{**fields, "username": "cai"}).status_code
            == 422
        )
        assert send_form(client, "/set-password", "/set-password", **fields).status_code == 200
        assert send_form(client, "/set-password", "/set-password", **fields).status_code == 422
        assert sign_in(client, "ben.x", PASSWORD).status_code == 422
        assert sign_in(client, "ben.x", "three random words").status_code == 303
        assert signed_in(other)
    kinds = [
        (event["type"], event.get("kind"))
        for event in server.events()
        if f"person:{server.people['ben'][0]}" == event.get("holder")
    ]
    assert kinds[-4:] == [
        ("key.created", "code"),
        ("key.revoked", None),
        ("key.revoked", None),
        ("key.created", "password"),
    ]


def test_only_an_admin_makes_codes_and_a_name_belongs_to_one_person(site: GatewayServer) -> None:
    path = f"/v1/people/{site.people['ana'][0]}/password-codes"
    for who in ("application", "ana", "ben", "olu"):
        with site.client(who) as client:
            assert client.post(path, json={}).status_code == 403
    with site.client("ada") as client:
        assert client.post(path, json={"username": "ben"}).status_code == 422
        assert client.post(path, json={"username": "a\nb"}).status_code == 422
        assert client.post("/v1/people/p_none/password-codes", json={}).status_code == 422


def test_where_local_sign_in_is_off_there_is_none(fresh_site: Start) -> None:
    server = fresh_site(web={"local_sign_in": False})
    with server.browser() as client:
        page = client.get("/sign-in")
        assert 'name="password"' not in page.text
        data = {"token": form_token(client.get("/").text or page.text) if "token" in page.text else ""}
        assert client.post(
            "/sign-in", data={**data, "username": "ben", "password": PASSWORD}
        ).status_code in (403, 404)
        assert client.get("/set-password").status_code == 404


def test_what_a_visitor_sends_is_shown_as_text(site: GatewayServer) -> None:
    with site.browser() as client:
        answer = sign_in(client, '"><script>alert(1)</script>', "x", kept='"><b>')
    assert "<script>alert" not in answer.text
    assert '"><b>' not in answer.text
    assert re.search(r"&lt;script&gt;alert", answer.text)


def test_a_form_that_is_none_is_refused(site: GatewayServer) -> None:
    with site.browser() as client:
        for body in (b"\xff\xfe", b"a=%ff", b"&".join([b"a=1"] * 1_000)):
            assert client.post("/sign-in", content=body).status_code == 400
        large = client.post("/sign-in", content=b"a=" + b"x" * 1_100_000)
    assert large.status_code == 413
    assert "too long" in large.text


def test_a_header_cannot_be_smuggled_through_an_address(site: GatewayServer) -> None:
    with site.browser() as client:
        answer = client.get("/%0d%0aX-Injected:%20yes")
        signed_out = client.get("/?x=%0d%0aX-Injected:%20yes")
    for one in (answer, signed_out):
        assert "x-injected" not in one.headers
