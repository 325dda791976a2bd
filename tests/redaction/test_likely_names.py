"""Names that no rule and no model is sure of are weighed by their clues: `clues.txt` says what each is worth."""

import re
from pathlib import Path

import pytest

from gateway.redaction import Redactor
from gateway.redaction.closed_world import clues, likely
from tests.redaction.learning import learn

ROWS = [line for line in Path(likely.__file__).with_name("clues.txt").read_text("utf-8").splitlines() if line]


def words_taken(redactor: Redactor, text: str) -> set[str]:
    return {word for start, end, _ in redactor.places(text) for word in text[start:end].split()}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("I told Even that Per had rung. Per was with Odd, and Even wants a word with Per.", {"Even", "Per"}),
        ("He stayed with Joke until Floor came; Floor's mother had rung Joke.", {"Joke", "Floor"}),
        ("She lives with Stellar and Dime. Stellar's cousin came too.", {"Stellar", "Dime"}),
    ],
)
def test_a_word_of_any_kind_is_a_name_where_a_name_stands(
    redactor: Redactor, text: str, names: set[str]
) -> None:
    assert names <= words_taken(redactor, text)


@pytest.mark.parametrize(
    "text",
    [
        "Even so, he went. Go to the desk. Per week he pays ten pounds. Long term, he hopes to work.",
        "The Tenant shall pay the Rent. Each Session lasts an hour. See the Safety Plan and the Schedule.",
        "i was happy to see that the floor was clean and we had a long chat about even the small things per week",
        "THE TENANT MUST NOT MAKE ANY NOISE AFTER TEN AT NIGHT AND MUST KEEP THE FLAT CLEAN",
    ],
)
def test_the_same_words_stay_where_they_are_words(redactor: Redactor, text: str) -> None:
    assert words_taken(redactor, text) == set()


def test_each_clue_that_is_worth_something_is_one_that_can_be_seen() -> None:
    # A kind of clue that the code no longer makes would be dead weight in the file.
    source = Path(clues.__file__).read_text("utf-8")
    rows = [row.rpartition(" ") for row in ROWS if not row.startswith("#")]
    assert len(rows) > 100
    for clue, _, worth in rows:
        style, _, rest = clue.partition(" ")
        assert style in ("small", "mixed", "head", "SHOUT", "First", "Within")
        assert abs(float(worth)) >= 0.05
        for word in re.findall(r"[A-Za-z']{3,}", rest):
            assert word in source, clue


def test_nothing_is_learnt_of_words_but_where_and_how_they_stand() -> None:
    chance = learn.random.Random(7)
    text, spans, _ = next(learn.documents(chance, 1))
    asked = learn.asked([(text, spans, 1.0)])
    words = {word.lower() for start, end in spans for word in text[start:end].split() if len(word) > 3}
    assert asked
    assert not any(word in clue.split() for seen, _, _ in asked for clue in seen for word in words)


def test_a_table_s_column_of_names_says_that_an_everyday_word_is_one(redactor: Redactor) -> None:
    text = "Child | Age | School\nAmina | 4 | St Anne's\nStarry | 8 | none\nYusuf | 13 | none"
    assert {"Amina", "Starry", "Yusuf"} <= words_taken(redactor, text)


def test_a_line_of_one_word_is_read_where_the_whole_text_has_no_capitals(redactor: Redactor) -> None:
    text = "hi susu\n\nsorry i missed you. i was at the hospital.\n\nlove\nntina"
    assert {"susu", "ntina"} <= words_taken(redactor, text)


def test_names_in_json_are_known_by_their_keys(redactor: Redactor) -> None:
    text = '{"worker": "Go Long", "first_name": "Per", "name": "get_list", "contact": "None"}'
    assert words_taken(redactor, text) == {"Go", "Long", "Per"}


def test_a_signature_may_end_with_kisses(redactor: Redactor) -> None:
    assert "Gem" in words_taken(redactor, "All is done.\nThx\nGem xx")
