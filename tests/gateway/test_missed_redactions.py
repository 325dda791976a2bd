"""What left unredacted is reported by anyone who sees it, and from then on it is redacted in its case."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from gateway.commands.cli import app
from gateway.operations import disclose_content
from tests.gateway.test_http import assert_error
from tests.gateway.test_record import dump
from tests.gateway_server import MASTER_KEY, PLAIN, GatewayServer
from tests.provider_server import ProviderServer

NAME = "Will Sharp"
TEXT = f"Met {NAME} at the allotment about XQ-77-ZB."
CASE = {"case": "missed-1"}


@pytest.fixture
def gateway(fresh: Callable[..., GatewayServer], monkeypatch: pytest.MonkeyPatch) -> GatewayServer:
    """Without the name model, so that names of ordinary words leave for sure."""
    monkeypatch.setenv("COUNTERSIGN_MASTER_KEY", MASTER_KEY)
    return fresh()


def asked(gateway: GatewayServer, text: str = TEXT, model: str = "held", **metadata: Any) -> str:
    answer = gateway.ask(text, model=model, metadata=metadata or CASE)
    assert answer.status_code in (200, 202), answer.text
    return str(answer.headers["x-advice-id"])


def report(
    gateway: GatewayServer, advice: str, value: Any = NAME, who: str = "ana", **more: Any
) -> httpx.Response:
    with gateway.client(who) as client:
        return client.post(f"/v1/advice/{advice}/missed-redactions", json={"value": value, **more})


def reports(gateway: GatewayServer, advice: str) -> list[dict[str, Any]]:
    return [event for event in gateway.events(advice) if event["type"] == "redaction.missed"]


def sent(provider: ProviderServer) -> str:
    return str(provider.requests[-1].json["messages"][-1]["content"])


def answered(gateway: GatewayServer, text: str, **metadata: Any) -> str:
    answer = gateway.ask(text, model="use", metadata=metadata or CASE)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["choices"][0]["message"]["content"])


def sent_after(gateway: GatewayServer, provider: ProviderServer, text: str, **metadata: Any) -> str:
    answered(gateway, text, **metadata)
    return sent(provider)


def content_is_whole(data: Path) -> bool:
    return CliRunner().invoke(app, ["check", "--data", str(data)]).exit_code == 0


@pytest.mark.parametrize("who", ["ana", "ben"])
def test_a_person_who_sees_the_advice_reports_what_was_missed(gateway: GatewayServer, who: str) -> None:
    advice = asked(gateway)
    answer = report(gateway, advice, who=who)
    assert answer.status_code == 201
    assert answer.json() == {
        "object": "missed_redaction",
        "advice_id": advice,
        "type": "PERSON",
        "redacted_in_case": True,
    }


def test_it_is_an_event_that_holds_the_type_and_a_commitment_and_never_the_value(
    gateway: GatewayServer,
) -> None:
    advice = asked(gateway)
    report(gateway, advice)
    (event,) = reports(gateway, advice)
    assert set(event) == {"type", "time", "advice", "actor", "policy", "entity", "number", "commitments"}
    assert event["actor"] == f"person:{gateway.people['ana'][0]}"
    assert (event["entity"], event["number"], set(event["commitments"])) == ("PERSON", 1, {"missed"})
    assert "Sharp" not in json.dumps(event)


def test_from_then_on_it_is_redacted_in_its_case_with_each_part_and_in_any_spelling(
    gateway: GatewayServer, provider: ProviderServer
) -> None:
    assert "Will Sharp" in sent_after(gateway, provider, TEXT), "it left"
    report(gateway, asked(gateway))
    text = "will  sharp called. SHARP, Will was with Will's son; Mr Sharp left. Ｗｉｌｌ Sh\u200barp, W-i-l-l-sharp."
    assert answered(gateway, text) == text, "restoring is exact"
    left = sent(provider).lower()
    assert "sharp" not in left
    assert "will" not in left
    assert "Ｗｉｌｌ" not in sent(provider)
    assert "<PERSON_1>" in sent(provider)


def test_so_it_is_beside_the_models_that_read_names(
    gateway_server: GatewayServer, provider: ProviderServer
) -> None:
    case = {"case": "missed-models"}
    report(gateway_server, asked(gateway_server, "met will sharp at the allotment", **case), "will sharp")
    text = "Tobias Quennell met Will Sharp, and sharp was late. He asked Mrs Sharp's brother; will said no."
    assert answered(gateway_server, text, **case) == text
    left = sent(provider).lower()
    assert "sharp" not in left
    assert "will" not in left


def test_its_pseudonym_is_the_same_in_every_later_request_of_the_case(
    gateway: GatewayServer, provider: ProviderServer
) -> None:
    report(gateway, asked(gateway))
    assert sent_after(gateway, provider, "Will Sharp rang.") == "<PERSON_1> rang."
    assert sent_after(gateway, provider, "They saw Will Sharp.") == "They saw <PERSON_1>."


def test_a_name_that_is_an_ordinary_word_is_redacted_too(
    gateway: GatewayServer, provider: ProviderServer
) -> None:
    report(gateway, asked(gateway, "His sister Do came."), "Do")
    assert "Do" not in sent_after(gateway, provider, "Then Do went home.")


def test_other_cases_are_not_touched(gateway: GatewayServer, provider: ProviderServer) -> None:
    report(gateway, asked(gateway))
    assert "Will Sharp" in sent_after(gateway, provider, TEXT, case="another")


def test_a_value_with_digits_is_an_identifier_and_found_however_it_is_grouped(
    gateway: GatewayServer, provider: ProviderServer
) -> None:
    assert report(gateway, asked(gateway), "XQ-77-ZB").json()["type"] == "IDENTIFIER"
    left = sent_after(gateway, provider, "Ref xq77zb, or XQ 77 ZB.")
    assert "<IDENTIFIER_1>" in left
    assert "77" not in left


def test_the_type_may_be_given_and_only_a_name_falls_into_parts(
    gateway: GatewayServer, provider: ProviderServer
) -> None:
    advice = asked(gateway, "He lives by the Old Mill.")
    assert report(gateway, advice, "Old Mill", type="LOCATION").json()["type"] == "LOCATION"
    assert (
        sent_after(gateway, provider, "By the old mill; an old friend.")
        == "By the <LOCATION_1>; an old friend."
    )


def test_a_value_reported_again_is_answered_the_same_and_makes_no_second_event(
    gateway: GatewayServer,
) -> None:
    advice = asked(gateway)
    first = report(gateway, advice, who="ana")
    for who, value in (("ana", NAME), ("ben", NAME), ("ben", "will  SHARP")):
        again = report(gateway, advice, value, who=who)
        assert (again.status_code, again.json()) == (201, first.json())
    assert len(reports(gateway, advice)) == 1
    report(gateway, advice, "allotment")
    assert [event["number"] for event in reports(gateway, advice)] == [1, 2]


def test_the_same_value_missed_in_another_advice_is_a_report_of_its_own(gateway: GatewayServer) -> None:
    first, second = asked(gateway), asked(gateway)
    report(gateway, first)
    report(gateway, second)
    assert len(reports(gateway, first)) == len(reports(gateway, second)) == 1


def test_without_a_case_it_is_recorded_all_the_same(gateway: GatewayServer) -> None:
    answer = gateway.ask(TEXT, model="held")
    advice = answer.headers["x-advice-id"]
    reported = report(gateway, advice)
    assert (reported.status_code, reported.json()["redacted_in_case"]) == (201, False)
    assert report(gateway, advice).json() == reported.json()
    assert len(reports(gateway, advice)) == 1


@pytest.mark.parametrize("value", ["Someone Else", "Sharpe", "Willa"])
def test_a_value_that_stands_neither_in_the_request_nor_in_what_was_sent_is_refused(
    gateway: GatewayServer, value: str
) -> None:
    advice = asked(gateway)
    assert_error(report(gateway, advice, value), 422, "invalid_field", "value")
    assert reports(gateway, advice) == []


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({}, "value"),
        ({"value": 7}, "value"),
        ({"value": ""}, "value"),
        ({"value": "M"}, "value"),
        ({"value": " - "}, "value"),
        ({"value": "<PERSON_1>"}, "value"),
        ({"value": "x" * 501}, "value"),
        ({"value": NAME, "type": 7}, "type"),
        ({"value": NAME, "type": "NAME"}, "type"),
        ({"value": NAME, "typ": "PERSON"}, "typ"),
    ],
)
def test_a_wrong_field_is_named(gateway: GatewayServer, body: dict[str, Any], param: str) -> None:
    advice = asked(gateway)
    with gateway.client("ana") as client:
        answer = client.post(f"/v1/advice/{advice}/missed-redactions", json=body)
    assert_error(answer, 422, "invalid_field", param)


def test_only_whoever_may_see_the_advice_reports(gateway: GatewayServer) -> None:
    advice = asked(gateway)
    assert_error(report(gateway, advice, who="application"), 403, "person_required")
    assert_error(report(gateway, advice, who="olu"), 403, "role_required")
    assert_error(report(gateway, "adv_none"), 404, "unknown_advice")
    nobody = httpx.post(
        f"{gateway.url}/v1/advice/{advice}/missed-redactions", json={"value": NAME}, verify=PLAIN
    )
    assert_error(nobody, 401, "missing_credential")


def test_after_erasure_it_is_gone(gateway: GatewayServer, provider: ProviderServer) -> None:
    advice = asked(gateway)
    report(gateway, advice)
    gateway.decide("ben", advice)
    with gateway.client("ada") as client:
        erasure = {"application": "casebook", **CASE, "reason": "subject_request"}
        assert client.post("/v1/erasures", json=erasure).status_code == 200
    assert_error(report(gateway, advice), 410, "advice_erased")
    assert "Will Sharp" in sent_after(gateway, provider, TEXT), "what the case knew is erased with it"


def test_what_was_reported_becomes_due_though_the_case_has_no_pseudonym(gateway: GatewayServer) -> None:
    advice = asked(gateway, "Met Will Sharp.")
    report(gateway, advice)
    gateway.decide("ben", advice)
    with sqlite3.connect(gateway.settings.data / "countersign.db") as connection:
        ((until,),) = connection.execute("SELECT pseudonyms_until FROM cases").fetchall()
    assert until is not None


def test_it_survives_a_rebuild_and_its_content_is_what_the_event_committed_to(
    fresh: Callable[..., GatewayServer], provider: ProviderServer, gateway: GatewayServer
) -> None:
    report(gateway, asked(gateway))
    report(gateway, gateway.ask(TEXT, model="held").headers["x-advice-id"])
    gateway.stop()
    data = gateway.settings.data
    before = dump(data)
    result = CliRunner().invoke(app, ["rebuild", "--data", str(data)])
    assert result.exit_code == 0, result.output
    assert dump(data) == before
    assert content_is_whole(data)
    again = fresh()
    assert "Sharp" not in sent_after(again, provider, TEXT)


def test_an_overseer_is_given_the_value_by_what_the_event_committed_to(gateway: GatewayServer) -> None:
    advice = asked(gateway)
    report(gateway, advice)
    held = gateway.resources
    assert disclose_content(held.log, held.database, held.vault, advice, "missed.1", "operator").key
    assert "content.opened" in gateway.types(advice)
    sealed = held.database.read(
        lambda connection: held.vault.open(connection, advice=advice, kind="missed.1")
    )
    assert json.loads(sealed.content) == {"value": NAME, "type": "PERSON"}


def test_it_is_counted_by_policy_and_type(gateway: GatewayServer) -> None:
    advice = asked(gateway)
    for value in (NAME, NAME, "allotment", "XQ-77-ZB"):
        report(gateway, advice, value)
    text = gateway.client("olu").get("/metrics").text
    assert 'countersign_redactions_missed_total{policy="held",type="PERSON"} 2.0' in text
    assert 'countersign_redactions_missed_total{policy="held",type="IDENTIFIER"} 1.0' in text
