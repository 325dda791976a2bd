"""A value beside what it is called is read in any grouping, and what only stands beside such a word is not one."""

from collections.abc import Callable

import pytest

from gateway.redaction import Redactor
from tests.redaction.conftest import Found, content_of, user


@pytest.mark.parametrize(
    ("text", "value", "entity"),
    [
        ("NHS no: 99 91 23 45 78", "99 91 23 45 78", "UK_NHS"),
        ("NHS number (999) 123 4579", "999) 123 4579", "UK_NHS"),
        ("UTR = 910.447.712.0", "910.447.712.0", "UK_UTR"),
        ("passport no. 7241-\n82278", "7241-\n82278", "UK_PASSPORT"),
        ("CRO\n9198_46/22H", "9198_46/22H", "UK_CRO"),
        ("| MAAT ID | 61+05+221 |", "61+05+221", "UK_MAAT_ID"),
        ("nhs 943/\n476/5929", "943/\n476/5929", "UK_NHS"),
        ("HO ref (on the letter)\nK 2841 337/1", "K 2841 337/1", "UK_HO_REFERENCE"),
        ("HO ref A 12 34 567", "A 12 34 567", "UK_HO_REFERENCE"),
        ("A/S no: 24 0000 05 118264 jk", "24 0000 05 118264 jk", "UK_ASN"),
        ("PAYE ref 123 / qk 04417", "123 / qk 04417", "UK_PAYE_REF"),
        ("g w f 071 226 408", "g w f 071 226 408", "UK_GWF"),
        ("blk golf, plate gx-15.tzo", "gx-15.tzo", "UK_VEHICLE_REGISTRATION"),
        ("post c0de LSl 4BX", "LSl 4BX", "UK_POSTCODE"),
        ("Member no: QW-440218", "QW-440218", "UK_REFERENCE"),
        ("The reference is ZN-0031-4420.", "ZN-0031-4420", "UK_REFERENCE"),
        ("Roll number Q/55012874-1", "Q/55012874-1", "UK_REFERENCE"),
        ("asylum ref 21/10/04418", "21/10/04418", "UK_REFERENCE"),
        ("Police log 0933 has it.", "0933", "UK_CRIME_REF"),
        ("Fixed penalty notice PN40177362 was paid.", "PN40177362", "UK_REFERENCE"),
        ("Certificate of sponsorship C2G8R41077K assigned.", "C2G8R41077K", "UK_REFERENCE"),
        ("Visit booked, pris. no. b-4471-tk at 3.", "b-4471-tk", "UK_PRISON_NUMBER"),
        ("Acc. no. 44 71 09 2 8", "44 71 09 2 8", "UK_BANK_ACCOUNT"),
        ("Pay her: acc 09471817\nsort 24.06.81", "24.06.81", "UK_BANK_ACCOUNT"),
        ("PNC ID 2009/0471829V.\n\nI propose an order", "2009/0471829V", "UK_PNC"),
        ("Laptop with asset tag SCH-TBX-0418.", "SCH-TBX-0418", "UK_REFERENCE"),
        ("Asset tag SCH-CAR-0441.", "SCH-CAR-0441", "UK_REFERENCE"),
    ],
)
def test_a_value_is_found_beside_its_label_however_it_is_grouped(
    text: str, value: str, entity: str, find: Callable[[str], Found]
) -> None:
    assert (value, entity) in find(text)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (
            "Libra case nos 24/0011/88A; 24/0011/90B and 24/0013/02C, room 24/1",
            ["24/0011/88A", "24/0011/90B", "24/0013/02C"],
        ),
        ("Case nos: 2400118833, 2400119054 and 2400120761.", ["2400118833", "2400119054", "2400120761"]),
        ("Account number 1234 5678, 12 payments", ["1234 5678"]),
        ("<p>NHS no. 943 476 5929</p>", ["943 476 5929"]),
    ],
)
def test_values_behind_the_first_that_are_written_alike_are_found_too(
    text: str, values: list[str], find: Callable[[str], Found]
) -> None:
    assert [value for value, _ in find(text)] == values


@pytest.mark.parametrize(
    ("text", "value", "entity"),
    [
        ("the GMC number, which we have as 612·34·56, is wrong", "612·34·56", "UK_GMC_NUMBER"),
        ("22 88 60 67 6 (ViSOR)", "22 88 60 67 6", "UK_VISOR_ID"),
        ("41 88 30 57 2\n^ passport number", "41 88 30 57 2", "UK_PASSPORT"),
        ("E 772 140 is her probation number (CRN)", "E 772 140", "UK_CRN"),
        ("(2 0 1 9 9 4 1 2 3 4 5 Y is the PNC)", "2 0 1 9 9 4 1 2 3 4 5 Y", "UK_PNC"),
        ("94 34 76 59 29 (that's the NHS one)", "94 34 76 59 29", "UK_NHS"),
        ("Szabó Gáborné / 1953. 04. 18. / room 4", "1953. 04. 18", "DATE_OF_BIRTH"),
        ("Travel doc no: 381164813", "381164813", "UK_REFERENCE"),
        ("vehicle reg k 417 bcd", "k 417 bcd", "UK_VEHICLE_REGISTRATION"),
        ("case reference: 1593,6704,3671,9026", "1593,6704,3671,9026", "UK_REFERENCE"),
    ],
)
def test_a_value_before_or_far_from_its_label_or_beside_any_word_for_number_is_found(
    text: str, value: str, entity: str, find_all: Callable[[str], Found]
) -> None:
    assert (value, entity) in find_all(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a 2208 fj visit booked thurs", "a 2208 fj"),
        ("He drives a blk astra (ma 59 txd) no insurance", "ma 59 txd"),
    ],
)
def test_a_form_and_the_name_model_are_enough_together_where_each_alone_is_not(
    text: str, value: str, find_all: Callable[[str], Found], patterns: Redactor
) -> None:
    assert value in [found for found, _ in find_all(text)]
    assert patterns.redact(user(text)).issued == ()


