"""Metrics count what is on record and how long it takes, and show what waits."""

import io
from collections.abc import Callable

import pytest
from prometheus_client.parser import text_string_to_metric_families

from gateway.redaction import RedactionSettings
from tests.gateway_server import GatewayServer
from tests.provider_server import Fault, ProviderServer
from tests.waiting import wait_for

Value = Callable[..., float]


@pytest.fixture
def gateway(fresh: Callable[..., GatewayServer], monkeypatch: pytest.MonkeyPatch) -> GatewayServer:
    monkeypatch.setattr("gateway.startup.periodic_tasks._METRICS_SECONDS", 0.1)
    return fresh(redaction=RedactionSettings(name_model=None))


def value(gateway: GatewayServer, name: str, **labels: str) -> float:
    """The sample of this name and these labels; 0 if there is none."""
    with gateway.client("olu") as client:
        families = text_string_to_metric_families(client.get("/metrics").text)
    samples = [one for family in families for one in family.samples if one.name == name]
    return sum(one.value for one in samples if labels.items() <= one.labels.items())


def test_events_decisions_redactions_and_tokens_are_counted_by_policy(gateway: GatewayServer) -> None:
    advice = [gateway.ask("NI AB123456C", model="held").headers["x-advice-id"] for _ in range(3)]
    gateway.decide("ben", advice[0])
    gateway.decide("ben", advice[1], amendment="Another text.")
    gateway.decide("ben", advice[2], "reject", reason="No.")
    assert value(gateway, "countersign_events_total", type="advice.received", policy="held") == 3
    for decision in ("accept", "change", "reject"):
        assert value(gateway, "countersign_decisions_total", policy="held", decision=decision) == 1
    assert value(gateway, "countersign_redactions_total", policy="held", type="UK_NINO") >= 1
    kinds = {"policy": "held", "model": "default"}
    assert value(gateway, "countersign_tokens_total", kind="prompt_tokens", **kinds) > 0
    assert value(gateway, "countersign_tokens_total", kind="completion_tokens", **kinds) > 0
    assert value(gateway, "countersign_log_seconds_count") > 3


def test_each_step_is_measured(gateway: GatewayServer) -> None:
    gateway.ask(model="use")
    for step in ("redact", "record_request", "complete", "inspect", "record_answer"):
        assert value(gateway, "countersign_step_seconds_count", step=step) == 1


def test_failures_are_counted_by_code(gateway: GatewayServer, provider: ProviderServer) -> None:
    provider.faults.append(Fault(status=500))
    assert gateway.ask(model="held").status_code == 502
    assert value(gateway, "countersign_failures_total", policy="held", code="provider_failed") == 1


def test_a_stream_that_fails_after_its_first_words_is_counted_and_logged_by_its_code(
    gateway: GatewayServer, provider: ProviderServer, logged: io.StringIO
) -> None:
    streams = {
        "/v1/chat/completions": {"model": "use", "messages": [{"role": "user", "content": "Hello"}]},
        "/v1/responses": {"model": "use", "input": "Hello"},
        "/v1/messages": {
            "model": "use",
            "max_tokens": 9,
            "messages": [{"role": "user", "content": "Hello"}],
        },
    }
    for path, body in streams.items():
        provider.faults.append(Fault(cut_after=1))
        with gateway.client() as client:
            assert "provider_cut" in client.post(path, json={**body, "stream": True}).text
        labels = {"route": path, "status": "200", "code": "provider_cut"}
        assert value(gateway, "countersign_requests_total", **labels) == 1
    wait_for(lambda: logged.getvalue().count('"error_code": "provider_cut"') == len(streams))


def test_what_waits_is_shown_and_goes_with_the_decision(gateway: GatewayServer) -> None:
    advice = gateway.ask(model="held").headers["x-advice-id"]
    wait_for(lambda: value(gateway, "countersign_pending_advice", policy="held") == 1)
    wait_for(lambda: value(gateway, "countersign_oldest_pending_seconds", policy="held") > 0)
    gateway.decide("ben", advice)
    wait_for(lambda: value(gateway, "countersign_pending_advice", policy="held") == 0)
    assert value(gateway, "countersign_oldest_pending_seconds", policy="held") == 0


def test_overdue_advice_is_shown(gateway: GatewayServer) -> None:
    gateway.ask(model="due")
    wait_for(lambda: value(gateway, "countersign_overdue_advice", policy="due") == 1)


def test_readiness_is_shown_by_check(gateway: GatewayServer) -> None:
    for check in ("log", "disk", "policies", "master_key", "witnesses"):
        assert value(gateway, "countersign_ready", check=check) == 1
