"""Only named people decide, each once, as the policy says; nothing else ever does."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.gateway_server import GatewayServer

ON_BOTH_STORES = True


def held(gateway: GatewayServer, model: str = "held", **metadata: str) -> str:
    answer = gateway.ask("Write a letter.", model=model, metadata=metadata)
    return str(answer.headers["x-advice-id"])


def outcome(answer: Any) -> tuple[int, str]:
    body = answer.json()
    return answer.status_code, body["error"]["code"] if "error" in body else body["status"]


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"person": "p_ana"},
        {"on_behalf_of": "p_ana"},
        {"decision": "perhaps"},
        {"reason": 7},
    ],
)
def test_an_applications_key_cannot_decide_whatever_it_sends(
    gateway: GatewayServer, more: dict[str, Any]
) -> None:
    advice = held(gateway)
    with gateway.client() as client:
        body = {"decision": "accept", **more}
        headers = {"X-Countersign-On-Behalf-Of": gateway.people["ben"][0]}
        answer = client.post(f"/v1/advice/{advice}/decisions", json=body, headers=headers)
    assert outcome(answer) == (403, "person_required")
    assert gateway.types(advice) == ["advice.requested", "advice.received"]


@pytest.mark.parametrize("who", ["olu", "ada"])
def test_oversight_and_admins_cannot_decide(gateway: GatewayServer, who: str) -> None:
    advice = held(gateway)
    assert outcome(gateway.decide(who, advice)) == (403, "role_required")
    assert "decision.recorded" not in gateway.types(advice)


def test_nobody_decides_without_a_credential(gateway: GatewayServer) -> None:
    advice = held(gateway)
    with gateway.client() as client:
        del client.headers["Authorization"]
        answer = client.post(f"/v1/advice/{advice}/decisions", json={"decision": "accept"})
    assert outcome(answer) == (401, "missing_credential")


def test_the_requester_cannot_decide_and_does_not_see_it_where_the_policy_says_so(
    gateway: GatewayServer,
) -> None:
    advice = held(gateway, on_behalf_of=gateway.people["ana"][0])
    assert outcome(gateway.decide("ana", advice)) == (403, "requester_may_not_decide")
    assert "completion" not in gateway.read("ana", advice).json()
    assert outcome(gateway.decide("ben", advice)) == (201, "accepted")


def test_the_same_decision_again_gets_the_same_answer_and_makes_no_event(gateway: GatewayServer) -> None:
    advice = held(gateway)
    first = gateway.decide("ben", advice)
    again = gateway.decide("ben", advice)
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert gateway.types(advice).count("decision.recorded") == 1


def test_a_contrary_second_decision_is_a_409(gateway: GatewayServer) -> None:
    advice = held(gateway)
    gateway.decide("ben", advice)
    assert outcome(gateway.decide("ben", advice, "reject", reason="No.")) == (409, "already_decided")
    assert outcome(gateway.decide("cai", advice, "reject", reason="No.")) == (409, "advice_settled")


def test_two_deciders_must_be_two_people_each_with_a_view_of_their_own(gateway: GatewayServer) -> None:
    advice = held(gateway, "two")
    assert outcome(gateway.decide("ana", advice)) == (409, "view_required")
    assert gateway.read("ana", advice).json()["view_required"] is True
    assert "completion" not in gateway.read("ana", advice).json()
    for who in ("ana", "ben"):
        assert view(gateway, who, advice).status_code == 201
    assert gateway.read("ana", advice).json()["completion"]
    assert outcome(gateway.decide("ana", advice)) == (201, "pending")
    assert outcome(gateway.decide("ana", advice)) == (201, "pending")
    assert "completion" not in gateway.read("application", advice).json()
    assert outcome(gateway.decide("ben", advice)) == (201, "accepted")


def view(gateway: GatewayServer, who: str, advice: str, text: str = "I would refuse.") -> Any:
    with gateway.client(who) as client:
        return client.post(f"/v1/advice/{advice}/view", json={"view": text})


def test_one_reject_of_two_settles(gateway: GatewayServer) -> None:
    advice = held(gateway, "two")
    for who in ("ana", "ben"):
        view(gateway, who, advice)
    gateway.decide("ana", advice)
    assert outcome(gateway.decide("ben", advice, "reject", reason="No.")) == (201, "rejected")


def test_two_deciders_with_different_texts_do_not_release_either(gateway: GatewayServer) -> None:
    advice = held(gateway, "two")
    for who in ("ana", "ben", "cai"):
        view(gateway, who, advice)
    gateway.decide("ana", advice, amendment="Dear Ann, Tuesday.")
    assert outcome(gateway.decide("ben", advice)) == (201, "pending")
    assert outcome(gateway.decide("cai", advice, amendment="Dear Ann, Tuesday.")) == (201, "accepted")
    released = gateway.read("application", advice).json()["completion"]
    assert released["choices"][0]["message"]["content"] == "Dear Ann, Tuesday."


def test_a_view_is_given_once_and_stands(gateway: GatewayServer) -> None:
    advice = held(gateway, "two")
    assert view(gateway, "ana", advice).status_code == 201
    assert view(gateway, "ana", advice).status_code == 201
    assert outcome(view(gateway, "ana", advice, "Now I would grant."))[0] == 409
    assert gateway.types(advice).count("view.recorded") == 1


def test_a_second_decider_does_not_see_the_first_ones_decision_before_their_own(
    gateway: GatewayServer,
) -> None:
    advice = held(gateway, "two")
    for who in ("ana", "ben"):
        view(gateway, who, advice)
    gateway.decide("ana", advice)
    assert gateway.read("ben", advice).json()["decisions"] == []


def test_who_was_shown_the_advice_first_and_when_is_on_record_once(gateway: GatewayServer) -> None:
    advice = held(gateway)
    for _ in range(2):
        gateway.read("ben", advice)
    shown = [event for event in gateway.events(advice) if event["type"] == "advice.shown"]
    assert [event["to"] for event in shown] == [f"person:{gateway.people['ben'][0]}"]


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({}, "decision"),
        ({"decision": "maybe"}, "decision"),
        ({"decision": "accept", "reason": 1}, "reason"),
        ({"decision": "accept", "amendment": ["x"]}, "amendment"),
        ({"decision": "reject", "amendment": "x", "reason": "y"}, "amendment"),
        ({"decision": "accept", "caveats_read": "all"}, "caveats_read"),
        ({"decision": "accept", "person": "p_x"}, "person"),
        ({"decision": "reject"}, "reason"),
    ],
)
def test_a_wrong_decision_is_refused_by_field_and_not_recorded(
    gateway: GatewayServer, body: dict[str, Any], param: str
) -> None:
    advice = held(gateway)
    with gateway.client("ben") as client:
        answer = client.post(f"/v1/advice/{advice}/decisions", json=body)
    assert answer.status_code == 422
    assert answer.json()["error"]["param"] == param
    assert gateway.types(advice) == ["advice.requested", "advice.received"]


def test_a_revoked_token_decides_nothing(gateway: GatewayServer) -> None:
    from gateway.identity import create_person, revoke

    log = gateway.resources.log
    person, token = (
        log.submit(lambda tx: create_person(tx, "Eve", ["reviewer"], actor="operator")).result().result
    )
    advice = held(gateway)
    log.submit(lambda tx: revoke(tx, person, actor="operator")).result()
    with gateway.client() as client:
        headers = {"Authorization": f"Bearer {token}"}
        answer = client.post(f"/v1/advice/{advice}/decisions", json={"decision": "accept"}, headers=headers)
    assert outcome(answer) == (401, "unknown_credential")


def test_two_people_who_decide_at_the_same_moment_get_exactly_one_outcome(gateway: GatewayServer) -> None:
    for _ in range(20):
        advice = held(gateway)
        statuses = at_the_same_moment(gateway, advice)
        assert sorted(statuses) == [201, 409]
        settled = [kind for kind in gateway.types(advice) if kind in ("advice.accepted", "advice.rejected")]
        assert len(settled) == 1
        assert gateway.types(advice).count("decision.recorded") == 1


def at_the_same_moment(gateway: GatewayServer, advice: str) -> list[int]:
    barrier = threading.Barrier(2)

    def decide(who: str, decision: str) -> int:
        barrier.wait()
        return gateway.decide(who, advice, decision, reason="Because.").status_code

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(decide, ("ben", "cai"), ("accept", "reject")))


def test_an_application_knows_nothing_of_anothers_advice(gateway: GatewayServer) -> None:
    advice = held(gateway)
    with gateway.client() as client:
        client.headers["Authorization"] = f"Bearer {gateway.other_key}"
        answer = client.get(f"/v1/advice/{advice}")
        queue = client.get("/v1/advice").json()["data"]
    missing = gateway.read("application", "adv_none")
    assert outcome(answer) == outcome(missing) == (404, "unknown_advice")
    assert answer.json() == missing.json()
    assert queue == []


def test_oversight_sees_the_state_and_not_the_content(gateway: GatewayServer) -> None:
    advice = held(gateway)
    seen = gateway.read("olu", advice).json()
    assert seen["status"] == "pending"
    assert not {"completion", "request", "sent"} & set(seen)


def recorded(gateway: GatewayServer, advice: str) -> dict[str, Any]:
    return next(event for event in gateway.events(advice) if event["type"] == "decision.recorded")


def test_an_amendment_is_on_record_with_how_much_it_changes(gateway: GatewayServer) -> None:
    gateway.provider.answer = "Ana Smith was seen on Monday at the office."
    advice = held(gateway)
    gateway.decide("ben", advice, amendment="Ana Smith was seen on Tuesday at the office in Leeds.")
    assert recorded(gateway, advice)["changed"] == 364  # a word replaced and two added, of eleven
    received = next(event for event in gateway.events(advice) if event["type"] == "advice.received")
    assert received["words"] == 9


def test_how_the_advice_compares_with_the_view_given_before_is_on_record(gateway: GatewayServer) -> None:
    advice = held(gateway, "two")
    view(gateway, "ana", advice)
    gateway.decide("ana", advice, own_view="differs")
    assert recorded(gateway, advice)["own_view"] == "differs"


def test_nothing_compares_with_a_view_that_was_never_given(gateway: GatewayServer) -> None:
    advice = held(gateway)
    answer = gateway.decide("ben", advice, own_view="agrees")
    assert (answer.status_code, answer.json()["error"]["param"]) == (422, "own_view")
    assert "decision.recorded" not in gateway.types(advice)


def test_nobody_accepts_unread_where_the_policy_asks_for_it(gateway: GatewayServer) -> None:
    advice = gateway.ask(model="shown-first").json()["decision_support"]["advice_id"]
    refused = gateway.decide("ana", advice)
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "not_shown")
    gateway.read("ana", advice)
    assert gateway.decide("ana", advice).status_code == 201


def test_somebody_who_has_read_nothing_may_reject(gateway: GatewayServer) -> None:
    advice = gateway.ask(model="shown-first").json()["decision_support"]["advice_id"]
    assert gateway.decide("ana", advice, "reject", reason="Not asked for.").status_code == 201
