"""Who is who: one person's mentions share a pseudonym, two people never do, and all come back exactly."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.redaction import Pseudonym, Redactor, Restorer
from gateway.redaction.pseudonyms.coreference import Identities, Mention
from tests.redaction.conftest import answer, content_of, user


def numbers(sent: str) -> list[str]:
    return re.findall(r"<PERSON_(\d+)>", sent)


def restored(redacted: Any, text: str, *, json_content: bool = False) -> str:
    body = Restorer(redacted.issued, json_content=json_content).completion(answer(text))
    content: str = body["choices"][0]["message"]["content"]
    return content


def test_every_writing_of_one_person_has_one_number_and_comes_back_as_it_was(redactor: Redactor) -> None:
    text = "John Smith came. Mr Smith was late. SMITH, John signed. John's car. J. Smith left."
    redacted = redactor.redact(user(text))
    assert set(numbers(content_of(redacted))) == {"1"}
    assert restored(redacted, content_of(redacted)) == text
    assert redacted.counts == {"PERSON": 1}


def test_a_model_that_drops_the_selector_gets_the_fullest_writing(redactor: Redactor) -> None:
    redacted = redactor.redact(user("Mr Smith was late. John Smith said sorry."))
    assert restored(redacted, "<PERSON_1> was late") == "John Smith was late"


def test_two_smiths_are_never_one(redactor: Redactor) -> None:
    redacted = redactor.redact(user("John Smith met Jane Smith, and then Smith left."))
    assert numbers(content_of(redacted)) == ["1", "2", "3"]


def test_mr_and_mrs_smith_are_two_people(redactor: Redactor) -> None:
    redacted = redactor.redact(user("Mr Smith and Mrs Smith argued. Mr Smith left."))
    assert numbers(content_of(redacted)) == ["1", "2", "1"]


def test_a_later_request_of_the_case_knows_who_it_is(redactor: Redactor) -> None:
    first = redactor.redact(user("John Smith came."))
    later = redactor.redact(user("Mr Smith called again."), known=first.new)
    assert numbers(content_of(later)) == ["1"]
    assert restored(later, content_of(later)) == "Mr Smith called again."
    assert [pseudonym.value for pseudonym in later.new] == ["Smith"]


def test_writings_of_one_identifier_are_one(patterns: Redactor) -> None:
    text = "NI AB123456C, also AB 12 34 56 C"
    redacted = patterns.redact(user(text))
    assert redacted.counts == {"UK_NINO": 1}
    assert restored(redacted, content_of(redacted)) == text


def test_a_text_with_selectors_of_its_own_comes_back_as_it_was(redactor: Redactor) -> None:
    text = "John Smith\U000e0100 and Mr Smith\U000e0101 and SMITH"
    redacted = redactor.redact(user(text))
    assert restored(redacted, content_of(redacted)) == text


@pytest.mark.parametrize("cut", range(1, 14))
def test_a_stream_that_is_cut_before_its_selector_comes_back_whole(cut: int) -> None:
    issued = (
        Pseudonym("<PERSON_1>", "PERSON", "John Smith"),
        Pseudonym("<PERSON_1>\U000e0100", "PERSON", "Smith"),
    )
    text = "<PERSON_1>\U000e0100 x"
    stream = Restorer(issued, json_content=False).stream()
    pieces = [
        stream.feed({"choices": [{"index": 0, "delta": {"content": part}}]})
        for part in (text[:cut], text[cut:])
    ]
    said = [*pieces, *stream.end()]
    assert "".join(one["choices"][0]["delta"].get("content", "") for one in said) == "Smith x"


def test_a_selector_that_is_escaped_in_json_is_understood() -> None:
    issued = (
        Pseudonym("<PERSON_1>", "PERSON", "John Smith"),
        Pseudonym("<PERSON_1>\U000e0100", "PERSON", "Smith"),
    )
    body = Restorer(issued, json_content=True).completion(answer('{"a": "<PERSON_1>\\udb40\\udd00"}'))
    assert body["choices"][0]["message"]["content"] == '{"a": "Smith"}'


@given(
    st.lists(
        st.sampled_from(
            ["John Smith", "Mr Smith", "SMITH, John", "Jane Smith", "john", "Smith's", "J. Smith"]
        )
    )
)
def test_whatever_is_written_comes_back(words: list[str]) -> None:
    people = Identities(Mention(word, "PERSON") for word in words)
    for word in words:
        assert people.key(Mention(word, "PERSON")) in people.canonical
