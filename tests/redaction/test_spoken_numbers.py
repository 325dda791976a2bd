"""Numbers and dates of birth as a transcript has them."""

from collections.abc import Callable

import pytest

from gateway.redaction import Redactor
from tests.redaction.conftest import Found, user


@pytest.mark.parametrize(
    ("text", "value", "entity"),
    [
        ("it's oh seven seven double nine, one two three, four five six", None, "UK_REFERENCE"),
        ("my crn is x nine one two three four five", "x nine one two three four five", "UK_CRN"),
        ("national insurance a b one two three four five six c", None, "UK_NINO"),
        ("the c r n is x three seven oh four five oh", None, "UK_CRN"),
        ("c r n x three seven oh four five oh for the log", None, "UK_CRN"),
        ("the postcode is l s six two q t", "l s six two q t", "UK_POSTCODE"),
        ("the reg is yankee kilo seven one victor xray uniform", None, "UK_VEHICLE_REGISTRATION"),
        (
            "g w f oh seven one double two six four oh nine",
            "g w f oh seven one double two six four oh nine",
            "UK_GWF",
        ),
        ("the car reg is zed two oh one b c d", "zed two oh one b c d", "UK_VEHICLE_REGISTRATION"),
        ("ni number jay see eight one four oh six two ay", "jay see eight one four oh six two ay", "UK_NINO"),
        (
            "account number is four one seven double oh three nine two please ring the other one",
            None,
            "UK_BANK_ACCOUNT",
        ),
        (
            "email that to green kettle two at pier dot example",
            "green kettle two at pier dot example",
            "EMAIL_ADDRESS",
        ),
        ("send it to tall underscore hat at south hyphen pier dot example", None, "EMAIL_ADDRESS"),
        (
            "email is red gate two at letters dot example dot com",
            "red gate two at letters dot example dot com",
            "EMAIL_ADDRESS",
        ),
        (
            "email is k dot quilp eighty-four at letters dot example",
            "k dot quilp eighty-four at letters dot example",
            "EMAIL_ADDRESS",
        ),
        ("born on the fourth of march nineteen eighty eight", None, "DATE_OF_BIRTH"),
        (
            "rhif symudol: dim saith saith dim naw pedwar tri un wyth chwech dau",
            "dim saith saith dim naw pedwar tri un wyth chwech dau",
            "UK_REFERENCE",
        ),
        (
            "her NI number, GK forty one oh six twenty two B, is on the claim",
            "GK forty one oh six twenty two B",
            "UK_NINO",
        ),
    ],
)
def test_a_spoken_number_is_found(text: str, value: str | None, entity: str, redactor: Redactor) -> None:
    issued = redactor.redact(user(text)).issued
    assert [pseudonym.type for pseudonym in issued] == [entity]
    assert value is None or issued[0].value == value


@pytest.mark.parametrize(
    "text",
    [
        "one two three testing",
        "one of the two went at five to nine",
        "i said no no no",
        "Ewch ar hyd yr A470, dim parcio.",
    ],
)
def test_ordinary_counting_is_not(text: str, redactor: Redactor) -> None:
    assert redactor.redact(user(text)).issued == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "prison number is a four um nine double two b for bertie x ray okay",
            [("a four um nine double two b for bertie x ray", "UK_PRISON_NUMBER")],
        ),
        (
            "golf kilo two two seven nine hotel and that was it",
            [("golf kilo two two seven nine hotel", "UK_REFERENCE")],
        ),
        (
            "PO: the crn?\nPOP: x seven four\nPO: go on\nPOP: double nine two one.",
            [("x seven four", "UK_CRN"), ("double nine two one", "UK_CRN")],
        ),
        (
            "four nine um two two seven eight that's the maat number",
            [("four nine um two two seven eight", "UK_MAAT_ID")],
        ),
    ],
)
def test_a_spoken_number_may_be_interrupted_corrected_spelled_and_shared_between_turns(
    text: str, found: Found, find_all: Callable[[str], Found]
) -> None:
    assert find_all(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "from nineteen ninety seven to two thousand and three in care",
        "one hundred and eighty of two hundred and forty hours",
        "three hundred and fifty pounds by the fourteenth of may at ten thirty",
        "[00:14:05] A: he rang twice\n[00:14:09] B: at half past two",
        "Incident at 21:15. Two residents arguing in the kitchen.",
    ],
)
def test_quantities_years_and_times_are_not(text: str, redactor: Redactor) -> None:
    assert redactor.redact(user(text)).issued == ()


@pytest.mark.parametrize(
    ("text", "value", "entity"),
    [
        (
            "i was born on may the fourth nineteen eighty eight",
            "may the fourth nineteen eighty eight",
            "DATE_OF_BIRTH",
        ),
        ("dob please\nyeah the fourth of um may er nineteen eighty eight", None, "DATE_OF_BIRTH"),
        (
            "fourth of the fifth eighty eight that's my date of birth",
            "fourth of the fifth eighty eight",
            "DATE_OF_BIRTH",
        ),
        (
            "it's jo dot k seventy seven at example dot org",
            "jo dot k seventy seven at example dot org",
            "EMAIL_ADDRESS",
        ),
        ("jo point k, at example, point org", "jo point k, at example, point org", "EMAIL_ADDRESS"),
        (
            "jo smith all one word at example dot com",
            "jo smith all one word at example dot com",
            "EMAIL_ADDRESS",
        ),
    ],
)
def test_dates_of_birth_and_addresses_are_said_in_many_ways(
    text: str, value: str | None, entity: str, redactor: Redactor
) -> None:
    issued = redactor.redact(user(text)).issued
    assert [one.type for one in issued] == [entity]
    assert value is None or issued[0].value == value
