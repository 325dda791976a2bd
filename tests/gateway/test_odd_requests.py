"""Requests as clients of all kinds write them reach the provider as they are, however odd, large or deep they are."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.gateway.provider_answers import CALL
from tests.gateway.provider_streams import STREAMS
from tests.gateway.test_provider_bodies import STREAMED, chunks_of, through
from tests.gateway_server import GatewayServer
from tests.provider_server import Fault, ProviderServer


def user(content: Any = "Is it on file?", **more: Any) -> dict[str, Any]:
    return {"role": "user", "content": content, **more}


def turn(**more: Any) -> list[dict[str, Any]]:
    """A tool round, whose call has these members."""
    called = {**CALL, **more}
    result = {"role": "tool", "tool_call_id": called["id"], "content": "On file."}
    return [user(), {"role": "assistant", "content": None, "tool_calls": [called]}, result]


TOOL = {"type": "function", "function": {"name": "look_up", "parameters": {"type": "object"}}}
REQUESTS: dict[str, dict[str, Any]] = {
    "content as parts": {"messages": [user([{"type": "text", "text": "On file?"}])]},
    "content as many parts": {
        "messages": [user([{"type": "text", "text": f"Part {at}."} for at in range(50)])]
    },
    "content empty": {"messages": [user(""), user()]},
    "content blank": {"messages": [user(" \n"), user()]},
    "content null": {"messages": [{"role": "assistant", "content": None}, user()]},
    "two users in a row": {"messages": [user(), user("And now?")]},
    "assistant first": {"messages": [{"role": "assistant", "content": "Hello."}, user()]},
    "assistant last": {"messages": [user(), {"role": "assistant", "content": "It is"}]},
    "assistant last, to be continued": {
        "messages": [user(), {"role": "assistant", "content": "It", "prefix": True}]
    },
    "developer": {"messages": [{"role": "developer", "content": "Be brief."}, user()]},
    "system in the middle": {"messages": [user(), {"role": "system", "content": "Be brief."}, user("Now?")]},
    "refusal of before": {"messages": [{"role": "assistant", "refusal": "I can't."}, user()]},
    "reasoning of before": {
        "messages": [{"role": "assistant", "content": "", "reasoning_content": "Hm."}, user()]
    },
    "answer of before with all its members": {
        "messages": [
            {"role": "assistant", "content": "No.", "refusal": None, "annotations": [], "tool_calls": None},
            user(),
        ]
    },
    "cache marks": {
        "messages": [user([{"type": "text", "text": "Hi", "cache_control": {"type": "ephemeral"}}])]
    },
    "tool round": {"messages": turn(), "tools": [TOOL]},
    "tool round without tools": {"messages": turn()},
    "tool round with words": {"messages": [*turn()[:1], {**turn()[1], "content": "I look."}, turn()[2]]},
    "tool round with empty arguments": {"messages": turn(function={"name": "look_up", "arguments": ""})},
    "tool round with an index": {"messages": turn(index=0)},
    "tool result with a name": {"messages": [*turn()[:2], {**turn()[2], "name": "look_up"}]},
    "tool result as JSON": {
        "messages": [*turn()[:2], {**turn()[2], "content": '{"found": [1, 2.50, null]}'}]
    },
    "tool result empty": {"messages": [*turn()[:2], {**turn()[2], "content": ""}]},
    "function round of old": {
        "messages": [
            user(),
            {"role": "assistant", "content": None, "function_call": CALL["function"]},
            {"role": "function", "name": "look_up", "content": "On file."},
        ]
    },
    "tools empty": {"messages": [user()], "tools": []},
    "tool without parameters": {
        "messages": [user()],
        "tools": [{"type": "function", "function": {"name": "look_up"}}],
    },
    "tool that is strict": {
        "messages": [user()],
        "tools": [
            {
                "type": "function",
                "function": {
                    "strict": True,
                    "description": "",
                    "parameters": {
                        "$defs": {"A": {"type": "string"}},
                        "properties": {
                            "a": {"$ref": "#/$defs/A"},
                            "b": {"anyOf": [{"type": "null"}, {"const": 1}]},
                        },
                        "required": ["a", "b"],
                        "additionalProperties": False,
                        "type": "object",
                    },
                },
            }
        ],
        "tool_choice": {"type": "function", "function": {"name": "look_up"}},
        "parallel_tool_calls": True,
    },
    "nulls": {
        "messages": [user()],
        "temperature": None,
        "tools": None,
        "stop": None,
        "response_format": None,
    },
    "numbers at their ends": {
        "messages": [user()],
        "temperature": 0,
        "top_p": 1,
        "seed": -1,
        "logit_bias": {},
    },
    "members of a server": {
        "messages": [user()],
        "top_k": 40,
        "min_p": 0.05,
        "chat_template_kwargs": {"enable_thinking": False},
    },
    "letters of all kinds": {"messages": [user("a\u2028b \ufeff \u200d café e\u0301 👩‍👩‍👧 \x00\x1b")]},
}


@pytest.mark.parametrize("name", REQUESTS)
def test_a_request_reaches_the_provider_as_it_is(
    gateway: GatewayServer, provider: ProviderServer, name: str
) -> None:
    asked = REQUESTS[name]
    provider.answer = "Yes."
    answer = gateway.ask(model="own-prompt", **asked)
    assert answer.status_code == 200, answer.text
    sent = provider.requests[-1].json
    assert sent.pop("model") == "test-model"
    assert without_ids(sent) == without_ids(asked)


def without_ids(body: Any) -> Any:
    """Ids of calls are the gateway's own, each standing for one."""
    if isinstance(body, dict):
        return {
            name: without_ids(value) for name, value in body.items() if name not in ("id", "tool_call_id")
        }
    return [without_ids(one) for one in body] if isinstance(body, list) else body


