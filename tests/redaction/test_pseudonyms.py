"""Pseudonyms: one for a value throughout a case, never one that the user typed."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from gateway.redaction import Pseudonym, RedactionSettings, Redactor, Restorer
from gateway.redaction.detection.detector import Detector
from gateway.redaction.text.findings import WEAK_RANK, Finding
from tests.redaction.conftest import answer, content_of, user


class OneText:
    """Reads names as a model does, in one text only."""

    def __init__(self, text: str, found: list[Finding]) -> None:
        self._found = {text: found}

    def read(self, texts: Sequence[str]) -> list[list[Finding]]:
        return [self._found.get(text, []) for text in texts]


ONE = Pseudonym("<EMAIL_ADDRESS_1>", "EMAIL_ADDRESS", "a@example.org")
TWO = Pseudonym("<EMAIL_ADDRESS_2>", "EMAIL_ADDRESS", "b@example.org")


def test_values_are_numbered_by_type_in_reading_order(patterns: Redactor) -> None:
    redacted = patterns.redact(user("b@example.org, AB123456C, a@example.org, then b@example.org again"))
    assert content_of(redacted) == (
        "<EMAIL_ADDRESS_1>, <UK_NINO_1>, <EMAIL_ADDRESS_2>, then <EMAIL_ADDRESS_1> again"
    )
    assert redacted.counts == {"EMAIL_ADDRESS": 2, "UK_NINO": 1}
    assert redacted.new == redacted.issued


def test_the_same_value_has_the_same_pseudonym_in_every_message_and_field(patterns: Redactor) -> None:
    request = {
        "messages": [
            {"role": "system", "content": "About a@example.org."},
            {"role": "user", "content": [{"type": "text", "text": "And a@example.org, b@example.org"}]},
        ],
        "stop": ["a@example.org"],
        "metadata": {"a@example.org": "b@example.org"},
    }
    sent = patterns.redact(request).request
    assert content_of(patterns.redact(request)) == "About <EMAIL_ADDRESS_1>."
    assert sent["messages"][1]["content"][0]["text"] == "And <EMAIL_ADDRESS_1>, <EMAIL_ADDRESS_2>"
    assert sent["stop"] == ["<EMAIL_ADDRESS_1>"]
    assert sent["metadata"] == {"<EMAIL_ADDRESS_1>": "<EMAIL_ADDRESS_2>"}


def test_a_case_goes_on_with_its_pseudonyms(patterns: Redactor) -> None:
    redacted = patterns.redact(user("c@example.org wrote to b@example.org"), known=[ONE, TWO])
    assert content_of(redacted) == "<EMAIL_ADDRESS_3> wrote to <EMAIL_ADDRESS_2>"
    assert redacted.issued == (Pseudonym("<EMAIL_ADDRESS_3>", "EMAIL_ADDRESS", "c@example.org"), TWO)
    assert redacted.new == redacted.issued[:1]


def test_a_value_keeps_its_first_type(patterns: Redactor) -> None:
    known = [Pseudonym("<PERSON_4>", "PERSON", "a@example.org")]
    redacted = patterns.redact(user("a@example.org"), known=known)
    assert content_of(redacted) == "<PERSON_4>"
    assert redacted.counts == {"PERSON": 1}


def test_a_value_of_the_case_is_redacted_where_no_recogniser_would_find_it(patterns: Redactor) -> None:
    known = [Pseudonym("<PERSON_1>", "PERSON", "Quilp")]
    assert content_of(patterns.redact(user("Saw Quilp today, and Quilp's dog."), known=known)) == (
        "Saw <PERSON_1> today, and <PERSON_1>'s dog."
    )


def test_a_value_that_was_found_once_is_redacted_everywhere(patterns: Redactor) -> None:
    redacted = patterns.redact(user("Account 90041773 is his. He gave 90041773 and 9004 1773."))
    assert "9004" not in content_of(redacted)


def test_a_name_that_is_also_a_word_is_redacted_only_where_it_is_one(redactor: Redactor) -> None:
    redacted = redactor.redact(user("Mr Will Okafor came. I will write. Mr Will agreed."))
    assert content_of(redacted).count("will write") == 1
    assert "Will " not in content_of(redacted)


def redactor_with(reader: OneText) -> Redactor:
    settings = RedactionSettings()
    detector = Detector([], [reader], settings.entities, settings.score_threshold, settings.pattern_seconds)
    return Redactor(detector, settings.entities, settings.pattern_seconds)


def test_what_is_not_sure_is_redacted_and_not_remembered_in_the_case() -> None:
    judged = [Finding(0, 6, "PERSON", 0.55, sure=False), Finding(11, 16, "PERSON", 0.55)]
    reader = OneText("Burden met Quilp.", judged)
    redactor = redactor_with(reader)
    redacted = redactor.redact(user("Burden met Quilp."))
    assert content_of(redacted) == "<PERSON_1> met <PERSON_2>."
    assert [one.value for one in redacted.new] == ["Quilp"]
    again = redactor.redact(user("A burden for quilp."), known=redacted.new)
    assert content_of(again) == "A burden for <PERSON_2>\U000e0100."


def test_what_is_too_unlikely_to_be_a_name_is_one_where_the_same_word_is_known_as_one() -> None:
    text = "Read came late. Read the letter."
    weak = [Finding(0, 4, "PERSON", WEAK_RANK), Finding(16, 20, "PERSON", WEAK_RANK)]
    redactor = redactor_with(OneText(text, weak))
    assert content_of(redactor.redact(user(text))) == text
    known = [Pseudonym("<PERSON_1>", "PERSON", "Mark Read")]
    assert "Read" not in content_of(redactor.redact(user(text), known=known))


def test_a_typed_pseudonym_is_never_issued_and_comes_back_as_it_was_typed(patterns: Redactor) -> None:
    typed = "<EMAIL_ADDRESS_1>, <email_address_2>, EMAIL_ADDRESS_3 and \\u003cEMAIL_ADDRESS_4\\u003e: a@example.org"
    redacted = patterns.redact(user(typed))
    assert content_of(redacted) == typed.replace("a@example.org", "<EMAIL_ADDRESS_5>")
    restored = Restorer(redacted.issued, json_content=False).completion(answer(content_of(redacted)))
    assert restored["choices"][0]["message"]["content"] == typed


def test_a_typed_pseudonym_of_the_case_gives_its_value_a_fresh_number(patterns: Redactor) -> None:
    redacted = patterns.redact(user("<EMAIL_ADDRESS_1> is not a@example.org"), known=[ONE, TWO])
    assert content_of(redacted) == "<EMAIL_ADDRESS_1> is not <EMAIL_ADDRESS_3>"
    assert [pseudonym.text for pseudonym in redacted.new] == ["<EMAIL_ADDRESS_3>"]
    again = patterns.redact(user("a@example.org"), known=[ONE, TWO, *redacted.new])
    assert content_of(again) == "<EMAIL_ADDRESS_1>"


def test_an_identifier_does_not_pass_as_the_number_of_a_pseudonym(patterns: Redactor) -> None:
    redacted = patterns.redact(user("passport: <UK_PASSPORT_901220486>"))
    assert "901220486" not in content_of(redacted)


def test_a_participants_name_is_replaced_whole_and_without_brackets(patterns: Redactor) -> None:
    request = {
        "messages": [
            {"role": "user", "name": "jane-doe", "content": "I am Jane Doe."},
            {"role": "user", "name": "someone_else", "content": "And I am not."},
            {"role": "user", "name": "jane-doe", "content": "Yes."},
        ]
    }
    redacted = patterns.redact(request)
    names = [message["name"] for message in redacted.request["messages"]]
    assert names == ["PERSON_1", "PERSON_3", "PERSON_1"]
    assert content_of(redacted) == "I am <PERSON_2>."
    assert redacted.counts == {"PERSON": 3}


def test_a_pseudonym_shows_no_value_where_it_is_printed() -> None:
    assert "example" not in repr(ONE)
    assert "example" not in f"{[TWO]}"


@given(st.lists(st.sampled_from(["a@example.org", "b@example.org", "AB123456C", "07700 900417"]), max_size=6))
def test_redacting_twice_gives_the_same(patterns: Redactor, values: list[str]) -> None:
    request = user(" and ".join(values))
    first = patterns.redact(request)
    second = patterns.redact(request, known=first.issued)
    assert second.request == first.request
    assert second.issued == first.issued
    assert second.new == ()
