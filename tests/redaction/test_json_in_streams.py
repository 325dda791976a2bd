"""JSON in a stream stays valid, with the same values, however deep it stands in strings, and wherever it is cut."""

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.redaction import Pseudonym, Restorer
from gateway.redaction.request.json_strings import is_json

ISSUED = (
    Pseudonym("<PERSON_1>", "PERSON", 'Jo "Ace" Smith\\'),
    Pseudonym("<PERSON_12>", "PERSON", "Jones\nJunior"),
)
WORDS = ["<PERSON_1>", "<PERSON_12>", "said ", '"', "\\", "\n", "\\n", "[1] ", "{x} ", "é", ": ", ""]


def restored(text: str) -> str:
    for one in ISSUED:
        text = text.replace(one.text, one.value)
    return text


def put_back(value: Any) -> Any:
    """What is meant by a value of JSON with pseudonyms in it, or by one in which they were put back."""
    if isinstance(value, str):
        return ["JSON", put_back(json.loads(value))] if is_json(value) else restored(value)
    if isinstance(value, dict):
        return {restored(name): put_back(inner) for name, inner in value.items()}
    return [put_back(inner) for inner in value] if isinstance(value, list) else value


def deltas(place: str, pieces: list[str]) -> list[dict[str, Any]]:
    if place == "content":
        return [{"content": piece} for piece in pieces]
    return [{"tool_calls": [{"index": 0, "function": {"arguments": piece}}]} for piece in pieces]


def streamed(place: str, text: str, cuts: list[int], *, json_content: bool = False) -> str:
    places = sorted({min(cut, len(text)) for cut in cuts} | {0, len(text)})
    stream = Restorer(ISSUED, json_content=json_content).stream()
    said = ""
    for delta in [*deltas(place, [text[start:end] for start, end in pairwise(places)]), {}]:
        choice = {"index": 0, "delta": delta, "finish_reason": None if delta else "stop"}
        (fed,) = stream.feed({"choices": [choice]})["choices"]
        said += fed["delta"].get("content") or ""
        said += "".join(call["function"]["arguments"] for call in fed["delta"].get("tool_calls") or ())
    return said


_texts = st.lists(st.sampled_from(WORDS), max_size=6).map("".join).filter(lambda text: not is_json(text))
_values = st.recursive(
    _texts | st.integers() | st.booleans() | st.none(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(_texts, inner, max_size=3)
        | st.dictionaries(_texts, inner, min_size=1, max_size=2).map(
            lambda value: json.dumps(value, ensure_ascii=False)
        )
    ),
    max_leaves=8,
)
_objects = st.dictionaries(_texts, _values, max_size=3)
_cuts = st.lists(st.integers(0, 300), max_size=20)


@pytest.mark.parametrize("place", ["content", "arguments"])
@given(value=_objects, cuts=_cuts, json_content=st.booleans(), indent=st.sampled_from([None, 1]))
def test_json_in_a_stream_stays_json_at_every_depth(
    place: str, value: dict[str, Any], cuts: list[int], json_content: bool, indent: int | None
) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    found = json.loads(streamed(place, text, cuts, json_content=json_content))
    assert put_back(found) == put_back(value)


@given(text=st.lists(st.sampled_from(WORDS), max_size=12).map("".join), cuts=_cuts)
def test_prose_in_a_stream_is_not_taken_for_json(text: str, cuts: list[int]) -> None:
    text = f"Dear {text}"
    assert streamed("content", text, cuts) == restored(text)


@pytest.mark.parametrize(
    "begins", ["[1] says ", "[Draft] ", "{name}, ", "[<PERSON_12>] ", "{<PERSON_1>} ", "```\n"]
)
def test_prose_that_begins_with_a_bracket_is_not_taken_for_json(begins: str) -> None:
    text = f'{begins}"<PERSON_12>" <PERSON_1>'
    assert streamed("content", text, list(range(len(text)))) == restored(text)


@pytest.mark.parametrize("cut", [1, 3, 1000])
def test_json_in_a_fence_and_the_prose_behind_it_are_told_apart(cut: int) -> None:
    text = '```json\n{"who": "<PERSON_12>"}\n```\n\nDear "<PERSON_12>"'
    inner, _, after = streamed("content", text, list(range(0, len(text), cut))).partition("\n```\n\n")
    assert json.loads(inner.removeprefix("```json\n")) == {"who": "Jones\nJunior"}
    assert after == 'Dear "Jones\nJunior"'
