"""A streamed message: Anthropic's events in their order, whatever the provider's chunks are."""

import json
from typing import Any

import pytest

from tests.gateway.test_messages import ABOUT, NOTE, TOOL, send
from tests.gateway_server import GatewayServer
from tests.provider_server import Fault, ProviderServer

Event = dict[str, Any]


def events_in(body: str) -> list[Event]:
    """Each event, which must have its name twice: on the wire and in its data."""
    found = []
    for part in body.strip().split("\n\n"):
        name, data = part.split("\n")
        event = json.loads(data.removeprefix("data: "))
        assert name == f"event: {event['type']}"
        found.append(event)
    return found


def stream(gateway: GatewayServer, **more: Any) -> list[Event]:
    body = {"messages": [{"role": "user", "content": NOTE}], "stream": True, "headers": ABOUT, **more}
    return events_in(send(gateway, **body).text)


def blocks_of(events: list[Event]) -> list[Event]:
    """The message's blocks, put together as a client does; the order of the events is checked on the way."""
    blocks: list[Event] = []
    open_block: int | None = None
    for event in events:
        if event["type"] == "content_block_start":
            assert open_block is None
            assert event["index"] == len(blocks)
            open_block = event["index"]
            blocks.append({**event["content_block"], "json": ""})
        elif event["type"] == "content_block_delta":
            assert event["index"] == open_block
            block, delta = blocks[-1], event["delta"]
            if delta["type"] == "text_delta":
                block["text"] += delta["text"]
            else:
                assert delta["type"] == "input_json_delta"
                block["json"] += delta["partial_json"]
        elif event["type"] == "content_block_stop":
            assert event["index"] == open_block
            open_block = None
    assert open_block is None
    return blocks


@pytest.mark.parametrize("characters", [1, 3, 8, 1000])
def test_a_text_arrives_in_pieces_with_the_values_put_back(
    gateway: GatewayServer, provider: ProviderServer, characters: int
) -> None:
    provider.chunk_characters = characters
    events = stream(gateway)
    assert [event["type"] for event in events[:3]] == ["message_start", "ping", "content_block_start"]
    assert [event["type"] for event in events[-3:]] == [
        "content_block_stop",
        "message_delta",
        "message_stop",
    ]
    start = events[0]["message"]
    assert (start["role"], start["content"], start["stop_reason"]) == ("assistant", [], None)
    (block,) = blocks_of(events)
    assert (block["type"], block["text"]) == ("text", NOTE)
    end = events[-2]
    assert end["delta"] == {"stop_reason": "end_turn", "stop_sequence": None}
    assert end["usage"]["output_tokens"] > 0
    assert start["id"].endswith(end["decision_support"]["advice_id"])
    assert end["decision_support"]["caveats"][0]["id"] == "not-a-decision"


def test_words_arrive_before_the_answer_has_ended(gateway: GatewayServer, provider: ProviderServer) -> None:
    provider.faults.append(Fault(hang_after=3))
    body = {
        "model": "use",
        "max_tokens": 9,
        "stream": True,
        "messages": [{"role": "user", "content": "One two three four five six"}],
    }
    with gateway.client() as client, client.stream("POST", "/v1/messages", json=body) as answer:
        assert any('"text":"One two' in line for line in answer.iter_lines())


@pytest.mark.parametrize("characters", [1, 5, 1000])
@pytest.mark.parametrize("words", [None, "I look for <UK_NINO_1>"], ids=["calls alone", "with a text"])
def test_blocks_follow_one_another_with_their_values(
    gateway: GatewayServer, provider: ProviderServer, characters: int, words: str | None
) -> None:
    provider.chunk_characters = characters
    arguments = '{"ni": "<UK_NINO_1>"}'
    provider.answers.append(
        {
            "content": words,
            "tool_calls": [
                {"id": name, "type": "function", "function": {"name": "lookup", "arguments": arguments}}
                for name in ("call_a", "call_b")
            ],
        }
    )
    events = stream(gateway, tools=[TOOL])
    blocks = blocks_of(events)
    calls = [block for block in blocks if block["type"] == "tool_use"]
    assert [block["text"] for block in blocks[:-2]] == (["I look for AB 12 34 56 C"] if words else [])
    assert [(call["id"], call["name"], call["input"]) for call in calls] == [
        ("call_a", "lookup", {}),
        ("call_b", "lookup", {}),
    ]
    assert [json.loads(call["json"]) for call in calls] == [{"ni": "AB 12 34 56 C"}] * 2
    assert events[-2]["delta"]["stop_reason"] == "tool_use"


def test_an_answer_that_is_cut_ends_with_an_error_and_no_stop(
    gateway: GatewayServer, provider: ProviderServer
) -> None:
    provider.faults.append(Fault(cut_after=3))
    events = stream(gateway)
    assert events[-1]["type"] == "error"
    assert events[-1]["error"]["code"] == "provider_cut"
    assert not [event for event in events if event["type"] in ("message_delta", "message_stop")]


def test_held_advice_streams_its_receipt(gateway: GatewayServer) -> None:
    answer = send(gateway, model="held", stream=True)
    assert answer.status_code == 202
    events = events_in(answer.text)
    (block,) = blocks_of(events)
    assert events[-2]["decision_support"]["advice_id"] in block["text"]


def test_before_a_stream_begins_an_error_has_its_status(
    gateway: GatewayServer, provider: ProviderServer
) -> None:
    provider.faults.append(Fault(status=429, headers={"Retry-After": "7"}))
    answer = send(gateway, stream=True)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")
    assert answer.json()["error"]["type"] == "rate_limit_error"
