"""Anybody signed in can say that something is wrong; it is on record, answered by somebody else, its words sealed."""

from typing import Any

import pytest

from tests.gateway_server import GatewayServer

WRONG = "It says that Ana Pryce was in court on Monday. She was not."


def raise_about(gateway: GatewayServer, who: str = "ana", **about: Any) -> Any:
    with gateway.client(who) as client:
        return client.post("/v1/concerns", json={"severity": "serious", "what": WRONG, **about})


def answer(gateway: GatewayServer, who: str, concern: str, **said: Any) -> Any:
    with gateway.client(who) as client:
        body = {"state": "upheld", "answer": "The prompt was mended.", **said}
        return client.post(f"/v1/concerns/{concern}/answers", json=body)


def read(gateway: GatewayServer, who: str, concern: str) -> Any:
    with gateway.client(who) as client:
        return client.get(f"/v1/concerns/{concern}")


def asked(gateway: GatewayServer) -> str:
    return str(gateway.ask("Write a letter.", model="held").headers["x-advice-id"])


@pytest.mark.parametrize("who", ["ana", "ben", "olu", "ada"])
def test_anybody_signed_in_raises_one_about_an_advice(gateway: GatewayServer, who: str) -> None:
    advice = asked(gateway)
    raised = raise_about(gateway, who, advice=advice)
    assert raised.status_code == 201
    event = gateway.events(advice)[-1]
    assert (event["type"], event["severity"], event["policy"]["id"]) == ("concern.raised", "serious", "held")
    assert event["actor"] == f"person:{gateway.people[who][0]}"
    assert "Pryce" not in str(event)
    assert read(gateway, "olu", raised.json()["id"]).json()["what"] == WRONG


def test_one_about_a_policy_needs_no_advice(gateway: GatewayServer) -> None:
    raised = raise_about(gateway, policy="held").json()
    assert (raised["policy"], raised["advice"], raised["state"]) == ("held", None, "open")
    assert read(gateway, "ana", raised["id"]).json()["what"] == WRONG


def test_an_admin_answers_it_and_its_state_follows(gateway: GatewayServer) -> None:
    concern = raise_about(gateway, advice=asked(gateway)).json()["id"]
    assert answer(gateway, "ada", concern).json()["state"] == "upheld"
    assert answer(gateway, "ada", concern, state="not_upheld", answer="On a second look it was right.").json()
    told = read(gateway, "ana", concern).json()
    assert (told["state"], told["answers"]) == (
        "not_upheld",
        ["The prompt was mended.", "On a second look it was right."],
    )


def test_nobody_answers_their_own(gateway: GatewayServer) -> None:
    concern = raise_about(gateway, "ada", policy="held").json()["id"]
    refused = answer(gateway, "ada", concern)
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "own_concern")


@pytest.mark.parametrize("who", ["ana", "ben", "olu"])
def test_answering_takes_the_role_admin(gateway: GatewayServer, who: str) -> None:
    concern = raise_about(gateway, policy="held").json()["id"]
    assert answer(gateway, who, concern).status_code == 403


def test_others_than_who_raised_it_oversight_and_admins_do_not_learn_of_it(gateway: GatewayServer) -> None:
    concern = raise_about(gateway, "ana", policy="held").json()["id"]
    assert read(gateway, "ben", concern).status_code == 404
    with gateway.client("ben") as client:
        listed = [one["id"] for one in client.get("/v1/concerns?limit=100").json()["data"]]
    assert concern not in listed
    with gateway.client("olu") as client:
        page = client.get("/v1/concerns?state=open&limit=1").json()
        assert page["data"][0]["id"] == concern
        if page["next"] is not None:
            second = client.get(f"/v1/concerns?state=open&limit=1&before={page['next']}").json()
            assert second["data"][0]["id"] != concern


def test_an_application_raises_none(gateway: GatewayServer) -> None:
    with gateway.client() as client:
        refused = client.post("/v1/concerns", json={"policy": "held", "severity": "minor", "what": "x"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "person_required")


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"severity": "minor", "what": "x"}, None),
        ({"severity": "minor", "what": "x", "policy": "held", "advice": "adv_1"}, None),
        ({"severity": "awful", "what": "x", "policy": "held"}, "severity"),
        ({"severity": "minor", "what": "  ", "policy": "held"}, "what"),
        ({"severity": "minor", "what": "x", "policy": "none-such"}, "policy"),
        ({"severity": "minor", "what": "x", "advice": "adv_none"}, "advice"),
    ],
)
def test_what_is_wrong_with_it_is_named(
    gateway: GatewayServer, body: dict[str, Any], param: str | None
) -> None:
    with gateway.client("ana") as client:
        refused = client.post("/v1/concerns", json=body)
    assert refused.status_code in (400, 404, 422)
    assert refused.json()["error"]["param"] == param
