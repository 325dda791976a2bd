"""Erasing, retention and holds over a real log: what goes, what stays, what is refused, what is on record."""

from collections.abc import Sequence
from typing import Any

import pytest

from audit import time_text
from gateway.advice import (
    AnswerRecord,
    AnswerUsage,
    DecisionRequest,
    ErasureTarget,
    RequestRecord,
    Review,
    check_content,
    earlier_erasures,
    find_advice,
    record,
)
from gateway.advice import erase as erase_command
from gateway.errors import Conflict, GatewayError
from gateway.identity import Person
from gateway.operations import Retention
from gateway.storage import SealedMissing
from tests.ledger import Ledger

BEN = Person("p_ben", "Ben", frozenset({"reviewer"}))
POLICY = {"id": "held", "version": "0" * 64}
RETENTION = {"content": 90 * 86_400, "pseudonyms": 30 * 86_400}
CASE = "case_" + "a" * 40
DAY = 86_400


def asked(advice: str, case: str | None, retention: dict[str, int]) -> RequestRecord:
    return RequestRecord(
        advice=advice,
        actor="application:casebook",
        application="casebook",
        policy=POLICY,
        review=Review("release", 1, True, False, False, True, 7 * DAY),
        retention=retention,
        redactions={"PERSON": 1},
        scope=case or advice,
        case_given=case is not None,
        requester=None,
        sealed={"request": {"text": "Siobhan"}, "sent": {"text": "<PERSON_1>"}},
        pseudonyms=[(f"<PERSON_{advice[-1]}>", "PERSON", "Siobhan")],
    )


async def ask(
    ledger: Ledger, advice: str, case: str | None = CASE, *, answer: bool = True, **retention: int
) -> RequestRecord:
    about = asked(advice, case, {**RETENTION, **retention})
    await ledger.recorder.requested(about)
    if answer:
        answered = AnswerRecord(AnswerUsage("m", {}), (), (), (), {}, True, None, {"choices": []})
        await ledger.recorder.received(about, answered)
    return about


async def settle(ledger: Ledger, advice: str) -> None:
    await ledger.recorder.decided(advice, DecisionRequest(BEN, "reject", reason="Wrong."), None)


async def settled(ledger: Ledger, advice: str, case: str | None = CASE, **retention: int) -> None:
    await ask(ledger, advice, case, **retention)
    await settle(ledger, advice)


@pytest.fixture
def retention(ledger: Ledger) -> Retention:
    return Retention(ledger.log, ledger.database, ledger.vault)


def load(ledger: Ledger, **retention: int) -> None:
    event = {"type": "policy.loaded", "actor": "gateway", "policy": POLICY, "retention": retention}
    ledger.run(lambda transaction: record(transaction, event))


def erase(retention: Retention, target: ErasureTarget, why: str = "subject_request") -> dict[str, Any]:
    return retention.erase(target, why=why, actor="operator")


def erase_due(ledger: Ledger, retention: Retention) -> None:
    # The log's clock is moved by hand; the commit's own time decides.
    retention.erase_due(ledger.clock.now.strftime("%Y-%m-%dT%H:%M:%S.%fZ"))


def content(ledger: Ledger) -> set[str]:
    rows = ledger.database.read(lambda connection: connection.execute("SELECT advice FROM sealed").fetchall())
    return {row[0] for row in rows}


def pseudonyms(ledger: Ledger, scope: str = CASE) -> Sequence[Any]:
    return ledger.database.read(lambda connection: ledger.vault.pseudonyms(connection, scope))


def flaws(ledger: Ledger) -> list[str]:
    return ledger.database.snapshot(
        lambda connection: [str(flaw) for flaw in check_content(connection, ledger.vault)]
    )


def is_gone(ledger: Ledger, advice: str) -> bool:
    try:
        ledger.database.read(lambda connection: ledger.vault.open(connection, advice=advice, kind="request"))
    except SealedMissing:
        found = ledger.database.read(lambda connection: find_advice(connection, advice))
        assert found is not None
        assert found.erased_at is not None
        return True
    return False


CASE_MATTER = ErasureTarget(CASE, is_case=True)


