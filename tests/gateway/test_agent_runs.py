"""An agent's run: its tool calls are passed on and recorded, and a person decides on what it comes to."""

import json
import re
from itertools import count
from typing import Any

import openai
import pytest

from tests.gateway_server import GatewayServer
from tests.provider_server import ProviderServer


def tool(name: str) -> dict[str, Any]:
    parameters = {"type": "object", "properties": {"to": {"type": "string"}, "text": {"type": "string"}}}
    return {"type": "function", "function": {"name": name, "parameters": parameters}}


def call(call_id: str, name: str, **arguments: str) -> dict[str, Any]:
    return {"id": call_id, "type": "function", "function": {"name": name, "arguments": json.dumps(arguments)}}


TOOLS = [tool("look_up"), tool("calendar"), tool("send_letter")]
SEEDS = count(1)
ASKED = {"role": "user", "content": "Write to Ann Quilp about her appointment."}


def result(call_id: str, content: str) -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": call_id, "content": content}


def ask(gateway: GatewayServer, messages: list[Any], **more: Any) -> Any:
    """A request that no other test made, since one that is held is not asked twice."""
    return gateway.ask(model="agent", messages=messages, tools=TOOLS, seed=next(SEEDS), **more)


def test_tool_calls_are_passed_on_and_the_answer_is_held(
    gateway: GatewayServer, provider: ProviderServer
) -> None:
    provider.answers.extend(
        [
            {"content": None, "tool_calls": [call("call_x1", "look_up", to="<PERSON_1>")]},
            {"content": None, "tool_calls": [call("call_x2", "calendar"), call("call_x3", "look_up")]},
            "Dear <PERSON_1>, please come.",
        ]
    )
    messages = [ASKED]
    run = []
    for ids in (["call_x1"], ["call_x2", "call_x3"]):
        answer = ask(gateway, messages)
        assert answer.status_code == 200
        run.append(answer.headers["x-advice-id"])
        message = answer.json()["choices"][0]["message"]
        assert [one["id"] for one in message["tool_calls"]] == ids
        assert answer.json()["decision_support"]["status"] == "passed_on"
        messages = [*messages, message, *(result(one, "nothing") for one in ids)]
    held = ask(gateway, messages)
    error = held.json()["error"]
    assert (held.status_code, error["code"]) == (409, "advice_held")
    assert held.headers["x-should-retry"] == "false"
    assert error["review_url"].endswith(error["advice"])

    assert gateway.types(run[0])[-2:] == ["advice.received", "advice.passed_on"]
    compared = [
        "unsupported_facts" in one for one in gateway.events(run[0]) if one["type"] == "advice.received"
    ]
    assert compared == [False], "a turn that decides nothing is not compared with what it rests on"
    assert gateway.events(run[1])[0]["continues"] == run[0]
    assert gateway.events(error["advice"])[0]["continues"] == run[1]
    seen = gateway.read("ana", error["advice"]).json()
    assert seen["completion"]["choices"][0]["message"]["content"] == "Dear Ann Quilp, please come."
    assert gateway.decide("ana", error["advice"]).status_code == 201
    released = gateway.read("application", error["advice"]).json()["completion"]
    assert released["choices"][0]["message"]["content"] == "Dear Ann Quilp, please come."


def test_what_the_model_says_beside_its_calls_is_not_released(
    gateway: GatewayServer, provider: ProviderServer
) -> None:
    said = {"content": "She should be recalled.", "tool_calls": [call("call_y", "look_up")]}
    provider.answers.append({**said, "reasoning_content": "Recall her."})
    answer = ask(gateway, [ASKED])
    message = answer.json()["choices"][0]["message"]
    assert message["tool_calls"]
    assert "ecall" not in answer.text
    assert (
        gateway.read("application", answer.headers["x-advice-id"]).json()["completion"]["choices"][0][
            "message"
        ]
        == message
    )
    seen = gateway.read("ana", answer.headers["x-advice-id"]).json()["completion"]["choices"][0]["message"]
    assert seen["content"] == "She should be recalled."


@pytest.mark.parametrize(
    "calls",
    [
        [call("call_z", "send_letter", to="Ann", text="Come.")],
        [call("call_z", "look_up"), call("call_zz", "send_letter")],
        [call("call_z", "invented")],
    ],
    ids=["a tool that the policy holds", "one of two", "a tool that nobody declared"],
)
def test_other_calls_are_held(
    calls: list[dict[str, Any]], gateway: GatewayServer, provider: ProviderServer
) -> None:
    provider.answers.append({"content": None, "tool_calls": calls})
    held = ask(gateway, [ASKED])
    assert (held.status_code, held.json()["error"]["code"]) == (409, "advice_held")


