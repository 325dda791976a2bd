"""What is not personal stays, and a name that looks like it does not."""

import pytest

from gateway.redaction import Redactor
from tests.redaction.conftest import content_of, user


@pytest.mark.parametrize(
    "text",
    [
        "Sentenced at Sheffield Crown Court to 18 months, suspended for 24 months.",
        "Fined £1,234.56 at Nottingham Magistrates' Court on 14 May 2024.",
        "Contrary to section 39 of the Criminal Justice Act 1988.",
        "R v Manning [2020] EWCA Crim 592 was followed.",
        "See R (Osborn) v Parole Board [2013] UKSC 61 at 2.",
        "Moved from HMP Leeds to HMP Wandsworth.",
        "West Yorkshire Police and the Crown Prosecution Service agree.",
        "He completed Building Better Relationships with Turning Point.",
        "She is Gillick competent, has a McKenzie friend and gives to Marie Curie.",
        "Offence code OF61016, tier B2, MAPPA level 2.",
    ],
)
def test_the_law_and_its_bodies_stay(text: str, redactor: Redactor) -> None:
    assert content_of(redactor.redact(user(text))) == text


@pytest.mark.parametrize(
    "text",
    [
        "Enw'r rheolwr: i'w gadarnhau.",
        "Llythyr wedi'i anfon. Ateb heb ddod.",
        "Gofynnodd am gymorth gyda llety, a rhoddwyd taflen iddo.",
    ],
)
def test_common_words_of_welsh_stay(text: str, redactor: Redactor) -> None:
    assert content_of(redactor.redact(user(text))) == text


def test_a_common_word_that_a_scanner_misread_is_no_name(redactor: Redactor) -> None:
    text = "He was seen weekIy by the heaIth visitor."
    assert content_of(redactor.redact(user(text))) == text
    assert "Okonkw0" not in content_of(redactor.redact(user("Seen by Mr Okonkw0 at the c1inic.")))


def test_a_name_within_welsh_is_redacted(redactor: Redactor) -> None:
    sent = content_of(redactor.redact(user("Gwelais Rhys a Beth yn y swyddfa ddoe; mae Gwenllian yn iawn.")))
    assert [name for name in ("Rhys", "Beth", "Gwenllian") if name in sent] == []


def test_a_subject_is_redacted_even_in_a_citation(redactor: Redactor) -> None:
    sent = content_of(redactor.redact(user("R v Manning [2020] EWCA Crim 592"), subjects=["Manning"]))
    assert "Manning" not in sent


def test_the_party_of_a_case_without_a_citation_is_redacted(redactor: Redactor) -> None:
    assert "Okonkwo" not in content_of(redactor.redact(user("The trial in R v Okonkwo is on 3 May.")))


def test_what_bears_a_name_is_not_the_person_of_that_name(redactor: Redactor) -> None:
    sent = content_of(redactor.redact(user("Dr Gillick rang. Marie has seen Ms Curie.")))
    assert [name for name in ("Gillick", "Marie", "Curie") if name in sent] == []


def test_a_word_that_is_likelier_a_place_is_no_person(redactor: Redactor) -> None:
    sent = content_of(redactor.redact(user("Mr Okafor moved from Lusaka to Enugu, said his sister Adaeze.")))
    assert "from Lusaka to Enugu" in sent
    assert "Adaeze" not in sent


