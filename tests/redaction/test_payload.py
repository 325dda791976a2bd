"""Every field of a request: what is redacted, what passes, what is refused."""

import json
from base64 import b64encode
from hashlib import sha512
from typing import Any

import pytest

from gateway.redaction import InvalidRequest, Redactor, Unreadable, text_of
from gateway.redaction.request.unreadable import MAX_DEPTH
from gateway.redaction.request.walker import MAX_LAYERS
from tests.redaction.conftest import user

NINO, NHS, EMAIL = "AB123456C", "9434765919", "j.quilp@example.org"
ENCRYPTED = b64encode(b"".join(sha512(bytes([at])).digest() for at in range(4))).decode()
MARKS = (NINO, NHS, EMAIL, "434 765", "Quilp")


def function(**more: Any) -> dict[str, Any]:
    return {"type": "function", "function": {"name": "look_up", **more}}


def call(arguments: str) -> dict[str, Any]:
    called = {"id": "call_1", "type": "function", "function": {"name": "look_up", "arguments": arguments}}
    return {"messages": [{"role": "assistant", "content": None, "tool_calls": [called]}]}


PLACES: dict[str, dict[str, Any]] = {
    "system": {"messages": [{"role": "system", "content": NINO}]},
    "developer": {"messages": [{"role": "developer", "content": NINO}]},
    "user": user(NINO),
    "assistant": {"messages": [{"role": "assistant", "content": NINO}]},
    "tool": {"messages": [{"role": "tool", "tool_call_id": "call_1", "content": NINO}]},
    "tool, as JSON": {
        "messages": [
            {"role": "tool", "tool_call_id": "call_1", "content": json.dumps({NINO: [{"n": int(NHS)}]})}
        ]
    },
    "tool, in parts": {
        "messages": [{"role": "tool", "tool_call_id": "call_1", "content": [{"type": "text", "text": NINO}]}]
    },
    "function": {"messages": [{"role": "function", "name": "look_up", "content": NINO}]},
    "a role that is unknown": {"messages": [{"role": NINO, "content": NINO}]},
    "content parts": user([{"type": "text", "text": "Hello"}, {"type": "text", "text": NINO}]),
    "a refusal": {"messages": [{"role": "assistant", "content": [{"type": "refusal", "refusal": NINO}]}]},
    "a refusal beside the content": {"messages": [{"role": "assistant", "content": None, "refusal": NINO}]},
    "reasoning": {"messages": [{"role": "assistant", "content": "", "reasoning_content": NINO}]},
    "a member beside a part": user([{"type": "text", "text": "Hello", "cache_control": {"type": NINO}}]),
    "a participant's name": {"messages": [{"role": "user", "name": "Daniel-Quilp", "content": "Hello"}]},
    "arguments": call(json.dumps({"number": NINO})),
    "arguments, within": call(json.dumps({"a": [{"b": {"c": NINO}}]})),
    "arguments, a number": call(json.dumps({"nhs_number": int(NHS)})),
    "arguments, a number in a list": call(json.dumps([[int(NHS)]])),
    "arguments, a name": call(json.dumps({NINO: 1})),
    "arguments, escaped": call('{"number": "\\u0041B123456C"}'),
    "arguments, a member twice": call(f'{{"a": "{NINO}", "a": "x"}}'),
    "arguments, JSON in JSON": call(json.dumps({"inner": json.dumps({"inner": json.dumps({"n": NINO})})})),
    "arguments, not JSON": call(f"number={NINO}"),
    "arguments, broken JSON": call(f'{{"number": "{NINO}"'),
    "legacy call": {
        "messages": [{"role": "assistant", "function_call": {"name": "f", "arguments": f'{{"a":"{NINO}"}}'}}]
    },
    "custom call": {
        "messages": [
            {
                "role": "assistant",
                "tool_calls": [{"id": "c", "type": "custom", "custom": {"name": "f", "input": NINO}}],
            }
        ]
    },
    "a tool's description": user("Hello", tools=[function(description=f"Looks up {NINO}.")]),
    "a parameter's description": user(
        "Hello", tools=[function(parameters={"type": "object", "properties": {"a": {"description": NINO}}})]
    ),
    "a parameter's name": user(
        "Hello", tools=[function(parameters={"properties": {NINO: {}}, "required": [NINO]})]
    ),
    "enum": user("Hello", tools=[function(parameters={"properties": {"a": {"enum": ["x", NINO]}}})]),
    "enum of numbers": user(
        "Hello", tools=[function(parameters={"properties": {"nhs": {"enum": [int(NHS)]}}})]
    ),
    "default": user("Hello", tools=[function(parameters={"properties": {"a": {"default": NINO}}})]),
    "const": user("Hello", tools=[function(parameters={"properties": {"a": {"const": NINO}}})]),
    "examples": user(
        "Hello", tools=[function(parameters={"properties": {"a": {"examples": [{"b": NINO}]}}})]
    ),
    "title": user("Hello", tools=[function(parameters={"title": NINO})]),
    "a custom tool": user("Hello", tools=[{"type": "custom", "custom": {"name": "f", "description": NINO}}]),
    "a grammar": user(
        "Hello",
        tools=[
            {
                "type": "custom",
                "custom": {
                    "name": "f",
                    "format": {"type": "grammar", "grammar": {"definition": NINO, "syntax": "lark"}},
                },
            }
        ],
    ),
    "functions": user("Hello", functions=[{"name": "f", "description": NINO}]),
    "response_format": user(
        "Hello",
        response_format={
            "type": "json_schema",
            "json_schema": {
                "name": "answer",
                "description": NINO,
                "schema": {"properties": {NINO: {"default": NINO}}},
            },
        },
    ),
    "stop": user("Hello", stop=NINO),
    "stop words": user("Hello", stop=["END", NINO]),
    "metadata": user("Hello", metadata={"ref": NINO}),
    "a name in metadata": user("Hello", metadata={NINO: "x"}),
    "the user": user("Hello", user=EMAIL),
    "safety_identifier": user("Hello", safety_identifier=EMAIL),
    "prompt_cache_key": user("Hello", prompt_cache_key=NINO),
    "prediction": user("Hello", prediction={"type": "content", "content": NINO}),
    "prediction in parts": user(
        "Hello", prediction={"type": "content", "content": [{"type": "text", "text": NINO}]}
    ),
    "web search": user(
        "Hello", web_search_options={"user_location": {"type": "approximate", "approximate": {"city": NINO}}}
    ),
    "a word where one of a set belongs": user(
        "Hello", reasoning_effort=NINO, service_tier=NINO, tool_choice=NINO
    ),
    "an unknown field": user("Hello", new_field=[{"deep": [NINO, int(NHS)], NINO: None}]),
    "an unknown number": user("Hello", new_field=int(NHS)),
    "an unknown number with a fraction": user("Hello", nhs=float(NHS)),
}