def test_a_person_changes_a_call_before_the_application_gets_it(
    gateway: GatewayServer, provider: ProviderServer
) -> None:
    calls = [call("call_l", "send_letter", to="<PERSON_1>", text="You must come.")]
    provider.answers.append({"content": None, "tool_calls": calls})
    advice = ask(gateway, [ASKED]).json()["error"]["advice"]
    gateway.give_password("ana")
    page = gateway.browser("ana").get(f"/advice/{advice}").text
    assert "send_letter" in page
    assert "to: Ann Quilp" in re.sub(r"<[^>]+>", "", page)  # a name leads to its place in the request
    for wrong in (
        "no JSON",
        "[]",
        '[{"name": "send_letter"}]',
        '[{"name": "look_up", "arguments": {}}]',
        " ",
    ):
        refused = gateway.decide("ana", advice, amendment=wrong)
        assert (refused.status_code, refused.json()["error"]["param"]) == (422, "amendment")
    changed = [{"name": "send_letter", "arguments": {"to": "Ann Quilp", "text": "Please come."}}]
    assert gateway.decide("ana", advice, amendment=json.dumps(changed)).status_code == 201
    choice = gateway.read("application", advice).json()["completion"]["choices"][0]
    (got,) = choice["message"]["tool_calls"]
    assert got["id"] == "call_l"
    assert json.loads(got["function"]["arguments"]) == {"to": "Ann Quilp", "text": "Please come."}


def test_openais_sdk_raises_for_held_advice_and_does_not_ask_again(
    gateway: GatewayServer, provider: ProviderServer
) -> None:
    provider.answers.append("Come.")
    before = len(provider.requests)
    with pytest.raises(openai.ConflictError) as held:
        gateway.openai().with_options(max_retries=3).chat.completions.create(
            model="held",
            messages=[{"role": "user", "content": "Help."}],
            response_format={"type": "json_object"},
        )
    assert held.value.code == "advice_held"
    assert len(provider.requests) == before + 1


@pytest.mark.parametrize("prefer", ["respond-async", "wait=0"])
def test_an_application_that_knows_receipts_gets_one(
    prefer: str, gateway: GatewayServer, provider: ProviderServer
) -> None:
    provider.answers.append("{}")
    with gateway.client() as client:
        body = {
            "model": "held",
            "messages": [{"role": "user", "content": "Help."}],
            "response_format": {"type": "json_object"},
        }
        answer = client.post("/v1/chat/completions", json=body, headers={"Prefer": prefer})
    assert answer.status_code == 202


def test_a_run_does_not_go_on_from_another_cases_calls(
    gateway: GatewayServer, provider: ProviderServer
) -> None:
    provider.answers.extend([{"content": None, "tool_calls": [call("call_same", "look_up")]}, "Done."])
    first = ask(gateway, [ASKED], metadata={"case": "run-1"})
    message = first.json()["choices"][0]["message"]
    messages = [ASKED, message, result("call_same", "nothing")]
    held = ask(gateway, messages, metadata={"case": "run-2"}).json()["error"]["advice"]
    assert "continues" not in gateway.events(held)[0]


ONLY_LOOK_UP = {"type": "function", "function": {"name": "look_up"}}


@pytest.mark.parametrize(
    "demand",
    [
        {"tool_choice": ONLY_LOOK_UP},
        {"tool_choice": "required"},
        {
            "tool_choice": {
                "type": "allowed_tools",
                "allowed_tools": {"mode": "required", "tools": [ONLY_LOOK_UP]},
            }
        },
    ],
    ids=["named", "required", "allowed"],
)
def test_a_call_that_the_request_demands_is_the_answer(
    demand: dict[str, Any], gateway: GatewayServer, provider: ProviderServer
) -> None:
    provider.answers.append({"content": None, "tool_calls": [call("call_d", "look_up", to="Leeds")]})
    answer = gateway.ask("Fill it in.", model="agent", tools=[tool("look_up")], **demand)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "advice_held")
    advice = answer.json()["error"]["advice"]
    assert gateway.decide("ana", advice).status_code == 201
    released = gateway.read("application", advice).json()["completion"]["choices"][0]["message"]
    assert released["tool_calls"][0]["function"]["name"] == "look_up"


def test_a_demanded_call_is_a_step_where_the_policy_names_the_tool_that_is_the_answer(
    gateway: GatewayServer, provider: ProviderServer
) -> None:
    provider.answers.append({"content": None, "tool_calls": [call("call_e", "look_up")]})
    step = ask(gateway, [ASKED], tool_choice="required")
    assert step.json()["decision_support"]["status"] == "passed_on"
    provider.answers.append({"content": None, "tool_calls": [call("call_f", "send_letter")]})
    assert ask(gateway, [{**ASKED, "content": "Again."}], tool_choice="required").status_code == 409
