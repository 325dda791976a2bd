"""A stream put together again is the completion that it would have been."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from gateway.steps import Transcript, as_chunks

TOP = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "m"}


def chunk(delta: dict[str, Any], finish: str | None = None, index: int = 0) -> dict[str, Any]:
    return {**TOP, "choices": [{"index": index, "delta": delta, "finish_reason": finish}]}


def joined(*chunks: dict[str, Any]) -> dict[str, Any]:
    transcript = Transcript()
    for one in chunks:
        transcript.add(one)
    return transcript.completion()


def test_words_are_joined_and_the_role_is_not() -> None:
    completion = joined(
        chunk({"role": "assistant", "content": ""}),
        chunk({"role": "assistant", "content": "Dear "}),
        chunk({"content": "Ms Lee"}),
        chunk({}, "stop"),
    )
    (choice,) = completion["choices"]
    assert choice["message"] == {"role": "assistant", "content": "Dear Ms Lee"}
    assert choice["finish_reason"] == "stop"
    assert completion["object"] == "chat.completion"


def test_choices_are_kept_apart() -> None:
    completion = joined(
        chunk({"content": "B"}, index=1), chunk({"content": "A"}), chunk({"content": "b"}, index=1)
    )
    assert [choice["message"]["content"] for choice in completion["choices"]] == ["A", "Bb"]


def test_tool_calls_are_joined_by_their_index() -> None:
    first = {"index": 0, "id": "call_1", "type": "function", "function": {"name": "find", "arguments": ""}}
    second = {"index": 1, "id": "call_2", "type": "function", "function": {"name": "send", "arguments": "{}"}}
    more = {"index": 0, "function": {"arguments": '{"a":'}}
    end = {"index": 0, "function": {"arguments": "1}"}}
    completion = joined(
        chunk({"tool_calls": [first]}), chunk({"tool_calls": [more, second]}), chunk({"tool_calls": [end]})
    )
    calls = completion["choices"][0]["message"]["tool_calls"]
    assert [(call["id"], call["function"]["arguments"]) for call in calls] == [
        ("call_1", '{"a":1}'),
        ("call_2", "{}"),
    ]


def test_usage_comes_from_the_chunk_without_choices() -> None:
    completion = joined(
        chunk({"content": "A"}, "stop"), {**TOP, "choices": [], "usage": {"prompt_tokens": 3}}
    )
    assert completion["usage"] == {"prompt_tokens": 3}


def test_an_unfinished_answer_has_no_finish_reason() -> None:
    assert joined(chunk({"content": "Dear"}))["choices"][0]["finish_reason"] is None


def test_nothing_received_is_an_empty_answer() -> None:
    assert joined()["choices"] == []


@given(st.lists(st.text(), max_size=20))
def test_no_word_is_lost_or_doubled(pieces: list[str]) -> None:
    completion = joined(chunk({"role": "assistant"}), *(chunk({"content": piece}) for piece in pieces))
    assert (completion["choices"][0]["message"].get("content") or "") == "".join(pieces)


@given(st.text(), st.integers(1, 4))
def test_a_replayed_completion_joins_to_itself(text: str, n: int) -> None:
    choices = [
        {"index": index, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
        for index in range(n)
    ]
    completion = {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": choices}
    again = joined(*as_chunks(completion, include_usage=False))
    assert again["choices"] == choices
