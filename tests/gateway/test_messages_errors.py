"""Errors of the Messages API: Anthropic's shape and types, and the caller's own names for its fields."""

from typing import Any

import httpx
import pytest

from tests.gateway.test_messages import TOOL, send, text, user
from tests.gateway_server import PLAIN, GatewayServer
from tests.provider_server import Fault, ProviderServer

ENCODED = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk"
ASKED = {"role": "user", "content": "Hi"}
CALL = {"type": "tool_use", "id": "t1", "name": "lookup", "input": {}}


def refused(answer: httpx.Response) -> dict[str, Any]:
    body = answer.json()
    assert body["type"] == "error"
    error: dict[str, Any] = body["error"]
    assert {"type", "message", "code", "param"} <= set(error)
    return error


@pytest.mark.parametrize(
    ("fault", "status", "kind"),
    [
        (Fault(status=429), 429, "rate_limit_error"),
        (Fault(status=500), 502, "api_error"),
        (Fault(status=400), 400, "invalid_request_error"),
        (Fault(hang=True), 504, "timeout_error"),
    ],
    ids=["429", "500", "400", "silent"],
)
def test_a_providers_failure(
    gateway: GatewayServer, provider: ProviderServer, fault: Fault, status: int, kind: str
) -> None:
    provider.faults.append(fault)
    answer = send(gateway)
    assert (answer.status_code, refused(answer)["type"]) == (status, kind)
    assert answer.headers["x-should-retry"] == "false"


def test_whose_key_is_not_right(gateway: GatewayServer) -> None:
    for headers, status, kind in (
        ({"x-api-key": "unknown"}, 401, "authentication_error"),
        ({"x-api-key": gateway.people["ana"][1]}, 403, "permission_error"),
        ({"Authorization": "Bearer unknown"}, 401, "authentication_error"),
    ):
        answer = send(gateway, headers=headers)
        assert (answer.status_code, refused(answer)["type"]) == (status, kind)
    answer = httpx.post(f"{gateway.url}/v1/messages", json={}, verify=PLAIN)
    assert (answer.status_code, refused(answer)["code"]) == (401, "missing_credential")


def test_unknown_policies_paths_and_methods(gateway: GatewayServer) -> None:
    answer = send(gateway, model="nobody")
    assert (answer.status_code, refused(answer)["type"]) == (404, "not_found_error")
    assert refused(httpx.get(f"{gateway.url}/v1/messages", verify=PLAIN))["code"] == "method_not_allowed"
    assert (
        refused(httpx.post(f"{gateway.url}/v1/messages/batches", verify=PLAIN))["type"] == "not_found_error"
    )
    answer = send(gateway, model="nobody", path="/v1/messages/count_tokens")
    assert refused(answer)["code"] == "unknown_policy"


