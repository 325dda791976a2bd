"""What becomes of answers that few servers give: how they ended, and chunks in any order."""

from typing import Any

import pytest

from gateway.api.messages.answer import message_of
from gateway.api.messages.events import MessageEvents


def completion(message: dict[str, Any], finish: str | None, **choice: Any) -> dict[str, Any]:
    whole = {"index": 0, "message": {"role": "assistant", **message}, "finish_reason": finish, **choice}
    usage = {"prompt_tokens": 10, "completion_tokens": 3, "prompt_tokens_details": {"cached_tokens": 4}}
    return {"model": "m", "choices": [whole], "usage": usage}


CALL = {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}


@pytest.mark.parametrize(
    ("message", "finish", "choice", "reason", "sequence"),
    [
        ({"content": "x"}, "stop", {}, "end_turn", None),
        ({"content": "x"}, "length", {}, "max_tokens", None),
        ({"content": "x"}, "content_filter", {}, "refusal", None),
        ({"content": None, "refusal": "No."}, "stop", {}, "refusal", None),
        ({"content": "x"}, "stop", {"stop_reason": "END"}, "stop_sequence", "END"),
        ({"content": "x"}, "stop", {"stop_reason": 7}, "end_turn", None),
        ({"content": "x"}, "stop", {"stop_reason": "of its own"}, "end_turn", None),
        ({"content": None, "tool_calls": [CALL]}, "tool_calls", {}, "tool_use", None),
        ({"content": None, "tool_calls": [CALL]}, "stop", {}, "tool_use", None),
        ({"content": "x"}, None, {}, "end_turn", None),
    ],
)
def test_why_an_answer_ended(
    message: dict[str, Any], finish: str | None, choice: dict[str, Any], reason: str, sequence: str | None
) -> None:
    whole = message_of(completion(message, finish, **choice), "adv_1", ["END"])
    assert (whole["stop_reason"], whole["stop_sequence"]) == (reason, sequence)
    events = MessageEvents("adv_1", ["END"])
    delta = {"index": 0, "delta": message, "finish_reason": None}
    end = {"index": 0, "delta": {}, "finish_reason": finish, **choice}
    told = [*events.feed({"choices": [delta]}), *events.feed({"choices": [end]}), *events.end()]
    assert told[-2][1]["delta"] == {"stop_reason": reason, "stop_sequence": sequence}
    assert [block["type"] for block in whole["content"]] == [
        event["content_block"]["type"] for name, event in told if name == "content_block_start"
    ]


def test_what_was_read_from_a_cache_is_counted_apart() -> None:
    usage = message_of(completion({"content": "x"}, "stop"), "adv_1", [])["usage"]
    assert (usage["input_tokens"], usage["cache_read_input_tokens"], usage["output_tokens"]) == (6, 4, 3)


def test_calls_whose_pieces_are_mixed_come_apart() -> None:
    def piece(index: int, **function: str) -> dict[str, Any]:
        named = {"id": f"call_{index}"} if "name" in function else {}
        call = {"index": index, **named, "function": function}
        return {"choices": [{"index": 0, "delta": {"tool_calls": [call]}, "finish_reason": None}]}

    events = MessageEvents("adv_1", [])
    told = []
    for chunk in (
        piece(0, name="f", arguments='{"a"'),
        piece(1, name="g", arguments='{"b"'),
        piece(0, arguments=": 1}"),
        {"choices": [{"index": 0, "delta": {"content": "Late."}, "finish_reason": None}]},
        piece(1, arguments=": 2}"),
    ):
        told += events.feed(chunk)
    told += events.end()
    names = [(name, event.get("index")) for name, event in told if name.startswith("content")]
    assert names == [
        ("content_block_start", 0),
        ("content_block_delta", 0),
        ("content_block_delta", 0),
        ("content_block_stop", 0),
        ("content_block_start", 1),
        ("content_block_delta", 1),
        ("content_block_stop", 1),
        ("content_block_start", 2),
        ("content_block_delta", 2),
        ("content_block_stop", 2),
    ]
    deltas = [event["delta"] for name, event in told if name == "content_block_delta"]
    assert [delta.get("partial_json", delta.get("text")) for delta in deltas] == [
        '{"a"',
        ": 1}",
        '{"b": 2}',
        "Late.",
    ]


def test_an_answer_without_a_word_is_an_empty_message() -> None:
    events = MessageEvents("adv_1", [])
    told = [name for name, _ in [*events.feed({"choices": [], "usage": {"prompt_tokens": 1}}), *events.end()]]
    assert told == ["message_start", "ping", "message_delta", "message_stop"]
