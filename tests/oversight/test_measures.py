"""What oversight is shown is what an independent reader of the exported log works out; few are never shown."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import main as run_command
from gateway.oversight import FEWEST, GROUPINGS, By, Decisions, Measure, Question, advice_by_day, measure
from gateway.oversight.statistics import kappa, kappa_interval, median_interval, share_interval
from tests.ledger import Ledger
from tests.oversight.from_the_log import measures as worked_out_again
from tests.oversight.from_the_log import read_events

pytestmark = pytest.mark.xdist_group("oversight history")


@pytest.fixture
def exported(history: Ledger, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    if history.database.shared:
        return history.events()
    folder = tmp_path_factory.mktemp("exported")
    (folder / "log.vkey").write_text(history.signer.verifier_key + "\n")
    arguments = ["mirror", str(history.path), str(folder / "log"), "--key", str(folder / "log.vkey")]
    assert run_command(arguments) == 0
    return read_events(folder / "log")


def ask(history: Ledger, question: Question) -> list[Measure]:
    now = history.events()[-1]["time"]
    return history.database.read(
        lambda connection: measure(question, Decisions().read(connection), advice_by_day(connection, now))
    )


@pytest.mark.parametrize("by", GROUPINGS)
def test_an_independent_script_finds_the_same_figures_in_the_exported_log(
    history: Ledger, exported: list[dict[str, Any]], by: By
) -> None:
    expected = worked_out_again(exported, by)
    found = ask(history, Question(by=by))
    assert {one.id for one in found} == set(expected)
    for one in found:
        groups = {figure.group: figure for figure in (one.whole, *one.groups)}
        wanted = {group: figure for group, figure in expected[one.id].items() if figure[0] or group == "all"}
        assert set(groups) == set(wanted), one.id
        for group, (count, value) in wanted.items():
            if groups[group].hidden:
                assert (groups[group].count, groups[group].value) == (None, None)
                continue
            assert groups[group].count == count, (one.id, group)
            assert groups[group].value == (None if value is None else pytest.approx(value)), (one.id, group)


def test_every_figure_lies_in_its_interval(history: Ledger) -> None:
    for one in ask(history, Question(by="policy")):
        for figure in (one.whole, *one.groups):
            if figure.value is not None and figure.low is not None and figure.high is not None:
                assert figure.low <= figure.value <= figure.high, (one.id, figure)


def test_figures_of_fewer_than_ten_are_hidden_and_cannot_be_had_by_subtracting(history: Ledger) -> None:
    for one in ask(history, Question(by="week")):
        counts = [figure.count for figure in one.groups]
        assert all(count is None or count >= FEWEST for count in counts)
        hidden = counts.count(None)
        assert hidden != 1 or len(counts) == 1


def test_a_question_may_be_about_one_policy_application_decider_or_time(history: Ledger) -> None:
    def decisions(**about: Any) -> int:
        return ask(history, Question(**about))[0].whole.count or 0

    total = decisions()
    assert decisions(policy="case-summary") + decisions(policy="letter-draft") == total
    assert decisions(application="casebook") + decisions(application="tribunal-desk") == total
    days = sorted({event["time"][:10] for event in history.events("decision.recorded")})
    middle = days[len(days) // 2]
    before = [day for day in days if day < middle][-1]
    assert decisions(until=before) + decisions(since=middle) == total
    deciders = [figure.group for figure in ask(history, Question(by="decider"))[0].groups]
    assert sum(decisions(decider=person) for person in deciders) == total


def test_decisions_are_read_once_and_checks_that_are_revealed_later_are_left_out(history: Ledger) -> None:
    watching = Decisions()
    first = history.database.read(watching.read)
    assert history.database.read(watching.read) is first
    assert set(first.advice[first.seeded]) == {event["advice"] for event in history.events("check.revealed")}


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (5, 10, 0.2366, 0.7634), (81, 263, 0.2553, 0.3662)],
)
def test_the_interval_of_a_share_is_wilsons(part: int, whole: int, low: float, high: float) -> None:
    """The last row is the worked example of Newcombe 1998 (doi:10.1002/(SICI)1097-0258(19980430)17:8<857)."""
    assert share_interval(part, whole) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=60))
def test_the_median_lies_between_two_values_of_the_sample(values: list[int]) -> None:
    value, (low, high) = median_interval(np.array(values, dtype=np.float64))
    assert low <= value <= high
    assert {low, high} <= set(map(float, values))


def test_kappa_is_cohens() -> None:
    table = [[20, 5], [10, 15]]
    assert kappa(table) == pytest.approx(0.4)
    interval = kappa_interval(table)
    assert interval is not None
    assert interval[0] < 0.4 < interval[1]
    assert interval == kappa_interval(table)
    assert kappa([[7, 0], [0, 0]]) is None
