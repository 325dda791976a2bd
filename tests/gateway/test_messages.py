"""Anthropic's Messages API over the same pipeline: what goes in, what comes back, and nothing personal leaves."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.gateway_server import PLAIN, GatewayServer
from tests.provider_server import ProviderServer

NOTE = "Siobhan O'Connor, NI AB 12 34 56 C."
PERSONAL = (b"Siobhan", b"O'Connor", b"AB 12 34 56 C", b"AB123456C")
ABOUT = {"X-Countersign-Subjects": '["Siobhan O\'Connor"]'}
TOOL = {
    "name": "lookup",
    "description": "What the record says.",
    "input_schema": {"type": "object", "properties": {"ni": {"type": "string"}}},
}


def send(
    gateway: GatewayServer, *, path: str = "/v1/messages", headers: dict[str, str] | None = None, **body: Any
) -> httpx.Response:
    """As Anthropic's client sends it."""
    request = {
        "model": "use",
        "max_tokens": 100,
        "messages": [{"role": "user", "content": "Please help."}],
        **body,
    }
    own = {"x-api-key": gateway.key, "anthropic-version": "2023-06-01", "anthropic-beta": "some-2026-01-01"}
    return httpx.post(
        f"{gateway.url}{path}",
        json={name: value for name, value in request.items() if value is not None},
        headers={**own, **(headers or {})},
        timeout=20,
        verify=PLAIN,
    )


def user(*blocks: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"role": "user", "content": list(blocks)}]


def text(words: str) -> dict[str, Any]:
    return {"type": "text", "text": words}


def test_a_message_comes_back_with_its_caveats_and_the_names_put_back(gateway: GatewayServer) -> None:
    answer = send(gateway, messages=[{"role": "user", "content": NOTE}], headers=ABOUT)
    assert answer.status_code == 200
    message = answer.json()
    assert message["content"] == [{"type": "text", "text": NOTE}]
    assert (message["type"], message["role"], message["stop_reason"]) == ("message", "assistant", "end_turn")
    assert message["usage"]["input_tokens"] > 0
    assert message["usage"]["output_tokens"] > 0
    support = message["decision_support"]
    assert support["caveats"][0]["id"] == "not-a-decision"
    assert answer.headers["x-advice-id"] == support["advice_id"]
    assert gateway.types(support["advice_id"])[:2] == ["advice.requested", "advice.received"]


def test_a_bearer_token_does_as_well(gateway: GatewayServer) -> None:
    headers = {"Authorization": f"Bearer {gateway.key}", "x-api-key": "ignored"}
    assert send(gateway, headers=headers).status_code == 200


def test_what_both_interfaces_have_reaches_the_provider(
    gateway: GatewayServer, provider: ProviderServer
) -> None:
    choice = {"type": "tool", "name": "lookup", "disable_parallel_tool_use": True}
    send(
        gateway,
        system=[text("Be brief."), {**text("Be kind."), "cache_control": {"type": "ephemeral"}}],
        temperature=0.5,
        top_p=0.9,
        top_k=7,
        stop_sequences=["END"],
        metadata={"user_id": "u-1"},
        thinking={"type": "disabled"},
        cache_control={"type": "ephemeral"},
        tools=[{**TOOL, "cache_control": {"type": "ephemeral"}}],
        tool_choice=choice,
    )
    sent = provider.requests[-1].json
    assert sent["messages"][1:] == [
        {"role": "system", "content": [text("Be brief."), text("Be kind.")]},
        {"role": "user", "content": "Please help."},
    ]
    wanted = {
        "max_tokens": 100,
        "temperature": 0.5,
        "top_p": 0.9,
        "top_k": 7,
        "stop": ["END"],
        "user": "u-1",
        "tool_choice": {"type": "function", "function": {"name": "lookup"}},
        "parallel_tool_calls": False,
    }
    assert {name: sent.get(name) for name in wanted} == wanted
    function = {
        "name": "lookup",
        "description": TOOL["description"],
        "parameters": TOOL["input_schema"],
    }
    assert sent["tools"] == [{"type": "function", "function": function}]
    assert "cache_control" not in provider.requests[-1].body.decode()


