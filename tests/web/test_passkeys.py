"""Decisions signed with a passkey, without a browser: what is signed, what is refused, who vouches for whose key."""

import re
from pathlib import Path
from typing import Any

import pytest

from audit import check_decision
from audit.proofs import decode_file
from gateway.errors import SettingsInvalid
from tests.gateway_server import GatewayServer, form_token
from tests.passkey import PRESENT, SoftPasskey, unb64
from tests.provider_server import ProviderServer
from tests.web.conftest import SIGNED, served
from tests.web.signing import PARTS, Signer, asked, given, hidden, joined, with_passkey

pytestmark = pytest.mark.xdist_group("passkeys")  # one gateway for all


@pytest.fixture
def site(signing_site: GatewayServer) -> GatewayServer:
    return signing_site


@pytest.fixture
def newcomer(site: GatewayServer, request: pytest.FixtureRequest) -> Signer:
    """A reviewer of the test's own, who has no passkey yet."""
    return joined(site, f"new-{abs(hash(request.node.nodeid))}", "reviewer")


@pytest.fixture
def signer(newcomer: Signer) -> tuple[Signer, SoftPasskey]:
    """The same, with a first passkey."""
    return newcomer, given(newcomer)


def held(site: GatewayServer, model: str = "signed") -> str:
    return str(site.ask("Write to Mr John Smith.", model=model).headers["x-advice-id"])


def decision(site: GatewayServer, advice: str) -> dict[str, Any]:
    [event] = [event for event in site.events(advice) if event["type"] == "decision.recorded"]
    return event


def test_a_decision_is_signed_and_anybody_can_check_it(
    site: GatewayServer, signer: tuple[Signer, SoftPasskey]
) -> None:
    person, key = signer
    advice = held(site)
    assert person.decide(advice, reason="Good.").headers["location"] == f"/advice/{advice}/sign"
    page = person.client.get(f"/advice/{advice}/sign").text
    for shown in (
        "Accept as it is",
        "Good.",
        "Check every date against the record.",
        "Write to Mr John Smith.",
    ):
        assert shown in page
    assert site.types(advice).count("decision.recorded") == 0
    assert person.sign(advice, key).headers["location"] == f"/advice/{advice}?recorded=decision"
    assert decision(site, advice)["signature"]["credential"] == key.credential
    assert "signed with a passkey" in person.client.get(f"/advice/{advice}").text
    [told] = site.read(person.who, advice).json()["decisions"]
    assert told["signed_with"] == key.credential
    with site.browser("olu") as overseer:
        story = overseer.get(f"/record/{advice}").text
        file = overseer.get(f"/record/{advice}/proof.json").content
        assert overseer.get(f"/record/{advice}/decision.pdf").status_code == 200
    assert "Signed with the person's own passkey" in story
    checked = check_decision(decode_file(file), site.resources.signer.verifiers)
    assert checked.ok
    assert [one.passkey.key.person for one in checked.signed] == [person.id]


@pytest.mark.parametrize(
    ("choice", "fields", "text"),
    [("change", {"amendment": "Come on Tuesday."}, 1), ("reject", {"reason": "Wrong dates."}, 0)],
)
def test_whatever_is_decided_is_signed(
    site: GatewayServer, signer: tuple[Signer, SoftPasskey], choice: str, fields: dict[str, str], text: int
) -> None:
    person, key = signer
    advice = held(site)
    person.decide(advice, choice, **fields)
    assert person.sign(advice, key).status_code == 303
    assert decision(site, advice)["text"] == text
    assert site.resources.database.read(
        lambda connection: (
            site.resources.vault.open(
                connection, advice=advice, kind="amendment.1" if text else f"reason.{person.id}"
            ).content
        )
    )
    with site.browser("olu") as overseer:
        file = overseer.get(f"/record/{advice}/proof.json").content
    assert len(check_decision(decode_file(file), site.resources.signer.verifiers).signed) == 1


