"""Names of platforms and e-mail addresses that training makes up."""

import random
import re

from name_model.handles import Handles


def test_what_is_written_has_a_sign_or_a_digit_and_what_is_said_has_neither() -> None:
    handles = Handles(random.Random(1))
    for _ in range(300):
        assert re.search(r"[_.\d]", handles.written())
        assert re.fullmatch(r"[a-z ]+", handles.said())
        assert re.fullmatch(r"[a-z ]+ at [a-z]+( dot [a-z ]+)+", handles.said_email())


def test_the_same_chance_makes_the_same_handles() -> None:
    first, second = Handles(random.Random(2)), Handles(random.Random(2))
    assert [first.written() for _ in range(50)] == [second.written() for _ in range(50)]