def test_a_body_that_is_none_or_too_large(gateway: GatewayServer) -> None:
    url, key = f"{gateway.url}/v1/messages", {"x-api-key": gateway.key}
    assert refused(httpx.post(url, content=b"[", headers=key, verify=PLAIN))["code"] == "invalid_json"
    large = refused(httpx.post(url, content=b" " * 1_100_000, headers=key, verify=PLAIN))
    assert (large["type"], large["code"]) == ("request_too_large", "body_too_large")


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"max_tokens": None}, "max_tokens"),
        ({"max_tokens": "9"}, "max_tokens"),
        ({"messages": []}, "messages"),
        ({"messages": [7]}, "messages[0]"),
        ({"messages": [{"role": "tool", "content": "x"}]}, "messages[0].role"),
        ({"messages": [{"role": "user"}]}, "messages[0].content"),
        ({"messages": user({"text": "x"})}, "messages[0].content[0].type"),
        ({"messages": user({"type": "text"})}, "messages[0].content[0].text"),
        (
            {"messages": [ASKED, {"role": "assistant", "content": [{**CALL, "input": "x"}]}]},
            "messages[1].content[0].input",
        ),
        ({"system": 7}, "system"),
        ({"system": [7]}, "system[0]"),
        ({"stop_sequences": "END"}, "stop_sequences"),
        ({"tools": [{"name": "lookup"}]}, "tools[0].input_schema"),
        ({"tools": [{**TOOL, "input_examples": []}]}, "tools[0]"),
        ({"tools": [TOOL], "tool_choice": {"type": "some"}}, "tool_choice.type"),
        ({"metadata": {"case": "A-1"}}, "metadata.case"),
        ({"thinking": {"type": "enabled", "budget_tokens": 2000}}, "thinking"),
        ({"container": "x"}, "container"),
        ({"output_config": {"effort": "low"}}, "output_config.effort"),
        ({"output_config": {"format": {"type": "json_schema"}}}, "output_config.format.schema"),
        ({"Ann Lee": 1}, "*"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_wrong_is_named(
    gateway: GatewayServer, provider: ProviderServer, body: dict[str, Any], param: str
) -> None:
    answer = send(gateway, **body)
    error = refused(answer)
    assert (answer.status_code, error["code"], error["param"]) == (400, "invalid_request", param)
    assert "Ann Lee" not in answer.text
    assert provider.requests == []


@pytest.mark.parametrize("kind", ["web_search_20250305", "bash_20250124", "computer_20250124"])
def test_anthropics_own_tools_are_refused_by_name(gateway: GatewayServer, kind: str) -> None:
    error = refused(send(gateway, tools=[TOOL, {"type": kind, "name": "own"}]))
    assert error["param"] == "tools[1].type"
    assert kind in error["message"]


UNREADABLE: list[tuple[list[dict[str, Any]], str]] = [
    (user(text("x"), {"type": "image", "source": {}}), "messages[0].content[1]"),
    (user({"type": "document", "source": {"type": "url", "url": "https://x"}}), "messages[0].content[0]"),
    (user({"type": "hologram"}), "messages[0].content[0]"),
    (
        user({"type": "tool_result", "tool_use_id": "t1", "content": [text("x"), {"type": "image"}]}),
        "messages[0].content[0].content[1]",
    ),
    ([ASKED, {"role": "assistant", "content": [{"type": "server_tool_use"}]}], "messages[1].content[0]"),
    (user(text("x"), text(ENCODED)), "messages[0].content[1].text"),
    ([{"role": "user", "content": ENCODED}], "messages[0].content"),
    (
        [*user({"type": "tool_result", "tool_use_id": "t1", "content": ENCODED}), ASKED],
        "messages[0].content[0].content",
    ),
    (
        user({"type": "tool_result", "tool_use_id": "t1", "is_error": True, "content": [text(ENCODED)]}),
        "messages[0].content[0].content[0].text",
    ),
    (
        [ASKED, {"role": "assistant", "content": [text("x"), {**CALL, "input": {"a": ENCODED}}]}],
        "messages[1].content[1].input",
    ),
]


@pytest.mark.parametrize(("messages", "param"), UNREADABLE, ids=[param for _, param in UNREADABLE])
def test_what_cannot_be_read_is_refused_where_it_stands(
    gateway: GatewayServer, provider: ProviderServer, messages: list[dict[str, Any]], param: str
) -> None:
    answer = send(gateway, messages=messages, system="Be brief.")
    error = refused(answer)
    assert (answer.status_code, error["code"], error["param"]) == (422, "unreadable_content", param)
    assert provider.requests == []


def test_a_header_at_fault_is_named(gateway: GatewayServer) -> None:
    error = refused(send(gateway, headers={"X-Countersign-Subjects": "Ann"}))
    assert error["param"] == "X-Countersign-Subjects"
    assert "`X-Countersign-Subjects`" in error["message"]
    person = refused(send(gateway, headers={"X-Countersign-On-Behalf-Of": "p_nobody"}))
    assert (person["code"], person["param"]) == ("invalid_field", "X-Countersign-On-Behalf-Of")


def test_a_policys_refusal_is_said_in_its_words(gateway: GatewayServer, provider: ProviderServer) -> None:
    messages = [{"role": "user", "content": "What sentence should he get?"}]
    answer = send(gateway, model="refusing", messages=messages)
    error = refused(answer)
    assert (answer.status_code, error["type"], error["refusal"]) == (403, "permission_error", "no-sentencing")
    assert error["message"] == "This service does not advise on sentence."
    assert provider.requests == []
