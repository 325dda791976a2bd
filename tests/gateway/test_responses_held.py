"""A held response is queued until a person accepts it; a deleted one is gone for its application, on record or not."""

import threading
from collections.abc import Callable
from typing import Any

import openai
import pytest

from audit import verify_directory
from tests.gateway_server import GatewayServer
from tests.provider_server import ProviderServer
from tests.waiting import wait_for

ON_BOTH_STORES = True

ANSWER = "Dear Ms Lee, the answer is marmalade."
TOOL: Any = {"type": "function", "name": "find_slot", "parameters": {"type": "object"}, "strict": False}
JSON: Any = {"format": {"type": "json_object"}}


@pytest.fixture(autouse=True)
def answers(provider: ProviderServer) -> None:
    provider.answer = ANSWER


def ask(gateway: GatewayServer, *, prefer: str = "", **body: Any) -> Any:
    headers = {"Prefer": prefer} if prefer else {}
    return gateway.openai().responses.create(
        **{"model": "held", "input": "Write a letter.", **body}, extra_headers=headers
    )


def advice_of(response: Any) -> str:
    return str(response.id.removeprefix("resp_"))


def test_held_advice_is_queued_and_completed_once_it_is_accepted(gateway: GatewayServer) -> None:
    response = ask(gateway)
    assert (response.status, response.output, response.usage) == ("queued", [], None)
    assert response.model_dump()["decision_support"]["gate"] == "release"
    retrieve = gateway.openai().responses.retrieve
    waiting = retrieve(response.id)
    assert waiting == response
    assert "marmalade" not in waiting.to_json()
    gateway.decide("ben", advice_of(response))
    accepted = retrieve(response.id)
    assert (accepted.status, accepted.output_text) == ("completed", ANSWER)
    assert accepted.model_dump()["decision_support"]["status"] == "accepted"
    assert retrieve(response.id) == accepted
    assert gateway.types(advice_of(response)).count("advice.released") == 1


def test_the_persons_own_text_is_released(gateway: GatewayServer) -> None:
    response = ask(gateway)
    gateway.decide("ben", advice_of(response), amendment="Come on Tuesday.")
    assert gateway.openai().responses.retrieve(response.id).output_text == "Come on Tuesday."


def test_rejected_advice_has_failed_and_gives_nothing(gateway: GatewayServer) -> None:
    response = ask(gateway)
    gateway.decide("ben", advice_of(response), "reject", reason="Wrong.")
    rejected = gateway.openai().responses.retrieve(response.id)
    assert (rejected.status, rejected.output) == ("failed", [])
    assert rejected.error is not None
    assert "rejected" in rejected.error.message
    assert "marmalade" not in rejected.to_json()


def test_advice_that_nobody_decided_on_is_cancelled(gateway: GatewayServer) -> None:
    response = ask(gateway, model="quick")
    with gateway.client() as client:
        wait_for(
            lambda: client.get(f"/v1/responses/{response.id}").json()["status"] == "cancelled",
        )
        expired = client.get(f"/v1/responses/{response.id}").json()
    assert "Nobody decided" in expired["error"]["message"]
    assert expired["output"] == []


@pytest.mark.parametrize("wants", [{"tools": [TOOL]}, {"text": JSON}], ids=["tools", "json"])
def test_what_a_program_would_take_for_its_answer_is_not_given_unasked(
    gateway: GatewayServer, wants: dict[str, Any]
) -> None:
    with pytest.raises(openai.ConflictError) as held:
        ask(gateway, **wants)
    assert held.value.code == "advice_held"
    assert held.value.response.headers["x-should-retry"] == "false"
    for how in ({"background": True}, {"prefer": "respond-async"}, {"prefer": "wait=1"}):
        response = ask(gateway, **wants, **how)
        assert (response.status, response.background) == ("queued", how.get("background", False))


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
def test_prefer_wait_gets_the_answer_as_soon_as_it_is_accepted(gateway: GatewayServer, stream: bool) -> None:
    answers: list[Any] = []
    known = len(gateway.events())
    asking = threading.Thread(
        target=lambda: answers.append(ask(gateway, prefer="wait=20", stream=stream, tools=[TOOL]))
    )
    asking.start()
    wait_for(lambda: "advice.received" in [event["type"] for event in gateway.events()[known:]])
    gateway.decide("ben", gateway.events()[known]["advice"])
    asking.join(20)
    response = list(answers[0])[-1].response if stream else answers[0]
    assert (response.status, response.output_text) == ("completed", ANSWER)


def test_a_fetch_waits_for_a_decision_too(gateway: GatewayServer) -> None:
    response = ask(gateway)
    deciding = threading.Timer(0.3, lambda: gateway.decide("ben", advice_of(response)))
    deciding.start()
    waited = gateway.openai().responses.retrieve(response.id, extra_headers={"Prefer": "wait=15"})
    assert waited.output_text == ANSWER
    deciding.join()


def test_a_held_stream_is_created_and_queued(gateway: GatewayServer) -> None:
    events = list(ask(gateway, stream=True))
    assert [event.type for event in events] == ["response.created", "response.queued"]
    assert events[-1].response.status == "queued"
    assert events[-1].response.model_dump()["decision_support"]["status"] == "pending"


# A conversation over held advice