def test_ten_thousand_messages_are_one_request(
    fresh: Callable[..., GatewayServer], provider: ProviderServer
) -> None:
    gateway = fresh()
    provider.answer = "Yes."
    asked = [user(f"Line {at}.") for at in range(10_000)]
    with gateway.client() as client:
        body = {"model": "own-prompt", "messages": asked}
        answer = client.post("/v1/chat/completions", json=body, timeout=180)
    assert answer.status_code == 200, answer.text
    assert provider.requests[-1].json["messages"] == asked


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/responses", "/v1/messages", "/v1/embeddings"])
def test_a_body_of_50_megabytes_is_refused(gateway: GatewayServer, path: str) -> None:
    def pieces() -> Iterator[bytes]:
        yield b'{"model": "use", "input": "'
        for _ in range(500):
            yield b"x" * 100_000

    with gateway.client() as client:
        try:
            answer = client.post(path, content=pieces())
        except (httpx.WriteError, httpx.ReadError):
            return  # the gateway closed the connection in the middle of it, which is as good
    assert answer.status_code == 413


@pytest.mark.parametrize("depth", [20, 200, 5_000, 100_000])
@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/responses", "/v1/messages", "/v1/embeddings"])
def test_deep_nesting_is_served_or_refused_everywhere(
    gateway: GatewayServer, provider: ProviderServer, path: str, depth: int
) -> None:
    nested = b'{"a":' * depth + b'"zorblat"' + b"}" * depth
    asked = b'"input": "Hi", "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 5'
    with gateway.client() as client:
        body = b'{"model": "use", ' + asked + b', "metadata": {"x": ' + nested + b"}}"
        answer = client.post(path, content=body)
    assert answer.status_code < 500, answer.text
    assert b"zorblat" not in answer.content


def test_a_stream_cut_at_any_byte_is_never_a_whole_answer(
    gateway: GatewayServer, provider: ProviderServer
) -> None:
    whole = STREAMS["tool call after words"]
    finished = whole.index(b'"finish_reason": "tool_calls"')
    places = [*range(1, 40), *range(40, len(whole), 23), *range(finished - 4, finished + 60), len(whole) - 1]
    for place in sorted(set(places)):
        answer = through(gateway, provider, STREAMED, whole[:place], "text/event-stream")
        told = chunks_of(answer) if answer.status_code == 200 else [answer.json()]
        if answer.text.endswith("data: [DONE]\n\n"):  # all was there but the end
            assert place > finished, place
            (call,) = [call for chunk in told for call in _calls(chunk)][:1]
            assert call["function"]["name"] == "look_up"
            arguments = "".join(
                call["function"].get("arguments") or "" for chunk in told for call in _calls(chunk)
            )
            assert json.loads(arguments) == {"reference": "A-17"}
        else:
            assert told[-1]["error"]["code"] in ("provider_cut", "provider_failed"), place


def _calls(chunk: dict[str, Any]) -> list[dict[str, Any]]:
    return [call for choice in chunk.get("choices", ()) for call in choice["delta"].get("tool_calls") or ()]


def test_a_connection_dropped_at_any_chunk_is_never_a_whole_answer(
    gateway: GatewayServer, provider: ProviderServer
) -> None:
    provider.answer, provider.chunk_characters = "It is on file.", 3
    for number in range(7):
        provider.faults.append(Fault(cut_after=number))
        answer = gateway.ask(model="use", stream=True)
        assert "[DONE]" not in answer.text
        assert "provider_" in answer.text