@pytest.mark.parametrize("place", PLACES)
def test_personal_data_is_replaced_in(place: str, patterns: Redactor) -> None:
    request = PLACES[place]
    before = json.dumps(request)
    redacted = patterns.redact(request)
    sent = json.dumps(redacted.request, ensure_ascii=False)
    assert redacted.issued
    assert not [mark for mark in MARKS if mark.casefold() in sent.casefold()]
    assert json.dumps(request) == before
    assert set(redacted.request) == set(request)


@pytest.mark.parametrize(
    "place", [place for place in PLACES if place.startswith("arguments") and "not" not in place]
)
def test_arguments_that_are_json_stay_json(place: str, patterns: Redactor) -> None:
    (message,) = patterns.redact(PLACES[place]).request["messages"]
    arguments = message["tool_calls"][0]["function"]["arguments"]
    if "broken" not in place:
        json.loads(arguments)


def test_arguments_keep_every_character_that_is_not_personal(patterns: Redactor) -> None:
    arguments = (
        '{ "n" : 1.50e3,\n "big": 123456789012345678901234567890, "a":"\\u00e9", "x": "' + NINO + '" }'
    )
    (message,) = patterns.redact(call(arguments)).request["messages"]
    sent = message["tool_calls"][0]["function"]["arguments"]
    assert sent == arguments.replace(NINO, "<UK_NINO_1>")


def test_a_number_is_read_with_the_name_of_its_member(patterns: Redactor) -> None:
    redacted = patterns.redact(call('{"accountNumber": 90041773, "amount": 90041774}'))
    arguments = redacted.request["messages"][0]["tool_calls"][0]["function"]["arguments"]
    assert arguments == '{"accountNumber": "<UK_BANK_ACCOUNT_1>", "amount": 90041774}'


def test_a_date_is_a_date_of_birth_in_a_member_of_that_name(patterns: Redactor) -> None:
    sent = patterns.redact(
        user("Hello", metadata={"dateOfBirth": "1985-04-03", "hearing": "2025-04-03"})
    ).request
    assert sent["metadata"] == {"dateOfBirth": "<DATE_OF_BIRTH_1>", "hearing": "2025-04-03"}


