"""A policy's stage decides who may ask, which model answers, and until when."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from gateway.providers import ModelRoute
from gateway.redaction import RedactionSettings
from tests.gateway_server import PLAIN, PROMPTS, GatewayServer
from tests.provider_server import ProviderServer
from tests.waiting import wait_for

POLICY = """
id: {name}
title: Staged
purpose: Exercise stages.
owner: Tests
stage: {stage}
applications: [casebook]
models: [{models}]
caveats: [{{id: not-a-decision, say: This is advice.}}]
review: {{gate: use, decide_within: 1h}}
limits: {{requests_per_minute: null}}
"""


def day(after: int) -> str:
    return (datetime.now(UTC) + timedelta(days=after)).date().isoformat()


@pytest.fixture(scope="module")
def staged(
    provider_server: ProviderServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[GatewayServer]:
    folder = tmp_path_factory.mktemp("stages")
    policies = folder / "policies"
    policies.mkdir()

    def write(name: str, stage: str, more: str = "", models: str = "default") -> None:
        (policies / f"{name}.yaml").write_text(POLICY.format(name=name, stage=stage, models=models) + more)

    write("scan", "scan")
    write("scan-rehearsed", "scan", models="default, rehearsal")
    write("ended", "pilot", f"pilot: {{until: {day(-1)}}}\n")
    write("last-day", "pilot", f"pilot: {{until: {day(1)}}}\n")
    write("one-person", "pilot", f"pilot: {{people: [p_0000000000000000], until: {day(9)}}}\n")
    write("some", "pilot", f"pilot: {{share: 30, until: {day(9)}}}\n")
    route = {"model": "openai/test-model", "api_base": provider_server.base_url, "retries": 0}
    models = {
        "default": ModelRoute(**route),
        "rehearsal": ModelRoute(model="rehearsal/extract"),
        "uk": ModelRoute(**route, residency="UK"),
    }
    redaction = RedactionSettings(name_model=None)
    settings = {
        "policies": policies,
        "prompts": PROMPTS,
        "models": models,
        "redaction": redaction,
        "policy": {"approval": {"loosening": 1}},
    }
    with GatewayServer(folder / "data", provider_server, **settings) as server:
        write("scan", "scan", f"scan: {{people: [{server.people['ana'][0]}]}}\n")
        people = f"people: [{server.people['ana'][0]}], share: 1, until: {day(9)}"
        write("named", "pilot", f"pilot: {{{people}}}\n")
        server.hang_up()
        wait_for(lambda: server.policy("named").get("id") == "named")
        yield server


@pytest.fixture
def gateway(staged: GatewayServer, provider: ProviderServer) -> GatewayServer:
    return staged


def ask(
    gateway: GatewayServer, model: str, person: str | None = None, case: str | None = None
) -> httpx.Response:
    given = {"on_behalf_of": None if person is None else gateway.people[person][0], "case": case}
    metadata: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    return gateway.ask("Please help.", model=model, metadata=metadata)


def test_at_scan_a_model_answers_only_people_who_are_named(gateway: GatewayServer) -> None:
    assert ask(gateway, "scan", "ana").status_code == 200
    for person in (None, "ben"):
        refused = ask(gateway, "scan", person)
        assert (refused.status_code, refused.json()["error"]["code"]) == (403, "stage_refused")
        assert "scan.people" in refused.json()["error"]["message"]
    assert len(gateway.provider.requests) == 1


def test_at_scan_everybody_else_is_answered_by_the_rehearsal_model(gateway: GatewayServer) -> None:
    answer = ask(gateway, "scan-rehearsed", "ben")
    assert "Rehearsal" in answer.json()["choices"][0]["message"]["content"]
    assert gateway.provider.requests == []


def test_a_pilot_refuses_from_the_day_after_its_last(gateway: GatewayServer) -> None:
    assert ask(gateway, "last-day").status_code == 200
    ended = ask(gateway, "ended")
    assert (ended.status_code, ended.json()["error"]["code"]) == (403, "stage_refused")
    assert day(-1) in ended.json()["error"]["message"]


def test_a_share_of_the_cases_takes_part_and_a_case_always_in_the_same_way(gateway: GatewayServer) -> None:
    cases = [f"case-{number}" for number in range(60)]
    first = {case: ask(gateway, "some", case=case).status_code for case in cases}
    again = {case: ask(gateway, "some", "ben", case=case).status_code for case in cases[:10]}
    assert again == {case: first[case] for case in cases[:10]}
    assert set(first.values()) == {200, 403}
    assert 5 <= Counter(first.values())[200] <= 35


def test_people_who_are_named_take_part_whatever_the_share(gateway: GatewayServer) -> None:
    assert ask(gateway, "named", "ana").status_code == 200
    statuses = Counter(ask(gateway, "named", "ben", f"case-{number}").status_code for number in range(30))
    assert statuses[403] > 20


def test_a_refusal_of_a_pilot_says_who_takes_part_until_when_and_what_to_do(gateway: GatewayServer) -> None:
    refused = ask(gateway, "one-person", "ben").json()["error"]
    assert refused["param"] == "metadata.on_behalf_of"
    for words in ("people whom it names", day(9), "`metadata.on_behalf_of` is not one", "`pilot.people`"):
        assert words in refused["message"]
    assert "p_0000" not in refused["message"]
    by_case = (ask(gateway, "some", case=f"case-{number}") for number in range(60))
    drawn = next(answer.json()["error"] for answer in by_case if answer.status_code == 403)
    assert "30 per cent of the cases" in drawn["message"]
    assert "`pilot.share`" in drawn["message"]
    assert drawn["param"] is None


def test_a_refusal_of_a_pilot_names_fields_as_the_api_that_was_called_does(gateway: GatewayServer) -> None:
    body = {"model": "one-person", "max_tokens": 9, "messages": [{"role": "user", "content": "Please help."}]}
    with httpx.Client(base_url=gateway.url, headers={"x-api-key": gateway.key}, verify=PLAIN) as client:
        answer = client.post("/v1/messages", json=body)
    refused = answer.json()
    assert (answer.status_code, refused["type"], refused["error"]["type"]) == (
        403,
        "error",
        "permission_error",
    )
    assert refused["error"]["param"] == "X-Countersign-On-Behalf-Of"
    assert "Name the person who asks as `X-Countersign-On-Behalf-Of`" in refused["error"]["message"]
