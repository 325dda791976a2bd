"""Putting pseudonyms back into a stream: as soon as it is safe, wherever the chunks are cut."""

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gateway.redaction import Pseudonym, Restorer

ISSUED = (
    Pseudonym("<PERSON_1>", "PERSON", 'Jo "Ace" Smith\\'),
    Pseudonym("<PERSON_12>", "PERSON", "Jones\nJunior"),
    Pseudonym("PERSON_3", "PERSON", "jane"),
)


def chunk(delta: dict[str, Any], index: int = 0, finish: str | None = None) -> dict[str, Any]:
    choice = {"index": index, "delta": delta, "finish_reason": finish}
    return {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}


def joined(chunks: list[dict[str, Any]], index: int = 0) -> dict[str, str]:
    """All that the chunks' deltas say, by field; the arguments of tool calls by `tool_<index>`."""
    texts: dict[str, str] = {}
    for one in chunks:
        for choice in one["choices"]:
            if choice["index"] == index:
                for name, text in choice["delta"].items():
                    if isinstance(text, str):
                        texts[name] = texts.get(name, "") + text
                for call in choice["delta"].get("tool_calls") or ():
                    key = f"tool_{call['index']}"
                    texts[key] = texts.get(key, "") + call["function"].get("arguments", "")
    return texts


def streamed(pieces: list[dict[str, Any]], *, json_content: bool = False) -> list[dict[str, Any]]:
    stream = Restorer(ISSUED, json_content=json_content).stream()
    return [*(stream.feed(piece) for piece in pieces), *stream.end()]


def test_a_pseudonym_that_is_split_is_held_back_until_it_is_whole() -> None:
    stream = Restorer(ISSUED, json_content=False).stream()
    said = [
        stream.feed(chunk({"content": text}))["choices"][0]["delta"]["content"]
        for text in ("I saw ", "<", "PERSON", "_1", "2", ">", " today")
    ]
    assert said == ["I saw ", "", "", "", "", "Jones\nJunior", " today"]


@pytest.mark.parametrize(
    ("text", "at_once"),
    [
        ("a < b", "a < b"),
        ("<p>", "<p>"),
        ("<PERSON_2", "<PERSON_2"),
        ("<PERSON_1x", "<PERSON_1x"),
        ("<UK_NINO_1", "<UK_NINO_1"),
        ("so <", "so "),
        ("so <PER", "so "),
        ("so <PERSON_1", "so "),
        ("so PERS", "so "),
        ("so PERSX", "so PERSX"),
        ("soPERS", "soPERS"),
    ],
)
def test_only_what_could_still_become_an_issued_pseudonym_is_held_back(text: str, at_once: str) -> None:
    stream = Restorer(ISSUED, json_content=False).stream()
    assert stream.feed(chunk({"content": text}))["choices"][0]["delta"]["content"] == at_once


def test_nothing_is_held_back_when_nothing_was_issued() -> None:
    stream = Restorer((), json_content=False).stream()
    assert stream.feed(chunk({"content": "so <"}))["choices"][0]["delta"]["content"] == "so <"


def test_what_is_held_comes_at_the_latest_with_the_chunk_that_ends_the_choice() -> None:
    chunks = streamed([chunk({"content": "so <PERSON_"}), chunk({}, finish="stop")])
    assert chunks[1]["choices"][0]["delta"] == {"content": "<PERSON_"}
    assert chunks[1]["choices"][0]["finish_reason"] == "stop"
    assert len(chunks) == 2


def test_what_is_held_when_the_stream_is_cut_comes_at_its_end() -> None:
    stream = Restorer(ISSUED, json_content=False).stream()
    stream.feed(chunk({"content": "so <PERSON_"}))
    stream.feed(chunk({"content": "and PERS"}, index=1))
    ends = stream.end()
    assert joined(ends) == {"content": "<PERSON_"}
    assert joined(ends, index=1) == {"content": "PERS"}
    assert all(end["id"] == "c1" and end["object"] == "chat.completion.chunk" for end in ends)
    assert all(end["choices"][0]["finish_reason"] is None for end in ends)
    assert stream.end() == []


