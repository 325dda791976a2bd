"""An agent that calls tools, through the official SDK: two turns, with ids as each provider makes them."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.gateway_server import GatewayServer
from tests.provider_server import ProviderServer

NINO = "AB123456C"
IDS = {
    "OpenAI": ("call_9fK2mQ7dTz1LxVbR4sWc8YpA", "call_Ab12cD34eF56gH78iJ90kLmN"),
    "Anthropic": ("toolu_01A09q90qw90lq917835lq9b", "toolu_01T1x1fJ34qAmk2tNTrN7Up6"),
    "Mistral": ("D681PevKs", "VvvODy9mT"),
    "a server that counts": ("call_0", "call_1"),
}
TOOLS: list[Any] = [
    {
        "type": "function",
        "function": {
            "name": "CaseSummary",
            "description": "What the record of a case says.",
            "parameters": {
                "type": "object",
                "properties": {
                    "NiNumber": {"type": "string"},
                    "part": {"type": "string", "enum": ["all", NINO]},
                },
                "required": ["NiNumber"],
            },
        },
    }
]


def called(call_id: str, arguments: dict[str, Any]) -> dict[str, Any]:
    function = {"name": "CaseSummary", "arguments": json.dumps(arguments)}
    return {"id": call_id, "type": "function", "function": function}


def turns(gateway: GatewayServer, messages: list[Any], *, stream: bool) -> list[Any]:
    """One turn of the agent: the calls that it got, after the message is put behind the others."""
    client = gateway.openai().chat.completions
    if not stream:
        message = client.create(model="use", messages=messages, tools=TOOLS).choices[0].message
        messages.append(message.model_dump(exclude_none=True))
        return list(message.tool_calls or [])
    with gateway.openai().chat.completions.stream(model="use", messages=messages, tools=TOOLS) as events:
        final = events.get_final_completion().choices[0].message
    messages.append(
        {
            "role": "assistant",
            "content": final.content,
            **({"tool_calls": [_plain(call) for call in final.tool_calls]} if final.tool_calls else {}),
        }
    )
    return list(final.tool_calls or [])


def _plain(call: Any) -> dict[str, Any]:
    return {
        "id": call.id,
        "type": "function",
        "function": {"name": call.function.name, "arguments": call.function.arguments},
    }


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("maker", IDS)
def test_a_loop_of_two_steps_ends_with_an_answer(
    maker: str, stream: bool, gateway: GatewayServer, provider: ProviderServer
) -> None:
    first, second = IDS[maker]
    provider.answers.extend(
        [
            {"content": None, "tool_calls": [called(first, {"NiNumber": "<UK_NINO_1>"})]},
            {"content": None, "tool_calls": [called(second, {"NiNumber": "<UK_NINO_1>", "part": "all"})]},
            {"content": "Nothing is recorded for <UK_NINO_1>."},
        ]
    )
    messages: list[Any] = [{"role": "user", "content": f"What is on file for {NINO}?"}]
    for expected in (first, second):
        (call,) = turns(gateway, messages, stream=stream)
        assert call.id == expected
        assert json.loads(call.function.arguments)["NiNumber"] == NINO
        messages.append({"role": "tool", "tool_call_id": call.id, "content": f'{{"NiNumber": "{NINO}"}}'})
    assert turns(gateway, messages, stream=stream) == []
    assert messages[-1]["content"] == f"Nothing is recorded for {NINO}."
    assert NINO.encode() not in provider.received

    sent = provider.requests[-1].json
    ids = [message["tool_call_id"] for message in sent["messages"] if message["role"] == "tool"]
    assert ids == [call["id"] for message in sent["messages"] for call in message.get("tool_calls") or ()]
    assert ids == (list(IDS[maker]) if maker == "a server that counts" else ["call_1", "call_2"])
    assert sent["tools"][0]["function"]["parameters"]["properties"]["part"]["enum"] == ["all", "<UK_NINO_1>"]


def test_whoever_decides_sees_the_apps_own_ids(gateway: GatewayServer, provider: ProviderServer) -> None:
    first, second = IDS["Mistral"]
    provider.answers.append({"content": "As call_1 says.", "tool_calls": [called("call_1", {})]})
    messages = [
        {"role": "user", "content": "Help."},
        {"role": "assistant", "content": None, "tool_calls": [called(first, {})]},
        {"role": "tool", "tool_call_id": first, "content": second},
    ]
    answer = gateway.ask(model="use", messages=messages, tools=TOOLS)
    message = answer.json()["choices"][0]["message"]
    assert (message["content"], message["tool_calls"][0]["id"]) == (f"As {first} says.", first)
    seen = gateway.read("ana", answer.headers["x-advice-id"]).json()
    assert seen["completion"]["choices"][0]["message"] == message


def test_a_tool_whose_name_holds_a_person_is_refused_in_openais_shape(gateway: GatewayServer) -> None:
    tools = [{"type": "function", "function": {"name": "getQuilpDetails"}}]
    answer = gateway.ask("Mr Daniel Quilp came.", model="use", tools=tools)
    assert answer.status_code == 422
    error = answer.json()["error"]
    assert (error["code"], error["param"]) == ("unreadable_content", "tools[0].function.name")
    assert "Name it after what it does" in error["message"]


def test_what_a_policy_declares_as_its_tools_passes_unread(
    gateway: GatewayServer, provider: ProviderServer
) -> None:
    path = Path(__file__).parent / "policies" / "tools" / "letters.json"
    tools = json.loads(path.read_text("utf-8"))
    assert gateway.ask("Write it.", model="with-tools", tools=tools).status_code == 200
    assert provider.requests[-1].json["tools"] == tools
    assert gateway.ask("Write it.", model="use", tools=tools).status_code == 200
    assert b"07700 900123" in provider.requests[-2].raw
    assert b"07700 900123" not in provider.requests[-1].raw
