"""An unmodified OpenAI client works, and nothing personal leaves."""

import json
from typing import Any

import httpx
import openai
import pytest

from tests.gateway_server import PLAIN, GatewayServer
from tests.provider_server import Fault, ProviderServer

NOTE = "John Smith, NI AB 12 34 56 C, john.smith@example.org, lives at LS6 2AB."
PERSONAL = (
    b"Siobhan",
    b"O'Connor",
    b"AB 12 34 56 C",
    b"AB123456C",
    b"john.smith@example.org",
    b"LS6 2AB",
)


def support(answer: Any) -> dict[str, Any]:
    return answer.model_dump()["decision_support"]


def test_the_sdk_gets_an_answer_with_its_caveats_and_the_names_put_back(gateway: GatewayServer) -> None:
    answer = gateway.openai().chat.completions.create(
        model="use", messages=[{"role": "user", "content": NOTE}], metadata={"case": "proxy-1"}
    )
    assert answer.choices[0].message.content == NOTE
    told = support(answer)
    assert told["status"] == "pending"
    assert told["gate"] == "use"
    assert told["caveats"][0]["id"] == "not-a-decision"
    assert {"UK_NINO", "EMAIL_ADDRESS"} <= set(told["redactions"])
    assert len(told["policy"]["version"]) == 64


def test_nothing_personal_reaches_the_provider(gateway: GatewayServer, provider: ProviderServer) -> None:
    gateway.ask(NOTE, model="use")
    assert not [value for value in PERSONAL if value in provider.received]


def test_the_advice_is_named_in_the_headers_too(gateway: GatewayServer) -> None:
    answer = gateway.ask(model="use")
    assert answer.headers["x-advice-id"] == answer.json()["decision_support"]["advice_id"]
    assert answer.headers["x-advice-status"] == "pending"


def test_models_lists_the_policies_that_the_application_may_use(gateway: GatewayServer) -> None:
    names = {model.id for model in gateway.openai().models.list()}
    assert {"held", "use", "two"} <= names
    assert [model.id for model in gateway.openai(gateway.other_key).models.list()] == ["shown-first"]


def test_every_field_of_the_request_reaches_the_provider(
    gateway: GatewayServer, provider: ProviderServer
) -> None:
    fields = {
        "temperature": 0.25,
        "top_p": 0.5,
        "seed": 7,
        "n": 2,
        "stop": ["END"],
        "presence_penalty": 0.5,
        "max_completion_tokens": 50,
        "logit_bias": {"50256": -100},
        "parallel_tool_calls": False,
        "response_format": {"type": "json_object"},
        "metadata": {"topic": "letters"},
        "tools": [{"type": "function", "function": {"name": "find_slot", "parameters": {"type": "object"}}}],
        "tool_choice": "auto",
        "vendor_option": {"depth": 3},
    }
    gateway.ask(model="use", **fields)
    sent = provider.requests[-1].json
    assert {name: sent.get(name) for name in fields} == fields
    assert sent["model"] == "test-model"
    assert sent["messages"][0]["role"] == "system"


def test_tool_calls_come_back_with_valid_json_and_the_names_put_back(
    gateway: GatewayServer, provider: ProviderServer
) -> None:
    provider.answers.append(
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [
                {
                    "id": "call_1",
                    "type": "function",
                    "function": {"name": "book", "arguments": '{"for": "<PERSON_1>"}'},
                }
            ],
        }
    )
    answer = gateway.openai().chat.completions.create(
        model="use",
        messages=[{"role": "user", "content": "Book a slot for the person."}],
        metadata={"subjects": json.dumps(['Ann "Nan" Lee'])},
        tools=[{"type": "function", "function": {"name": "book", "description": 'For Ann "Nan" Lee'}}],
    )
    (call,) = answer.choices[0].message.tool_calls or []
    assert json.loads(call.function.arguments) == {"for": 'Ann "Nan" Lee'}


def test_n_choices_are_one_advice(gateway: GatewayServer) -> None:
    answer = gateway.openai().chat.completions.create(
        model="use", messages=[{"role": "user", "content": "Hello"}], n=3
    )
    assert len(answer.choices) == 3
    assert gateway.types(support(answer)["advice_id"]).count("advice.received") == 1


def test_the_same_person_has_the_same_pseudonym_throughout_a_case(
    gateway: GatewayServer, provider: ProviderServer
) -> None:
    about = {"case": "proxy-2", "subjects": '["Ann Lee", "Bo Diaz"]'}
    gateway.ask("Ann Lee called.", model="use", metadata=about)
    gateway.ask("Bo Diaz called about Ann Lee.", model="use", metadata=about)
    first, second = (request.json["messages"][-1]["content"] for request in provider.requests)
    assert first == "<PERSON_1> called."
    assert second == "<PERSON_2> called about <PERSON_1>."


def test_pseudonyms_of_another_case_or_another_application_are_not_put_back(
    gateway: GatewayServer, provider: ProviderServer
) -> None:
    gateway.ask("Ann Lee called.", model="use", metadata={"case": "proxy-3", "subjects": '["Ann Lee"]'})
    provider.answer = "It was <PERSON_1>."
    other = gateway.ask("Who called?", model="use", metadata={"case": "proxy-4"})
    same = gateway.ask("Who called?", model="use", metadata={"case": "proxy-3"})
    for answer in (other, same):
        assert answer.json()["choices"][0]["message"]["content"] == "It was <PERSON_1>."


