"""How much a person changed, in thousandths of the words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.advice.word_counts import Amendment, count_words, thousandths_changed, word_runs

WORDS = st.lists(st.sampled_from(["he", "was", "seen", "not", "today"]), max_size=12).map(" ".join)


@pytest.mark.parametrize(
    ("before", "after", "thousandths"),
    [
        ("", "", 0),
        ("He was seen.", "He was  seen.\n", 0),
        ("He was seen.", "He was not seen.", 250),
        ("He was seen.", "", 1000),
        ("one two three", "four five six", 1000),
        ("word " * 3000, "word " * 2999 + "other", 1),
    ],
)
def test_what_is_counted_is_words(before: str, after: str, thousandths: int) -> None:
    assert thousandths_changed(before, after) == thousandths


@given(WORDS, WORDS)
def test_it_is_between_nothing_and_everything_and_nothing_only_for_the_same_words(one: str, two: str) -> None:
    changed = thousandths_changed(one, two)
    assert 0 <= changed <= 1000
    assert changed == thousandths_changed(two, one)
    assert (changed == 0) == (one.split() == two.split())


def test_it_is_held_against_every_choice_that_was_shown() -> None:
    completion = {"choices": [{"message": {"content": "one two"}}, {"message": {"content": None}}]}
    assert Amendment.of(completion, "one two three").changed == 334
    assert count_words(" one\ntwo ") == 2


@given(st.text(), st.text())
def test_the_runs_of_a_change_give_both_texts_back(before: str, after: str) -> None:
    runs = word_runs(before, after)
    assert "".join(words for kind, words in runs if kind != "in") == before
    assert "".join(words for kind, words in runs if kind != "out") == after


def test_the_runs_name_what_was_taken_out_and_put_in() -> None:
    runs = word_runs("Dear John, come on Monday.", "Dear John, ring on Monday.")
    assert runs == [("kept", "Dear John, "), ("out", "come "), ("in", "ring "), ("kept", "on Monday.")]
