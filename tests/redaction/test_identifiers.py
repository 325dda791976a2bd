"""UK identifiers in plain and awkward writings, to the character, and look-alikes that must stay.

`data/uk_identifiers.jsonl` has a text a line, with the spans that are to be found. All are invented: unallocated
NINO prefixes, NHS numbers that are never issued, years not reached, Ofcom's drama numbers, documentation addresses.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gateway.redaction import Redactor
from gateway.redaction.redaction_settings import DEFAULT_ENTITIES
from tests.redaction.conftest import Found, content_of, user

_LINES = (Path(__file__).parent / "data" / "uk_identifiers.jsonl").read_text("utf-8").splitlines()
_TABLE = [json.loads(line) for line in _LINES]


def _name(row: dict[str, Any]) -> str:
    types = sorted({span[2] for span in row["spans"]})
    return f"{'+'.join(types) or 'nothing'}: {row['text']}"


@pytest.mark.parametrize("row", _TABLE, ids=_name)
def test_an_identifier_is_replaced_from_its_first_to_its_last_character(
    row: dict[str, Any], patterns: Redactor
) -> None:
    text, expected, numbers = row["text"], "", dict[str, int]()
    last = 0
    for start, end, entity in row["spans"]:
        numbers[entity] = numbers.get(entity, 0) + 1
        expected += text[last:start] + f"<{entity}_{numbers[entity]}>"
        last = end
    assert content_of(patterns.redact(user(text))) == expected + text[last:]


def test_the_table_has_each_identifier_that_is_redacted_by_its_form() -> None:
    in_table = {span[2] for row in _TABLE for span in row["spans"]}
    by_other_tests = {"PERSON", "LOCATION", "NRP", "URL", "SOCIAL_HANDLE", "UK_ADDRESS", "UK_REFERENCE"}
    assert in_table == DEFAULT_ENTITIES - by_other_tests


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Lives at 14 Acacia Avenue with his mother.", "14 Acacia Avenue"),
        ("Moved to 14 Acacia Avenue, Leeds LS49 3QT in May.", "14 Acacia Avenue, Leeds LS49 3QT"),
        ("Address: Flat 3, 221b Quilp Rd, Vexham.", "Flat 3, 221b Quilp Rd, Vexham"),
        ("Seen outside 7-9 St John's Hill.", "7-9 St John's Hill"),
        (
            "Bailed to\nFlat A\n60 Priory Close\nSalford\nM14 5RB\n",
            "Flat A\n60 Priory Close\nSalford\nM14 5RB",
        ),
        ("she lives at a hundred and six priory close salford now", "a hundred and six priory close salford"),
    ],
)
def test_an_address_line_is_one_entity(text: str, value: str, redactor: Redactor) -> None:
    issued = redactor.redact(user(text)).issued
    assert [(pseudonym.value, pseudonym.type) for pseudonym in issued] == [(value, "UK_ADDRESS")]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("See https://people.example.org/quilp?id=7.", "https://people.example.org/quilp?id=7"),
        ("His page is facebook.example.com/quilp.94, he says.", "facebook.example.com/quilp.94"),
        ("On www.quilp.example.", "www.quilp.example"),
    ],
)
def test_a_web_address_with_something_in_it_is_replaced(text: str, value: str, patterns: Redactor) -> None:
    issued = patterns.redact(user(text)).issued
    assert [(pseudonym.value, pseudonym.type) for pseudonym in issued] == [(value, "URL")]


@pytest.mark.parametrize(
    "text",
    [
        "https://www.shelter.org.uk/housing/advice/homelessness",
        "https://www.example.org/search?q=housing%20benefit%20%26%20rent",
        "www.mind.org.uk/information-support/types-of-mental-health-problems/",
        "https://example.org/school/discover",
    ],
)
def test_a_web_address_of_ordinary_words_stays(text: str, patterns: Redactor) -> None:
    assert patterns.redact(user(f"See {text}.")).issued == ()


@pytest.mark.parametrize(
    "text",
    [
        "https://twitter.com/bright_morning",
        "https://example.org/profiles/quiet-gardener",
        "https://example.org/tenants/grace.hope",
        "https://example.org/tenants/view?id=40718",
    ],
)
def test_a_web_address_of_a_profile_a_name_or_a_number_is_replaced(text: str, patterns: Redactor) -> None:
    issued = patterns.redact(user(f"See {text}.")).issued
    assert [pseudonym.value for pseudonym in issued] == [text]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("He messages as @bigtonez most nights.", "@bigtonez"),
        ("On insta: rudeboi.dex and", "rudeboi.dex"),
        ("snapchat username is sk8r_jules", "sk8r_jules"),
        ("snap → sk8r__jules says so", "sk8r__jules"),
        ("her TikTok @mzLena.x", "@mzLena.x"),
    ],
)
def test_what_somebody_is_called_on_a_platform_is_replaced(text: str, value: str, patterns: Redactor) -> None:
    issued = patterns.redact(user(text)).issued
    assert [(pseudonym.value, pseudonym.type) for pseudonym in issued] == [(value, "SOCIAL_HANDLE")]


@pytest.mark.parametrize(
    "text", ["Meet @home or @work, 2 @ £3.", "@property\ndef name", "his account is closed"]
)
def test_other_things_behind_the_sign_stay(text: str, patterns: Redactor) -> None:
    assert patterns.redact(user(text)).issued == ()


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("UTR 9991234578", "UK_UTR"),
        ("NHS number 9991234578", "UK_NHS"),
        ("Ref 9991234578", "UK_NHS"),
    ],
)
def test_a_number_that_could_be_two_things_is_what_the_words_beside_it_say(
    text: str, entity: str, patterns: Redactor
) -> None:
    assert [pseudonym.type for pseudonym in patterns.redact(user(text)).issued] == [entity]


def test_a_wrong_check_digit_is_still_somebodys_number_beside_its_label(patterns: Redactor) -> None:
    assert content_of(patterns.redact(user("PNC 2019/9412345A"))) == "PNC <UK_PNC_1>"
    assert content_of(patterns.redact(user("NHS no 999 123 4579"))) == "NHS no <UK_NHS_1>"


def test_dates_of_birth_are_told_apart_from_the_dates_that_a_case_needs(patterns: Redactor) -> None:
    redacted = patterns.redact(user("Born 3 April 1985, sentenced on 3 May 2024, review 12/06/2024."))
    assert content_of(redacted) == "Born <DATE_OF_BIRTH_1>, sentenced on 3 May 2024, review 12/06/2024."


@pytest.mark.parametrize(
    ("text", "value", "entity"),
    [
        ("NINO recorded as MMl23456C on the form", "MMl23456C", "UK_NINO"),
        ("NHS number 999 l23 4578 as scanned", "999 l23 4578", "UK_NHS"),
        ("CRN X9I2345 from the fax", "X9I2345", "UK_CRN"),
        ("PNC 2019 9412345Y without its slash", "2019 9412345Y", "UK_PNC"),
        ("NI: MM 123 456C, checked", "MM 123 456C", "UK_NINO"),
        ("nat ins no. mm 12-34-56 c per payslip", "mm 12-34-56 c", "UK_NINO"),
        ("log 883 of 15 Jul police called", "883 of 15 Jul", "UK_CRIME_REF"),
        (
            "write to jo [at] quilp [dot] example [dot] org",
            "jo [at] quilp [dot] example [dot] org",
            "EMAIL_ADDRESS",
        ),
        ("write to jo dot smith at example dot org", "jo dot smith at example dot org", "EMAIL_ADDRESS"),
    ],
)
def test_what_a_scanner_misread_or_somebody_said_is_found(
    text: str, value: str, entity: str, patterns: Redactor
) -> None:
    issued = patterns.redact(user(text)).issued
    assert [(pseudonym.value, pseudonym.type) for pseudonym in issued] == [(value, entity)]


@pytest.mark.parametrize(
    "text", ["Order number 44l7733 from the catalogue", "Room 5S, 10l of water", "2 x 1s"]
)
def test_a_letter_among_digits_is_no_identifier_without_context(text: str, patterns: Redactor) -> None:
    assert patterns.redact(user(text)).issued == ()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (
            "Bail address: Kestrel Court, 144 Ropewalk, Croydon, PO7 5EX. Visited.",
            "Kestrel Court, 144 Ropewalk, Croydon, PO7 5EX",
        ),
        ("Moved to 210 Station Approach, Hartlepool, and is resolved", "210 Station Approach, Hartlepool"),
        ("lives at 22 ropewalk, dudley with mum", "22 ropewalk, dudley"),
        ("Unit 4 / 9 Quarry Mount / Oldham / OL9 7XQ", "Unit 4 / 9 Quarry Mount / Oldham / OL9 7XQ"),
        ("lives @ 2F1/88 Quilp Brae/Leith with a dog", "2F1/88 Quilp Brae/Leith"),
        ("Add: Bsmt Flt, 88a Old Quarry Rd, Totnes (since May)", "Bsmt Flt, 88a Old Quarry Rd, Totnes"),
        ("Now 88 Fore Street, Totnes.", "88 Fore Street, Totnes"),
        ("lives at 22 acacia road now", "22 acacia road"),
        ("he stays at flat nineteen bright house mill lane with mum", "flat nineteen bright house mill lane"),
        ("he's at flat twenty 86 whinmoor crescent now", "flat twenty 86 whinmoor crescent"),
    ],
)
def test_an_address_is_read_from_where_it_stands(
    text: str, value: str, find_all: Callable[[str], Found]
) -> None:
    assert (value, "UK_ADDRESS") in find_all(text)


@pytest.mark.parametrize(
    "text",
    ["He moved to 12 months of supervision.", "She stayed 3 nights in May.", "It lasted 14 days at home."],
)
def test_a_number_behind_a_word_of_living_is_no_address(text: str, find_all: Callable[[str], Found]) -> None:
    assert find_all(text) == []
