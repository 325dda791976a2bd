"""Whatever a provider answers reaches the application as it would without a gateway, but for `decision_support`."""

import json
from typing import Any

import httpx
import pytest

from gateway.steps import as_chunks
from tests.gateway.provider_answers import ANSWERS
from tests.gateway.provider_streams import BROKEN, STREAMS
from tests.gateway_server import PLAIN, GatewayServer
from tests.provider_server import Fault, ProviderServer

TOOL = {"type": "function", "function": {"name": "look_up", "parameters": {"type": "object"}}}
ASKED = {
    "messages": [{"role": "user", "content": "Is it on file?"}],
    "tools": [TOOL, {"type": "function", "function": {"name": "sql", "parameters": {"type": "object"}}}],
}
STREAMED = {**ASKED, "stream": True, "stream_options": {"include_usage": True}}


def straight(provider: ProviderServer, body: dict[str, Any], answer: bytes, kind: str) -> httpx.Response:
    provider.faults.append(Fault(body=answer, headers={"Content-Type": kind}))
    return httpx.post(f"{provider.base_url}/chat/completions", json={"model": "m", **body}, verify=PLAIN)


def through(
    gateway: GatewayServer, provider: ProviderServer, body: dict[str, Any], answer: bytes, kind: str
) -> httpx.Response:
    provider.faults.append(Fault(body=answer, headers={"Content-Type": kind}))
    with gateway.client() as client:
        return client.post("/v1/chat/completions", json={"model": "use", **body})


@pytest.mark.parametrize("name", ANSWERS)
def test_a_whole_answer_passes_as_it_is(gateway: GatewayServer, provider: ProviderServer, name: str) -> None:
    body = json.dumps(ANSWERS[name]).encode()
    plain = straight(provider, ASKED, body, "application/json").json()
    answer = through(gateway, provider, ASKED, body, "application/json")
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found.pop("decision_support")["status"] in ("pending", "passed_on")
    assert json.dumps(found, sort_keys=True) == json.dumps(plain, sort_keys=True)


@pytest.mark.parametrize("name", ANSWERS)
def test_a_whole_answer_says_the_same_as_a_stream(name: str) -> None:
    whole = ANSWERS[name]
    choices = []
    for at, choice in enumerate(whole["choices"]):
        calls = choice["message"].get("tool_calls") or ()
        delta = {**choice["message"], "tool_calls": [{**call, "index": at} for at, call in enumerate(calls)]}
        choices.append({"index": at, **choice, "delta": delta, "message": None})
    as_chunk = {**whole, "object": "chat.completion.chunk", "choices": choices}
    assert said_by(as_chunks(whole, include_usage=True)) == said_by([as_chunk])


@pytest.mark.parametrize("name", STREAMS)
def test_a_stream_says_what_it_says_without_a_gateway(
    gateway: GatewayServer, provider: ProviderServer, name: str
) -> None:
    plain = chunks_of(straight(provider, STREAMED, STREAMS[name], "text/event-stream"))
    answer = through(gateway, provider, STREAMED, STREAMS[name], "text/event-stream")
    found = chunks_of(answer)
    assert answer.status_code == 200, answer.text
    assert answer.text.endswith("data: [DONE]\n\n"), answer.text
    supported = [chunk for chunk in found if "decision_support" in chunk]
    assert len(supported) == 1
    assert supported[0]["choices"]
    assert said_by(found) == said_by(plain)


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_stream_ends_with_an_error_and_never_whole(
    gateway: GatewayServer, provider: ProviderServer, name: str
) -> None:
    answer = through(gateway, provider, STREAMED, BROKEN[name], "text/event-stream")
    assert "[DONE]" not in answer.text
    assert "PROVIDER" not in answer.text
    last = chunks_of(answer)[-1]["error"]
    assert last["code"] in ("provider_cut", "provider_failed")


def chunks_of(answer: httpx.Response) -> list[dict[str, Any]]:
    """As a client reads the events (WHATWG HTML, section 9.2.6)."""
    text = answer.content.decode().removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    found = []
    for event in text.split("\n\n"):
        lines = [line for line in event.split("\n") if line.startswith("data:")]
        data = "\n".join(line[5:].removeprefix(" ") for line in lines)
        if data.strip() == "[DONE]":
            break
        if data:
            found.append(json.loads(data))
    return found


def said_by(chunks: list[dict[str, Any]]) -> dict[str, Any]:
    """All that the chunks say, in whatever pieces: each choice's message and ending, every other member's values."""
    choices: dict[int, dict[str, Any]] = {}
    top: dict[str, list[Any]] = {}
    for chunk in chunks:
        for name, value in chunk.items():
            if name not in ("choices", "decision_support") and value not in (None, "", 0, *top.get(name, ())):
                top.setdefault(name, []).append(value)
        for choice in chunk.get("choices") or ():
            _add(choices.setdefault(choice.get("index", 0), {}), choice)
    return {"choices": choices, **top}


ONCE = frozenset({"role", "id", "type", "name", "object"})


def _add(kept: dict[str, Any], piece: dict[str, Any]) -> None:
    for name, value in piece.items():
        before = kept.get(name)
        if name == "index" or value in (None, "", [], {}):
            continue
        if name == "tool_calls":
            before = kept.setdefault(name, {})
            for place, call in enumerate(value):
                _add(before.setdefault(str(call.get("index", f"none {place}")), {}), call)
        elif isinstance(value, str | list) and type(before) is type(value) and name not in ONCE:
            kept[name] = before + value
        elif isinstance(value, dict):
            _add(kept.setdefault(name, {}), value)
        elif isinstance(value, list) and isinstance(before, str):
            kept[name] = [before, *value]
        elif isinstance(before, list):
            kept[name] = [*before, value]
        else:
            kept[name] = value
