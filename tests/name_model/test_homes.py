"""What documents are filled with: addresses and dates."""

import random
import re

from gateway.redaction.recognisers.numbers.written import is_date
from name_model.documents import LANGUAGES
from name_model.homes import Homes


def test_the_same_chance_makes_the_same_addresses_and_dates() -> None:
    def made(seed: int) -> list[str]:
        homes = Homes(random.Random(seed))
        return [make() for make in (homes.address, homes.said_address, homes.birth, homes.said_date)]

    assert made(1) == made(1) != made(2)


def test_addresses_are_written_in_very_many_ways() -> None:
    homes = Homes(random.Random(1))
    made = [homes.address() for _ in range(500)]
    assert len(set(made)) > 490
    for form in (
        r"\n",
        r"^[^A-Z]*$",
        r"[A-Z]{1,2}\d{1,2} ?\d[A-Z]{2}$",
        r"(?i)^fla?t ",
        r"Rd\b|\bSt\b|\bAve\b",
    ):
        assert any(re.search(form, one) for one in made), form


def test_most_dates_of_birth_are_dates_and_none_that_is_said_has_a_digit() -> None:
    homes = Homes(random.Random(1))
    assert sum(is_date(homes.birth()) for _ in range(200)) > 110
    assert not any(map(str.isdigit, "".join(homes.said_birth() for _ in range(200))))


def test_dates_and_addresses_are_written_as_in_the_language_that_a_slot_names() -> None:
    homes = Homes(random.Random(1))
    assert any(
        re.fullmatch(r"\d+ de (?:enero|mayo|junio|agosto) de \d{4}", homes.birth("es")) for _ in range(50)
    )
    assert any(re.fullmatch(r"\d{4}\. \d\d\. \d\d\.", homes.date("hu")) for _ in range(50))
    assert all(re.match(r"ul\.|os\.|al\.|\w+owa ", homes.address("pl")) for _ in range(50))
    for language in LANGUAGES:
        assert homes.birth(language)
        assert homes.address(language)
