"""Values are compared, not writings."""

import time

import pytest

from gateway.evidence import Evidence, People, Place, evidence_of
from tests.evidence.faults import cases

NOBODY = People()


def judged(material: str, answer: str, people: People = NOBODY) -> list[tuple[str, str]]:
    found = evidence_of([material], [answer], people)
    return [(answer[one.start : one.end], one.state) for one in found.facts]


SAME = [
    ("We met on 3 March 2026.", "03/03/26"),
    ("We met on 3 March 2026.", "3rd of March"),
    ("We met on 3 March 2026.", "2026-03-03"),
    ("We met on 3 March 2026.", "March 3, 2026"),
    ("We met on 3 March 2026.", "March 2026"),
    ("We met on 3 March 2026.", "Tuesday"),
    ("We met on 3/3/2026 at 14:30.", "2.30pm"),
    ("We met at half past ten.", "10:30"),
    ("We met at noon.", "12pm"),
    ("It costs £1,250.", "1250 pounds"),
    ("It costs £1,250.", "£1.25k"),
    ("It costs £1.2m.", "£1,200,000"),
    ("It costs 50p.", "£0.50"),
    ("It fell by 20 per cent.", "20%"),
    ("He has two weeks.", "14 days"),
    ("He has a fortnight.", "two weeks"),
    ("He is aged 34.", "34 years old"),
    ("There were twenty-three visits.", "23 visits"),
    ("NI number QQ 12 34 56 C", "QQ123456C"),
    ("Ring 01524 555 0142.", "015245550142"),
    ("See section 21 of the Housing Act 1988.", "s.21"),
    ("See section 21(4)(b) of it.", "section 21(4)"),
    ("See section 21 of the Housing Act 1988.", "the 1988 Act"),
    ("See sections 20 and 21.", "section 21"),
    ("As in [2019] UKSC 12.", "[2019] UKSC 12"),
    ("The County Court at Leeds sits.", "Leeds County Court"),
]
OTHER = [
    ("We met on 3 March 2026.", "4 March 2026"),
    ("We met on 3 March 2026.", "3 March 2025"),
    ("We met on 3 March 2026.", "Wednesday"),
    ("We met at 2.30pm.", "2.30am"),
    ("It costs £1,250.", "£1,205"),
    ("It costs £1,250.", "1250 per cent"),
    ("He has 14 days, at flat 8.", "8 days"),
    ("NI number QQ 12 34 56 C", "QQ 12 34 57 C"),
    ("See section 21.", "section 21(4)"),
    ("See section 21.", "section 8"),
    ("See the Housing Act 1988.", "Housing Act 1996"),
    ("Leeds County Court", "Leeds Crown Court"),
    ("The County Court sits.", "Norwich County Court"),
]


@pytest.mark.parametrize(("material", "said"), SAME)
def test_one_value_in_two_writings_is_found(material: str, said: str) -> None:
    assert [state for _, state in judged(material, f"It says {said} there.")] == ["found"]


@pytest.mark.parametrize(("material", "said"), OTHER)
def test_another_value_is_unsupported(material: str, said: str) -> None:
    assert "unsupported" in [state for _, state in judged(material, f"It says {said} there.")]


def test_a_found_fact_says_where_it_stands() -> None:
    found = evidence_of(["no date", "He came on 3 March 2026."], ["On 03/03/26 he came."], NOBODY)
    assert found.facts[0].places == (Place(1, 11, 23),)


def test_what_an_answer_numbers_or_counts_of_its_own_is_no_fact() -> None:
    answer = "There are three options below.\n1. Wait.\n2. Write.\n3) See option 2.\n- 4.1 More\nOne may ask."
    assert judged("Nothing.", answer) == []


def test_people_by_all_their_mentions_and_strangers() -> None:
    people = People([["Amina Okafor", "Ms Okafor"], ["Daniel Hale"]], ["Claire Whitcombe"])
    found = judged(
        "Ms Okafor rang Daniel Hale.", "Amina Okafor rang Hale, then Claire Whitcombe and Peter Lund.", people
    )
    assert [state for _, state in found] == ["found", "found", "unsupported", "unsupported"]


def test_a_fact_that_belongs_to_something_else() -> None:
    people = People([["Amina Okafor"], ["Daniel Hale"]])
    material = "Daniel Hale reported the leaking boiler. Amina Okafor inspected the kitchen."
    assert judged(material, "Amina Okafor reported the leaking boiler.", people) == [
        ("Amina Okafor", "elsewhere")
    ]
    assert judged(material, "Daniel Hale reported the leaking boiler.", people) == [("Daniel Hale", "found")]
    assert judged("Two rings and three keys were lost.", "Three rings were lost.") == [("Three", "elsewhere")]


def test_a_quotation_must_be_there_word_for_word() -> None:
    material = "He wrote: leave by Thursday or I change the locks."
    assert judged(material, "He wrote “leave by Thursday, or I change the locks”.")[0][1] == "found"
    assert judged(material, "He wrote “leave by Thursday or I break the locks”.")[0][1] == "unsupported"


def test_what_the_answer_leaves_out() -> None:
    people = People([["Amina Okafor"], ["Daniel Hale"]])
    material = "Amina Okafor came on 3 March 2026. Daniel Hale paid £20, then £30 on 4/3/26."
    found = evidence_of([material], ["Amina Okafor came on 03/03/26; £30 was paid."], people)
    texts = [material[one.place.start : one.place.end] for one in found.left_out]
    assert texts == ["Daniel Hale", "£20", "4/3/26"]


def test_without_a_model_sentences_are_not_judged() -> None:
    found = evidence_of(["The boiler failed."], ["A castle was sold to unknown strangers."], NOBODY)
    assert found.sentences is None
    assert found.unsupported_sentences is None


def test_it_can_be_sealed_and_read_again() -> None:
    case = cases("tuning")[0]
    found = evidence_of([case.record], [case.answer], People([["Daniel Hale"]]))
    assert Evidence.from_json(found.as_json()) == found


@pytest.mark.parametrize(
    "piece", ["A", "A-", "1", "1/", "a@a.", "'a ", "Aa ", "(Bb ", "3 March ", "s 1, ", "+44 ", "twenty ", "_"]
)
def test_no_text_takes_long(piece: str) -> None:
    text = piece * (6000 // len(piece))
    began = time.process_time()
    evidence_of([text], [text[:2000]], NOBODY)
    assert time.process_time() - began < 2