@pytest.mark.parametrize(
    "forged",
    [
        {"flags": PRESENT},
        {"origin": "http://evil.example"},
        {"rp_id": "evil.example"},
        {"kind": "webauthn.create"},
    ],
    ids=lambda one: next(iter(one)),
)
def test_a_signature_that_does_not_hold_records_nothing_and_loses_nothing(
    site: GatewayServer, signer: tuple[Signer, SoftPasskey], forged: dict[str, Any]
) -> None:
    person, key = signer
    advice = held(site)
    person.decide(advice, reason="A long argument.")
    answer = person.sign(advice, key, **forged)
    assert answer.status_code == 422
    assert "What would go on record is not what was signed" in answer.text
    assert "A long argument." in answer.text
    assert "decision.recorded" not in site.types(advice)
    assert person.sign(advice, key).status_code == 303


def test_a_signature_in_pieces_is_refused(site: GatewayServer, signer: tuple[Signer, SoftPasskey]) -> None:
    person, key = signer
    advice = held(site)
    person.decide(advice)
    page = person.client.get(f"/advice/{advice}/sign").text
    good = key.assertion(unb64(asked(page)["challenge"]))
    for part in PARTS:
        for value in ("", "AAAA", "ungültig", "A" * 30_000):
            sent = {**hidden(page), **good, part: value}
            assert person.client.post(f"/advice/{advice}/sign", data=sent).status_code == 422, (part, value)
    assert "decision.recorded" not in site.types(advice)


def test_what_is_changed_after_it_was_shown_is_signed_anew(
    site: GatewayServer, signer: tuple[Signer, SoftPasskey]
) -> None:
    person, key = signer
    advice = held(site)
    person.decide(advice, reason="First.")
    page = person.client.get(f"/advice/{advice}/sign").text
    person.decide(advice, "reject", reason="Second, in another tab.")
    signed = key.assertion(unb64(asked(page)["challenge"]))
    answer = person.client.post(f"/advice/{advice}/sign", data={**hidden(page), **signed})
    assert answer.status_code == 422
    assert "Second, in another tab." in answer.text
    assert "decision.recorded" not in site.types(advice)


def test_a_second_deciders_text_is_signed_under_the_number_that_it_has_by_then(site: GatewayServer) -> None:
    (ben, first), (cai, second) = (with_passkey(site, who, "reviewer") for who in ("ben2", "cai2"))
    advice = held(site, "signed-by-two")
    ben.decide(advice, "change", amendment="Come on Tuesday.")
    cai.decide(advice, "change", amendment="Come on Monday.")
    page = cai.client.get(f"/advice/{advice}/sign").text  # their text would be the first now
    assert ben.sign(advice, first).status_code == 303
    signed = second.assertion(unb64(asked(page)["challenge"]))
    assert cai.client.post(f"/advice/{advice}/sign", data={**hidden(page), **signed}).status_code == 422
    cai.decide(advice, "change", amendment="Come on Tuesday.")
    assert cai.sign(advice, second).status_code == 303
    assert site.types(advice)[-1] == "advice.accepted"


def test_the_same_form_twice_makes_one_decision(
    site: GatewayServer, signer: tuple[Signer, SoftPasskey]
) -> None:
    person, key = signer
    advice = held(site)
    person.decide(advice)
    page = person.client.get(f"/advice/{advice}/sign").text
    sent = {**hidden(page), **key.assertion(unb64(asked(page)["challenge"]))}
    for _ in range(2):
        answer = person.client.post(f"/advice/{advice}/sign", data=sent)
        assert answer.headers["location"] == f"/advice/{advice}?recorded=decision"
    assert site.types(advice).count("decision.recorded") == 1


@pytest.mark.parametrize("how", ["no session", "an earlier session"])
def test_a_session_that_ends_before_the_signature_loses_nothing(
    site: GatewayServer, signer: tuple[Signer, SoftPasskey], how: str
) -> None:
    person, key = signer
    advice = held(site)
    person.decide(advice, reason="A long argument.")
    page = person.client.get(f"/advice/{advice}/sign").text
    sent = {**hidden(page), **key.assertion(unb64(asked(page)["challenge"]))}
    person.client = site.browser(None if how == "no session" else person.who)
    answer = person.client.post(f"/advice/{advice}/sign", data=sent)
    assert answer.status_code == (401 if how == "no session" else 303)
    assert "decision.recorded" not in site.types(advice)
    person.client = site.browser(person.who)
    assert "A long argument." in person.client.get(f"/advice/{advice}/sign").text
    assert person.sign(advice, key).status_code == 303