def test_a_request_without_personal_data_passes_as_it_is(patterns: Redactor) -> None:
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {
            "due_date": {"type": ["string", "null"], "format": "date"},
            "count": {"minimum": 100000},
        },
        "required": ["due_date"],
        "additionalProperties": False,
    }
    request = {
        "model": "case-summary",
        "messages": [
            {"role": "system", "content": "Answer briefly."},
            {
                "role": "user",
                "content": [{"type": "text", "text": "List the duties under s.18 of the Act of 1861."}],
            },
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [
                    {
                        "id": "call_1",
                        "type": "function",
                        "function": {"name": "get_offence_code", "arguments": '{"code": "OF61016", "n": 3}'},
                    }
                ],
            },
            {"role": "tool", "tool_call_id": "call_1", "content": '{"ok":true}'},
        ],
        "tools": [function(description="Find an offence.", parameters=schema, strict=True)],
        "tool_choice": {"type": "function", "function": {"name": "look_up"}},
        "parallel_tool_calls": False,
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "a", "schema": schema, "strict": True},
        },
        "temperature": 0.25,
        "top_p": 1,
        "n": 2,
        "seed": 1234567,
        "max_completion_tokens": 1000,
        "stop": ["\n\n", "END"],
        "logit_bias": {"50256": -100},
        "logprobs": True,
        "top_logprobs": 5,
        "stream": True,
        "stream_options": {"include_usage": True},
        "reasoning_effort": "low",
        "verbosity": "high",
        "service_tier": "auto",
        "store": False,
        "modalities": ["text"],
        "user": None,
    }
    redacted = patterns.redact(request)
    assert redacted.request == request
    assert redacted.issued == redacted.new == ()
    assert redacted.counts == {}


def test_a_parameters_name_is_the_same_wherever_the_schema_has_it(patterns: Redactor) -> None:
    sent = patterns.redact(PLACES["a parameter's name"]).request
    parameters = sent["tools"][0]["function"]["parameters"]
    assert parameters == {"properties": {"<UK_NINO_1>": {}}, "required": ["<UK_NINO_1>"]}


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "an image": (
        user(
            [
                {"type": "text", "text": "See"},
                {"type": "image_url", "image_url": {"url": "https://example.org/a"}},
            ]
        ),
        "messages[0].content[1]",
    ),
    "sound": (user([{"type": "input_audio", "input_audio": {}}]), "messages[0].content[0]"),
    "a file": (user([{"type": "file", "file": {"file_id": "x"}}]), "messages[0].content[0]"),
    "a part of an unknown type": (user([{"type": NINO, "text": "x"}]), "messages[0].content[0]"),
    "an image in a prediction": (
        user("x", prediction={"type": "content", "content": [{"type": "image_url", "image_url": {}}]}),
        "prediction.content[0]",
    ),
    "earlier sound": ({"messages": [{"role": "assistant", "audio": {"id": "a"}}]}, "messages[0].audio"),
    "an answer in sound": (user("x", modalities=["text", "audio"]), "modalities"),
    "a voice": (user("x", audio={"voice": "a"}), "audio"),
    "a data URL": (user("See data:image/png;base64,iVBORw0KGgo="), "messages[0].content"),
    "encoded data": (user(f"See {ENCRYPTED}"), "messages[0].content"),
    "half a surrogate pair": (user("a\ud800b"), "messages[0].content"),
    "a function's name": (
        user("x", tools=[function() | {"function": {"name": f"f_{NINO}"}}]),
        "tools[0].function.name",
    ),
    "the function to choose": (
        user("x", tool_choice={"type": "function", "function": {"name": NINO}}),
        "tool_choice.function.name",
    ),
    "the name of a format": (
        user("x", response_format={"type": "json_schema", "json_schema": {"name": NINO}}),
        "response_format.json_schema.name",
    ),
    "a pattern": (
        user("x", tools=[function(parameters={"properties": {"a": {"pattern": f"^{NINO}$"}}})]),
        "tools[0].function.parameters.properties.*.pattern",
    ),
    "the model": (user("x", model=f"m-{NINO}"), "model"),
    "names of token ids": (user("x", logit_bias={NINO: 1}), "logit_bias"),
    "long token ids": (user("x", logit_bias={NHS: 1}), "logit_bias"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_read_or_kept_safe_is_refused_by_its_name(what: str, patterns: Redactor) -> None:
    request, param = REFUSED[what]
    with pytest.raises(Unreadable) as refused:
        patterns.redact(request)
    assert refused.value.param == param
    assert not [mark for mark in MARKS if mark in str(refused.value)]


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "messages": ({"messages": "Hello"}, "messages"),
    "a message": ({"messages": ["Hello"]}, "messages[0]"),
    "a role": ({"messages": [{"content": "x"}]}, "messages[0].role"),
    "content": (user(7), "messages[0].content"),
    "a part": (user(["x"]), "messages[0].content[0]"),
    "a part's text": (user([{"type": "text", "text": 7}]), "messages[0].content[0].text"),
    "a name": ({"messages": [{"role": "user", "name": 7, "content": ""}]}, "messages[0].name"),
    "tools": (user("x", tools={}), "tools"),
    "a tool": (user("x", tools=["x"]), "tools[0]"),
    "a function": (user("x", tools=[{"type": "function", "function": "f"}]), "tools[0].function"),
    "parameters": (user("x", tools=[function(parameters=["a"])]), "tools[0].function.parameters"),
    "a format's schema": (
        user("x", response_format={"type": "json_schema", "json_schema": {"name": "a", "schema": "x"}}),
        "response_format.json_schema.schema",
    ),
    "a function's name, a number": (
        user("x", tools=[{"type": "function", "function": {"name": 7}}]),
        "tools[0].function.name",
    ),
    "tool calls": ({"messages": [{"role": "assistant", "tool_calls": "x"}]}, "messages[0].tool_calls"),
    "arguments": (
        {"messages": [{"role": "assistant", "tool_calls": [{"function": {"arguments": {}}}]}]},
        "messages[0].tool_calls[0].function.arguments",
    ),
    "logit_bias": (user("x", logit_bias=[1]), "logit_bias"),
    "a bias": (user("x", logit_bias={"1": "x"}), "logit_bias"),
    "something that JSON hasn't": (user("x", metadata={"a": {1, 2}}), "metadata.*"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_type_is_an_invalid_request_by_its_name(what: str, patterns: Redactor) -> None:
    request, param = WRONG[what]
    with pytest.raises(InvalidRequest) as refused:
        patterns.redact(request)
    assert refused.value.param == param


def test_an_error_names_no_member_that_the_caller_named(patterns: Redactor) -> None:
    with pytest.raises(Unreadable) as refused:
        patterns.redact(user("x", metadata={"Daniel Quilp": "data:text/plain;base64,QQ=="}))
    assert refused.value.param == "metadata.*"


def nested(depth: int) -> Any:
    value: Any = "x"
    for _ in range(depth):
        value = {"a": value}
    return value


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 5000])
def test_members_that_nest_too_deeply_are_refused(depth: int, patterns: Redactor) -> None:
    with pytest.raises(Unreadable, match="flatter"):
        patterns.redact(user("x", metadata=nested(depth)))


