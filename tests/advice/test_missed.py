"""What was reported as missed lives as long as its case's pseudonyms, and no longer."""

import pytest

from gateway.advice import ErasureTarget, MissedReport, record_missed
from gateway.errors import GatewayError
from gateway.operations import Retention
from tests.advice.test_erasing import BEN, CASE, DAY, erase_due, flaws, pseudonyms, retention, settled
from tests.ledger import Ledger

__all__ = ["retention"]


def report(ledger: Ledger, advice: str, value: str = "Will Sharp") -> MissedReport:
    reported: MissedReport = ledger.run(
        lambda transaction: record_missed(transaction, ledger.vault, advice, BEN, value, "PERSON")
    )
    return reported


def missed(ledger: Ledger, scope: str = CASE) -> list[tuple[str, str]]:
    return ledger.database.read(lambda connection: ledger.vault.missed(connection, scope))


async def test_it_lies_apart_from_the_pseudonyms_and_under_their_key(ledger: Ledger) -> None:
    await settled(ledger, "adv_1")
    report(ledger, "adv_1")
    assert missed(ledger) == [("PERSON", "Will Sharp")]
    assert pseudonyms(ledger) == [("<PERSON_1>", "PERSON", "Siobhan")]
    assert flaws(ledger) == []


async def test_it_is_erased_with_the_cases_pseudonyms_counted_from_the_report(
    ledger: Ledger, retention: Retention
) -> None:
    await settled(ledger, "adv_1", pseudonyms=30 * DAY)
    ledger.clock.forward(days=20)
    report(ledger, "adv_1")
    ledger.clock.forward(days=29)
    erase_due(ledger, retention)
    assert missed(ledger) == [("PERSON", "Will Sharp")]
    ledger.clock.forward(days=2)
    erase_due(ledger, retention)
    assert missed(ledger) == []
    assert flaws(ledger) == []


async def test_once_the_case_forgot_it_the_same_value_is_a_report_again(
    ledger: Ledger, retention: Retention
) -> None:
    await settled(ledger, "adv_1", pseudonyms=30 * DAY)
    assert report(ledger, "adv_1").new
    assert not report(ledger, "adv_1").new
    ledger.clock.forward(days=31)
    erase_due(ledger, retention)
    assert report(ledger, "adv_1").new, "else nothing would redact it"
    assert missed(ledger) == [("PERSON", "Will Sharp")]
    assert [event["number"] for event in ledger.events("redaction.missed")] == [1, 2]
    assert flaws(ledger) == []


async def test_an_advice_without_a_case_keeps_it_sealed_only(ledger: Ledger) -> None:
    await settled(ledger, "adv_1", None)
    assert report(ledger, "adv_1").new
    assert not report(ledger, "adv_1").new
    assert missed(ledger, "adv_1") == []
    assert flaws(ledger) == []


async def test_nothing_is_reported_on_erased_advice(ledger: Ledger, retention: Retention) -> None:
    await settled(ledger, "adv_1")
    retention.erase(ErasureTarget(CASE, is_case=True), why="subject_request", actor="operator")
    with pytest.raises(GatewayError) as refused:
        report(ledger, "adv_1")
    assert refused.value.code == "advice_erased"
    assert missed(ledger) == []
