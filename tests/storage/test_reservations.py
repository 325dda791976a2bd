"""What several gateways set aside together in PostgreSQL, and one in its memory, never passes a limit."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gateway.advice import (
    Limit,
    LimitStanding,
    OwnReservations,
    Reservation,
    Reservations,
    SharedReservations,
    fits_all,
    record,
)
from gateway.storage.postgresql.connections import Postgres
from gateway.storage.postgresql.reservations import ReservationRows
from tests.ledger import Ledger, open_ledger
from tests.postgres_server import PostgresServer

NOW = datetime(2026, 11, 30, 23, 0, tzinfo=UTC)
POLICY = {"id": "limited", "version": "0" * 64}
REVIEW = {"gate": "release", "deciders": 1}


class Stores:
    """Reservations of two gateways on one log, or of one in its memory."""

    def __init__(
        self, ledger: Ledger, stores: list[Reservations], pass_time: Callable[[float], None]
    ) -> None:
        self.ledger = ledger
        self.stores = stores
        self.pass_time = pass_time
        self.asked = 0

    def reserve(self, *limits: Limit, at: int = 0, **more: Any) -> tuple[bool, list[LimitStanding]]:
        self.asked += 1
        wanted = wish(more.pop("id", f"adv_{self.asked}"), *limits, **more)
        standings = self.stores[at % len(self.stores)].reserve(wanted, NOW)
        return fits_all(wanted, standings), standings

    def answer(
        self, advice: str, tokens: int, micro: int = 0, person: str | None = None, at: datetime = NOW
    ) -> None:
        """Put an answer on record that took so much, as one to the application casebook."""
        self.ledger.clock.now = at
        common = {"advice": advice, "policy": POLICY}
        requested = {"type": "advice.requested", "actor": "application:casebook", "redactions": {}}
        requester = {} if person is None else {"requester": person}
        received = {
            "type": "advice.received",
            "actor": "gateway",
            "caveats": [],
            "attempts": [],
            "model": "m",
        }
        due = {"decide_by": "2026-12-24T09:00:00.000000Z", "words": 1}
        used = {"usage": {"prompt_tokens": tokens}, "cost": {"currency": "USD", "micro": micro}}
        for event in ({**requested, "review": REVIEW, **requester}, {**received, **due, **used}):
            self.ledger.run(
                lambda transaction, event=event: record(transaction, {**common, **event}) and None
            )


def wish(name: str, *limits: Limit, **more: Any) -> Reservation:
    given = {"application": "casebook", "person": "", "tokens": 0, "micro": 0, "seconds": 600, **more}
    return Reservation(name, "limited", given.pop("application"), given.pop("person"), limits=limits, **given)


@pytest.fixture(params=["memory", "postgresql"])
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stores]:
    if request.param == "memory":
        with open_ledger(tmp_path) as ledger:
            moment = [0.0]
            own = OwnReservations(ledger.database.read, lambda: moment[0])

            def pass_time(seconds: float) -> None:
                moment[0] += seconds

            yield Stores(ledger, [own], pass_time)
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    name = server.database()
    with server.connect(name) as connection:
        connection.execute(f"ALTER DATABASE {name} SET default_transaction_isolation = 'repeatable read'")
    address = server.address(name)
    with open_ledger(tmp_path, address) as ledger:
        shared = [SharedReservations(ReservationRows(Postgres(address))) for _ in range(4)]

        def make_older(seconds: float) -> None:
            moved = "at = at - make_interval(secs => %s), until = until - make_interval(secs => %s)"
            with server.connect(name) as connection:
                connection.execute(f"UPDATE reservations SET {moved}", (seconds, seconds))

        yield Stores(ledger, list(shared), make_older)


def of(unit: Any, period: Any, most: int, whose: Any = "application") -> Limit:
    return Limit(whose, unit, period, most, "USD" if unit == "cost" else "")


@pytest.mark.parametrize(
    ("limit", "each"),
    [
        (of("requests", "minute", 30), {}),
        (of("tokens", "minute", 3_000), {"tokens": 100}),
        (of("tokens", "day", 3_000, "policy"), {"tokens": 100}),
        (of("cost", "month", 30_000_000, "policy"), {"micro": 1_000_000}),
    ],
    ids=lambda value: value.name if isinstance(value, Limit) else "",
)
def test_requests_at_one_moment_never_pass_a_limit_together(
    stores: Stores, limit: Limit, each: dict[str, int]
) -> None:
    with ThreadPoolExecutor(4) as pool:
        granted = list(
            pool.map(lambda at: stores.reserve(limit, at=at, id=f"adv_{at}", **each)[0], range(60))
        )
    assert granted.count(True) == 30


def test_what_was_used_by_the_record_counts_and_what_was_set_aside_for_it_no_longer(stores: Stores) -> None:
    day = of("tokens", "day", 1_000)
    assert stores.reserve(day, id="adv_first", tokens=900)[0]
    assert not stores.reserve(day, tokens=200)[0]
    stores.answer("adv_first", 500)
    stores.stores[-1].charge("adv_first", 500)
    granted, standings = stores.reserve(day, tokens=500)
    assert (granted, standings[0].used) == (True, 500)
    assert not stores.reserve(day, tokens=1)[0]


def test_what_a_request_set_aside_that_never_ended_comes_back_by_itself(stores: Stores) -> None:
    day = of("tokens", "day", 1_000)
    assert stores.reserve(day, tokens=900, seconds=90)[0]
    stores.pass_time(80)
    assert not stores.reserve(day, tokens=900)[0]
    stores.pass_time(20)
    assert stores.reserve(day, tokens=900)[0]


def test_a_minute_is_any_sixty_seconds_and_says_when_there_is_room(stores: Stores) -> None:
    minute = of("requests", "minute", 2)
    assert stores.reserve(minute)[0]
    stores.pass_time(30)
    assert stores.reserve(minute)[0]
    granted, standings = stores.reserve(minute)
    assert not granted
    assert 20 < standings[0].resets_in <= 30
    stores.pass_time(31)
    assert stores.reserve(minute)[0]


def test_answers_count_what_they_took_within_their_minute(stores: Stores) -> None:
    minute = of("tokens", "minute", 1_000)
    assert stores.reserve(minute, id="adv_first", tokens=900)[0]
    stores.stores[-1].charge("adv_first", 100)
    granted, standings = stores.reserve(minute, tokens=900)
    assert (granted, standings[0].used) == (True, 100)


def test_more_is_set_aside_for_a_request_in_place_of_what_was(stores: Stores) -> None:
    limits = [of("tokens", "day", 1_000), of("requests", "minute", 1)]
    assert stores.reserve(*limits, id="adv_first", tokens=100)[0]
    assert stores.reserve(*limits, id="adv_first", tokens=1_000)[0]
    assert not stores.reserve(*limits, id="adv_first", tokens=1_001)[0]
    assert stores.reserve(*limits, tokens=1_000)[0]


def test_limits_are_of_an_application_of_a_person_or_of_everybody(stores: Stores) -> None:
    stores.answer("adv_first", 600, micro=5_000_000, person="p_ana")
    of_all, of_one = of("tokens", "month", 1_000, "policy"), of("tokens", "month", 1_000)
    of_person = of("cost", "day", 6_000_000, "person")
    assert not stores.reserve(of_all, application="other", tokens=500)[0]
    assert not stores.reserve(of_one, tokens=500)[0]
    assert stores.reserve(of_one, application="other", tokens=500)[0]
    assert not stores.reserve(of_person, person="p_ana", micro=1_000_001)[0]
    assert stores.reserve(of_person, person="p_ben", micro=1_000_001)[0]


def test_what_was_used_earlier_in_the_month_counts_for_the_month_alone(stores: Stores) -> None:
    limits = [of("tokens", "day", 9_000), of("tokens", "month", 9_000), of("cost", "month", 9_000)]
    for number, day in enumerate((1, 15, 28, 29, 30)):
        stores.answer(f"adv_of_{day}", 10**number, micro=number, at=NOW.replace(day=day))
    for _ in range(2):
        _, standings = stores.reserve(*limits)
        assert [one.used for one in standings] == [10_000, 11_111, 10]
    stores.answer("adv_later", 5)
    _, standings = stores.reserve(*limits)
    assert [one.used for one in standings] == [10_005, 11_116, 10]


def test_days_and_months_end_in_utc(stores: Stores) -> None:
    stores.answer("adv_first", 600)
    _, standings = stores.reserve(of("tokens", "day", 1_000), of("tokens", "month", 1_000))
    assert [(one.used, one.resets_in) for one in standings] == [(600, 3600), (600, 3600)]
    tomorrow = wish("adv_next", of("tokens", "day", 1_000), of("tokens", "month", 1_000), tokens=1_000)
    standings = stores.stores[0].reserve(tomorrow, datetime(2026, 12, 1, tzinfo=UTC))
    assert [one.used for one in standings] == [0, 0]
