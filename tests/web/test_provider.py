"""Signing in by way of an OpenID Connect provider, and its tokens for the API."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc.jwk import OctKey, RSAKey

from gateway.identity import revoke
from gateway.identity.oidc.provider import IdentityProviderError, check_metadata
from tests.gateway_server import PLAIN, Browser, GatewayServer, form_token
from tests.oidc_server import OidcServer
from tests.provider_server import ProviderServer
from tests.web.conftest import served
from tests.web.test_deciding import hidden

ANA = {"sub": "ana-1", "name": "Ana Lee", "roles": ["cw", "other"]}
BEN = {"sub": "ben-1", "name": "Ben Cole", "roles": ["rev"]}


@pytest.fixture(scope="module")
def idp() -> Iterator[OidcServer]:
    with OidcServer() as server:
        yield server


@pytest.fixture(scope="module")
def department(
    idp: OidcServer, pages_provider: ProviderServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[GatewayServer]:
    """A gateway that takes people from the provider alone."""
    data: Path = tmp_path_factory.mktemp("department")
    with served(
        data, pages_provider, oidc=idp.settings(), web={"local_sign_in": False}, passwords=()
    ) as server:
        yield server


@pytest.fixture(autouse=True)
def honest(idp: OidcServer) -> None:
    idp.user, idp.claims = dict(ANA), {}


def leave(client: Browser, back: str = "/") -> httpx.Response:
    return client.get("/sign-in/provider", params={"return": back})


def come_back(client: Browser, left: httpx.Response) -> httpx.Response:
    """Sign in at the provider, as a browser would, and follow its redirection."""
    answered = httpx.get(left.headers["location"], verify=PLAIN)
    assert answered.status_code == 302, answered.text
    return client.get(answered.headers["location"])


def sign_in(server: GatewayServer, back: str = "/") -> tuple[Browser, httpx.Response]:
    client = server.browser()
    return client, come_back(client, leave(client, back))


def is_in(client: Browser) -> bool:
    return not client.get("/").headers.get("location", "").startswith("/sign-in")


def bearer(server: GatewayServer, token: str, path: str = "/v1/advice") -> httpx.Response:
    return httpx.get(f"{server.url}{path}", headers={"Authorization": f"Bearer {token}"}, verify=PLAIN)


def test_somebody_signs_in_and_comes_back_to_where_they_were(department: GatewayServer) -> None:
    client, answer = sign_in(department, "/advice?whose=mine")
    assert answer.headers["location"] == "/advice?whose=mine"
    assert "Ana Lee" in client.get("/advice").text


def test_the_flow_is_bound_by_state_nonce_and_challenge(department: GatewayServer) -> None:
    with department.browser() as client:
        fields = parse_qs(urlsplit(leave(client).headers["location"]).query)
    assert fields["response_type"] == ["code"]
    assert fields["code_challenge_method"] == ["S256"]
    assert {"state", "nonce", "code_challenge"} <= set(fields)
    assert fields["redirect_uri"] == [f"{department.url}/sign-in/callback"]


def test_people_are_made_once_and_their_roles_follow_the_claims(
    department: GatewayServer, idp: OidcServer
) -> None:
    idp.user = {"sub": "cai-1", "name": "Cai Dunn", "roles": ["cw"]}
    first, _ = sign_in(department)
    again, _ = sign_in(department)
    assert is_in(first)
    made = [event for event in department.events() if event.get("kind") == "oidc"]
    assert made[-1]["roles"] == ["caseworker"]
    idp.user["roles"] = ["rev"]
    later, _ = sign_in(department)
    assert is_in(later)
    assert not is_in(first)
    assert not is_in(again)
    after = [event for event in department.events() if event.get("holder") == made[-1]["holder"]]
    assert [event["type"] for event in after] == ["key.created", "key.revoked", "key.created"]
    assert after[-1]["roles"] == ["reviewer"]
    idp.user["roles"] = []
    assert sign_in(department)[1].status_code == 403
    assert not is_in(later)


def test_whoever_has_no_role_here_is_not_made(department: GatewayServer, idp: OidcServer) -> None:
    idp.user = {"sub": "eve-1", "name": "Eve", "roles": ["gardener"]}
    before = len(department.events())
    client, answer = sign_in(department)
    assert answer.status_code == 403
    assert not is_in(client)
    assert len(department.events()) == before


def test_somebody_revoked_here_stays_out(department: GatewayServer, idp: OidcServer) -> None:
    idp.user = {"sub": "dan-1", "name": "Dan", "roles": ["cw"]}
    client, _ = sign_in(department)
    person = department.events()[-1]["holder"].removeprefix("person:")
    department.resources.log.submit(lambda tx: revoke(tx, person, actor="operator")).result()
    assert not is_in(client)
    assert sign_in(department)[1].status_code == 403
    assert bearer(department, idp.token()).status_code == 403


def test_a_provider_may_rotate_its_keys(department: GatewayServer, idp: OidcServer, monkeypatch: Any) -> None:
    monkeypatch.setattr("gateway.identity.oidc.provider._FETCH_AGAIN", 0.0)
    assert is_in(sign_in(department)[0])
    old = idp.keys[0]
    idp.rotate()
    assert is_in(sign_in(department)[0])
    assert bearer(department, idp.token()).status_code == 200
    assert bearer(department, idp.token(key=old)).status_code == 401


def test_a_key_that_the_provider_withdrew_is_not_trusted_for_good(
    department: GatewayServer, idp: OidcServer, monkeypatch: Any
) -> None:
    monkeypatch.setattr("gateway.identity.oidc.provider._FETCH_AGAIN", 0.0)
    assert bearer(department, idp.token()).status_code == 200
    old = idp.keys[0]
    idp.rotate()
    monkeypatch.setattr("gateway.identity.oidc.provider._KEYS_FOR", 0.0)
    assert bearer(department, idp.token(key=old)).status_code == 401


def test_a_provider_that_is_away_is_not_asked_again_and_again(
    pages_provider: ProviderServer, tmp_path: Path
) -> None:
    with OidcServer() as gone:
        settings = gone.settings()
    with served(tmp_path, pages_provider, oidc=settings, passwords=()) as server, server.browser() as client:
        for _ in range(2):
            assert leave(client).status_code == 403
        assert "password" in client.get("/sign-in").text


def test_unknown_keys_do_not_make_the_gateway_ask_again_and_again(
    department: GatewayServer, idp: OidcServer
) -> None:
    bearer(department, idp.token())
    before = idp.fetches
    forger = RSAKey.generate_key(2048, {"kid": "forged"})
    for _ in range(5):
        assert bearer(department, idp.token(key=forger)).status_code == 401
    assert idp.fetches <= before + 1


@pytest.mark.parametrize(
    "claims",
    [{"aud": "somebody-else"}, {"iss": "https://evil.example"}, {"lasts": -3_600}, {"nonce": "another"}],
    ids=lambda claims: next(iter(claims)),
)
def test_an_id_token_that_does_not_fit_signs_nobody_in(
    department: GatewayServer, idp: OidcServer, claims: dict[str, Any]
) -> None:
    idp.claims = claims
    client, answer = sign_in(department)
    assert answer.status_code == 403
    assert "Signing in did not work" in answer.text
    assert not is_in(client)


def test_only_the_browser_that_left_may_come_back_and_once(department: GatewayServer) -> None:
    with department.browser() as client, department.browser() as victim:
        left = leave(client)
        back = httpx.get(left.headers["location"], verify=PLAIN).headers["location"]
        assert victim.get(back).status_code == 403  # somebody else's sign-in, sent as a link
        assert not is_in(victim)
        leave(victim)
        assert victim.get(back).status_code == 403
        assert client.get(back).status_code == 303
        assert client.get(back).status_code == 403


def test_an_answer_of_another_issuer_a_refusal_or_a_wrong_code_is_refused(department: GatewayServer) -> None:
    for change in ("iss=https%3A%2F%2Fevil.example", "code=forged", "error=access_denied"):
        with department.browser() as client:
            back = httpx.get(leave(client).headers["location"], verify=PLAIN).headers["location"]
            fields = parse_qs(urlsplit(back).query)
            name, _, _ = change.partition("=")
            rest = "&".join(
                f"{key}={values[0]}" for key, values in fields.items() if key not in (name, "code")
            )
            code = "" if name in ("code", "error") else f"&code={fields['code'][0]}"
            answer = client.get(f"/sign-in/callback?{rest}{code}&{change}")
            assert answer.status_code == 403
            assert not is_in(client)


def test_what_was_typed_comes_through_the_provider_too(department: GatewayServer, idp: OidcServer) -> None:
    idp.user = dict(BEN)
    advice = department.ask("Write.", model="held").headers["x-advice-id"]
    client, _ = sign_in(department)
    page = client.get(f"/advice/{advice}").text
    client.cookies.clear()
    data = {"token": form_token(page), "decision": "reject", "reason": "A long argument"}
    asked = client.post(f"/advice/{advice}/decision", data=data)
    assert f"form-action 'self' {idp.issuer};" in asked.headers["content-security-policy"]
    left = client.post("/sign-in/provider", data=hidden(asked.text))
    assert come_back(client, left).headers["location"] == f"/advice/{advice}"
    assert "A long argument" in client.get(f"/advice/{advice}").text


def test_signing_out_ends_the_session_and_offers_the_providers_own(
    department: GatewayServer, idp: OidcServer
) -> None:
    client, _ = sign_in(department)
    client.post("/sign-out", data={"token": form_token(client.get("/advice").text)})
    assert not is_in(client)
    assert f"{idp.issuer}/end?" in client.get("/signed-out").text


def test_a_token_for_the_api_names_a_person_with_the_roles_of_its_claims(
    department: GatewayServer, idp: OidcServer
) -> None:
    idp.user = dict(BEN)
    advice = department.ask("Write.", model="held").headers["x-advice-id"]
    headers = {"Authorization": f"Bearer {idp.token()}"}
    answer = httpx.post(
        f"{department.url}/v1/advice/{advice}/decisions",
        json={"decision": "accept"},
        headers=headers,
        verify=PLAIN,
    )
    assert answer.status_code == 201
    assert answer.json()["person"].startswith("p_")
    assert bearer(department, idp.token(), "/v1/audit/events").status_code == 403
    assert bearer(department, idp.token(roles=["rev", "insp"]), "/v1/audit/events").status_code == 200
    asked = httpx.post(
        f"{department.url}/v1/chat/completions", json={"model": "held"}, headers=headers, verify=PLAIN
    )
    assert asked.status_code == 403
    assert asked.json()["error"]["code"] == "application_required"


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "api://other"},
        {"aud": None},
        {"iss": "https://evil.example"},
        {"exp": 1_700_000_000},
        {"exp": None},
        {"nbf": 4_000_000_000},
        {"sub": None},
        {"sub": ""},
    ],
    ids=str,
)
def test_a_token_that_does_not_fit_is_refused(
    department: GatewayServer, idp: OidcServer, claims: dict[str, Any]
) -> None:
    answer = bearer(department, idp.token(**claims))
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "unknown_credential"


def test_a_token_signed_by_no_private_key_is_refused(department: GatewayServer, idp: OidcServer) -> None:
    whole = idp.token()
    head, body, signature = whole.split(".")
    unsigned = "eyJhbGciOiJub25lIn0"
    for token in (
        f"{unsigned}.{body}.",
        f"{unsigned}.{body}.{signature}",
        f"{head}.{body}.AAAA",
        "a.b.c",
        "..",
    ):
        assert bearer(department, token).status_code == 401


def test_a_secret_key_that_a_provider_publishes_signs_for_nobody(
    department: GatewayServer, idp: OidcServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.identity.oidc.provider._FETCH_AGAIN", 0.0)
    published = OctKey.generate_key(256, {"kid": "shared", "use": "sig"})
    monkeypatch.setattr(published, "as_dict", lambda private=False: published.dict_value)
    monkeypatch.setattr(idp, "keys", [*idp.keys, published])
    token = idp.token(key=published, algorithm="HS256")  # type: ignore[arg-type]
    assert bearer(department, token).status_code == 401
    assert bearer(department, idp.token()).status_code == 200


def test_a_provider_that_calls_itself_by_another_name_is_not_trusted(
    idp: OidcServer, pages_provider: ProviderServer, tmp_path: Path
) -> None:
    idp.claims = {"discovered": "https://evil.example"}
    with (
        served(tmp_path, pages_provider, oidc=idp.settings(), passwords=()) as server,
        server.browser() as client,
    ):
        assert leave(client).status_code == 403
        assert "password" in client.get("/sign-in").text


@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
def test_a_provider_reached_by_tls_can_not_send_us_on_without_it(name: str) -> None:
    issuer = "https://login.example"
    names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    document = {"issuer": issuer, **{one: f"{issuer}/{one}" for one in names}}
    check_metadata(document, issuer)
    with pytest.raises(IdentityProviderError, match=name):
        check_metadata({**document, name: f"http://login.example/{name}"}, issuer)


def test_without_a_password_there_is_the_provider_alone(department: GatewayServer) -> None:
    with department.browser() as client:
        page = client.get("/sign-in").text
        assert "Sign in with Example Department" in page
        assert 'name="password"' not in page
        assert client.get("/set-password").status_code == 404
