"""Oversight asks for the measures over HTTP, as JSON or as a table; nobody else does."""

import csv
import io

import pytest

from tests.gateway_server import GatewayServer


def test_decisions_are_counted_as_soon_as_they_are_made(gateway: GatewayServer) -> None:
    def decided() -> int:
        with gateway.client("olu") as client:
            found = client.get("/v1/oversight/measures?by=policy").json()
        accepted = next(one for one in found["data"] if one["id"] == "accepted")
        return accepted["all"]["count"] or 0

    for _ in range(12):  # fewer are hidden
        advice = gateway.ask(model="held").headers["x-advice-id"]
        gateway.read("ben", advice)
        gateway.decide("ben", advice)
    before = decided()
    advice = gateway.ask(model="held").headers["x-advice-id"]
    gateway.decide("cai", advice, "reject", reason="Wrong person.")
    assert decided() == before + 1


def test_the_table_has_the_same_figures(gateway: GatewayServer) -> None:
    with gateway.client("olu") as client:
        found = client.get("/v1/oversight/measures?by=application").json()["data"]
        answer = client.get("/v1/oversight/measures?by=application&format=csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="measures-by-application.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    whole = {row["measure"]: row for row in rows if row["group"] == "all"}
    assert set(whole) == {one["id"] for one in found}
    for one in found:
        assert whole[one["id"]]["count"] == ("" if one["all"]["count"] is None else str(one["all"]["count"]))


@pytest.mark.parametrize(("who", "status"), [("ana", 403), ("ben", 403), ("application", 403), ("ada", 200)])
def test_only_oversight_and_admins_are_told(gateway: GatewayServer, who: str, status: int) -> None:
    with gateway.client(who) as client:
        assert client.get("/v1/oversight/measures").status_code == status


@pytest.mark.parametrize("wrong", ["by=person", "since=24.11.2026", "until=2026-13-01", "format=pdf"])
def test_a_question_that_cannot_be_asked_names_what_is_wrong(gateway: GatewayServer, wrong: str) -> None:
    with gateway.client("olu") as client:
        refused = client.get(f"/v1/oversight/measures?{wrong}")
    assert refused.status_code == 400
    assert refused.json()["error"]["param"] == wrong.partition("=")[0]