def test_the_api_refuses_what_is_not_signed_and_says_where_it_can_be(
    site: GatewayServer, signer: tuple[Signer, SoftPasskey]
) -> None:
    person, _ = signer
    advice = held(site)
    answer = site.decide(person.who, advice, caveats_read=["check-dates"])
    assert answer.status_code == 403
    error = answer.json()["error"]
    assert (error["code"], error["param"]) == ("signature_required", None)
    assert "review_url" in error["message"]
    assert (
        site.read(person.who, advice).json()["decision_support"]["review_url"]
        == f"{site.url}/advice/{advice}"
    )
    assert "decision.recorded" not in site.types(advice)


def test_whoever_has_none_is_sent_to_add_one_and_comes_back_to_what_they_typed(
    site: GatewayServer, newcomer: Signer
) -> None:
    advice = held(site)
    newcomer.decide(advice, reason="A long argument.")
    page = newcomer.client.get(f"/advice/{advice}/sign").text
    link = re.search(r'href="(/passkeys\?return=[^"]+)"', page)
    assert link is not None
    assert f'name="return" value="/advice/{advice}/sign"' in newcomer.client.get(link[1]).text
    key = newcomer.passkey()
    added = newcomer.add(key, **{"return": f"/advice/{advice}/sign"})
    assert added.headers["location"] == f"/advice/{advice}/sign"
    assert "A long argument." in newcomer.client.get(added.headers["location"]).text
    assert newcomer.sign(advice, key).status_code == 303


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_adding_a_passkey_leads_nowhere_else(newcomer: Signer, address: str) -> None:
    added = newcomer.add(newcomer.passkey(), **{"return": address})
    assert added.headers["location"] == "/passkeys?recorded=added"


def test_a_second_passkey_is_signed_for_with_the_first(
    site: GatewayServer, signer: tuple[Signer, SoftPasskey]
) -> None:
    person, first = signer
    second = person.passkey()
    assert "Sign for your new passkey" in person.add(second).text
    assert person.add(second, with_one=second).status_code == 422
    assert person.add(second, with_one=first).headers["location"] == "/passkeys?recorded=added"
    [event] = [one for one in site.events() if one.get("credential") == second.credential]
    assert (event["trust"], event["signature"]["credential"]) == ("signed_by", first.credential)
    assert person.end(first).status_code == 303
    advice = held(site)
    person.decide(advice)
    assert person.sign(advice, first).status_code == 422
    assert person.sign(advice, second).status_code == 303


def test_the_same_passkey_is_registered_once(site: GatewayServer, signer: tuple[Signer, SoftPasskey]) -> None:
    person, key = signer
    assert person.add(key, with_one=key).status_code == 422
    other = joined(site, f"other-{person.who}", "reviewer")
    assert other.add(key).status_code == 422
    assert [one["type"] for one in site.events() if one.get("credential") == key.credential] == [
        "passkey.registered"
    ]


def test_what_is_no_new_passkey_is_refused(site: GatewayServer, newcomer: Signer) -> None:
    key, page = newcomer.passkey(), newcomer.client.get("/passkeys").text
    challenge = unb64(asked(page)["challenge"])
    good = {"token": form_token(page), **key.attestation(challenge)}
    for bad in (
        {},
        key.attestation(b"x" * 32),
        key.attestation(challenge, flags=PRESENT),
        key.attestation(challenge, origin="http://evil.example"),
        key.attestation(challenge, type="webauthn.get"),
        {**good, "public_key": newcomer.passkey().public_key},
        {**good, "attestation_object": "AAAA"},
        {**good, "attestation_object": "gYGBgYGB" * 2_000},
        {**good, "client_data": "e30"},
    ):
        answer = newcomer.client.post("/passkeys/new", data={"token": form_token(page), **bad})
        assert answer.status_code == 422
        assert "That was no new passkey for you" in answer.text
    assert newcomer.client.post("/passkeys/new", data=good).status_code == 303


