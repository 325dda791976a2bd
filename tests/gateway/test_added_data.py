"""Personal data that the model added: told to the person who decides, or refused as the policy says."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from gateway.commands.cli import app
from gateway.operations import disclose_content
from tests.gateway.test_http import assert_error
from tests.gateway_server import MASTER_KEY, GatewayServer
from tests.provider_server import Fault, ProviderServer

ADDED = "other.person@example.org"
ANSWER = f"Write to {ADDED}."
OWN = "own.person@example.org"


@pytest.fixture
def plain(fresh: Callable[..., GatewayServer], monkeypatch: pytest.MonkeyPatch) -> GatewayServer:
    """Without the name model: addresses are found by their pattern."""
    monkeypatch.setenv("COUNTERSIGN_MASTER_KEY", MASTER_KEY)
    return fresh()


def failure(gateway: GatewayServer, advice: str) -> dict[str, Any]:
    return next(event for event in gateway.events(advice) if event["type"] == "advice.failed")


def opened(gateway: GatewayServer, advice: str, kind: str) -> Any:
    vault = gateway.resources.vault
    return json.loads(
        gateway.resources.database.read(
            lambda connection: vault.open(connection, advice=advice, kind=kind)
        ).content
    )


def text_of(answer: httpx.Response) -> str:
    chunks = [json.loads(line[6:]) for line in answer.text.splitlines() if line.startswith("data: {")]
    return "".join(
        choice["delta"].get("content") or "" for chunk in chunks for choice in chunk.get("choices", ())
    )


# Marked, unless the policy says otherwise


def test_who_decides_sees_what_the_model_added_by_type(
    plain: GatewayServer, provider: ProviderServer
) -> None:
    provider.answer = f"{ANSWER} Or to {ADDED.upper()}, or to {OWN}."
    advice = plain.ask(f"Write to {OWN}.", model="held").headers["x-advice-id"]
    assert plain.read("ben", advice).json()["added"] == {"EMAIL_ADDRESS": [ADDED]}


def test_a_name_that_was_not_sent_is_told(gateway: GatewayServer, provider: ProviderServer) -> None:
    provider.answer = "Please ask Mrs Siobhan Murphy about it."
    advice = gateway.ask("Who can help?", model="held").headers["x-advice-id"]
    added = gateway.read("ben", advice).json()["added"]
    assert list(added) == ["PERSON"]
    assert "Murphy" in " ".join(added["PERSON"])


def test_where_it_added_nothing_that_is_said_too(plain: GatewayServer, provider: ProviderServer) -> None:
    advice = plain.ask(f"Write to {OWN}.", model="held").headers["x-advice-id"]
    assert plain.read("ben", advice).json()["added"] == {}


def test_it_is_shown_with_the_answer_only(plain: GatewayServer, provider: ProviderServer) -> None:
    provider.answer = ANSWER
    advice = plain.ask(model="two").headers["x-advice-id"]
    before = plain.read("ben", advice)
    assert before.json()["view_required"]
    assert ADDED not in before.text
    assert "added" not in plain.read("application", advice).json()
    assert ADDED not in plain.read("olu", advice).text


# Refused, where the policy says so


@pytest.mark.parametrize("policy", ["nothing-added", "no-address-added"])
@pytest.mark.parametrize("stream", [False, True])
def test_a_refused_answer_is_never_shown(
    plain: GatewayServer, provider: ProviderServer, policy: str, stream: bool
) -> None:
    provider.answer = ANSWER
    answer = plain.ask(model=policy, stream=stream)
    assert_error(answer, 502, "added_personal_data")
    error = answer.json()["error"]
    assert error["types"] == ["EMAIL_ADDRESS"]
    assert error["type"] == "server_error"
    assert "Ask again" in error["message"]
    for who in ("application", "ana", "ben", "olu", "ada"):
        seen = plain.read(who, error["advice"])
        assert seen.json()["status"] == "failed"
        assert ADDED not in answer.text + seen.text


def test_what_was_refused_is_on_record_and_sealed(plain: GatewayServer, provider: ProviderServer) -> None:
    provider.answer = ANSWER
    advice = plain.ask(model="nothing-added").json()["error"]["advice"]
    assert plain.types(advice) == ["advice.requested", "advice.failed"]
    event = failure(plain, advice)
    assert (event["code"], event["added"]) == ("added_personal_data", {"EMAIL_ADDRESS": 1})
    assert set(event["commitments"]) == {"answer", "added"}
    for kind in ("answer", "added"):
        held = plain.resources
        assert disclose_content(held.log, held.database, held.vault, advice, kind, "operator").key
        assert ADDED in str(opened(plain, advice, kind))
    plain.stop()
    checked = CliRunner().invoke(app, ["check", "--data", str(plain.settings.data)])
    assert checked.exit_code == 0, checked.output


def test_the_same_request_may_be_asked_again_with_the_same_key(
    plain: GatewayServer, provider: ProviderServer
) -> None:
    provider.answers.extend([ANSWER, "Write to them."])
    key = {"Idempotency-Key": "added-1"}
    assert plain.ask(model="nothing-added", headers=key).status_code == 502
    assert plain.ask(model="nothing-added", headers=key).status_code == 200


def test_what_was_sent_is_not_added_whoever_restores_it(plain: GatewayServer) -> None:
    answer = plain.ask(f"Write to {OWN}.", model="nothing-added")
    assert answer.status_code == 200, answer.text
    assert answer.json()["choices"][0]["message"]["content"] == f"Write to {OWN}."


def test_a_policy_may_refuse_some_types_and_mark_the_others(
    plain: GatewayServer, provider: ProviderServer
) -> None:
    provider.answer = "His NI number is AB 12 34 56 C."
    assert_error(plain.ask(model="nothing-added"), 502, "added_personal_data")
    advice = plain.ask(model="no-address-added")
    assert advice.status_code == 202, advice.text
    added = plain.read("ben", advice.headers["x-advice-id"]).json()["added"]
    assert list(added) == ["UK_NINO"]


def test_a_stream_arrives_whole_since_nothing_may_be_shown_before_it_is_inspected(
    plain: GatewayServer, provider: ProviderServer
) -> None:
    provider.answer = "Write to them, as soon as you can."
    answer = plain.ask(model="nothing-added", stream=True)
    assert answer.status_code == 200
    assert text_of(answer) == provider.answer
    assert answer.text.rstrip().endswith("data: [DONE]")
    assert '"decision_support"' in answer.text
    assert plain.types(answer.headers["x-advice-id"])[-2:] == ["advice.received", "advice.shown"]


def test_the_openai_sdk_reads_such_a_stream(plain: GatewayServer, provider: ProviderServer) -> None:
    provider.answer = "Write to them."
    stream = plain.openai().chat.completions.create(
        model="nothing-added", messages=[{"role": "user", "content": "Who?"}], stream=True
    )
    chunks = list(stream)
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == "Write to them."
    assert chunks[-1].choices[0].finish_reason == "stop"


# Masked, where the policy says so


MASKED = "Write to [EMAIL_ADDRESS]."


@pytest.mark.parametrize("stream", [False, True])
def test_what_is_added_is_masked_before_anybody_sees_it(
    plain: GatewayServer, provider: ProviderServer, stream: bool
) -> None:
    provider.answer = f"Or to {OWN}. Write to {ADDED}. That is all."
    answer = plain.ask(f"Write to {OWN}.", model="masked", stream=stream)
    assert answer.status_code == 200
    said = text_of(answer) if stream else answer.json()["choices"][0]["message"]["content"]
    assert said == f"Or to {OWN}. {MASKED} That is all."
    advice = answer.headers["x-advice-id"]
    for who in ("application", "ana", "ben"):
        seen = plain.read(who, advice)
        assert ADDED not in answer.text + seen.text
        assert MASKED in seen.text
    assert plain.read("ben", advice).json()["added"] == {"EMAIL_ADDRESS": ["[EMAIL_ADDRESS]"]}
    assert "new-data" in answer.text
    received = next(event for event in plain.events(advice) if event["type"] == "advice.received")
    assert received["added"] == {"EMAIL_ADDRESS": 1}
    assert ADDED not in str(opened(plain, advice, "answer"))


def test_held_advice_is_masked_too(plain: GatewayServer, provider: ProviderServer) -> None:
    provider.answer = ANSWER
    advice = plain.ask(model="masked-held").headers["x-advice-id"]
    seen = plain.read("ben", advice)
    assert ADDED not in seen.text
    assert MASKED in seen.text


def test_a_masked_stream_arrives_sentence_by_sentence_and_stays_valid(
    plain: GatewayServer, provider: ProviderServer
) -> None:
    provider.answer = f"First this. Then write to {ADDED}. And then rest"
    stream = plain.openai().chat.completions.create(
        model="masked", messages=[{"role": "user", "content": "Who?"}], stream=True
    )
    chunks = list(stream)
    said = [chunk.choices[0].delta.content for chunk in chunks if chunk.choices[0].delta.content]
    assert said == ["First this. ", "Then write to [EMAIL_ADDRESS]. ", "And then rest"]
    assert chunks[-1].choices[0].finish_reason == "stop"


def test_what_a_masked_stream_holds_back_when_it_is_cut_is_shown_to_nobody(
    plain: GatewayServer, provider: ProviderServer
) -> None:
    provider.answer = f"First this. Then write to {ADDED}. And more."
    provider.faults.append(Fault(cut_after=6))
    answer = plain.ask(model="masked", stream=True)
    assert text_of(answer) == "First this. "
    assert '"error"' in answer.text
    assert ADDED.split("@")[0] not in answer.text


def test_the_openai_sdk_reads_masked_calls_of_a_stream(
    plain: GatewayServer, provider: ProviderServer
) -> None:
    arguments = json.dumps({"to": [ADDED, OWN], "say": 'He said "no".'})
    called = {"id": "call_x", "type": "function", "function": {"name": "write", "arguments": arguments}}
    provider.answers.append({"content": "I write to them.", "tool_calls": [called]})
    with plain.openai().chat.completions.stream(
        model="masked", messages=[{"role": "user", "content": f"Write to {OWN}."}]
    ) as events:
        message = events.get_final_completion().choices[0].message
    (call,) = message.tool_calls or []
    assert (call.id, message.content) == ("call_x", "I write to them.")
    assert json.loads(call.function.arguments) == {
        "to": ["[EMAIL_ADDRESS]", OWN],
        "say": 'He said "no".',
    }