@pytest.mark.parametrize(
    ("choice", "chat"), [("auto", "auto"), ("any", "required"), ("none", "none")], ids=str
)
def test_choices_of_tools(gateway: GatewayServer, provider: ProviderServer, choice: str, chat: str) -> None:
    send(gateway, tools=[TOOL], tool_choice={"type": choice})
    assert provider.requests[-1].json["tool_choice"] == chat


def test_a_conversation_with_tools_keeps_its_order(gateway: GatewayServer, provider: ProviderServer) -> None:
    messages = [
        {"role": "user", "content": "Look."},
        {
            "role": "assistant",
            "content": [
                {"type": "thinking", "thinking": "Hidden.", "signature": "c2ln"},
                {"type": "redacted_thinking", "data": "c2ln"},
                text("I "),
                text("look."),
                {"type": "tool_use", "id": "toolu_1", "name": "lookup", "input": {"ni": "x"}},
                {"type": "tool_use", "id": "toolu_2", "name": "lookup", "input": {}},
            ],
        },
        *user(
            text("And then?"),
            {"type": "tool_result", "tool_use_id": "toolu_1", "content": [text("One."), text("Two.")]},
            {"type": "tool_result", "tool_use_id": "toolu_2", "content": "No.", "is_error": True},
        ),
        {"role": "system", "content": "Stay brief."},
    ]
    assert send(gateway, messages=messages, tools=[TOOL]).status_code == 200
    sent = provider.requests[-1].json["messages"][1:]
    assert sent == [
        {"role": "user", "content": "Look."},
        {
            "role": "assistant",
            "content": "I look.",
            "tool_calls": [
                {
                    "id": "call_1",
                    "type": "function",
                    "function": {"name": "lookup", "arguments": '{"ni":"x"}'},
                },
                {"id": "call_2", "type": "function", "function": {"name": "lookup", "arguments": "{}"}},
            ],
        },
        {"role": "tool", "tool_call_id": "call_1", "content": [text("One."), text("Two.")]},
        {"role": "tool", "tool_call_id": "call_2", "content": [text("The tool failed:"), text("No.")]},
        {"role": "user", "content": "And then?"},
        {"role": "system", "content": "Stay brief."},
    ]


def test_calls_of_tools_come_back_as_blocks_with_the_values_put_back(
    gateway: GatewayServer, provider: ProviderServer
) -> None:
    function = {"name": "lookup", "arguments": '{"ni": "<UK_NINO_1>"}'}
    broken = {"name": "lookup", "arguments": '{"ni": '}
    provider.answers.append(
        {
            "content": "I look.",
            "tool_calls": [
                {"id": "call_a", "type": "function", "function": function},
                {"id": "call_b", "type": "function", "function": broken},
            ],
        }
    )
    message = send(gateway, messages=[{"role": "user", "content": NOTE}], tools=[TOOL]).json()
    assert message["stop_reason"] == "tool_use"
    assert message["content"] == [
        {"type": "text", "text": "I look."},
        {"type": "tool_use", "id": "call_a", "name": "lookup", "input": {"ni": "AB 12 34 56 C"}},
        {"type": "tool_use", "id": "call_b", "name": "lookup", "input": {"INVALID_JSON": '{"ni": '}},
    ]


