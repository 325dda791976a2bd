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
    [("Anna read: k2tog, p3, k4.", "k2tog, p3, k4"), ("Build g4c1e9 is by lferreira2.", "g4c1e9")],
)
def test_a_code_is_no_name_beside_one(text: str, stays: str, redactor: Redactor) -> None:
    sent = content_of(redactor.redact(user(text)))
    assert stays in sent
    assert not any(name in sent for name in ("Anna", "lferreira"))