@pytest.mark.parametrize(
    ("text", "stays"),
    [("Anna read: k2tog, p3, k4.", "k2tog, p3, k4")],
)
def test_a_code_is_no_name_beside_one(text: str, stays: str, redactor: Redactor) -> None:
    sent = content_of(redactor.redact(user(text)))
    assert stays in sent
    assert not any(name in sent for name in ("Anna", "lferreira"))


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        ("Mum Bev (0113 496 0421 ext 22) rang.", ["(", ") rang."]),
        (
            "speaker 1 and a number\nspeaker 2 oh seven seven double oh nine hundred double four one",
            ["speaker 2"],
        ),
        (
            "speaker 1 your NI number\nspeaker 2 j k four five six seven eight nine d\nspeaker 1 thanks and a phone",
            ["thanks and a"],
        ),
        (
            "| Date | What |\n|---|---|\n| 8/6 | police ref OP 26/118823 |\n| 9/6 | Rhodri absent again (82 %). |",
            ["absent again (82 %)."],
        ),
        ("id,week1,week2\nP01,1,1\nP02,1,0\nP03,0,1\nP04,1,1", ["P01,1,1\nP02"]),
        ("NI number AB123456C, e-mail him. AB123456C is his.", [", e-mail him. <UK_NINO_1> is"]),
        ("NHS number 943 476 5919, 80 mg daily, 12 weeks", [", 80 mg daily, 12 weeks"]),
        ("passport no 123456789; account number 12345678, I called", ["; ", ", I called"]),
        ("My mobile's 07700 900765.", ["mobile's <PHONE_NUMBER_1>."]),
        ("Address: c/o Hope Hostel, 3 Victoria Park, Hull. Index offence: s.47 ABH.", [". Index offence"]),
        ("Q1. Who is he?\nA. Dritan is my uncle.", ["A. "]),
        ("Her birthday is the twelfth of August and she will be thirty.", ["and she will be thirty"]),
        ("14/06/26, 18:31 - Ann: is he 16\n14/06/26, 18:40 - Bo: yes born here", ["14/06/26, 18:31"]),
        (
            "<tr><th>Tent</th><th>Name</th><th>Call</th></tr><tr><td>4</td><td>Idris Abakar Tom</td>"
            "<td>07700 900248</td></tr><tr><td>4</td><td>Adam Tirab</td></tr>",
            ["</th></tr><tr><td>4</td><td>"],
        ),
        ("Dear Jos&eacute; P&eacute;rez,<br>Ann&rsquo;s letter came.", [",<br><", "&rsquo;s letter"]),
    ],
)
def test_what_stands_beside_a_value_is_no_part_of_it(text: str, stays: list[str], redactor: Redactor) -> None:
    sent = content_of(redactor.redact(user(text)))
    assert [one for one in stays if one not in sent] == []


def test_a_date_of_birth_is_read_past_the_name_of_the_speaker(redactor: Redactor) -> None:
    text = "speaker 1 your date of birth\nspeaker 2 ninth of the eleventh ninety six"
    assert "ninth" not in content_of(redactor.redact(user(text)))


def test_the_parties_of_a_case_that_is_not_reported_are_redacted(redactor: Redactor) -> None:
    sent = content_of(
        redactor.redact(user("Listed: Okafor v Quilp Housing (2026), on Friday with Ms Okafor."))
    )
    assert "Okafor" not in sent


@pytest.mark.parametrize(
    "text",
    [
        "Ring the Universal Credit helpline on 0800 328 5644.",
        "In 2022/23, 61% of PIP appeals were allowed.",
        "2240 warrant executed, 2302 conveyed to custody.",
        "She was in prison in 2019, and left with a 2019 UK licence.",
        "Banner: medium #F9A825, high #C62828, very high #4A148C.",
        "1 B 2 D 3 D 4 A 5 C 6 – 7 A 8 A  pass mark 6",
        "Restarted, driver 6.1.0.3 rolled back to 5.9.",
        "Hire a 2400 kg van and a 1200 sq ft unit for 10 min on 24 dec.",
    ],
)
def test_a_number_beside_a_word_of_identifiers_may_be_none(text: str, redactor: Redactor) -> None:
    assert content_of(redactor.redact(user(text))) == text


def test_groups_of_other_lengths_than_a_card_has_are_none(patterns: Redactor) -> None:
    text = "On the card: 654123 124653 634521, then stand."
    assert content_of(patterns.redact(user(text))) == text


@pytest.mark.parametrize("text", ["Test page ABCDEF 0123456789", "53412 35142 31524 13254 12345. Stand!"])
def test_digits_that_are_counted_or_permuted_are_no_numbers(text: str, patterns: Redactor) -> None:
    assert content_of(patterns.redact(user(text))) == text


@pytest.mark.parametrize(
    "text", ["0010  00 00 01 90 00 00 00 c8  08 06 00 00 00 5a 7c 11", "Drawn: 03 08 27 29 44 59, bonus 30"]
)
def test_a_row_of_pairs_is_no_phone_number(text: str, patterns: Redactor) -> None:
    assert patterns.redact(user(text)).issued == ()


@pytest.mark.parametrize("before", ["Ring", "to be on", "Ring Ed", "was 6,"])
def test_a_phone_number_in_pairs_is_found(before: str, patterns: Redactor) -> None:
    issued = patterns.redact(user(f"{before} 07 70 09 00 41 7 after six")).issued
    assert [pseudonym.value for pseudonym in issued] == ["07 70 09 00 41 7"]