EVERYWHERE: dict[str, dict[str, Any]] = {
    "a text": {"messages": [{"role": "user", "content": NOTE}]},
    "a block": {"messages": user(text("See:"), text(NOTE))},
    "system": {"system": NOTE},
    "a system block": {"system": [text(NOTE), text("Be brief.")]},
    "a system message": {"messages": [*user(text("Hi")), {"role": "system", "content": NOTE}]},
    "an answer": {"messages": [*user(text("Hi")), {"role": "assistant", "content": NOTE}]},
    "an answer's block": {"messages": [*user(text("Hi")), {"role": "assistant", "content": [text(NOTE)]}]},
    "what a tool is given": {
        "messages": [
            *user(text("Hi")),
            {
                "role": "assistant",
                "content": [{"type": "tool_use", "id": "t1", "name": "lookup", "input": {"who": NOTE}}],
            },
        ],
        "tools": [TOOL],
    },
    "names within what a tool is given": {
        "messages": [
            *user(text("Hi")),
            {
                "role": "assistant",
                "content": [{"type": "tool_use", "id": "t1", "name": "lookup", "input": {NOTE: [NOTE]}}],
            },
        ],
    },
    "what a tool said": {
        "messages": user({"type": "tool_result", "tool_use_id": "t1", "content": NOTE}),
    },
    "blocks that a tool said": {
        "messages": user({"type": "tool_result", "tool_use_id": "t1", "content": [text(NOTE), text("x")]}),
    },
    "a tool's failure": {
        "messages": user({"type": "tool_result", "tool_use_id": "t1", "content": NOTE, "is_error": True}),
    },
    "ids of calls": {
        "messages": [
            *user(text("Hi")),
            {
                "role": "assistant",
                "content": [{"type": "tool_use", "id": NOTE, "name": "lookup", "input": {}}],
            },
            *user({"type": "tool_result", "tool_use_id": NOTE, "content": "Nothing."}),
        ],
    },
    "a tool's description": {"tools": [{**TOOL, "description": NOTE}]},
    "a tool's schema": {
        "tools": [
            {
                **TOOL,
                "input_schema": {
                    "type": "object",
                    "properties": {"a": {"description": NOTE, "enum": [NOTE], "default": NOTE}},
                },
            }
        ]
    },
    "stop sequences": {"stop_sequences": [NOTE]},
    "the user": {"metadata": {"user_id": NOTE}},
    "thinking": {
        "messages": [
            *user(text("Hi")),
            {
                "role": "assistant",
                "content": [{"type": "thinking", "thinking": NOTE, "signature": NOTE}, text("Yes.")],
            },
        ]
    },
    "what is ignored": {
        "messages": user({**text("Hi"), "citations": [{"cited_text": NOTE}], "cache_control": {"x": NOTE}}),
        "cache_control": {"x": NOTE},
    },
}


@pytest.mark.parametrize("field", EVERYWHERE)
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
def test_nothing_personal_reaches_the_provider_by_any_field(
    gateway: GatewayServer, provider: ProviderServer, field: str, stream: bool
) -> None:
    answer = send(gateway, stream=stream, headers=ABOUT, **EVERYWHERE[field])
    assert answer.status_code == 200, answer.text
    assert len(provider.requests) == 1
    assert not [value for value in PERSONAL if value in provider.received]


@pytest.mark.parametrize("place", ["tool name", "tool choice"])
def test_a_name_of_a_tool_that_is_personal_is_refused(
    gateway: GatewayServer, provider: ProviderServer, place: str
) -> None:
    tool = {**TOOL, "name": "AB123456C"} if place == "tool name" else TOOL
    answer = send(gateway, tools=[tool], tool_choice={"type": "tool", "name": "AB123456C"})
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (422, "unreadable_content")
    assert error["param"] == ("tools[0].name" if place == "tool name" else "tool_choice.name")
    assert provider.requests == []


def test_the_context_goes_by_headers_and_never_leaves(
    gateway: GatewayServer, provider: ProviderServer
) -> None:
    person = gateway.people["ana"][0]
    headers = {"X-Countersign-Case": "ZX-9981", "X-Countersign-On-Behalf-Of": person, **ABOUT}
    advice = send(gateway, headers=headers).json()["decision_support"]["advice_id"]
    (asked,) = (event for event in gateway.events(advice) if event["type"] == "advice.requested")
    assert asked["requester"] == person
    assert asked["case"].startswith("case_")
    for value in (b"ZX-9981", person.encode(), gateway.key.encode(), b"some-2026-01-01"):
        assert value not in provider.received