class TestByCommand:
    async def test_a_case_is_erased_whole_and_the_events_say_who_and_why(
        self, ledger: Ledger, retention: Retention
    ) -> None:
        await settled(ledger, "adv_1")
        await settled(ledger, "adv_2")
        await settled(ledger, "adv_3", "case_other")
        done = erase(retention, CASE_MATTER)
        assert (done["advice_erased"], done["pseudonyms_erased"]) == (["adv_1", "adv_2"], 2)
        assert content(ledger) == {"adv_3"}
        assert pseudonyms(ledger) == []
        assert pseudonyms(ledger, "case_other")
        events = ledger.events("content.erased")
        assert [(event.get("advice"), event["erased"]) for event in events] == [
            ("adv_1", ["content"]),
            ("adv_2", ["content"]),
            (None, ["pseudonyms"]),
        ]
        assert {(event["actor"], event["why"], event["case"]) for event in events} == {
            ("operator", "subject_request", CASE)
        }
        assert flaws(ledger) == []

    async def test_one_advice_is_erased_and_its_case_goes_on(
        self, ledger: Ledger, retention: Retention
    ) -> None:
        await settled(ledger, "adv_1")
        await settled(ledger, "adv_2")
        erase(retention, ErasureTarget("adv_1", is_case=False))
        assert content(ledger) == {"adv_2"}
        assert len(pseudonyms(ledger)) == 2
        assert flaws(ledger) == []

    async def test_advice_without_a_case_is_erased(self, ledger: Ledger, retention: Retention) -> None:
        await settled(ledger, "adv_1", None)
        erase(retention, ErasureTarget("adv_1", is_case=False))
        [event] = ledger.events("content.erased")
        assert "case" not in event
        assert is_gone(ledger, "adv_1")

    async def test_erasing_again_makes_no_second_event(self, ledger: Ledger, retention: Retention) -> None:
        await settled(ledger, "adv_1")
        erase(retention, CASE_MATTER)
        before = ledger.log.size
        assert erase(retention, CASE_MATTER)["advice_erased"] == []
        assert ledger.log.size == before

    @pytest.mark.parametrize("answer", [False, True], ids=["unanswered", "undecided"])
    async def test_advice_that_waits_is_not_erased_nor_is_anything_of_its_case(
        self, ledger: Ledger, retention: Retention, answer: bool
    ) -> None:
        await settled(ledger, "adv_1")
        await ask(ledger, "adv_2", answer=answer)
        with pytest.raises(Conflict) as caught:
            erase(retention, CASE_MATTER)
        assert caught.value.code == "advice_undecided"
        assert caught.value.details == {"waiting": ["adv_2"]}
        assert content(ledger) == {"adv_1", "adv_2"}

    async def test_a_case_that_is_not_here_is_a_404(self, retention: Retention) -> None:
        with pytest.raises(GatewayError) as caught:
            erase(retention, CASE_MATTER)
        assert (caught.value.code, caught.value.status) == ("unknown_case", 404)

    async def test_a_case_that_was_erased_can_be_asked_in_again(
        self, ledger: Ledger, retention: Retention
    ) -> None:
        await settled(ledger, "adv_1")
        erase(retention, CASE_MATTER)
        await settled(ledger, "adv_2")
        assert content(ledger) == {"adv_2"}
        assert len(pseudonyms(ledger)) == 1
        erase(retention, CASE_MATTER)
        assert pseudonyms(ledger) == []
        assert flaws(ledger) == []

    @pytest.mark.parametrize("ledger", ["sqlite"], indirect=True)
    async def test_an_erasure_that_was_not_overwritten_is_finished_by_the_next_task(
        self, ledger: Ledger, retention: Retention
    ) -> None:
        await settled(ledger, "adv_1")
        wal = ledger.path.with_name(ledger.path.name + "-wal")
        ledger.run(
            lambda transaction: erase_command(
                transaction, ledger.vault, CASE_MATTER, why="court_order", actor="operator"
            )
        )
        assert wal.stat().st_size > 0
        erase_due(ledger, retention)
        assert wal.stat().st_size == 0