def test_a_lost_passkey_is_replaced_once_two_other_admins_approve(
    site: GatewayServer, signer: tuple[Signer, SoftPasskey]
) -> None:
    person, lost = signer
    ada, adas = with_passkey(site, "ada2", "admin")
    eve = joined(site, "eve2", "admin")
    eves = eve.passkey()
    assert person.end(lost).status_code == 303
    new = person.passkey()
    assert person.add(new).headers["location"] == "/passkeys?recorded=waits"
    advice = held(site)
    person.decide(advice)
    assert "waits until two admins have approved it" in person.client.get(f"/advice/{advice}/sign").text
    with site.browser("ada") as first:
        assert person.who in first.get("/keys/passkeys").text
    assert ada.approve(adas, new).headers["location"] == "/keys/passkeys?recorded=approved"
    assert "Approve it with my passkey" not in ada.client.get(f"/keys/passkeys/{new.credential}").text
    assert "You approve with a passkey of your own" in eve.client.get(f"/keys/passkeys/{new.credential}").text
    eve.add(eves)
    assert eve.approve(adas, new).status_code == 422
    assert eve.approve(eves, new).status_code == 303
    assert person.sign(advice, new).status_code == 303
    with site.browser("olu") as overseer:
        file = overseer.get(f"/record/{advice}/proof.json").content
    [signed] = check_decision(decode_file(file), site.resources.signer.verifiers).signed
    assert signed.passkey.approved_by == [ada.id, eve.id]


def test_an_admin_turns_down_a_passkey_that_is_not_theirs(
    site: GatewayServer, signer: tuple[Signer, SoftPasskey]
) -> None:
    person, lost = signer
    person.end(lost)
    new = person.passkey()
    person.add(new)
    with site.browser("ada") as admin:
        page = f"/keys/passkeys/{new.credential}"
        token = form_token(admin.get(page).text)
        assert admin.post(f"{page}/revoke", data={"token": token, "why": "not_theirs"}).status_code == 303
        assert admin.post(f"{page}/revoke", data={"token": token, "why": "a whim"}).status_code == 422
        assert person.who in admin.get(f"/keys/passkeys?person={person.id}").text
    [event] = [
        one
        for one in site.events()
        if one["type"] == "passkey.revoked" and one["credential"] == new.credential
    ]
    assert (event["actor"], event["why"]) == (f"person:{site.people['ada'][0]}", "not_theirs")


def test_nobody_ends_a_colleagues_passkey(site: GatewayServer, signer: tuple[Signer, SoftPasskey]) -> None:
    _, key = signer
    with site.browser("cai") as colleague:
        token = form_token(colleague.get("/passkeys").text)
        sent = {"token": token, "credential": key.credential, "why": "lost"}
        assert colleague.post("/passkeys/revoke", data=sent).status_code == 404


def test_events_about_passkeys_name_nobody(site: GatewayServer, signer: tuple[Signer, SoftPasskey]) -> None:
    person, key = signer
    [event] = [one for one in site.events() if one.get("credential") == key.credential]
    assert event["holder"] == f"person:{person.id}"
    assert person.who not in str(event)


def test_the_whole_record_was_kept_to_and_is_made_again_from_the_log(
    site: GatewayServer, capsys: Any
) -> None:
    """After all the tests before it, in whatever order: what they left is what an overseer finds."""
    from audit import main
    from gateway.advice import rebuild_from

    data = site.settings.data
    assert main(["watch", str(data), "--key", (data / "log.vkey").read_text().strip()]) == 0
    tables = ("passkeys", "passkey_approvals", "people_events", "decisions")

    def rows() -> list[Any]:
        return [
            site.resources.database.read(
                lambda c, table=table: sorted(map(str, c.execute(f"SELECT * FROM {table}")))
            )
            for table in tables
        ]

    before = rows()
    rebuild_from(site.resources.log, site.resources.database)
    assert rows() == before


def test_a_gateway_without_tls_does_not_start_under_such_a_policy(
    pages_provider: ProviderServer, tmp_path: Path
) -> None:
    for base_url in (None, "http://gateway.example", "https://10.0.0.1", "http://127.0.0.1:8080"):
        with pytest.raises(SettingsInvalid, match=r"base_url: .* signed, signed-by-two"):
            served(tmp_path / "data", pages_provider, base_url=base_url, policies=SIGNED).start()
