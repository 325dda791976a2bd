"""Whatever the field of a Responses request that personal data stands in, none of it leaves."""

import json
from typing import Any

import pytest

from tests.gateway_server import GatewayServer
from tests.provider_server import ProviderServer

NAME, NINO = "Ottilie Quillfeather", "AB123456C"
SECRET = f"{NAME}, NI {NINO}"
PERSONAL = (b"Ottilie", b"Quillfeather", NINO.encode(), b"AB 12 34 56 C")
ABOUT = {"subjects": json.dumps([NAME])}
CALL = {"type": "function_call", "call_id": "call_a", "name": "find_slot", "arguments": "{}"}
OUTPUT = {"type": "function_call_output", "call_id": "call_a", "output": "none"}
TOOL = {"type": "function", "name": "find_slot", "parameters": {"type": "object"}}


def schema(**of_member: Any) -> dict[str, Any]:
    return {"type": "object", "properties": {"x": {"type": "string", **of_member}}}


FIELDS: dict[str, dict[str, Any]] = {
    "input": {"input": SECRET},
    "message": {"input": [{"role": "user", "content": SECRET}]},
    "system message": {"input": [{"role": "system", "content": SECRET}]},
    "developer message": {"input": [{"type": "message", "role": "developer", "content": SECRET}]},
    "input_text": {"input": [{"role": "user", "content": [{"type": "input_text", "text": SECRET}]}]},
    "output_text": {
        "input": [
            {
                "type": "message",
                "id": f"msg_{NINO}",
                "status": "completed",
                "role": "assistant",
                "content": [
                    {
                        "type": "output_text",
                        "text": SECRET,
                        "annotations": [
                            {"type": "url_citation", "title": SECRET, "url": "https://x.example"}
                        ],
                    }
                ],
            }
        ]
    },
    "refusal": {"input": [{"role": "assistant", "content": [{"type": "refusal", "refusal": SECRET}]}]},
    "arguments": {"input": [{**CALL, "arguments": json.dumps({"who": SECRET, NAME: NINO})}, OUTPUT]},
    "call_id": {"input": [{**CALL, "call_id": SECRET}, {**OUTPUT, "call_id": SECRET}]},
    "output": {"input": [CALL, {**OUTPUT, "output": SECRET}]},
    "output as JSON": {"input": [CALL, {**OUTPUT, "output": json.dumps({"who": SECRET})}]},
    "output parts": {"input": [CALL, {**OUTPUT, "output": [{"type": "input_text", "text": SECRET}]}]},
    "reasoning": {
        "input": [
            {"type": "reasoning", "id": "rs_1", "summary": [{"type": "summary_text", "text": SECRET}]},
            {"role": "user", "content": "Hello"},
        ]
    },
    "instructions": {"instructions": SECRET},
    "tool description": {"tools": [{**TOOL, "description": SECRET}]},
    "tool parameters": {"tools": [{**TOOL, "parameters": schema(description=SECRET, enum=[NINO, NAME])}]},
    "text.format": {
        "text": {
            "format": {
                "type": "json_schema",
                "name": "x",
                "description": SECRET,
                "schema": schema(description=SECRET, default=NINO),
            }
        }
    },
    "text.verbosity": {"text": {"verbosity": SECRET}},
    "reasoning.effort": {"reasoning": {"effort": SECRET}},
    "metadata": {"metadata": {**ABOUT, "case": NINO, "note": SECRET}},
    "user": {"user": SECRET},
    "safety_identifier": {"safety_identifier": SECRET},
    "prompt_cache_key": {"prompt_cache_key": SECRET},
    "prompt_cache_retention": {"prompt_cache_retention": SECRET},
    "service_tier": {"service_tier": SECRET},
    "include": {"include": [SECRET]},
}


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("field", FIELDS)
def test_no_field_lets_personal_data_out(
    gateway: GatewayServer, provider: ProviderServer, field: str, stream: bool
) -> None:
    provider.answer = "Noted."
    body = {"model": "use", "input": "Hello", "metadata": ABOUT, "stream": stream, **FIELDS[field]}
    with gateway.client() as client:
        answer = client.post("/v1/responses", json=body)
    assert answer.status_code == 200, answer.text
    assert len(provider.requests) == 1
    assert not [value for value in PERSONAL if value in provider.received]


@pytest.mark.parametrize(
    ("field", "body"),
    [
        ("tools[0].name", {"tools": [{**TOOL, "name": f"find_{NINO}"}]}),
        (
            "text.format.name",
            {"text": {"format": {"type": "json_schema", "name": f"f_{NINO}", "schema": {}}}},
        ),
        ("tool_choice.name", {"tools": [TOOL], "tool_choice": {"type": "function", "name": f"f_{NINO}"}}),
        ("model", {"model": SECRET}),
    ],
)
def test_a_name_that_cannot_be_redacted_is_refused_and_not_repeated(
    gateway: GatewayServer, provider: ProviderServer, field: str, body: dict[str, Any]
) -> None:
    with gateway.client() as client:
        answer = client.post(
            "/v1/responses", json={"model": "use", "input": "Hello", "metadata": ABOUT, **body}
        )
    assert 400 <= answer.status_code < 500
    assert answer.json()["error"]["param"] == field
    assert not [value for value in PERSONAL if value in answer.content]
    assert provider.requests == []


def test_a_continued_conversation_is_redacted_again(gateway: GatewayServer, provider: ProviderServer) -> None:
    client = gateway.openai().responses
    about: Any = {**ABOUT, "case": "responses-privacy"}
    first = client.create(model="use", input=SECRET, metadata=about)
    assert first.output_text == SECRET
    second = client.create(model="use", input="And?", previous_response_id=first.id, metadata=about)
    client.create(model="use", input=f"So {NAME}?", previous_response_id=second.id, metadata=about)
    assert len(provider.requests[-1].json["messages"]) == 6
    assert not [value for value in PERSONAL if value in provider.received]


def test_ids_of_the_gateways_own_do_not_leave(gateway: GatewayServer, provider: ProviderServer) -> None:
    client = gateway.openai().responses
    first = client.create(model="use", input="Hello")
    asked: Any = [*first.output, {"role": "user", "content": "More"}]
    client.create(model="use", input=asked)
    client.create(model="use", input="More", previous_response_id=first.id)
    assert b"adv_" not in provider.received