class TestRetention:
    async def test_content_is_erased_after_its_time_counted_from_when_it_was_settled(
        self, ledger: Ledger, retention: Retention
    ) -> None:
        await ask(ledger, "adv_1", content=DAY)
        ledger.clock.forward(days=5)
        await settle(ledger, "adv_1")
        ledger.clock.forward(hours=23)
        erase_due(ledger, retention)
        assert content(ledger) == {"adv_1"}
        ledger.clock.forward(hours=1, seconds=1)
        erase_due(ledger, retention)
        assert is_gone(ledger, "adv_1")
        [event] = ledger.events("content.erased")
        assert (event["why"], event["actor"], event["advice"]) == ("retention", "gateway", "adv_1")
        assert flaws(ledger) == []

    async def test_pending_advice_is_never_erased(self, ledger: Ledger, retention: Retention) -> None:
        await ask(ledger, "adv_1", content=1, pseudonyms=1)
        ledger.clock.forward(days=1000)
        erase_due(ledger, retention)
        assert content(ledger) == {"adv_1"}
        assert pseudonyms(ledger)

    async def test_pseudonyms_are_kept_while_any_advice_of_the_case_needs_them(
        self, ledger: Ledger, retention: Retention
    ) -> None:
        await settled(ledger, "adv_1", pseudonyms=DAY)
        ledger.clock.forward(hours=12)
        await settled(ledger, "adv_2", pseudonyms=DAY)
        ledger.clock.forward(hours=13)
        erase_due(ledger, retention)
        assert len(pseudonyms(ledger)) == 2
        await ask(ledger, "adv_3", pseudonyms=DAY)
        ledger.clock.forward(hours=12)
        erase_due(ledger, retention)
        assert len(pseudonyms(ledger)) == 3, "advice of the case is pending"
        await settle(ledger, "adv_3")
        ledger.clock.forward(hours=25)
        erase_due(ledger, retention)
        assert pseudonyms(ledger) == []
        assert content(ledger) == {"adv_1", "adv_2", "adv_3"}
        assert flaws(ledger) == []

    async def test_after_the_pseudonyms_are_gone_each_advice_still_opens_by_its_own_key(
        self, ledger: Ledger, retention: Retention
    ) -> None:
        await settled(ledger, "adv_1", pseudonyms=1)
        ledger.clock.forward(seconds=2)
        erase_due(ledger, retention)
        assert not is_gone(ledger, "adv_1")

    async def test_a_shorter_retention_applies_to_kept_content_and_a_longer_one_does_not(
        self, ledger: Ledger, retention: Retention
    ) -> None:
        await settled(ledger, "adv_1", content=10 * DAY, pseudonyms=10 * DAY)
        await ask(ledger, "adv_2", content=10 * DAY, pseudonyms=10 * DAY)
        load(ledger, content=20 * DAY, pseudonyms=20 * DAY)
        load(ledger, content=2 * DAY, pseudonyms=DAY)
        load(ledger, content=5 * DAY, pseudonyms=5 * DAY)
        await settle(ledger, "adv_2")
        ledger.clock.forward(hours=25)
        erase_due(ledger, retention)
        assert pseudonyms(ledger) == []
        assert content(ledger) == {"adv_1", "adv_2"}
        ledger.clock.forward(days=1)
        erase_due(ledger, retention)
        assert content(ledger) == set()

    async def test_retention_with_nothing_due_writes_nothing(
        self, ledger: Ledger, retention: Retention
    ) -> None:
        await settled(ledger, "adv_1")
        before = ledger.log.size
        erase_due(ledger, retention)
        assert ledger.log.size == before


