"""The pages on PostgreSQL: each kind of page is made there as on SQLite."""

import shutil
from collections.abc import Iterator

import pytest

from gateway.advice import rebuild_from
from tests.gateway_server import POLICIES, GatewayServer, form_token
from tests.postgres_server import PostgresServer
from tests.provider_server import ProviderServer
from tests.web.conftest import SIGNED, served
from tests.web.signing import joined, with_passkey


@pytest.fixture(scope="module")
def on_postgresql(
    postgres: PostgresServer, pages_provider: ProviderServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[GatewayServer]:
    policies = tmp_path_factory.mktemp("policies")
    for file in (POLICIES / "held.yaml", SIGNED / "signed.yaml"):
        shutil.copy(file, policies)
    settings = {
        "database": postgres.address(postgres.database()),
        "policies": policies,
        "named": "localhost",
    }
    with served(tmp_path_factory.mktemp("data"), pages_provider, **settings) as server:
        yield server


def test_somebody_decides_and_oversight_follows_it(on_postgresql: GatewayServer) -> None:
    site = on_postgresql
    advice = str(site.ask("Please help.", model="held").headers["x-advice-id"])
    with site.browser("ben") as ben:
        assert advice in ben.get("/advice").text
        for order in ("oldest", "newest", "due"):
            assert advice in ben.get(f"/advice?order={order}&policy=held").text
        page = ben.get(f"/advice/{advice}")
        sent = {"token": form_token(page.text), "decision": "accept", "reason": "As it should be."}
        assert ben.post(f"/advice/{advice}/decision", data=sent).status_code in (200, 303)
        assert ben.get(f"/advice/{advice}/statement").status_code == 200
    with site.browser("olu") as olu:
        assert advice in olu.get("/record?policy=held&status=accepted&stage=pilot").text
        assert "Proven." in olu.get(f"/record/{advice}").text
        for path in (
            "/measures",
            "/measures/accepted?by=policy",
            "/concerns",
            "/policies/held",
            "/record.csv",
        ):
            assert olu.get(path).status_code == 200, path


_NUL = "%00"


@pytest.mark.parametrize(
    "path",
    [
        "/advice?policy={}",
        "/advice?from={}",
        "/advice/adv_{}",
        "/record?policy={}&application={}&status={}&person={}",
        "/record?from={}&until={}&after={}",
        "/record/adv_{}",
        "/measures/{}?policy={}",
        "/concerns/{}",
        "/policies/{}",
        "/nowhere/{}",
    ],
)
def test_a_nul_character_in_an_address_is_nothing_that_fails(on_postgresql: GatewayServer, path: str) -> None:
    with on_postgresql.browser("olu") as olu:
        assert olu.get(path.replace("{}", _NUL)).status_code < 500


def test_a_nul_character_in_a_form_is_nothing_that_fails(on_postgresql: GatewayServer) -> None:
    with on_postgresql.browser() as nobody:
        token = form_token(nobody.get("/sign-in").text)
        sent = {"token": token, "username": "be\0n", "password": "be\0n"}
        assert nobody.post("/sign-in", data=sent).status_code < 500


@pytest.mark.parametrize("path", ["/v1/advice/{}", "/v1/advice?cursor={}&policy={}", "/v1/concerns/{}"])
def test_a_nul_character_is_no_server_error_at_the_api(on_postgresql: GatewayServer, path: str) -> None:
    with on_postgresql.client("olu") as client:
        assert client.get(path.replace("{}", _NUL)).status_code < 500


def test_passkeys_are_added_approved_signed_with_and_made_again_from_the_log(
    on_postgresql: GatewayServer,
) -> None:
    site = on_postgresql
    person, first = with_passkey(site, "gil", "reviewer")
    second, new = person.passkey(), person.passkey()
    assert person.add(second, with_one=first).status_code == 303
    for key in (first, second):
        person.end(key)
    assert person.add(new).headers["location"] == "/passkeys?recorded=waits"
    for who in ("ama", "edu"):
        admin, own = with_passkey(site, who, "admin")
        assert new.credential[:12] in admin.client.get("/keys/passkeys").text
        assert admin.approve(own, new).status_code == 303
    advice = str(site.ask("Please help.", model="signed").headers["x-advice-id"])
    person.decide(advice)
    rebuild_from(site.resources.log, site.resources.database)
    assert person.sign(advice, new).headers["location"] == f"/advice/{advice}?recorded=decision"
    with joined(site, "oto", "oversight").client as olu:
        assert "is signed with the passkey of person" in olu.get(f"/record/{advice}").text
