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