class TestRefusedRequests:
    """What a policy refused is kept, and goes, as what it admitted."""

    async def test_its_content_is_erased_after_its_time(self, ledger: Ledger, retention: Retention) -> None:
        await ledger.recorder.refused(asked("adv_1", CASE, {**RETENTION, "content": DAY}), "no-poems")
        assert content(ledger) == {"adv_1"}
        ledger.clock.forward(hours=23)
        erase_due(ledger, retention)
        assert content(ledger) == {"adv_1"}
        ledger.clock.forward(hours=1, seconds=1)
        erase_due(ledger, retention)
        assert content(ledger) == set()
        assert [event["advice"] for event in ledger.events("content.erased")] == ["adv_1"]
        assert flaws(ledger) == []

    async def test_it_leaves_no_pseudonyms_in_the_case(self, ledger: Ledger) -> None:
        await ledger.recorder.refused(asked("adv_1", CASE, RETENTION), "no-poems")
        assert pseudonyms(ledger) == []

    @pytest.mark.parametrize("target", [CASE_MATTER, ErasureTarget("adv_1", is_case=False)])
    async def test_its_content_is_erased_by_command(
        self, ledger: Ledger, retention: Retention, target: ErasureTarget
    ) -> None:
        await ledger.recorder.refused(asked("adv_1", CASE, RETENTION), "no-poems")
        assert erase(retention, target)["advice_erased"] == ["adv_1"]
        assert content(ledger) == set()
        assert erase(retention, target)["advice_erased"] == []

    @pytest.mark.parametrize("held", [CASE_MATTER, ErasureTarget("adv_1", is_case=False)])
    async def test_a_hold_keeps_it(self, ledger: Ledger, retention: Retention, held: ErasureTarget) -> None:
        await ledger.recorder.refused(asked("adv_1", CASE, {**RETENTION, "content": DAY}), "no-poems")
        retention.place_hold(held, why="litigation", actor="operator")
        ledger.clock.forward(days=2)
        erase_due(ledger, retention)
        with pytest.raises(Conflict, match="on_hold"):
            erase(retention, CASE_MATTER)
        assert content(ledger) == {"adv_1"}

    async def test_a_shorter_retention_for_all_advice_is_for_it_as_well(
        self, ledger: Ledger, retention: Retention
    ) -> None:
        await ledger.recorder.refused(asked("adv_1", None, RETENTION), "no-poems")
        shorter = {"content": DAY, "pseudonyms": DAY}
        ledger.clock.forward(days=2)
        foreseen = ledger.database.read(
            lambda connection: earlier_erasures(connection, "held", shorter, time_text(ledger.clock.now))
        )
        assert (foreseen.at_once, foreseen.undecided) == (1, 0)
        load(ledger, **shorter)
        erase_due(ledger, retention)
        assert content(ledger) == set()

    async def test_content_of_it_that_is_missing_is_damage(
        self, ledger: Ledger, retention: Retention
    ) -> None:
        await ledger.recorder.refused(asked("adv_1", None, RETENTION), "no-poems")
        assert (retention.missing_content(), flaws(ledger)) == (0, [])
        ledger.change("DELETE FROM sealed WHERE kind = 'sent'")
        assert retention.missing_content() == 1
        assert "is missing" in "".join(flaws(ledger))


class TestHold:
    async def test_a_held_case_is_erased_neither_by_command_nor_by_retention(
        self, ledger: Ledger, retention: Retention
    ) -> None:
        await settled(ledger, "adv_1", content=1, pseudonyms=1)
        retention.place_hold(CASE_MATTER, why="litigation", actor="operator")
        for target in (CASE_MATTER, ErasureTarget("adv_1", is_case=False)):
            with pytest.raises(Conflict, match="on_hold") as caught:
                erase(retention, target)
            assert "legal proceedings" in caught.value.message
            assert "hold lift" in caught.value.message
        ledger.clock.forward(days=1)
        erase_due(ledger, retention)
        assert content(ledger) == {"adv_1"}
        assert pseudonyms(ledger)

        retention.lift_hold(CASE_MATTER, why="litigation", actor="person:p_1")
        erase_due(ledger, retention)
        assert is_gone(ledger, "adv_1")
        assert pseudonyms(ledger) == []
        [placed], [lifted] = ledger.events("hold.placed"), ledger.events("hold.lifted")
        assert (placed["case"], placed["why"], placed["actor"]) == (CASE, "litigation", "operator")
        assert (lifted["case"], lifted["why"], lifted["actor"]) == (CASE, "litigation", "person:p_1")

    async def test_a_hold_on_one_advice_keeps_it_and_its_whole_case_from_the_command(
        self, ledger: Ledger, retention: Retention
    ) -> None:
        await settled(ledger, "adv_1", content=1)
        await settled(ledger, "adv_2", content=1)
        retention.place_hold(ErasureTarget("adv_1", is_case=False), why="complaint", actor="operator")
        with pytest.raises(Conflict, match="on_hold"):
            erase(retention, CASE_MATTER)
        ledger.clock.forward(days=1)
        erase_due(ledger, retention)
        assert content(ledger) == {"adv_1"}

    async def test_two_holds_for_two_reasons_are_lifted_one_by_one(
        self, ledger: Ledger, retention: Retention
    ) -> None:
        await settled(ledger, "adv_1")
        for why in ("litigation", "inquest", "inquest"):
            retention.place_hold(CASE_MATTER, why=why, actor="operator")
        assert len(ledger.events("hold.placed")) == 2
        retention.lift_hold(CASE_MATTER, why="litigation", actor="operator")
        with pytest.raises(Conflict, match="on_hold"):
            erase(retention, CASE_MATTER)
        retention.lift_hold(CASE_MATTER, why="inquest", actor="operator")
        erase(retention, CASE_MATTER)

    async def test_a_hold_that_is_not_there_cannot_be_lifted(
        self, ledger: Ledger, retention: Retention
    ) -> None:
        await settled(ledger, "adv_1")
        with pytest.raises(GatewayError, match="unknown_hold"):
            retention.lift_hold(CASE_MATTER, why="inquest", actor="operator")


