"""Putting pseudonyms back: exactly, only those issued, and JSON stays JSON."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.redaction import Pseudonym, Redactor, Restorer, Unreadable
from gateway.redaction.answers.restorer import StreamedText
from gateway.redaction.answers.texts import TextKind, TextPlace
from tests.redaction.conftest import answer, content_of, user

SMITH = Pseudonym("<PERSON_1>", "PERSON", 'Jo "Ace" Smith\\')
JONES = Pseudonym("<PERSON_12>", "PERSON", "Jones\nJunior")
JANE = Pseudonym("PERSON_3", "PERSON", "jane")
ISSUED = (SMITH, JONES, JANE)
PROSE = TextPlace(("content",), TextKind.PROSE)


def content(text: Any, *, json_content: bool = False) -> Any:
    restored = Restorer(ISSUED, json_content=json_content).completion(answer(text))
    return restored["choices"][0]["message"]["content"]


@pytest.mark.parametrize(
    ("text", "restored"),
    [
        ("<PERSON_1> and <PERSON_12>.", 'Jo "Ace" Smith\\ and Jones\nJunior.'),
        ("<PERSON_2>, <UK_NINO_1>, <PERSON_11>", "<PERSON_2>, <UK_NINO_1>, <PERSON_11>"),
        ("<person_1> <PERSON_01> < PERSON_1 > <PERSON_1", "<person_1> <PERSON_01> < PERSON_1 > <PERSON_1"),
        ("<<PERSON_1>>", '<Jo "Ace" Smith\\>'),
        ("<PERSON_<PERSON_1>", '<PERSON_Jo "Ace" Smith\\'),
        ("PERSON_3 said, PERSON_3's", "jane said, jane's"),
        ("<PERSON_3> PERSON_31 XPERSON_3 PERSON_3_", "<PERSON_3> PERSON_31 XPERSON_3 PERSON_3_"),
        ("PERSON_1", "PERSON_1"),
        ("", ""),
        (None, None),
    ],
)
def test_only_what_was_issued_is_put_back(text: str | None, restored: str | None) -> None:
    assert content(text) == restored


def test_a_value_that_looks_like_a_pseudonym_is_not_restored_again() -> None:
    issued = (Pseudonym("<URL_1>", "URL", "<PERSON_1>"), SMITH)
    assert Restorer(issued, json_content=False).whole("<URL_1>", PROSE) == "<PERSON_1>"


def test_every_text_of_a_message_is_restored_and_its_names_and_ids_are_not() -> None:
    message = {
        "refusal": "No, <PERSON_1>",
        "reasoning_content": "<PERSON_1>?",
        "annotations": [{"type": "url_citation", "url_citation": {"title": "<PERSON_1>"}}],
        "tool_calls": [
            {
                "id": "<PERSON_1>",
                "type": "function",
                "function": {"name": "f", "arguments": '{"a":"<PERSON_12>"}'},
            },
            {"id": "c2", "type": "custom", "custom": {"name": "g", "input": "<PERSON_12>"}},
        ],
        "function_call": {"name": "f", "arguments": '{"<PERSON_1>": 1}'},
    }
    body = answer([{"type": "text", "text": "<PERSON_1>"}], **message)
    before = json.dumps(body)
    (choice,) = Restorer(ISSUED, json_content=False).completion(body)["choices"]
    restored = choice["message"]
    value = SMITH.value
    assert restored["content"] == [{"type": "text", "text": value}]
    assert restored["refusal"] == f"No, {value}"
    assert restored["reasoning_content"] == f"{value}?"
    assert restored["annotations"][0]["url_citation"]["title"] == value
    assert restored["tool_calls"][0]["id"] == "<PERSON_1>"
    assert json.loads(restored["tool_calls"][0]["function"]["arguments"]) == {"a": JONES.value}
    assert json.loads(restored["function_call"]["arguments"]) == {value: 1}
    assert json.dumps(body) == before


@pytest.mark.parametrize(
    "written",
    ['"<PERSON_1>"', '"\\u003cPERSON_1\\u003e"', '"\\u003CPERSON_1>"', '"<PERSON_1\\u003E"'],
)
def test_json_stays_json_however_the_model_writes_the_brackets(written: str) -> None:
    assert json.loads(content(written, json_content=True)) == SMITH.value


def test_an_escaped_backslash_before_the_letters_of_an_escape_is_no_bracket() -> None:
    written = json.dumps("\\u003cPERSON_1\\u003e")
    assert content(written, json_content=True) == written


def test_a_body_without_choices_passes() -> None:
    restorer = Restorer(ISSUED, json_content=False)
    assert restorer.completion({"error": {"message": "<PERSON_1>"}}) == {"error": {"message": "<PERSON_1>"}}


_VALUES = st.sampled_from(
    [
        "a@example.org",
        "AB123456C",
        "Mr O'Neill",
        "SMITH, John",
        "07700 900417",
        "<EMAIL_ADDRESS_1>",
        "<PERSON_2>",
        "\n",
    ]
)
_TEXTS = st.lists(st.one_of(st.text(max_size=12), _VALUES), max_size=8).map("".join)


@given(_TEXTS)
def test_redacting_and_restoring_an_echo_is_the_identity(patterns: Redactor, text: str) -> None:
    try:
        redacted = patterns.redact(user(text))
    except Unreadable:
        return
    restored = Restorer(redacted.issued, json_content=False).whole(content_of(redacted), PROSE)
    assert restored == text


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-999, 999) | _TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner, max_size=3),
    max_leaves=8,
)


@given(_JSON)
def test_arguments_come_back_as_the_same_json(patterns: Redactor, value: Any) -> None:
    called = {"id": "c", "type": "function", "function": {"name": "f", "arguments": json.dumps({"a": value})}}
    try:
        redacted = patterns.redact({"messages": [{"role": "assistant", "tool_calls": [called]}]})
    except Unreadable:
        return
    sent = redacted.request["messages"][0]["tool_calls"]
    body = Restorer(redacted.issued, json_content=False).completion(answer(None, tool_calls=sent))
    (call,) = body["choices"][0]["message"]["tool_calls"]
    assert json.loads(call["function"]["arguments"]) == {"a": value}


@given(_TEXTS)
def test_no_identifier_stands_in_what_is_sent_also_within_a_longer_word(
    patterns: Redactor, text: str
) -> None:
    try:
        redacted = patterns.redact(user(text + " AB123456C"))
    except Unreadable:
        return
    long = [one.value for one in redacted.issued if sum(map(str.isalnum, one.value)) > 5]
    identifiers = [value for value in long if "@" in value or any(map(str.isdigit, value))]
    assert not [value for value in identifiers if value in content_of(redacted)]


@pytest.mark.parametrize("text", ["<PERSON\\_1> came", "&lt;PERSON_1&gt; came", "&lt;PERSON\\_1&gt; came"])
def test_a_pseudonym_that_the_model_escaped_is_put_back_however_it_is_cut(text: str) -> None:
    restorer = Restorer(ISSUED, json_content=False)
    expected = 'Jo "Ace" Smith\\ came'
    assert restorer.whole(text, PROSE) == expected
    for cut in range(len(text)):
        stream = StreamedText(restorer, TextPlace(("content",), TextKind.CONTENT))
        assert stream.feed(text[:cut]) + stream.feed(text[cut:], final=True) == expected


@pytest.mark.parametrize("fence", ["{}", "```json\n{}\n```"])
def test_an_answer_that_is_json_stays_json_though_nobody_asked_for_it(fence: str) -> None:
    restored = content(fence.replace("{}", '{"who": "<PERSON_12>"}'))
    inner = restored.removeprefix("```json\n").removesuffix("\n```")
    assert json.loads(inner) == {"who": "Jones\nJunior"}


def test_json_in_a_string_of_a_tool_s_arguments_stays_json() -> None:
    given = json.dumps({"n": 1.50, "body": json.dumps({"to": "<PERSON_12>", "note": 'Say "<PERSON_1>"'})})
    place = TextPlace(("function", "arguments"), TextKind.ARGUMENTS)
    restored = json.loads(Restorer(ISSUED, json_content=False).whole(given, place))
    assert json.loads(restored["body"]) == {"to": "Jones\nJunior", "note": 'Say "Jo "Ace" Smith\\"'}
