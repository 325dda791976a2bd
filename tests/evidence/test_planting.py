"""Seeded checks from good answers: one fact is made wrong, and whoever looks it up finds that."""

import random

import pytest

from gateway.evidence import PLANT_KINDS, People, PlantKind, evidence_of, plant
from tests.evidence.faults import cases

RECORD = (
    "Ana Pryce (claim PA-778812) owes £1,250. Mr Cole saw her on 3 March 2026 at 10:30. She was paid 12.5% of it"
    " and has 14 boxes."
)
ANSWER = (
    "On 3rd March 2026, at 10:30, Mr Cole saw Ana Pryce, whose claim is PA-778812. She owes £1,250, was paid 12.5%"
    " and has 14 boxes."
)


@pytest.mark.parametrize("kind", PLANT_KINDS)
def test_one_fact_of_the_wanted_kind_is_made_wrong_and_nothing_else(kind: PlantKind) -> None:
    seen = set()
    for seed in range(20):
        planted = plant([RECORD], ANSWER, [kind], random.Random(seed))
        assert planted is not None
        assert planted.kind == kind
        assert planted.answer.count(planted.wrong) == 1
        assert planted.wrong not in RECORD
        assert planted.answer.replace(planted.wrong, planted.right) == ANSWER
        seen.add(planted.wrong)
    assert len(seen) > 5


def test_what_is_planted_is_marked_where_no_name_is_concerned() -> None:
    planted_in = 0
    kinds = [kind for kind in PLANT_KINDS if kind != "name"]
    for case in cases("measuring"):
        planted = plant([case.record], case.answer, kinds, random.Random(case.id))
        assert planted is not None, case.id
        marked = [
            planted.answer[one.start : one.end]
            for one in evidence_of([case.record], [planted.answer], People()).doubtful
        ]
        planted_in += any(planted.wrong in one or one in planted.wrong for one in marked)
    assert planted_in == len(cases("measuring"))


def test_where_nothing_can_be_made_wrong_nothing_is() -> None:
    assert plant(["No facts."], "None here.", PLANT_KINDS, random.Random(1)) is None
    assert plant([RECORD], "It was on 4 May 2027.", ["date"], random.Random(1)) is None