class TestDamage:
    @pytest.mark.parametrize(
        ("statement", "said"),
        [
            ("DELETE FROM sealed WHERE kind = 'answer'", "is missing, and no event says"),
            ("DELETE FROM content_keys", "its key is gone, and no event says"),
            ("UPDATE content_keys SET wrapped = zeroblob(61)", "its key is gone, and no event says"),
            ("UPDATE sealed SET ciphertext = zeroblob(100) WHERE kind = 'sent'", "was changed or moved"),
            ("UPDATE sealed SET commitment = 'x' WHERE kind = 'sent'", "is not what the event committed to"),
            (
                "INSERT INTO sealed SELECT advice, 'more', scope, commitment, ciphertext FROM sealed",
                "no event",
            ),
            ("UPDATE pseudonyms SET ciphertext = zeroblob(40)", "changed or moved"),
        ],
    )
    async def test_content_that_is_not_as_recorded_is_named(
        self, ledger: Ledger, statement: str, said: str
    ) -> None:
        await settled(ledger, "adv_1")
        assert flaws(ledger) == []
        statement += " LIMIT 1" if statement.startswith("INSERT") else ""
        ledger.change(statement)
        found = flaws(ledger)
        assert found
        assert all("adv_1" in flaw or CASE in flaw for flaw in found)
        assert said in "".join(found)

    async def test_erased_content_that_was_put_back_is_named(
        self, ledger: Ledger, retention: Retention
    ) -> None:
        await settled(ledger, "adv_1")
        rows = {table: ledger.rows(f"SELECT * FROM {table}") for table in ("sealed", "content_keys")}
        erase(retention, CASE_MATTER)
        ledger.change("DELETE FROM content_keys")
        for table, kept in rows.items():
            for row in kept:
                ledger.change(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", *row)
        assert any("still there, though an event says that it was erased" in flaw for flaw in flaws(ledger))

    async def test_a_key_that_is_not_found_is_never_taken_for_destroyed(
        self, ledger: Ledger, retention: Retention
    ) -> None:
        await settled(ledger, "adv_1", content=1)
        await settled(ledger, "adv_2", content=1)
        lost = "DELETE FROM content_keys WHERE scope = 'adv_1'"  # as a damaged index makes it look
        ledger.run(lambda transaction: transaction.connection.execute(lost) and None)
        with pytest.raises(GatewayError, match="content_damaged"):
            erase(retention, CASE_MATTER)
        assert content(ledger) == {"adv_1", "adv_2"}
        assert not ledger.events("content.erased")
        ledger.clock.forward(days=1)
        erase_due(ledger, retention)
        assert content(ledger) == {"adv_1"}, "the others go on"

    async def test_the_look_at_start_counts_what_is_missing(
        self, ledger: Ledger, retention: Retention
    ) -> None:
        await settled(ledger, "adv_1")
        await settled(ledger, "adv_2")
        erase(retention, ErasureTarget("adv_2", is_case=False))
        assert retention.missing_content() == 0
        ledger.run(
            lambda transaction: (
                transaction.connection.execute("DELETE FROM sealed WHERE kind = 'answer'") and None
            )
        )
        assert retention.missing_content() == 1


async def test_a_shorter_retention_is_for_what_was_asked_before_only_if_an_admin_said_so(
    ledger: Ledger, retention: Retention
) -> None:
    await settled(ledger, "adv_1", content=90 * DAY, pseudonyms=30 * DAY)
    now = time_text(ledger.clock.now)
    foreseen = ledger.database.read(
        lambda connection: earlier_erasures(connection, "held", {"content": 0, "pseudonyms": DAY}, now)
    )
    assert (foreseen.advice, foreseen.at_once, foreseen.undecided) == (1, 1, 0)
    event = {"type": "policy.loaded", "actor": "gateway", "policy": POLICY}
    shorter = {"retention": {"content": DAY, "pseudonyms": DAY}}
    ledger.run(lambda transaction: record(transaction, {**event, **shorter, "retention_for": "new"}))
    ledger.clock.forward(days=2)
    retention.erase_due(time_text(ledger.clock.now))
    assert not ledger.events("content.erased")
    ledger.run(lambda transaction: record(transaction, {**event, **shorter, "retention_for": "all"}))
    retention.erase_due(time_text(ledger.clock.now))
    assert ledger.events("content.erased")