def test_choices_and_calls_are_held_apart() -> None:
    def call(index: int, arguments: str) -> dict[str, Any]:
        return {"index": index, "function": {"arguments": arguments}}

    chunks = streamed(
        [
            chunk({"content": "<PERS"}),
            chunk({"content": "<PERS"}, index=1),
            chunk({"tool_calls": [call(0, '{"a":"<PERSON_'), call(1, '{"b":"<PERSON_1')]}),
            chunk({"content": "ON_1>"}, index=1),
            chunk({"content": "ON_12>"}),
            chunk({"tool_calls": [call(1, '2>"}'), call(0, '1>"}')]}),
            chunk({}, finish="tool_calls"),
            chunk({}, index=1, finish="stop"),
        ]
    )
    texts = joined(chunks)
    assert texts["content"] == "Jones\nJunior"
    assert joined(chunks, index=1)["content"] == 'Jo "Ace" Smith\\'
    assert json.loads(texts["tool_0"]) == {"a": 'Jo "Ace" Smith\\'}
    assert json.loads(texts["tool_1"]) == {"b": "Jones\nJunior"}


def test_the_end_of_a_calls_arguments_comes_with_the_chunk_that_ends_the_choice() -> None:
    first = {
        "index": 0,
        "id": "call_1",
        "type": "function",
        "function": {"name": "f", "arguments": '"<PERSON'},
    }
    chunks = streamed([chunk({"tool_calls": [first]}), chunk({}, finish="length")])
    assert chunks[0]["choices"][0]["delta"]["tool_calls"][0]["function"] == {"name": "f", "arguments": '"'}
    assert chunks[1]["choices"][0]["delta"]["tool_calls"] == [
        {"index": 0, "function": {"arguments": "<PERSON"}}
    ]


def test_reasoning_refusals_and_the_legacy_call_are_restored_too() -> None:
    chunks = streamed(
        [
            chunk({"reasoning_content": "<PERSON", "refusal": "<PERSON_1"}),
            chunk({"reasoning_content": "_1>?", "refusal": ">!"}),
            chunk({"function_call": {"name": "f", "arguments": '"<PERSON_'}}),
            chunk({"function_call": {"arguments": '12>"'}}),
            chunk({}, finish="function_call"),
        ]
    )
    texts = joined(chunks)
    assert texts["reasoning_content"] == 'Jo "Ace" Smith\\?'
    assert texts["refusal"] == 'Jo "Ace" Smith\\!'
    arguments = [one["choices"][0]["delta"].get("function_call", {}).get("arguments", "") for one in chunks]
    assert json.loads("".join(arguments)) == "Jones\nJunior"


def test_a_chunk_of_usage_passes_and_no_chunk_is_changed_in_place() -> None:
    usage = {"id": "c1", "object": "chat.completion.chunk", "choices": [], "usage": {"total_tokens": 3}}
    pieces = [chunk({"role": "assistant", "content": ""}), chunk({"content": "<PERSON_1>"}), usage]
    before = json.dumps(pieces)
    chunks = streamed(pieces)
    assert chunks[2] == usage
    assert chunks[0]["choices"][0]["delta"] == {"role": "assistant", "content": ""}
    assert json.dumps(pieces) == before


_PARTS = st.sampled_from(
    [
        "<PERSON_1>",
        "<PERSON_12>",
        "PERSON_3",
        "<",
        ">",
        "PERSON",
        "_1",
        "2",
        "\\u003c",
        "\\u003e",
        "\\",
        '"',
        "u003c",
        " ",
    ]
)
_TEXT = st.lists(_PARTS, max_size=12).map("".join)


