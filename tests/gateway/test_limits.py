"""Limits of requests, tokens and money hold over HTTP, are told of, and refuse in the shape of the API."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest

from gateway.providers import ModelRoute
from gateway.redaction import RedactionSettings
from tests.gateway_server import PROMPTS, GatewayServer
from tests.postgres_server import PostgresServer
from tests.provider_server import Fault, ProviderServer
from tests.shared_log import verify_of
from tests.waiting import wait_for

POLICY = """
id: {name}
title: Limited
purpose: Exercise limits.
owner: Tests
stage: pilot
applications: ["*"]
models: [{model}]
caveats: [{{id: not-a-decision, say: This is advice.}}]
review: {{gate: use, decide_within: 1h}}
limits: {limits}
"""
LIMITS = {
    "few": "{requests_per_minute: 2}",
    "week": "{tokens_per_day: 2000, warn_at: 50}",
    "same": "{tokens_per_month: 1500, together: {requests_per_minute: 3}}",
    "each": "{each_person: {tokens_per_day: 1000}}",
    "paid": "{cost_per_day: 1 GBP, warn_at: 50}",
    "cut": "{tokens_per_day: 3000}",
    "open": "{requests_per_minute: null, tokens_per_day: null}",
    "race": "{requests_per_minute: null, tokens_per_day: 20000}",
}
PRICE = {"input_per_million": "1000 GBP", "output_per_million": "1000 GBP"}


def settings_of(provider: ProviderServer, folder: Path) -> dict[str, Any]:
    policies = folder / "policies"
    policies.mkdir()
    for name, limits in LIMITS.items():
        model = "paid" if name == "paid" else "default"
        (policies / f"{name}.yaml").write_text(POLICY.format(name=name, model=model, limits=limits))
    route = {"model": "openai/test-model", "api_base": provider.base_url, "retries": 0, "timeout_seconds": 5}
    models = {"default": ModelRoute(**route), "paid": ModelRoute(**route, price=PRICE)}
    redaction = RedactionSettings(name_model=None)
    return {"policies": policies, "prompts": PROMPTS, "models": models, "redaction": redaction}


@pytest.fixture(scope="module")
def limited(
    provider_server: ProviderServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[GatewayServer]:
    folder = tmp_path_factory.mktemp("limits")
    with GatewayServer(folder / "data", provider_server, **settings_of(provider_server, folder)) as server:
        yield server


@pytest.fixture
def gateway(limited: GatewayServer, provider: ProviderServer) -> GatewayServer:
    return limited


def told(gateway: GatewayServer, policy: str) -> list[dict[str, Any]]:
    return [
        event
        for event in gateway.events()
        if event["type"].startswith("limit.") and event["policy"]["id"] == policy
    ]


def usage(gateway: GatewayServer, policy: str) -> list[dict[str, Any]]:
    return [
        event["usage"] for event in gateway.events() if "usage" in event and event["policy"]["id"] == policy
    ]


def test_each_api_refuses_in_its_own_shape_and_says_when_to_come_back(gateway: GatewayServer) -> None:
    client = gateway.openai()
    first = client.chat.completions.with_raw_response.create(
        model="few", messages=[{"role": "user", "content": "Please help."}]
    )
    assert first.headers["x-ratelimit-limit-requests"] == "2"
    assert first.headers["x-ratelimit-remaining-requests"] == "1"
    assert int(first.headers["x-ratelimit-remaining-tokens"]) < 2_000_000
    assert (
        client.responses.with_raw_response.create(model="few", input="Hello.").headers[
            "x-ratelimit-remaining-requests"
        ]
        == "0"
    )
    with pytest.raises(openai.RateLimitError) as chat:
        client.chat.completions.create(model="few", messages=[{"role": "user", "content": "Again."}])
    assert (chat.value.code, chat.value.type) == ("rate_limited", "rate_limit_error")
    assert 1 <= int(chat.value.response.headers["retry-after"]) <= 60
    assert chat.value.response.headers["x-ratelimit-remaining-requests"] == "0"
    with pytest.raises(openai.RateLimitError) as responses:
        client.responses.create(model="few", input="Again, please.")
    assert responses.value.code == "rate_limited"
    body = {"model": "few", "max_tokens": 10, "messages": [{"role": "user", "content": "And again."}]}
    with gateway.client() as plain:
        answer = plain.post("/v1/messages", json=body)
    assert (answer.status_code, answer.json()["type"]) == (429, "error")
    assert answer.json()["error"]["type"] == "rate_limit_error"
    assert "2 requests a minute" in answer.json()["error"]["message"]


def test_a_limit_that_is_nearly_used_up_is_told_of_once_and_one_that_is_as_well(
    gateway: GatewayServer,
) -> None:
    assert gateway.ask("word " * 100, model="week", max_tokens=100).status_code == 200
    assert told(gateway, "week") == []
    assert gateway.ask("Word " * 100, model="week", max_tokens=800).status_code == 200
    near = told(gateway, "week")
    assert [event["type"] for event in near] == ["limit.approached"]
    assert (near[0]["limit"], near[0]["whose"], near[0]["application"]) == (
        "tokens_per_day",
        "application",
        "casebook",
    )
    assert (near[0]["most"], near[0]["used"] >= 1000) == (2000, True)
    late = gateway.ask("word", model="week", max_tokens=1900)
    assert (late.status_code, late.json()["error"]["limit"]) == (429, "tokens_per_day")
    assert 0 < int(late.headers["retry-after"]) <= 86_400
    gateway.ask("word", model="week", max_tokens=1901)
    assert [event["type"] for event in told(gateway, "week")] == ["limit.approached", "limit.reached"]
    with gateway.client("ada") as admin:
        metrics = admin.get("/metrics").text
    assert (
        'countersign_limits_told_total{limit="tokens_per_day",policy="week",state="reached",whose="application"} 1.0'
        in metrics
    )


def test_a_request_that_no_room_will_ever_be_for_is_not_to_be_sent_again(gateway: GatewayServer) -> None:
    answer = gateway.ask("word", model="same", max_tokens=1600)
    assert (answer.status_code, answer.headers["x-should-retry"]) == (429, "false")
    assert "retry-after" not in answer.headers
    assert "max_tokens" in answer.json()["error"]["message"]


def test_a_limit_of_all_applications_together_counts_every_one(gateway: GatewayServer) -> None:
    other = gateway.openai(gateway.other_key)
    for number in range(2):
        assert gateway.ask(f"Number {number}.", model="same", max_tokens=10).status_code == 200
    ask: dict[str, Any] = {"model": "same", "max_tokens": 10}
    assert other.chat.completions.create(messages=[{"role": "user", "content": "One."}], **ask)
    with pytest.raises(openai.RateLimitError) as refused:
        other.chat.completions.create(messages=[{"role": "user", "content": "Two."}], **ask)
    assert "all applications together" in refused.value.message


def test_a_person_is_held_to_their_own_limit_and_who_is_not_named_to_one(gateway: GatewayServer) -> None:
    def ask(person: str | None) -> int:
        named = {} if person is None else {"metadata": {"on_behalf_of": person}}
        return gateway.ask("word", model="each", max_tokens=600, **named).status_code

    ana, ben = gateway.people["ana"][0], gateway.people["ben"][0]
    gateway.provider.answer = "word " * 500
    assert [ask(ana), ask(ana), ask(ben)] == [200, 429, 200]
    assert [ask(None), ask(None)] == [200, 429]
    subjects = {event.get("requester") for event in told(gateway, "each")}
    assert subjects == {ana, None}


def test_money_is_limited_by_the_routes_own_price_and_recorded_with_it(gateway: GatewayServer) -> None:
    gateway.provider.answer = "word " * 300
    first = gateway.ask("word " * 100, model="paid", max_tokens=500)
    assert first.headers["x-ratelimit-limit-cost"] == "1.00 GBP"
    advice = first.headers["x-advice-id"]
    received = next(event for event in gateway.events(advice) if event["type"] == "advice.received")
    assert received["cost"] == {"currency": "GBP", "micro": sum(received["usage"].values()) * 1000}
    late = gateway.ask("word", model="paid", max_tokens=700)
    assert (late.status_code, late.json()["error"]["code"]) == (429, "budget_exceeded")
    assert "1.00 GBP a day" in late.json()["error"]["message"]
    assert {event["currency"] for event in told(gateway, "paid")} == {"GBP"}


def test_what_fails_gives_back_what_was_set_aside_for_it(gateway: GatewayServer) -> None:
    for _ in range(4):
        gateway.provider.faults.append(Fault(status=500))
        assert gateway.ask("word", model="cut", max_tokens=2000).status_code == 502
    assert gateway.ask("word", model="cut", max_tokens=2000).status_code == 200


def test_streams_count_what_they_took_whoever_asked_to_know(gateway: GatewayServer) -> None:
    gateway.provider.answer = "word " * 50
    with gateway.client() as client:
        body = {"model": "open", "messages": [{"role": "user", "content": "Go."}], "stream": True}
        with client.stream("POST", "/v1/chat/completions", json=body) as answer:
            text = answer.read().decode()
    assert '"usage":{' not in text
    before = usage(gateway, "open")
    assert before[-1]["completion_tokens"] > 40
    gateway.provider.faults.append(Fault(cut_after=5))
    with gateway.client() as client, client.stream("POST", "/v1/chat/completions", json=body) as answer:
        answer.read()
    wait_for(lambda: len(usage(gateway, "open")) == len(before) + 1)
    failed = gateway.events()[-1]
    assert (failed["type"], failed["usage_estimated"], failed["model"]) == ("advice.failed", True, "default")
    assert failed["usage"]["completion_tokens"] > 0


def test_the_log_of_all_this_verifies(gateway: GatewayServer) -> None:
    assert gateway.ask("word", model="open").status_code == 200
    assert verify_of(gateway.resources.database, gateway.settings.data).ok


def test_two_gateways_on_one_database_never_pass_a_limit_together(
    postgres: PostgresServer, provider: ProviderServer, tmp_path: Path
) -> None:
    settings = {**settings_of(provider, tmp_path), "database": postgres.address(postgres.database())}
    provider.answer = "word " * 300
    provider.latency_seconds = 0.2
    statuses: list[int] = []
    with (
        GatewayServer(tmp_path / "one", provider, **settings) as one,
        GatewayServer(tmp_path / "other", provider, beside=one, **settings) as other,
    ):
        start = threading.Barrier(8)

        def ask(number: int) -> None:
            start.wait()
            for turn in range(12):
                gateway = (one, other)[number % 2]
                answer: httpx.Response = gateway.ask(
                    f"Number {number}, {turn}.", model="race", max_tokens=600
                )
                statuses.append(answer.status_code)

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(ask, range(8)))
        took = sum(sum(used.values()) for used in usage(one, "race"))
    assert set(statuses) == {200, 429}
    assert 15_000 < took <= 20_000
