"""A Responses request becomes a chat completion request that says the same, and errors name what the caller wrote."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from litellm.responses.litellm_completion_transformation.transformation import (
    LiteLLMCompletionResponsesConfig,
)

from gateway.api.responses.chat_request import ChatRequest, chat_request
from gateway.api.responses.fields import ResponseRequest, read_fields
from gateway.api.responses.input_items import list_items
from gateway.api.responses.places import place_of
from gateway.errors import GatewayError

FUNCTION = {
    "type": "function",
    "name": "find_slot",
    "description": "Finds one.",
    "parameters": {"type": "object"},
}
CALL = {"type": "function_call", "call_id": "call_a", "name": "find_slot", "arguments": '{"day": "Tuesday"}'}
OUTPUT = {"type": "function_call_output", "call_id": "call_a", "output": "10 o'clock"}
SCHEMA = {
    "type": "object",
    "properties": {"x": {"type": "string"}},
    "required": ["x"],
    "additionalProperties": False,
}


def translated(**body: Any) -> ChatRequest:
    return chat_request(read_fields({"model": "use", **body}))


def refused(**body: Any) -> GatewayError:
    with pytest.raises(GatewayError) as raised:
        translated(**body)
    return raised.value


def texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_in(inner)


# Nothing is lost

WORDS = st.text(min_size=1, max_size=30)
PARTS = st.one_of(
    st.fixed_dictionaries({"type": st.sampled_from(["input_text", "output_text"]), "text": WORDS}),
    st.fixed_dictionaries({"type": st.just("refusal"), "refusal": WORDS}),
)
ITEMS = st.one_of(
    st.fixed_dictionaries(
        {
            "role": st.sampled_from(["user", "assistant", "system", "developer"]),
            "content": st.one_of(WORDS, st.lists(PARTS, max_size=3)),
        },
        optional={"type": st.just("message")},
    ),
    st.fixed_dictionaries(
        {"type": st.just("function_call"), "call_id": WORDS, "name": WORDS, "arguments": WORDS}
    ),
    st.fixed_dictionaries(
        {
            "type": st.just("function_call_output"),
            "call_id": WORDS,
            "output": st.one_of(WORDS, st.lists(PARTS, max_size=2)),
        }
    ),
)
TOOLS = st.fixed_dictionaries(
    {"type": st.just("function"), "name": WORDS, "description": WORDS, "strict": st.booleans()},
    optional={"parameters": st.dictionaries(WORDS, WORDS, max_size=2)},
)
BODIES = st.fixed_dictionaries(
    {"input": st.one_of(WORDS, st.lists(ITEMS, min_size=1, max_size=6))},
    optional={
        "instructions": WORDS,
        "user": WORDS,
        "safety_identifier": WORDS,
        "metadata": st.dictionaries(WORDS, WORDS, max_size=2),
        "tools": st.lists(TOOLS, max_size=2),
        "text": st.fixed_dictionaries(
            {
                "format": st.fixed_dictionaries(
                    {
                        "type": st.just("json_schema"),
                        "name": WORDS,
                        "description": WORDS,
                        "schema": st.dictionaries(WORDS, WORDS, max_size=2),
                    }
                )
            }
        ),
    },
)
GRAMMAR = {"message", "input_text", "output_text", "function_call_output"}


@given(BODIES)
def test_every_text_of_the_request_is_in_the_translation_as_often(body: dict[str, Any]) -> None:
    asked = [
        text for text in texts_in(body) if text not in GRAMMAR and text not in ("function", "function_call")
    ]
    sent = list(texts_in(translated(**body).body))
    for text in set(asked):
        assert sent.count(text) >= asked.count(text), text


@given(BODIES)
def test_every_message_has_a_place_in_what_the_caller_wrote(body: dict[str, Any]) -> None:
    chat = translated(**body)
    for at, message in enumerate(chat.body["messages"]):
        for name in message:
            place = place_of(f"messages[{at}].{name}", chat.places)
            assert place.startswith(("input", "instructions")), place


NONSENSE = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.sampled_from(sorted(GRAMMAR))
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ["type", "role", "content", "text", "format", "name", "tools", "output", "call_id"]
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(sorted(ResponseRequest.model_fields)), NONSENSE, max_size=4))
def test_nonsense_is_refused_and_never_a_fault(body: dict[str, Any]) -> None:
    with suppress(GatewayError):
        chat_request(read_fields(body))


@given(BODIES)
def test_the_items_of_a_request_are_listed_as_they_were_sent(body: dict[str, Any]) -> None:
    translated(**body)
    page = list_items("adv_1", body["input"], order="asc", after=None, limit=100)
    ids = [item["id"] for item in page["data"]]
    assert len(set(ids)) == len(ids) == (1 if isinstance(body["input"], str) else len(body["input"]))


# As litellm translates it

ALIKE: list[dict[str, Any]] = [
    {"input": "Hello"},
    {"input": "Hello", "instructions": "Be brief."},
    {"input": [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Good day."}]},
    {"input": [{"role": "developer", "content": "Be kind."}, {"role": "user", "content": "Hello"}]},
    {"input": [{"role": "user", "content": [{"type": "input_text", "text": "Hello"}]}]},
    {"input": [{"type": "message", "role": "user", "content": "One"}, {"role": "user", "content": "Two"}]},
    {"input": [{"role": "user", "content": "When?"}, CALL, OUTPUT], "tools": [FUNCTION]},
    {
        "input": [
            {"role": "user", "content": "When?"},
            CALL,
            {**CALL, "call_id": "call_b"},
            OUTPUT,
            {**OUTPUT, "call_id": "call_b"},
        ],
        "tools": [FUNCTION],
    },
    {"input": "When?", "tools": [{**FUNCTION, "strict": True}], "tool_choice": "required"},
    {"input": "When?", "tools": [FUNCTION], "tool_choice": {"type": "function", "name": "find_slot"}},
    {"input": "When?", "tools": [FUNCTION], "tool_choice": "auto", "parallel_tool_calls": False},
    {"input": "JSON", "text": {"format": {"type": "json_object"}}},
    {
        "input": "JSON",
        "text": {"format": {"type": "json_schema", "name": "x", "schema": SCHEMA, "strict": True}},
    },
    {"input": "Hello", "temperature": 0.5, "top_p": 0.9, "user": "u", "max_output_tokens": 99},
    {"input": "Hello", "reasoning": {"effort": "low"}},
]


def plain(body: dict[str, Any]) -> dict[str, Any]:
    """Apart from what two spellings of the same are: an absent content, defaults, lists of one call each."""
    messages: list[dict[str, Any]] = []
    for message in body["messages"]:
        said = {name: value for name, value in dict(message).items() if value not in (None, [], "")}
        for call in said.get("tool_calls", ()):
            call.pop("index", None)
        if isinstance(said.get("content"), list):
            said["content"] = [part["text"] for part in said["content"]]
            said["content"] = said["content"][0] if len(said["content"]) == 1 else said["content"]
        messages.append(said)
    rest = {name: body[name] for name in body if name not in ("messages", "max_tokens", "model")}
    if "max_tokens" in body:
        rest["max_completion_tokens"] = body["max_tokens"]
    for tool in rest.get("tools", ()):
        tool["function"] = {
            name: value for name, value in dict(tool["function"]).items() if value not in (None, False)
        }
    if "response_format" in rest:
        schema = dict(rest["response_format"].get("json_schema") or {})
        rest["response_format"] = {"type": rest["response_format"]["type"], **schema}
    return {**rest, "messages": messages}


@pytest.mark.parametrize("body", ALIKE, ids=range(len(ALIKE)))
def test_what_litellm_can_translate_is_translated_alike(body: dict[str, Any]) -> None:
    rest = {name: value for name, value in body.items() if name != "input"}
    theirs = LiteLLMCompletionResponsesConfig.transform_responses_api_request_to_chat_completion_request(
        model="use",
        input=body["input"],
        responses_api_request=rest,  # type: ignore[arg-type]
    )
    assert plain(translated(**body).body) == plain(theirs)


# Single fields


def test_calls_that_follow_a_message_are_its_calls() -> None:
    said = {"role": "assistant", "content": "Let me look."}
    chat = translated(input=[{"role": "user", "content": "When?"}, said, CALL, OUTPUT])
    _, answer, output = chat.body["messages"]
    assert answer["content"] == "Let me look."
    assert [call["id"] for call in answer["tool_calls"]] == [output["tool_call_id"]] == ["call_a"]


def test_reasoning_items_are_passed_over() -> None:
    thought = {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "x"}
    assert len(translated(input=[thought, {"role": "user", "content": "Hello"}]).body["messages"]) == 1


def test_a_choice_among_functions_is_nested_as_chat_completions_want_it() -> None:
    choice = {"type": "allowed_tools", "mode": "auto", "tools": [{"type": "function", "name": "find_slot"}]}
    sent = translated(input="x", tools=[FUNCTION], tool_choice=choice).body["tool_choice"]
    named = {"type": "function", "function": {"name": "find_slot"}}
    assert sent == {"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": [named]}}


def test_a_stream_asks_for_its_usage() -> None:
    assert translated(input="x", stream=True).body["stream_options"] == {"include_usage": True}


# What is refused, by name

IMAGE = {"type": "input_image", "image_url": "data:image/png;base64,AAAA"}


@pytest.mark.parametrize(
    ("body", "code", "param"),
    [
        ({"conversation": "conv_1"}, "invalid_field", "conversation"),
        ({"prompt": {"id": "pmpt_1"}}, "invalid_field", "prompt"),
        ({"context_management": [{"type": "compaction"}]}, "invalid_field", "context_management"),
        ({"moderation": {"model": "m"}}, "invalid_field", "moderation"),
        ({"max_tool_calls": 3}, "invalid_field", "max_tool_calls"),
        ({"top_logprobs": 3}, "invalid_field", "top_logprobs"),
        ({"truncation": "auto"}, "invalid_field", "truncation"),
        ({"include": ["message.output_text.logprobs"]}, "invalid_field", "include"),
        (
            {"stream_options": {"include_obfuscation": True}},
            "invalid_request",
            "stream_options.include_obfuscation",
        ),
        ({"max_tokens": 3}, "invalid_field", "max_tokens"),
        ({"Ann Lee": 3}, "invalid_field", None),
        ({"temperature": "hot"}, "invalid_request", "temperature"),
        ({"input": 5}, "invalid_request", "input"),
        ({"input": ""}, "invalid_request", "input"),
        ({"input": []}, "invalid_request", "input"),
        ({"input": ["x"]}, "invalid_request", "input[0]"),
        ({"input": [{"role": "user"}]}, "invalid_request", "input[0].content"),
        ({"input": [{"role": "user", "content": 5}]}, "invalid_request", "input[0].content"),
        ({"input": [{"role": "judge", "content": "x"}]}, "invalid_request", "input[0].role"),
        ({"input": [{"role": "user", "content": "x", "weight": 1}]}, "invalid_field", "input[0]"),
        ({"input": [{"role": "user", "content": ["x"]}]}, "invalid_request", "input[0].content[0]"),
        ({"input": [{"type": "item_reference", "id": "msg_1"}]}, "invalid_field", "input[0]"),
        ({"input": [{"type": "computer_call", "id": "c"}]}, "invalid_field", "input[0]"),
        ({"input": [{"type": "Ann Lee"}]}, "invalid_field", "input[0]"),
        ({"input": [{**CALL, "arguments": {"day": 1}}]}, "invalid_request", "input[0].arguments"),
        ({"text": {"format": {"type": "json_schema", "name": "x"}}}, "invalid_request", "text.format.schema"),
        ({"text": {"format": {"type": "grammar"}}}, "invalid_request", "text.format.type"),
        ({"tools": [{"type": "web_search"}]}, "invalid_field", "tools[0]"),
        ({"tools": [FUNCTION, {"type": "file_search"}]}, "invalid_field", "tools[1]"),
        ({"tools": [{"type": "code_interpreter"}]}, "invalid_field", "tools[0]"),
        ({"tools": [{"type": "computer_use_preview"}]}, "invalid_field", "tools[0]"),
        ({"tools": [{"type": "mcp", "server_label": "x"}]}, "invalid_field", "tools[0]"),
        ({"tools": [{"type": "image_generation"}]}, "invalid_field", "tools[0]"),
        ({"tools": [{"type": "local_shell"}]}, "invalid_field", "tools[0]"),
        ({"tools": [{"type": "custom", "name": "x"}]}, "invalid_field", "tools[0]"),
        ({"tools": [{"type": "function"}]}, "invalid_request", "tools[0].name"),
        ({"tool_choice": {"type": "file_search"}}, "invalid_field", "tool_choice"),
        ({"tool_choice": "sometimes"}, "invalid_request", "tool_choice"),
        (
            {"input": [{"role": "user", "content": [{"type": "input_text", "text": "x"}, IMAGE]}]},
            "unreadable_content",
            "input[0].content[1]",
        ),
        (
            {"input": [{"role": "user", "content": [{"type": "input_file", "file_id": "f"}]}]},
            "unreadable_content",
            "input[0].content[0]",
        ),
        (
            {"input": [{"role": "user", "content": [{"type": "input_audio", "input_audio": {}}]}]},
            "unreadable_content",
            "input[0].content[0]",
        ),
        ({"input": [CALL, {**OUTPUT, "output": [IMAGE]}]}, "unreadable_content", "input[1].output[0]"),
    ],
)
def test_what_is_not_supported_is_refused_by_its_name(
    body: dict[str, Any], code: str, param: str | None
) -> None:
    error = refused(**{"input": "x", **body})
    assert (error.code, error.param) == (code, param)
    assert "Ann Lee" not in error.message


@pytest.mark.parametrize(
    ("place", "written"),
    [
        ("messages[0].content", "instructions"),
        ("messages[1].content[1]", "input[0].content[1]"),
        ("messages[2].tool_calls[0].function.arguments", "input[1].arguments"),
        ("messages[2].tool_calls[0].id", "input[1].call_id"),
        ("messages[3].tool_call_id", "input[2].call_id"),
        ("messages[3].content", "input[2].output"),
        ("messages", "input"),
        ("tools[0].function.name", "tools[0].name"),
        ("tool_choice.function.name", "tool_choice.name"),
        ("response_format.json_schema.schema.properties", "text.format.schema.properties"),
        ("max_completion_tokens", "max_output_tokens"),
        ("reasoning_effort", "reasoning.effort"),
        ("metadata.case", "metadata.case"),
    ],
)
def test_a_place_is_named_as_the_caller_wrote_it(place: str, written: str) -> None:
    parts = [{"type": "input_text", "text": "a"}, {"type": "input_text", "text": "b"}]
    chat = translated(
        instructions="Be brief.", input=[{"role": "user", "content": parts}, CALL, OUTPUT], tools=[FUNCTION]
    )
    assert place_of(place, chat.places) == written


def test_a_place_within_an_earlier_conversation_is_previous_response_id() -> None:
    chat = chat_request(read_fields({"model": "use", "input": "x"}), [{"role": "user", "content": "y"}])
    assert place_of("messages[0].content[1]", chat.places) == "previous_response_id"
    assert place_of("messages[1].content", chat.places) == "input"