@example("<PERSON_12>PERSON_3", [], False)
@example("\\u003ePERSON_3", [], True)
@given(_TEXT, st.lists(st.integers(0, 100), max_size=12), st.booleans())
def test_a_stream_says_what_the_whole_answer_would_wherever_it_is_cut(
    text: str, cuts: list[int], json_content: bool
) -> None:
    places = sorted({min(cut, len(text)) for cut in cuts} | {0, len(text)})
    pieces = [text[start:end] for start, end in pairwise(places)]
    chunks = streamed(
        [*(chunk({"content": piece}) for piece in pieces), chunk({}, finish="stop")],
        json_content=json_content,
    )
    whole = {"choices": [{"index": 0, "message": {"content": text}}]}
    restored = Restorer(ISSUED, json_content=json_content).completion(whole)
    assert joined(chunks).get("content", "") == restored["choices"][0]["message"]["content"]


@pytest.mark.parametrize(
    "shape",
    [
        lambda text: {"reasoning": text},
        lambda text: {"thinking_blocks": [{"type": "thinking", "thinking": text}]},
        lambda text: {"content": [{"type": "text", "text": text}]},
        lambda text: {"content": [{"type": "thinking", "thinking": [{"type": "text", "text": text}]}]},
        lambda text: {"reasoning_details": [{"index": 1, "type": "reasoning.text", "text": text}]},
        lambda text: {"audio": {"transcript": text}},
        lambda text: {"field_of_tomorrow": {"deep": text}},
    ],
)
def test_every_text_of_a_delta_is_restored_however_it_is_cut(shape: Any) -> None:
    text = "I saw <PERSON_12> and PERSON_3, not <PERSON_"

    def said(value: Any) -> str:
        if isinstance(value, dict):
            return "".join(said(inner) for name, inner in value.items() if name != "type")
        return (
            "".join(map(said, value)) if isinstance(value, list) else value if isinstance(value, str) else ""
        )

    for size in (1, 5, 100):
        pieces = [chunk(shape(text[at : at + size])) for at in range(0, len(text), size)]
        chunks = streamed([*pieces, chunk({}, finish="stop")])
        deltas = [one["choices"][0]["delta"] for one in chunks]
        assert "".join(map(said, deltas)) == "I saw Jones\nJunior and jane, not <PERSON_"
        assert all(delta.keys() <= shape("").keys() for delta in deltas)


def test_what_is_left_of_a_part_has_its_shape() -> None:
    held = chunk({"content": [{"type": "text", "text": "so <PERSON_"}]})
    (_, last) = streamed([held, chunk({}, finish="stop")])
    assert last["choices"][0]["delta"] == {"content": [{"type": "text", "text": "<PERSON_"}]}


def test_annotations_come_whole_and_each_is_restored() -> None:
    def cited(title: str) -> dict[str, Any]:
        return chunk({"annotations": [{"type": "url_citation", "url_citation": {"title": title}}]})

    chunks = streamed([cited("<PERSON_12> <PERS"), cited("PERSON_3"), chunk({}, finish="stop")])
    titles = [
        one["url_citation"]["title"]
        for said in chunks
        for one in said["choices"][0]["delta"].get("annotations", ())
    ]
    assert titles == ["Jones\nJunior <PERS", "jane"]


def test_ids_of_calls_are_put_back_in_a_stream() -> None:
    call = {"index": 0, "id": "call_1", "type": "function", "function": {"name": "f", "arguments": ""}}
    stream = Restorer((), json_content=False, call_ids={"call_1": "toolu_01abc"}).stream()
    fed = stream.feed(chunk({"content": "as call", "tool_calls": [call]}))["choices"][0]["delta"]
    assert fed["tool_calls"][0]["id"] == "toolu_01abc"
    rest = stream.feed(chunk({"content": "_1 says"}, finish="stop"))["choices"][0]["delta"]["content"]
    assert fed["content"] + rest == "as toolu_01abc says"
