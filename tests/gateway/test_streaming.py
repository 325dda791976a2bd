"""Advice in use arrives as the provider sends it, ends with its caveats, and is never half an answer in silence."""

import threading
from typing import Any

import httpx
import openai
import pytest

from tests.gateway_server import PLAIN, GatewayServer
from tests.provider_server import Fault, ProviderServer

ON_BOTH_STORES = True

NOTE = "Ann Lee, NI AB 12 34 56 C, ann.lee@example.org."
ABOUT = {"subjects": '["Ann Lee"]'}


def stream(gateway: GatewayServer, text: str = NOTE, **more: Any) -> list[Any]:
    return list(
        gateway.openai().chat.completions.create(
            model="use",
            messages=[{"role": "user", "content": text}],
            metadata=ABOUT,
            stream=True,
            **more,
        )
    )


def text_of(chunks: list[Any], index: int = 0) -> str:
    return "".join(
        choice.delta.content or "" for chunk in chunks for choice in chunk.choices if choice.index == index
    )


@pytest.mark.parametrize("characters", [1, 2, 3, 5, 8, 13, 1000])
def test_pseudonyms_split_over_chunks_are_put_back_exactly(
    gateway: GatewayServer, provider: ProviderServer, characters: int
) -> None:
    provider.chunk_characters = characters
    chunks = stream(gateway)
    assert text_of(chunks) == NOTE
    assert b"Ann" not in provider.received


def test_the_last_words_carry_the_final_caveats(gateway: GatewayServer, provider: ProviderServer) -> None:
    provider.answer = "The hearing is on 2 December 2026."
    chunks = stream(gateway)
    told = [chunk.model_dump().get("decision_support") for chunk in chunks]
    (support,) = [one for one in told if one]
    assert [caveat["id"] for caveat in support["caveats"]] == ["not-a-decision", "check-dates"]
    finished = [chunk for chunk in chunks if chunk.choices and chunk.choices[0].finish_reason]
    assert [chunk.choices[0].finish_reason for chunk in finished] == ["stop"]


def test_the_advice_is_named_before_the_first_word(gateway: GatewayServer) -> None:
    body = {"model": "use", "stream": True, "messages": [{"role": "user", "content": "Hello"}]}
    with gateway.client() as client, client.stream("POST", "/v1/chat/completions", json=body) as answer:
        assert answer.headers["x-advice-id"].startswith("adv_")
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = [line for line in answer.iter_lines() if line]
    assert lines[-1] == "data: [DONE]"


def test_words_arrive_before_the_answer_has_ended(gateway: GatewayServer, provider: ProviderServer) -> None:
    provider.faults.append(Fault(hang_after=3))
    body = {
        "model": "use",
        "stream": True,
        "messages": [{"role": "user", "content": "One two three four five six"}],
    }
    with gateway.client() as client, client.stream("POST", "/v1/chat/completions", json=body) as answer:
        assert any('"content":"One two' in line for line in answer.iter_lines())


def test_n_choices_are_restored_each_on_its_own(gateway: GatewayServer, provider: ProviderServer) -> None:
    provider.chunk_characters = 3
    chunks = stream(gateway, n=2)
    assert [text_of(chunks, index) for index in (0, 1)] == [NOTE, NOTE]


@pytest.mark.parametrize(
    "fault", [Fault(cut_after=2), Fault(end_after=2), Fault(error_after=2)], ids=["dropped", "ended", "error"]
)
def test_a_cut_stream_ends_with_an_error_and_never_with_stop(
    gateway: GatewayServer, provider: ProviderServer, fault: Fault
) -> None:
    provider.faults.append(fault)
    seen: list[Any] = []
    chunks = gateway.openai().chat.completions.create(
        model="use", messages=[{"role": "user", "content": NOTE}], stream=True
    )
    with pytest.raises(openai.APIError):
        seen.extend(chunks)
    assert not [chunk for chunk in seen if chunk.choices and chunk.choices[0].finish_reason]
    event = gateway.events()[-1]
    assert event["type"] == "advice.failed"
    assert event["code"].startswith("provider_")
    assert "answer" in event["commitments"], "what was shown of it is kept"


def test_a_caller_who_leaves_early_still_owes_a_decision(
    gateway: GatewayServer, provider: ProviderServer
) -> None:
    provider.faults.append(Fault(hang_after=3))
    body = {
        "model": "use",
        "stream": True,
        "messages": [{"role": "user", "content": "One two three four five six"}],
    }
    with gateway.client() as client, client.stream("POST", "/v1/chat/completions", json=body) as answer:
        advice = answer.headers["x-advice-id"]
        next(answer.iter_bytes())
    received = wait_for(gateway, advice, "advice.received")
    assert received["complete"] is False
    assert gateway.read("application", advice).json()["status"] == "pending"
    assert provider.disconnected.wait(10), "the provider's connection is closed too"


def wait_for(gateway: GatewayServer, advice: str, kind: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = []
    waiting = threading.Event()
    for _ in range(200):
        found = [event for event in gateway.events(advice) if event["type"] == kind]
        if found:
            return found[0]
        waiting.wait(0.05)
    raise TimeoutError(kind)


def test_usage_comes_after_the_end_when_it_is_asked_for(
    gateway: GatewayServer, provider: ProviderServer
) -> None:
    chunks = stream(gateway, stream_options={"include_usage": True})
    assert provider.requests[-1].json["stream_options"] == {"include_usage": True}
    assert chunks[-1].usage is not None


def test_a_replayed_stream_is_the_same_advice(gateway: GatewayServer) -> None:
    body = {"model": "use", "stream": True, "messages": [{"role": "user", "content": "Hello"}]}
    ids = set()
    for _ in range(2):
        with gateway.client() as client:
            answer = client.post("/v1/chat/completions", json=body, headers={"Idempotency-Key": "stream-1"})
        assert "Hello" in answer.text.replace('"', "")
        ids.add(answer.headers["x-advice-id"])
    assert len(ids) == 1


def test_a_stream_needs_its_credential_like_everything(gateway: GatewayServer) -> None:
    answer = httpx.post(f"{gateway.url}/v1/chat/completions", json={"stream": True}, verify=PLAIN)
    assert answer.status_code == 401