def test_a_pseudonym_that_a_user_typed_comes_back_as_typed(gateway: GatewayServer) -> None:
    text = "Keep <PERSON_1> as it is; Ann Lee is somebody else."
    answer = gateway.ask(text, model="use", metadata={"subjects": '["Ann Lee"]'})
    assert answer.json()["choices"][0]["message"]["content"] == text


@pytest.mark.parametrize(
    ("part", "param"),
    [
        ({"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}, "messages[0].content[0]"),
        ({"type": "input_audio", "input_audio": {"data": "AAAA", "format": "wav"}}, "messages[0].content[0]"),
        ({"type": "file", "file": {"file_id": "f"}}, "messages[0].content[0]"),
        ({"type": "hologram", "hologram": {}}, "messages[0].content[0]"),
    ],
)
def test_what_cannot_be_read_is_refused_and_named(
    gateway: GatewayServer, provider: ProviderServer, part: dict[str, Any], param: str
) -> None:
    with pytest.raises(openai.UnprocessableEntityError) as refused:
        gateway.openai().chat.completions.create(model="use", messages=[{"role": "user", "content": [part]}])  # type: ignore[list-item,misc]
    assert refused.value.param == param
    assert provider.requests == []


def test_a_policys_refusal_is_said_in_its_words_and_is_on_record(
    gateway: GatewayServer, provider: ProviderServer
) -> None:
    answer = gateway.ask("What sentence should he get?", model="refusing")
    assert answer.status_code == 403
    error = answer.json()["error"]
    assert (error["code"], error["refusal"]) == ("refused_by_policy", "no-sentencing")
    assert error["message"] == "This service does not advise on sentence."
    assert provider.requests == []
    assert gateway.events()[-1]["type"] == "advice.refused"


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        (Fault(status=429, headers={"Retry-After": "7"}), 429, "provider_rate_limited"),
        (Fault(status=500), 502, "provider_failed"),
        (Fault(status=401), 502, "provider_failed"),
        (Fault(status=400), 400, "provider_refused"),
        (Fault(close=True), 502, "provider_failed"),
        (Fault(body=b"<html>busy</html>"), 502, "provider_"),
    ],
    ids=["429", "500", "401", "400", "closed", "garbage"],
)
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_a_providers_failure_has_a_fitting_status_and_is_on_record(
    gateway: GatewayServer, provider: ProviderServer, fault: Fault, status: int, code: str, stream: bool
) -> None:
    provider.faults.append(fault)
    answer = gateway.ask(NOTE, model="use", stream=stream)
    assert answer.status_code == status
    error = answer.json()["error"]
    assert error["code"].startswith(code)
    assert set(error) >= {"message", "type", "code", "param"}
    event = gateway.events()[-1]
    assert (event["type"], event["code"]) == ("advice.failed", error["code"])


def test_a_provider_that_does_not_answer_is_a_504(gateway: GatewayServer, provider: ProviderServer) -> None:
    provider.faults.append(Fault(hang=True))
    answer = gateway.ask(model="use")
    assert (answer.status_code, answer.json()["error"]["code"]) == (504, "provider_timeout")


def test_a_providers_retry_after_is_passed_on(gateway: GatewayServer, provider: ProviderServer) -> None:
    provider.faults.append(Fault(status=429, headers={"Retry-After": "7"}))
    assert gateway.ask(model="use").headers["retry-after"] == "7"


def test_a_caveats_condition_sees_the_answer(gateway: GatewayServer, provider: ProviderServer) -> None:
    provider.answer = "The hearing is on 2 December 2026."
    caveats = gateway.ask(model="use").json()["decision_support"]["caveats"]
    assert [caveat["id"] for caveat in caveats] == ["not-a-decision", "check-dates"]


def test_personal_data_that_the_model_added_is_seen_and_counted(
    gateway: GatewayServer, provider: ProviderServer
) -> None:
    provider.answer = "Write to other.person@example.org."
    answer = gateway.ask(model="use").json()
    assert "new-data" in [caveat["id"] for caveat in answer["decision_support"]["caveats"]]
    event = next(
        event
        for event in gateway.events(answer["decision_support"]["advice_id"])
        if event["type"] == "advice.received"
    )
    assert event["added"] == {"EMAIL_ADDRESS": 1}


def test_limits_answer_429_with_retry_after(gateway: GatewayServer) -> None:
    statuses = [gateway.ask(model="limited") for _ in range(3)]
    assert statuses[-1].status_code == 429
    assert 1 <= int(statuses[-1].headers["retry-after"]) <= 60


def test_the_provider_never_hears_of_case_subjects_or_person(
    gateway: GatewayServer, provider: ProviderServer
) -> None:
    person = gateway.people["ana"][0]
    gateway.ask(
        model="use", metadata={"case": "ZX-9981", "subjects": '["Quillfeather"]', "on_behalf_of": person}
    )
    for value in (b"ZX-9981", b"Quillfeather", person.encode(), gateway.key.encode()):
        assert value not in provider.received


def test_an_unknown_requester_is_named(gateway: GatewayServer) -> None:
    answer = gateway.ask(model="use", metadata={"on_behalf_of": "p_nobody"})
    assert (answer.status_code, answer.json()["error"]["param"]) == (422, "metadata.on_behalf_of")


def test_while_the_models_load_the_answer_is_503(gateway: GatewayServer) -> None:
    assert httpx.get(f"{gateway.url}/health/live", verify=PLAIN).status_code == 200
    assert httpx.get(f"{gateway.url}/health/ready", verify=PLAIN).json()["status"] == "ready"
