"""Subjects, which are always redacted, and phrases that a policy keeps."""

import pytest

from gateway.redaction import Redactor, Unreadable
from tests.redaction.conftest import content_of, user


@pytest.mark.parametrize(
    "text",
    [
        "ann lee",
        "ANN LEE",
        "Ann  Lee",
        "Ann\nLee",
        "Ann\u00a0Lee",
        "Ann-Lee",
        "ann_lee",
        "AnnLee",
        "A n n L e e",
        "Ann",
        "lee",
        "LEE",
        "An\u200bn Le\u00ade",
        "Ａｎｎ Lee",
        "Ánn Lee",
        "A\u0301nn Lee",
    ],
)
def test_a_subject_is_redacted_in_any_spelling(text: str, patterns: Redactor) -> None:
    redacted = patterns.redact(user(f"I saw {text}'s car, ({text})."), subjects=["Ann Lee"])
    sent = content_of(redacted)
    assert sent == "I saw <PERSON_1>'s car, (<PERSON_1>)."


@pytest.mark.parametrize(
    "text",
    [
        "the Okafors",
        "Okafor2",
        "mokafor",
        "okafor_m",
        "okaform1",
    ],
)
def test_a_subject_in_the_plural_or_as_a_user_name_is_redacted(text: str, patterns: Redactor) -> None:
    sent = content_of(patterns.redact(user(f"I saw {text} there"), subjects=["Maria Okafor"]))
    assert sent.replace("the ", "").startswith("I saw <PERSON_1>")


@pytest.mark.parametrize("text", ["Annual leave", "Leeds", "Joanne", "sleep", "annex"])
def test_a_word_that_only_contains_a_subject_stays(text: str, patterns: Redactor) -> None:
    assert content_of(patterns.redact(user(text), subjects=["Ann Lee"])) == text


@pytest.mark.parametrize("text", ["ZQ-77 1204", "zq771204", "ZQ 771 204", "zq/77/1204", "Z Q 7 7 1 2 0 4"])
def test_an_identifier_is_redacted_in_any_grouping(text: str, patterns: Redactor) -> None:
    sent = content_of(patterns.redact(user(f"Ref {text}."), subjects=["ZQ771204"]))
    assert sent == "Ref <IDENTIFIER_1>."


def test_a_subject_is_redacted_in_arguments_numbers_and_names(patterns: Redactor) -> None:
    call = {
        "id": "c",
        "type": "function",
        "function": {"name": "f", "arguments": '{"Ann Lee": 771204, "b": ["lee"]}'},
    }
    request = {"messages": [{"role": "assistant", "tool_calls": [call]}]}
    redacted = patterns.redact(request, subjects=["Ann Lee", "771204"])
    arguments = redacted.request["messages"][0]["tool_calls"][0]["function"]["arguments"]
    assert arguments == '{"<PERSON_1>": "<IDENTIFIER_1>", "b": ["<PERSON_1>\U000e0100"]}'


@pytest.mark.parametrize("name", ["find_ann_lee", "findAnnLee", "find-lee"])
def test_a_function_named_after_a_subject_is_refused(name: str, patterns: Redactor) -> None:
    tool = {"type": "function", "function": {"name": name}}
    with pytest.raises(Unreadable) as refused:
        patterns.redact(user("x", tools=[tool]), subjects=["Ann Lee"])
    assert refused.value.param == "tools[0].function.name"


def test_a_function_named_after_a_value_of_the_text_is_refused(patterns: Redactor) -> None:
    tool = {"type": "function", "function": {"name": "find_90041773"}}
    assert patterns.redact(user("x", tools=[tool])).issued == ()
    with pytest.raises(Unreadable):
        patterns.redact(user("Account 90041773", tools=[tool]))


def test_a_kept_phrase_stays(redactor: Redactor) -> None:
    text = "Placed by Priya Raman, then by Adaeze Okafor."
    assert "Okafor" not in content_of(redactor.redact(user(text)))
    sent = content_of(redactor.redact(user(text), keep=["adaeze okafor"]))
    assert sent == "Placed by <PERSON_1>, then by Adaeze Okafor."


def test_a_kept_entity_type_stays(patterns: Redactor) -> None:
    sent = content_of(patterns.redact(user("a@example.org, LS49 3QT"), keep=["UK_POSTCODE"]))
    assert sent == "<EMAIL_ADDRESS_1>, LS49 3QT"


def test_a_subject_wins_over_what_is_kept(patterns: Redactor) -> None:
    sent = content_of(patterns.redact(user("Grace came."), subjects=["Grace Lee"], keep=["Grace"]))
    assert sent == "<PERSON_1> came."


def test_a_kept_word_within_a_longer_finding_does_not_show_the_rest(redactor: Redactor) -> None:
    sent = content_of(redactor.redact(user("Mr Grace Vexham came."), keep=["Grace"]))
    assert "Vexham" not in sent


def test_the_longest_of_overlapping_findings_wins_and_nothing_of_the_others_is_left(
    patterns: Redactor,
) -> None:
    sent = content_of(
        patterns.redact(user("ann.lee@example.org and Ann Lee Park"), subjects=["Ann Lee", "Lee Park"])
    )
    assert (
        sent == "<EMAIL_ADDRESS_1> and <PERSON_1> <PERSON_2>"
        or sent == "<EMAIL_ADDRESS_1> and <PERSON_1><PERSON_2>"
    )
    assert "Park" not in sent