def test_a_date_of_birth_is_one_whatever_signs_stand_in_it(find_all: Callable[[str], Found]) -> None:
    found = find_all("Her mum was 02 / 06 / 44. Then:\n1994\n06\n17 (dob, year first)")
    assert [value for value, entity in found if entity == "DATE_OF_BIRTH"] == ["02 / 06 / 44", "1994\n06\n17"]


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
    text: str, value: str, entity: str, find_all: Callable[[str], Found]
) -> None:
    assert (value, entity) in find_all(text)


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


@pytest.mark.parametrize(
    ("text", "value", "entity"),
    [
        ("CRN changed over the summer. New one X734512", "X734512", "UK_CRN"),
        ("C.H.I.: 1807907414", "1807907414", "UK_CHI"),
        ("Collar no | Seen\n4417 | yes\n9032 | no", "9032", "UK_COLLAR_NUMBER"),
        ("MAAT ID 6105221 and also 6105338", "6105338", "UK_MAAT_ID"),
        ("passport no. 7241\n\n82278", "7241\n\n82278", "UK_PASSPORT"),
    ],
)
def test_a_label_may_be_a_head_or_further_off(
    text: str, value: str, entity: str, find: Callable[[str], Found]
) -> None:
    assert (value, entity) in find(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("A letter came marked QX/77120/4K and was filed.", "QX/77120/4K"),
        ("He wrote 771203344 on the wall.", "771203344"),
        ("see ref Vx-1627723966 there", "Vx-1627723966"),
    ],
)
def test_a_code_that_nothing_names_is_a_reference(
    text: str, value: str, find_all: Callable[[str], Found]
) -> None:
    assert (value, "UK_REFERENCE") in find_all(text)


@pytest.mark.parametrize(
    "text",
    [
        "Took 2000mg at 10.30am-12.15pm, ran 1080p video and read v2.14.3.",
        "Regulation (EU) 2016/679, SI 2005/1348, PSI 49/2011 and the years 2016/2017.",
        "Order number 4417733 and offence code TH68010 stand on page 1043.",
        "Passport expires 14/09/2027 and the mobile was off at 10:15.",
        "OGRS3 74 and RSR 3.42 by 4 March 2026.",
        "Text #F4F1EA at 1.25rem/1.4 and the query licence%2520conditions.",
        '{"id": "health", "required": true, "max_length": 4000}',
        "The car report, p 12 crt and s 47 cps, is in. The reg was 3 days late, the file (a scan) has 200 kb.",
    ],
)
def test_measures_versions_instruments_and_orders_stay(text: str, find: Callable[[str], Found]) -> None:
    assert find(text) == []


@pytest.mark.parametrize(
    ("text", "value", "entity"),
    [
        ("Person 1: Ada Obi  F  03-04-1985\nPerson 2: Eze Obi  M  11-12-2009", "11-12-2009", "DATE_OF_BIRTH"),
        (
            'Name,DOB,Claim\n"Nowak, Jan",12/05/1980,ESA\n"Obi, Ada",1985-11-30,UC\n"Ng, Wai",01-02-1972,PIP',
            "1985-11-30",
            "DATE_OF_BIRTH",
        ),
        (
            "case,next_step\nTN-009182,ring\nTN-009183,ring\nTN-009184,write\nTN-009185,none",
            "TN-009182",
            "UK_REFERENCE",
        ),
        ("UC ref 4471 0098 2213", "4471 0098 2213", "UK_BENEFIT_REF"),
    ],
)
def test_a_list_says_what_its_values_are(
    text: str, value: str, entity: str, find_all: Callable[[str], list[tuple[str, str]]]
) -> None:
    assert (value, entity) in find_all(text)


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("HO REF: E2217640\nNEXT OF KIN: none", "HO REF: <UK_HO_REFERENCE_1>\nNEXT OF KIN: none"),
        ("case ref 55182\n10:03:51 note added", "case ref <UK_REFERENCE_1>\n10:03:51 note added"),
    ],
)
def test_a_value_ends_where_the_next_line_begins_with_words_or_a_time(
    text: str, sent: str, redactor: Redactor
) -> None:
    assert content_of(redactor.redact(user(text))) == sent