def test_a_held_response_is_continued_once_it_is_accepted_and_that_is_its_release(
    gateway: GatewayServer, provider: ProviderServer
) -> None:
    about = {"case": "responses-held"}
    first = ask(gateway, metadata=about)
    with pytest.raises(openai.ConflictError) as held:
        ask(gateway, previous_response_id=first.id, metadata=about)
    assert (held.value.code, held.value.param) == ("advice_held", "previous_response_id")
    gateway.decide("ben", advice_of(first), amendment="Come on Tuesday.")
    ask(gateway, input="Shorter.", previous_response_id=first.id, metadata=about)
    said = [message["content"] for message in provider.requests[-1].json["messages"]]
    assert said[-3:] == ["Write a letter.", "Come on Tuesday.", "Shorter."]
    assert gateway.types(advice_of(first))[-1] == "advice.released"


def test_a_request_sent_again_is_the_same_though_the_response_before_it_was_changed(
    gateway: GatewayServer, provider: ProviderServer
) -> None:
    first = ask(gateway, model="use")
    key = {"Idempotency-Key": "responses-continued"}
    body = {"model": "use", "input": "Shorter.", "previous_response_id": first.id}
    with gateway.client() as client:
        second = client.post("/v1/responses", json=body, headers=key)
        gateway.decide("ben", advice_of(first), amendment="Come on Tuesday.")
        again = client.post("/v1/responses", json=body, headers=key)
    assert again.json() == second.json()
    assert len(provider.requests) == 2


def test_nothing_follows_a_rejected_response(gateway: GatewayServer) -> None:
    first = ask(gateway, model="use")
    gateway.decide("ben", advice_of(first), "reject", reason="Wrong.")
    with pytest.raises(openai.ConflictError) as refused:
        ask(gateway, previous_response_id=first.id)
    assert (refused.value.code, refused.value.param) == ("advice_rejected", "previous_response_id")


def test_an_erased_response_is_a_410(gateway: GatewayServer) -> None:
    about = {"case": "responses-erased"}
    first = ask(gateway, metadata=about)
    gateway.decide("ben", advice_of(first))
    with gateway.client("ada") as client:
        gone = {"advice": advice_of(first), "reason": "court_order"}
        assert client.post("/v1/erasures", json=gone).status_code == 200
    with gateway.client() as client:
        fetched = client.get(f"/v1/responses/{first.id}")
        body = {"model": "held", "input": "x", "previous_response_id": first.id, "metadata": about}
        continued = client.post("/v1/responses", json=body)
    for answer in (fetched, continued):
        assert (answer.status_code, answer.json()["error"]["code"]) == (410, "advice_erased")
    assert continued.json()["error"]["param"] == "previous_response_id"


# Not stored, deleted


def test_what_is_not_stored_is_given_once(gateway: GatewayServer) -> None:
    retrieve = gateway.openai().responses.retrieve
    used = ask(gateway, model="use", store=False)
    with pytest.raises(openai.NotFoundError):
        retrieve(used.id)
    held = ask(gateway, store=False)
    assert retrieve(held.id).status == "queued"
    gateway.decide("ben", advice_of(held))
    assert retrieve(held.id).output_text == ANSWER
    with pytest.raises(openai.NotFoundError):
        retrieve(held.id)


def test_a_deleted_response_is_gone_for_its_application_and_stays_on_record(gateway: GatewayServer) -> None:
    client = gateway.openai().responses
    response, advice = (made := ask(gateway)), advice_of(made)
    gateway.decide("ben", advice)
    assert client.retrieve(response.id).output_text == ANSWER
    with gateway.client() as raw:
        deleted = raw.delete(f"/v1/responses/{response.id}").json()
    assert deleted == {"id": response.id, "object": "response", "deleted": True}
    for attempt in (client.retrieve, client.delete, client.input_items.list):
        with pytest.raises(openai.NotFoundError) as refused:
            attempt(response.id)
        assert refused.value.code == "unknown_response"
    seen = gateway.read("application", advice)
    assert (seen.json()["status"], "completion" in seen.json()) == ("accepted", False)
    assert gateway.read("ben", advice).json()["completion"]["choices"][0]["message"]["content"] == ANSWER
    [event] = [event for event in gateway.events(advice) if event["type"] == "advice.response_deleted"]
    assert event["actor"] == "application:casebook"


def test_what_is_deleted_while_held_is_never_released(gateway: GatewayServer) -> None:
    key = {"Idempotency-Key": "responses-deleted"}
    body = {"model": "held", "input": "Write a letter."}
    with gateway.client() as client:
        response = client.post("/v1/responses", json=body, headers=key).json()["id"]
        client.delete(f"/v1/responses/{response}")
        assert gateway.decide("ben", response.removeprefix("resp_")).status_code == 201
        again = client.post("/v1/responses", json=body, headers=key)
    assert (again.status_code, again.json()["error"]["code"]) == (404, "unknown_response")
    assert "marmalade" not in gateway.read("application", response.removeprefix("resp_")).text
    assert "advice.released" not in gateway.types(response.removeprefix("resp_"))


def test_the_log_of_it_verifies(fresh: Callable[..., GatewayServer]) -> None:
    gateway = fresh()
    response = ask(gateway)
    gateway.decide("ben", advice_of(response))
    gateway.openai().responses.retrieve(response.id)
    gateway.openai().responses.delete(response.id)
    gateway.stop()
    assert verify_directory(gateway.settings.data).ok
