"""Names in prose: of every origin, of ordinary words, without capitals; and words that are no names."""

import pytest

from gateway.redaction import Redactor
from gateway.redaction.detection.known_values import KnownValues
from tests.redaction.conftest import content_of, user


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("He asked for Rose. Grace said no.", ["Rose", "Grace"]),
        ("Ask Priya about it.", ["Priya"]),
        ("We met at John Smith.", ["John", "Smith"]),
        ("Was Donna alone?", ["Donna"]),
        ("Nobody has seen Megan Prosser since.", ["Megan", "Prosser"]),
        ("Hand it over to Yusuf.", ["Yusuf"]),
        ("ls -l /home/okeke_c/work", ["okeke"]),
        ("~nprosser/notes.txt is his.", ["nprosser"]),
        (r"Saved in C:\Users\mfarrell\Desktop", ["mfarrell"]),
        ("We visited Adaeze Okonkwo and her son Ikechukwu.", ["Adaeze", "Okonkwo", "Ikechukwu"]),
        ("His sister Do came with Van Minh Dang.", ["sister Do", "Van Minh", "Dang"]),
        ("Spoke to Grace Young; Grace will ring back.", ["Grace Young", "Grace will"]),
        ("Mr Llewellyn ap-Gwilym and Siân attended.", ["Llewellyn", "Gwilym", "Siân"]),
        ("OKAFOR, Chinedu failed to attend. OKAFOR was seen later.", ["OKAFOR", "Chinedu"]),
        ("Kind regards\n\nHope Cross\nProbation Officer", ["Hope Cross"]),
        ("so this is okonkwo ringing about my brother chukwuemeka", ["okonkwo", "chukwuemeka"]),
        ("she's called may and her nan is mrs rice", ["called may", "mrs rice"]),
        ("Sang-woo left with Hung and Thuy.", ["Sang-woo", "Hung", "Thuy"]),
        ("Met de Vries, van Dijk and A. de Boer.", ["de Vries", "van Dijk", "A. de Boer"]),
        ("Wise: No comment.\nDC Forget: Why not?\nWise: He told me.", ["Wise", "Forget"]),
        ("Kwame Forget came. They say Forget is ill.", ["Forget"]),
        (
            "Present: Ann Hill (chair), Baby Ace\nApologies: Honest Rivers; Crystal Judge",
            ["Ace", "Rivers", "Judge"],
        ),
        ("Visitor        Prisoner\nRim Sou        Virtue Woods", ["Rim", "Sou", "Virtue", "Woods"]),
        ("[10:02] Bun: anyone seen Karen?\n[10:03] Rui: ask Bench", ["Bun", "Rui", "Bench"]),
        ("He saw the report of Dr Regassa. In HJ (Iran) v SSHD [2010] UKSC 31 it was said.", ["Regassa"]),
        (
            "It was noted that Lei would pay, and Woods, the agent, agreed. River Brown from No 9 came.",
            ["Lei", "Woods", "Brown"],
        ),
    ],
)
def test_no_part_of_a_name_leaves(text: str, names: list[str], redactor: Redactor) -> None:
    sent = content_of(redactor.redact(user(text)))
    assert [name for name in names if name in sent] == []


@pytest.mark.parametrize(
    "text",
    [
        "The Probation Officer will see the Defendant in May 2025.",
        "Will you ask whether he may attend? Do not wait.",
        "Unpaid Work Requirement: 120 hours, of which 43 are done.",
        "He uses WhatsApp, Facebook and methadone, and has ADHD.",
        "so yeah i was on the bus and it was late and i rang probation",
        "Section B. Findings follow.",
        "Date: 3 May. Plan: Home visit.\nDate: 4 May. Plan: Office visit.",
        "Area | Contact | Outcome\n1 | none | no reply\n2 | police | left a message",
        "i told him that he may see her and they had long days",
        "so she was at his house and then he said that it was late",
        "You are bailed until Friday and the office opens at nine.",
        "- **Ring** the vet\n- **Draft** a rota\nTODO Chase visas",
        "Mae'r bws yn dod ddydd Mawrth a dydd Gwener ym mis Mai.",
    ],
)
def test_other_words_stay(text: str, redactor: Redactor) -> None:
    assert content_of(redactor.redact(user(text))) == text


@pytest.mark.parametrize(
    "text",
    [
        "John Smith, NI AB123456C",
        "Ann Lee, NINO AB123456C",
        "Client: Ann Lee, PNC 21/1234567A",
        "Siân Rees, NI AB123456C and CRN X123456",
    ],
)
def test_a_label_in_capitals_between_a_name_and_its_identifier_stays(text: str, redactor: Redactor) -> None:
    sent = content_of(redactor.redact(user(text)))
    assert "PERSON_2" not in sent
    assert [
        label for label in ("NI", "NINO", "PNC", "CRN") if f" {label} " in text and f" {label} " not in sent
    ] == []


def test_a_name_that_is_known_once_is_a_name_wherever_it_stands(redactor: Redactor) -> None:
    text = "Contact: Zubayr Rahmanzadeh.\n\nrahmanzadeh said no. ZUBAYR agreed."
    sent = content_of(redactor.redact(user(text))).lower()
    assert "zubayr" not in sent
    assert "rahmanzadeh" not in sent


def test_places_and_nationalities_stay_unless_a_policy_switches_them_on(redactor: Redactor) -> None:
    text = "She is Eritrean. She came from Asmara through Sudan and lives in Swansea with Priya Raman."
    sent = content_of(redactor.redact(user(text)))
    assert sent == text.replace("Priya Raman", "<PERSON_1>")
    sent = content_of(redactor.redact(user(text), also=["LOCATION", "NRP"]))
    assert [place for place in ("Eritrean", "Asmara", "Sudan", "Swansea") if place in sent] == []


def test_a_name_that_is_not_sure_is_found_again_in_its_request_and_not_remembered(redactor: Redactor) -> None:
    values = KnownValues()
    values.add_unsure("Ann Quilp", "PERSON")
    found = list(values.search("Let me look at Ann Quilp. An ann came."))
    assert [(one.start, one.end, one.sure) for one in found] == [(15, 24, False)]
    messages = [
        {"role": "user", "content": "John Smith, NI AB 12 34 56 C."},
        {"role": "assistant", "content": "Let me look at John Smith."},
    ]
    sent = redactor.redact({"messages": messages}).request
    assert "Smith" not in str(sent)


def test_initials_of_somebody_who_is_named_are_a_name(redactor: Redactor) -> None:
    sent = content_of(
        redactor.redact(user("Present: Marta Quill, Deb Osgood. MQ to ring POM. DO asked for NFA."))
    )
    assert "MQ" not in sent
    assert "DO asked" not in sent
    assert "NFA" in sent