def test_held_advice_is_a_receipt_in_the_ordinary_shape(gateway: GatewayServer) -> None:
    answer = send(gateway, model="held")
    message = answer.json()
    assert answer.status_code == 202
    assert message["decision_support"]["status"] == "pending"
    assert message["decision_support"]["advice_id"] in message["content"][0]["text"]


def test_held_advice_is_no_receipt_for_a_program_with_tools(gateway: GatewayServer) -> None:
    answer = send(gateway, model="held", tools=[TOOL])
    error = answer.json()["error"]
    assert (answer.status_code, error["type"], error["code"]) == (
        409,
        "invalid_request_error",
        "advice_held",
    )
    assert error["review_url"].endswith(error["advice"])
    assert answer.headers["x-should-retry"] == "false"
    known = send(gateway, model="held", tools=[TOOL], headers={"Prefer": "respond-async"})
    assert known.status_code == 202


def test_the_same_key_again_gets_the_answer_once_it_is_accepted(gateway: GatewayServer) -> None:
    again = {"Idempotency-Key": "messages-1", **ABOUT}
    messages = [{"role": "user", "content": NOTE}]
    held = send(gateway, model="held", messages=messages, headers=again).json()
    advice = held["decision_support"]["advice_id"]
    assert gateway.decide("ben", advice).status_code == 201
    answer = send(gateway, model="held", messages=messages, headers=again)
    assert (answer.status_code, answer.json()["content"][0]["text"]) == (200, NOTE)


def test_tokens_are_counted_without_leaving(gateway: GatewayServer, provider: ProviderServer) -> None:
    path = "/v1/messages/count_tokens"
    few = send(gateway, path=path, max_tokens=None)
    many = send(gateway, path=path, max_tokens=None, system="word " * 100, tools=[TOOL])
    assert few.status_code == many.status_code == 200
    assert 0 < few.json()["input_tokens"] < 50
    assert many.json()["input_tokens"] > few.json()["input_tokens"] + 100
    assert provider.requests == []


def test_the_documents_example_works_as_it_stands(gateway: GatewayServer, tmp_path: Path) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "messages.md").read_text("utf-8")
    example = guide.split("```python\n")[1].split("```")[0]
    example = example.replace("http://127.0.0.1:8080", gateway.url).replace("letters", "use")
    told: list[Any] = []
    exec(
        compile(example.replace("THE-KEY", gateway.key), "messages.md", "exec"),
        {"print": lambda *said: told.extend(said)},
    )
    assert told[0] == "Shorten this: Ann Lee called on Monday."
    assert told[1].startswith(f"{gateway.url}/advice/adv_")


def test_a_schema_of_the_output_is_passed_on_and_its_values_are_redacted(
    gateway: GatewayServer, provider: ProviderServer
) -> None:
    provider.answer = '{"number": "<UK_NINO_1>"}'
    schema = {"type": "object", "properties": {"number": {"type": "string", "enum": ["AB123456C"]}}}
    answer = send(gateway, output_config={"format": {"type": "json_schema", "schema": schema}})
    assert json.loads(answer.json()["content"][0]["text"]) == {"number": "AB123456C"}
    sent = provider.requests[-1].json["response_format"]["json_schema"]
    assert sent["schema"]["properties"]["number"]["enum"] == ["<UK_NINO_1>"]


def test_anthropics_client_is_told_that_the_server_keeps_no_threads(gateway: GatewayServer) -> None:
    error = send(gateway, thread={"type": "create"}).json()["error"]
    assert error["param"] == "thread"
    assert error["details"]["error_code"] == "thread_unsupported_request"