@pytest.mark.parametrize("arguments", ["[" * 50_000 + "]" * 50_000, '{"a":' * 200 + "1" + "}" * 200])
def test_json_that_nests_too_deeply_is_refused(arguments: str, patterns: Redactor) -> None:
    with pytest.raises(Unreadable) as refused:
        patterns.redact(call(arguments))
    assert refused.value.param == "messages[0].tool_calls[0].function.arguments"


def test_json_within_json_is_read_to_a_depth_and_then_refused(patterns: Redactor) -> None:
    def wrapped(layers: int) -> str:
        text = NINO
        for _ in range(layers):
            text = json.dumps([text])
        return text

    assert patterns.redact(user(wrapped(MAX_LAYERS))).counts == {"UK_NINO": 1}
    with pytest.raises(Unreadable, match="plain text"):
        patterns.redact(user(wrapped(MAX_LAYERS + 1)))


def test_ordinary_text_that_only_looks_odd_is_not_refused(patterns: Redactor) -> None:
    text = (
        "| a | b |\n|---|---|\n"
        + "=" * 400
        + "\n👨‍👩‍👧 Mae'r diffynnydd yn 24 oed\nπάντα ῥεῖ\n"
        + "_" * 300
        + "a" * 400
    )
    assert patterns.redact(user(text)).request == user(text)


def test_the_text_of_a_request_is_all_of_it_as_it_is_read() -> None:
    request = {
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "name": "Jane", "content": [{"type": "text", "text": "ｗhat sen\u200btence?"}]},
            {"role": "assistant", "tool_calls": [function(arguments='{"why": "because"}')]},
        ],
        "temperature": 1,
        "stop": ["END"],
    }
    lines = text_of(request).split("\n")
    assert {"Be brief.", "what sentence?", "because", "END", "Jane"} <= set(lines)
    assert "system" not in lines
