"""How a difference between two versions reads in a terminal."""

import pytest

from gateway.commands.policy_difference import difference_lines
from gateway.policy import Difference

LONG = "Help a practitioner find the facts in a long record. " * 6


@pytest.mark.parametrize(
    ("one", "weaker", "lines"),
    [
        (
            Difference("refuse.no-songs.like", "Sing.\nHum.", "Sing.\nWhistle.\nDrum.", is_list=True),
            True,
            ["refuse.no-songs.like: 2 added, 1 removed  (weaker)", "  - Hum.", "  + Whistle.", "  + Drum."],
        ),
        (
            Difference("models", "a\nb", "b\na", is_list=True),
            False,
            ["models: in another order", "  - a", "  - b", "  + b", "  + a"],
        ),
        (
            Difference("caveats.check", "say: Check.", None),
            True,
            ["caveats.check: removed  (weaker)", "  - say: Check."],
        ),
        (
            Difference("review.deciders", "2", "1"),
            True,
            ["review.deciders: changed  (weaker)", "  - 2", "  + 1"],
        ),
    ],
)
def test_only_what_came_and_went_is_printed(one: Difference, weaker: bool, lines: list[str]) -> None:
    assert list(difference_lines(one, weaker=weaker)) == lines


def test_of_a_long_text_the_words_that_differ_stand_in_brackets_with_what_is_around_them() -> None:
    after = LONG.replace("practitioner", "clerk", 1) + "Nothing else."
    head, old, new = difference_lines(Difference("purpose", LONG, after), weaker=False)
    assert head == "purpose: changed"
    assert old.startswith("  - Help a [practitioner] find the facts")
    assert new.startswith("  + Help a [clerk] find the facts")
    assert new.endswith("[Nothing else.]")
    assert " … " in old
    assert len(old) < len(LONG)


def test_of_a_text_of_several_lines_those_that_changed_are_told() -> None:
    before = "You help with letters.\n\n- Use plain English and short sentences.\n- Never guess."
    after = before.replace("short", "brief") + "\n- Name nobody."
    assert list(difference_lines(Difference("prompt's text", before, after), weaker=False)) == [
        "prompt's text: changed",
        "  - - Use plain English and [short] sentences.",
        "  + - Use plain English and [brief] sentences.",
        "  + - Name nobody.",
    ]
