"""The benchmarks of load and faults, in their shortest form: `python -m tests.bench.service` runs them whole."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from audit import decode_event
from gateway.redaction import RedactionSettings
from tests.bench.service import day, faults, waiting
from tests.gateway_server import GatewayServer
from tests.provider_server import ProviderServer

FLAT_MEGABYTES = 20
"""More than what any one request takes, and less than if each of two hundred left a tenth of a megabyte behind."""


def test_many_wait_for_people_and_for_streams_at_once(tmp_path: Path) -> None:
    found = waiting.run(tmp_path, held=60, streams=15)
    assert found["failed"] == 0
    assert found["stream_p50_seconds"] >= found["stream_least_seconds"]


def test_callers_are_told_in_time_however_a_provider_fails(tmp_path: Path) -> None:
    rows = faults.provider(tmp_path, many=3)
    assert [row["fault"] for row in rows] == list(faults.FAULTS)


def test_a_database_that_goes_and_comes_back_loses_nothing(tmp_path: Path) -> None:
    found = faults.database(tmp_path, times=1, away_seconds=0.5)
    assert found["told"]["503 log_unavailable"] > 0


def test_a_disk_that_is_full_at_any_write_loses_nothing(tmp_path: Path) -> None:
    try:
        found = faults.disk(tmp_path, step=80_000, most=400_000)
    except PermissionError as error:
        pytest.skip(str(error))
    assert found["told"]["503 log_unavailable"] > 0


def test_memory_stays_flat_while_requests_come_and_go(tmp_path: Path) -> None:
    found = day.run(tmp_path, requests=300)
    assert found["growth_megabytes"] < FLAT_MEGABYTES, found["samples"]
    assert found["events"] > 300 * 2


class SteppingClock:
    """A machine's clock that somebody sets."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@pytest.fixture
def stepping(tmp_path: Path) -> Callable[[ProviderServer, SteppingClock], GatewayServer]:
    def make(provider: ProviderServer, clock: SteppingClock) -> GatewayServer:
        redaction = RedactionSettings(name_model=None)
        return GatewayServer(tmp_path / "data", provider, clock=clock, redaction=redaction)

    return make


def test_a_clock_that_is_set_forward_and_back_stops_nothing(
    stepping: Callable[[ProviderServer, SteppingClock], GatewayServer],
) -> None:
    clock = SteppingClock()
    with ProviderServer() as provider, stepping(provider, clock) as gateway:
        for hours in (0, -1, 0, 2, -48, 0.5):
            clock.ahead = timedelta(hours=hours)
            asked = gateway.ask(f"At {hours}.", model="held")
            assert asked.status_code == 202, asked.text
            advice = asked.headers["x-advice-id"]
            assert gateway.decide("ben", advice).status_code == 201
            assert "completion" in gateway.read("application", advice).json()
        log = gateway.resources.log
        times = [decode_event(raw)["time"] for raw in log.read(0, log.size)]
        assert times == sorted(times)
