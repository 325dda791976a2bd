"""A policy comes into force at the stage scale only with what it asks the record for; its event says what it was."""

import pytest

from gateway.operations import starting_policies
from gateway.oversight import MeasureService, Question
from gateway.policy import Approval, KnownNames, PolicyInvalid, read_folders
from gateway.redaction import RedactionSettings, Redactor
from tests.ledger import Ledger
from tests.oversight.history import write_history
from tests.policy.conftest import POLICY, Folder, folder
from tests.policy_gateway import Gateway

__all__ = ["folder"]

PILOT = POLICY.replace("id: plain", "id: case-summary").replace("stage: scan", "stage: pilot")
ASKED = {
    "decisions_at_least": 20,
    "rejected_at_least": 1,
    "checks_at_least": 0,
    "caught_at_least": 0,
    "overdue_at_most": 100,
    "unsupported_accepted_at_most": 100,
}


def scale(**asked: int) -> str:
    fields = "".join(f"  {name}: {value}\n" for name, value in {**ASKED, **asked}.items())
    return PILOT.replace("stage: pilot", "stage: scale") + "scale:\n" + fields


@pytest.fixture(scope="module")
def redactor() -> Redactor:
    return Redactor.load(RedactionSettings(name_model=None))


@pytest.fixture
def one(ledger: Ledger, folder: Folder, redactor: Redactor) -> Gateway:
    """A pilot with some months of decisions on record."""
    write_history(ledger, 150, seed=7, batch=50)
    (folder.policies / "plain.yaml").unlink()
    folder.write(PILOT, "case-summary.yaml")
    return Gateway(ledger, folder, redactor, approval=Approval(loosening=1))


async def test_what_the_record_shows_stands_in_the_event_that_puts_it_in_force(
    ledger: Ledger, one: Gateway
) -> None:
    one.folder.write(scale(), "case-summary.yaml")
    assert (await one.changes.put_in_force("person:ada")).loaded == ("case-summary",)
    event = ledger.events("policy.loaded")[-1]
    shown = event["evidence"]
    answer = MeasureService(ledger.database).answer(
        Question(by="policy", policy="case-summary"), grouped=False
    )
    figures = {one.id: one.whole for one in answer}
    assert event["stage"] == "scale"
    assert shown["decisions_at_least"] == figures["rejected"].count
    for field, name in (("rejected_at_least", "rejected"), ("overdue_at_most", "overdue")):
        assert figures[name].value is not None
        assert shown[field] == round(figures[name].value * 1000)


@pytest.mark.parametrize(
    "asked",
    [
        {"decisions_at_least": 10_000},
        {"rejected_at_least": 100},
        {"checks_at_least": 1_000},
        {"caught_at_least": 100, "overdue_at_most": 0},
    ],
    ids=lambda asked: " ".join(asked),
)
async def test_without_it_the_version_before_stays_and_each_field_says_what_is_missing(
    ledger: Ledger, one: Gateway, asked: dict[str, int]
) -> None:
    one.folder.write(scale(**asked), "case-summary.yaml")
    found = await one.changes.put_in_force("person:ada")
    assert (found.loaded, found.refused) == ((), ("case-summary",))
    assert sorted(problem.field for problem in found.problems) == sorted(f"scale.{name}" for name in asked)
    assert all("asks for" in problem.message and problem.line >= 10 for problem in found.problems)
    in_force = one.in_force.get("case-summary")
    assert in_force is not None
    assert in_force.stage == "pilot"
    assert "evidence" not in ledger.events("policy.loaded")[-1]


def start(ledger: Ledger, folder: Folder) -> dict[str, str]:
    found = read_folders(folder.policies, folder.prompts, KnownNames(("default",)))
    started = ledger.database.read(
        lambda connection: starting_policies(
            connection, found, models=("default",), approval=Approval(loosening=1)
        )
    )
    return {policy.id: policy.stage for policy in started.policies}


def test_a_start_puts_it_in_force_with_what_it_asks_for_only(ledger: Ledger, one: Gateway) -> None:
    one.folder.write(scale(decisions_at_least=10_000), "case-summary.yaml")
    assert start(ledger, one.folder) == {"case-summary": "pilot"}
    one.folder.write(scale(), "case-summary.yaml")
    assert start(ledger, one.folder) == {"case-summary": "scale"}


def test_a_new_log_has_nothing_to_show_for_it(ledger: Ledger, folder: Folder) -> None:
    (folder.policies / "plain.yaml").unlink()
    folder.write(scale(), "case-summary.yaml")
    with pytest.raises(PolicyInvalid) as refused:
        start(ledger, folder)
    assert "begin with `stage: pilot`" in str(refused.value)
