"""Held advice stays held until a person accepts; advice in use must be decided on."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from audit import now_text
from tests.gateway_server import GatewayServer
from tests.provider_server import ProviderServer
from tests.waiting import wait_for

ON_BOTH_STORES = True

ANSWER = "Dear Ms Lee, the answer is marmalade."


@pytest.fixture(autouse=True)
def answers(provider: ProviderServer) -> None:
    provider.answer = ANSWER


def held(gateway: GatewayServer, model: str = "held", **body: Any) -> str:
    answer = gateway.ask("Write a letter.", model=model, **body)
    assert answer.status_code == 202, answer.text
    return str(answer.headers["x-advice-id"])


def content(answer: Any) -> str:
    return str(answer.json()["choices"][0]["message"]["content"])


def test_held_advice_answers_202_with_a_receipt_and_nothing_of_the_answer(gateway: GatewayServer) -> None:
    answer = gateway.ask("Write a letter.", model="held")
    assert answer.status_code == 202
    assert "marmalade" not in answer.text
    advice = answer.json()["decision_support"]["advice_id"]
    assert advice in content(answer)
    assert answer.json()["choices"][0]["finish_reason"] == "stop"
    assert "marmalade" not in gateway.read("application", advice).text


def test_accepted_advice_is_released(gateway: GatewayServer) -> None:
    advice = held(gateway)
    decided = gateway.decide("ben", advice, reason="Checked.")
    assert (decided.status_code, decided.json()["status"]) == (201, "accepted")
    released = gateway.read("application", advice).json()
    assert released["status"] == "accepted"
    assert released["completion"]["choices"][0]["message"]["content"] == ANSWER
    assert gateway.types(advice) == [
        "advice.requested",
        "advice.received",
        "decision.recorded",
        "advice.accepted",
        "advice.released",
    ]


def test_rejected_advice_is_never_released(gateway: GatewayServer) -> None:
    advice = held(gateway, headers={"Idempotency-Key": "gates-rejected"})
    assert gateway.decide("ben", advice, "reject", reason="Wrong.").json()["status"] == "rejected"
    assert "marmalade" not in gateway.read("application", advice).text
    again = gateway.ask("Write a letter.", model="held", headers={"Idempotency-Key": "gates-rejected"})
    assert (again.status_code, again.json()["error"]["code"]) == (409, "advice_rejected")


def test_the_persons_own_text_is_released_and_both_are_sealed(gateway: GatewayServer) -> None:
    advice = held(gateway)
    gateway.decide("ben", advice, amendment="Dear Ms Lee, come on Tuesday.")
    released = gateway.read("application", advice).json()["completion"]
    assert released["choices"][0]["message"]["content"] == "Dear Ms Lee, come on Tuesday."
    seen = gateway.read("ben", advice).json()
    assert seen["completion"]["choices"][0]["message"]["content"] == ANSWER
    assert seen["amendments"] == [{"text": 1, "content": "Dear Ms Lee, come on Tuesday."}]


def test_a_repeated_idempotency_key_gets_the_receipt_and_then_the_answer(
    gateway: GatewayServer, provider: ProviderServer
) -> None:
    key = {"Idempotency-Key": "gates-1"}
    first = gateway.ask("Write a letter.", model="held", headers=key)
    again = gateway.ask("Write a letter.", model="held", headers=key)
    advice = first.headers["x-advice-id"]
    assert (again.status_code, again.headers["x-advice-id"]) == (202, advice)
    gateway.decide("ben", advice)
    released = gateway.ask("Write a letter.", model="held", headers=key)
    assert (released.status_code, content(released)) == (200, ANSWER)
    assert released.json()["decision_support"]["status"] == "accepted"
    assert len(provider.requests) == 1


def test_the_same_key_with_another_body_is_a_409(gateway: GatewayServer) -> None:
    key = {"Idempotency-Key": "gates-2"}
    gateway.ask("Write a letter.", model="held", headers=key)
    other = gateway.ask("Write another letter.", model="held", headers=key)
    assert (other.status_code, other.json()["error"]["code"]) == (409, "idempotency_key_reused")
    assert other.headers["x-should-retry"] == "false"


def test_a_key_belongs_to_its_application(gateway: GatewayServer) -> None:
    key = {"Idempotency-Key": "gates-3"}
    gateway.ask("Write a letter.", model="use", headers=key)
    with gateway.client() as client:
        client.headers["Authorization"] = f"Bearer {gateway.other_key}"
        body = {"model": "use", "messages": [{"role": "user", "content": "Write a letter."}]}
        answer = client.post("/v1/chat/completions", json=body, headers=key)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "policy_not_allowed")


def test_a_key_is_free_again_after_a_failure(gateway: GatewayServer, provider: ProviderServer) -> None:
    from tests.provider_server import Fault

    key = {"Idempotency-Key": "gates-4"}
    provider.faults.append(Fault(status=500))
    assert gateway.ask("Write a letter.", model="use", headers=key).status_code == 502
    assert gateway.ask("Write a letter.", model="use", headers=key).status_code == 200


def test_advice_in_use_is_given_again_for_the_same_key(
    gateway: GatewayServer, provider: ProviderServer
) -> None:
    key = {"Idempotency-Key": "gates-5"}
    first = gateway.ask("Write a letter.", model="use", headers=key)
    again = gateway.ask("Write a letter.", model="use", headers=key)
    assert content(first) == content(again) == ANSWER
    assert first.headers["x-advice-id"] == again.headers["x-advice-id"]
    assert len(provider.requests) == 1


def test_prefer_wait_gets_the_released_answer_as_soon_as_it_is_accepted(gateway: GatewayServer) -> None:
    answers: list[Any] = []
    asking = threading.Thread(
        target=lambda: answers.append(
            gateway.ask(
                "Write a letter.", model="held", metadata={"case": "wait-1"}, headers={"Prefer": "wait=20"}
            )
        )
    )
    before = len(gateway.events())
    asking.start()
    advice = wait_for_event(gateway, "advice.received", before)
    gateway.decide("ben", advice)
    asking.join(20)
    assert (answers[0].status_code, content(answers[0])) == (200, ANSWER)


def test_prefer_wait_on_one_advice_returns_when_it_is_decided(gateway: GatewayServer) -> None:
    advice = held(gateway)
    answers: list[Any] = []
    reading = threading.Thread(
        target=lambda: answers.append(gateway.read("application", advice, Prefer="wait=20"))
    )
    reading.start()
    gateway.decide("ben", advice, "reject", reason="No.")
    reading.join(20)
    assert answers[0].json()["status"] == "rejected"


def test_prefer_wait_ends_when_the_time_is_over(gateway: GatewayServer) -> None:
    advice = held(gateway)
    assert gateway.read("application", advice, Prefer="wait=1").json()["status"] == "pending"


def wait_for_event(gateway: GatewayServer, kind: str, start: int) -> str:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        for event in gateway.events()[start:]:
            if event["type"] == kind:
                return str(event["advice"])
    raise TimeoutError(kind)


def test_held_advice_expires_and_can_neither_be_decided_nor_released(gateway: GatewayServer) -> None:
    advice = held(gateway, model="quick", headers={"Idempotency-Key": "gates-quick"})
    status = gateway.read("application", advice, Prefer="wait=10").json()["status"]
    assert status == "expired"
    late = gateway.decide("ben", advice)
    assert (late.status_code, late.json()["error"]["code"]) == (409, "advice_expired")
    again = gateway.ask("Write a letter.", model="quick", headers={"Idempotency-Key": "gates-quick"})
    assert (again.status_code, again.json()["error"]["code"]) == (409, "advice_expired")
    assert gateway.types(advice)[-1] == "advice.expired"


def test_overdue_advice_in_use_blocks_new_requests_until_it_is_decided(
    fresh: Callable[..., GatewayServer],
) -> None:
    gateway = fresh()
    ana, ben = gateway.people["ana"][0], gateway.people["ben"][0]
    first = gateway.ask(model="due", metadata={"on_behalf_of": ana})
    advice = first.headers["x-advice-id"]
    decide_by = first.json()["decision_support"]["decide_by"]
    wait_for(lambda: now_text() > decide_by)
    blocked = gateway.ask(model="due", metadata={"on_behalf_of": ana})
    assert (blocked.status_code, blocked.json()["error"]["code"]) == (409, "overdue_advice")
    due = [one["advice_id"] for one in blocked.json()["error"]["overdue"]]
    assert advice in due
    assert advice in blocked.json()["error"]["message"]
    assert gateway.ask(model="due").status_code == 409, "a request that names nobody is answerable for all"
    assert gateway.ask(model="due", metadata={"on_behalf_of": ben}).status_code == 200, "a colleague is not"
    for one in due:
        assert gateway.decide("ben", one).status_code == 201


def test_a_stream_of_held_advice_ends_after_the_receipt(gateway: GatewayServer) -> None:
    stream = gateway.openai().chat.completions.create(
        model="held", messages=[{"role": "user", "content": "Write a letter."}], stream=True
    )
    chunks = list(stream)
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
    assert "held" in text
    assert "marmalade" not in text
    assert chunks[-1].choices[0].finish_reason == "stop"
    assert chunks[-1].model_dump()["decision_support"]["status"] == "pending"
