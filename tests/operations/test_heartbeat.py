"""What a gateway left unanswered is settled once it is silent, by one of the others; what it does answer never is."""

from dataclasses import replace
from pathlib import Path

import pytest

from gateway.advice import AnswerRecord, AnswerUsage, PseudonymTaken, Recorder, find_advice
from gateway.errors import GatewayError
from gateway.operations import SILENT_SECONDS, Heartbeat
from tests.advice.test_erasing import CASE, RETENTION, asked
from tests.ledger import Ledger

ANSWER = AnswerRecord(AnswerUsage("m", {}), (), (), (), {}, True, None, {"choices": []})


class Gateway:
    """One of several on the ledger's log."""

    def __init__(self, ledger: Ledger, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.ledger = ledger
        self.heartbeat = Heartbeat(folder / "gateway")
        self.recorder = Recorder(ledger.log, ledger.vault, self.heartbeat.id)

    async def begin(self) -> "Gateway":
        await self.heartbeat.begin(self.recorder, self.ledger.database)
        return self

    async def ask(self, advice: str) -> None:
        await self.recorder.requested(asked(advice, CASE, RETENTION))

    async def answer(self, advice: str) -> None:
        await self.recorder.received(asked(advice, CASE, RETENTION), ANSWER)

    async def round(self, now: float) -> None:
        await self.heartbeat.round(self.recorder, self.ledger.database, now)


@pytest.fixture
async def one(ledger: Ledger, tmp_path: Path) -> Gateway:
    return await Gateway(ledger, tmp_path / "one").begin()


@pytest.fixture
async def other(ledger: Ledger, tmp_path: Path) -> Gateway:
    return await Gateway(ledger, tmp_path / "other").begin()


def outcomes(ledger: Ledger, advice: str) -> list[str]:
    return [event["type"] for event in ledger.events() if event.get("advice") == advice]


async def test_a_start_that_is_killed_leaves_to_the_next_what_it_did_not_settle(
    ledger: Ledger, one: Gateway, tmp_path: Path
) -> None:
    await one.ask("adv_1")
    Gateway(ledger, tmp_path / "one")  # killed before it began
    await Gateway(ledger, tmp_path / "one").begin()
    assert outcomes(ledger, "adv_1") == ["advice.requested", "advice.failed"]
    assert len((tmp_path / "one" / "gateway").read_text().split()) == 1


async def test_a_gateway_that_starts_leaves_alone_what_others_have_under_way(
    ledger: Ledger, one: Gateway, tmp_path: Path
) -> None:
    await one.ask("adv_1")
    await Gateway(ledger, tmp_path / "third").begin()
    await one.answer("adv_1")
    assert outcomes(ledger, "adv_1") == ["advice.requested", "advice.received"]


async def test_a_gateway_that_starts_again_settles_what_it_left_itself(
    ledger: Ledger, one: Gateway, other: Gateway, tmp_path: Path
) -> None:
    await one.ask("adv_1")
    await other.ask("adv_2")
    await Gateway(ledger, tmp_path / "one").begin()
    assert outcomes(ledger, "adv_1") == ["advice.requested", "advice.failed"]
    assert outcomes(ledger, "adv_2") == ["advice.requested"]


async def test_an_unanswered_check_is_revealed_so_that_nobody_counts_it_as_casework(
    ledger: Ledger, one: Gateway, tmp_path: Path
) -> None:
    await one.recorder.requested(replace(asked("adv_1", CASE, RETENTION), seeded_check="wrong-day"))
    await Gateway(ledger, tmp_path / "one").begin()
    assert outcomes(ledger, "adv_1") == ["advice.requested", "advice.failed", "check.revealed"]


async def test_what_a_silent_gateway_left_is_settled_by_another_once(
    ledger: Ledger, one: Gateway, other: Gateway, tmp_path: Path
) -> None:
    third = await Gateway(ledger, tmp_path / "third").begin()
    await one.ask("adv_1")
    for watching in (other, third):
        await watching.round(0.0)
        await watching.round(SILENT_SECONDS - 1)
    assert outcomes(ledger, "adv_1") == ["advice.requested"]
    for watching in (other, third):
        await watching.round(SILENT_SECONDS + 1)
    assert outcomes(ledger, "adv_1") == ["advice.requested", "advice.failed"]


async def test_requests_between_removal_and_the_next_heartbeat_are_settled_too(
    ledger: Ledger, one: Gateway, other: Gateway
) -> None:
    await one.heartbeat.leave(one.recorder)
    await one.ask("adv_1")
    await other.round(0.0)
    await other.round(SILENT_SECONDS)
    assert outcomes(ledger, "adv_1") == ["advice.requested", "advice.failed"]


async def test_a_gateway_that_counts_on_is_not_silent(ledger: Ledger, one: Gateway, other: Gateway) -> None:
    await one.ask("adv_1")
    for now in range(0, 10 * int(SILENT_SECONDS), int(SILENT_SECONDS) - 1):
        await one.round(now)
        await other.round(now)
    await one.answer("adv_1")
    assert outcomes(ledger, "adv_1") == ["advice.requested", "advice.received"]


async def test_one_that_was_taken_for_gone_can_answer_only_what_it_asks_from_then_on(
    ledger: Ledger, one: Gateway, other: Gateway
) -> None:
    await one.ask("adv_1")
    await other.round(0.0)
    await other.round(SILENT_SECONDS)
    with pytest.raises(GatewayError, match="busy"):
        await one.answer("adv_1")
    await one.recorder.failed(asked("adv_1", CASE, RETENTION), code="provider_failed")
    assert outcomes(ledger, "adv_1") == ["advice.requested", "advice.failed"], "one outcome, and the first"
    await one.round(SILENT_SECONDS)
    await one.ask("adv_2")
    await one.answer("adv_2")
    found = ledger.database.read(lambda connection: find_advice(connection, "adv_2"))
    assert found is not None
    assert found.status == "pending"


async def test_whoever_was_cut_off_itself_does_not_take_the_others_for_gone(
    ledger: Ledger, one: Gateway, other: Gateway
) -> None:
    await one.ask("adv_1")
    await other.round(0.0)
    other.heartbeat.reset()
    await other.round(SILENT_SECONDS + 1)
    assert outcomes(ledger, "adv_1") == ["advice.requested"]


async def test_a_request_redacted_before_a_value_was_reported_elsewhere_is_redacted_again(
    ledger: Ledger, one: Gateway
) -> None:
    ledger.run(lambda tx: ledger.vault.keep_missed(tx.connection, CASE, "PERSON", "Aoife"))
    with pytest.raises(PseudonymTaken):
        await one.ask("adv_1")
    await one.recorder.requested(replace(asked("adv_1", CASE, RETENTION), missed=1))
    assert outcomes(ledger, "adv_1") == ["advice.requested"]
