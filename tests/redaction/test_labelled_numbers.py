"""A value beside what it is called is read in any grouping, and what only stands beside such a word is not one."""

from collections.abc import Callable

import pytest

from tests.redaction.conftest import Found


@pytest.mark.parametrize(
    ("text", "value", "entity"),
    [
        ("NHS no: 99 91 23 45 78", "99 91 23 45 78", "UK_NHS"),
        ("NHS number (999) 123 4579", "999) 123 4579", "UK_NHS"),
        ("UTR = 910.447.712.0", "910.447.712.0", "UK_UTR"),
        ("passport no. 7241-\n82278", "7241-\n82278", "UK_PASSPORT"),
        ("CRO\n9198_46/22H", "9198_46/22H", "UK_CRO"),
        ("(2 0 1 9 9 4 1 2 3 4 5 Y is the PNC)", "2 0 1 9 9 4 1 2 3 4 5 Y", "UK_PNC"),
        ("22 88 60 67 6 (ViSOR)", "22 88 60 67 6", "UK_VISOR_ID"),
        ("| MAAT ID | 61+05+221 |", "61+05+221", "UK_MAAT_ID"),
        ("the GMC number, which we have as 612·34·56, is wrong", "612·34·56", "UK_GMC_NUMBER"),
        ("case reference: 1593,6704,3671,9026", "1593,6704,3671,9026", "UK_REFERENCE"),
    ],
)
def test_a_value_is_found_beside_its_label_however_it_is_grouped(
    text: str, value: str, entity: str, find: Callable[[str], Found]
) -> None:
    assert (value, entity) in find(text)


@pytest.mark.parametrize(
    ("text", "value", "entity"),
    [
        (
            "um three seven nine three two two that's the warrant number",
            "three seven nine three two two",
            "UK_WARRANT_NUMBER",
        ),
        ("the u t r is 6 3 0 9 7 6 sorry 5 2 2 3", "6 3 0 9 7 6 sorry 5 2 2 3", "UK_UTR"),
        (
            "the visor number is double two forward slash one four two",
            "double two forward slash one four two",
            "UK_VISOR_ID",
        ),
        (
            "share code whiskey echo delta eight hotel echo hotel golf two",
            "whiskey echo delta eight hotel echo hotel golf two",
            "UK_SHARE_CODE",
        ),
        ("registration number a x one five g h a", "a x one five g h a", "UK_VEHICLE_REGISTRATION"),
    ],
)
def test_a_spoken_value_is_found_beside_its_label(
    text: str, value: str, entity: str, find: Callable[[str], Found]
) -> None:
    assert (value, entity) in find(text)


@pytest.mark.parametrize(
    "text",
    [
        "OASys assessment 12/03/2025 is late.",
        "The passport was renewed in 2019 and 2024.",
        "The claim was for £12,500 and the account was 1,500 pounds short.",
        "17/06/2025 16:05 - Phone call out",
        "Order number 4417733 from the catalogue.",
        "The visa runs for 180 days.",
        "In this case 3 of 4 attended.",
    ],
)
def test_dates_years_sums_and_measures_beside_a_label_stay(text: str, find: Callable[[str], Found]) -> None:
    assert find(text) == []
