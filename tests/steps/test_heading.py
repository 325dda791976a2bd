"""What tells one advice from another in the queue, and what a check's made-up case gives away."""

import pytest

from gateway.steps.queue_entry import _first_words
from gateway.steps.seeded_checks import _other_case


def test_long_questions_end_at_a_word_and_short_ones_stay_whole() -> None:
    assert _first_words("  Who\n\nasked <PERSON_1>? ", {"<PERSON_1>": "Ana"}) == "Who asked Ana?"
    words = _first_words("word, " * 100, {})
    assert words.endswith("word …")
    assert len(words) <= 163
    assert len(_first_words("x" * 500, {})) == 161


@pytest.mark.parametrize("reference", ["DEMO-17", "X123456", "smith/2026/441", "Müller 7"])
def test_a_made_up_case_has_the_form_of_another_and_none_of_its_words(reference: str) -> None:
    made = {_other_case(reference) for _ in range(50)}
    assert len(made) > 1
    for one in made:
        assert one is not None
        assert len(one) == len(reference)
        assert [part.isdigit() for part in one] == [part.isdigit() for part in reference]
    assert sum("smith" in str(one) or "ller" in str(one) for one in made) < 2  # by chance, if at all
    assert _other_case(None) is None
    assert (_other_case("DEMO-17") or "").startswith("DEMO-")
