"""`GET /v1/advice/events`: an application follows its own advice as server-sent events."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from gateway.advice import changes_of
from tests.gateway_server import GatewayServer

ON_BOTH_STORES = True


def read(lines: Iterator[str], most: int) -> list[dict[str, Any]]:
    """The next events; comments are skipped."""
    found: list[dict[str, Any]] = []
    event: dict[str, Any] = {}
    for line in lines:
        name, _, value = line.partition(": ")
        if line and name:
            event[name] = json.loads(value) if name == "data" else value
        elif event:
            found.append(event)
            event = {}
            if len(found) == most:
                break
    return found


def test_each_change_comes_with_its_place_in_the_log(gateway: GatewayServer) -> None:
    with gateway.client() as client, client.stream("GET", "/v1/advice/events") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        lines = stream.iter_lines()
        assert next(lines).startswith(":")  # from now on
        advice = gateway.ask(model="held").headers["x-advice-id"]
        gateway.decide("ben", advice)
        received, accepted = read(lines, 2)
    assert [received["event"], accepted["event"]] == ["advice.received", "advice.accepted"]
    assert [received["data"]["status"], accepted["data"]["status"]] == ["pending", "accepted"]
    assert accepted["data"]["advice_id"] == advice
    assert accepted["data"]["review_url"] == f"{gateway.url}/advice/{advice}"
    assert gateway.events()[int(accepted["id"])]["type"] == "advice.accepted"


@pytest.mark.parametrize("how", ["header", "query"])
def test_a_client_that_comes_back_misses_nothing(gateway: GatewayServer, how: str) -> None:
    last = len(gateway.events()) - 1
    advice = gateway.ask(model="held").headers["x-advice-id"]
    gateway.decide("ben", advice, "reject", reason="No.")
    headers = {"Last-Event-ID": str(last)} if how == "header" else {}
    query = {"after": str(last)} if how == "query" else {}
    with (
        gateway.client() as client,
        client.stream("GET", "/v1/advice/events", headers=headers, params=query) as stream,
    ):
        received, rejected = read(stream.iter_lines(), 2)
    assert {received["data"]["advice_id"], rejected["data"]["advice_id"]} == {advice}
    assert rejected["event"] == "advice.rejected"


def test_advice_of_another_application_is_not_among_them(gateway: GatewayServer) -> None:
    log = gateway.resources.log
    start = log.size
    gateway.decide("ben", gateway.ask(model="held").headers["x-advice-id"])
    found = {
        name: gateway.resources.database.read(
            lambda connection, name=name: changes_of(connection, log, name, start)
        )  # type: ignore[misc]
        for name in ("casebook", "other")
    }
    assert len(found["casebook"][0]) == 2
    assert found["other"] == ([], found["casebook"][1])


def test_people_and_wrong_places_are_refused(gateway: GatewayServer) -> None:
    with gateway.client("ben") as client:
        assert client.get("/v1/advice/events").status_code == 403
    with gateway.client() as client:
        for last in ("x", "-1", "9" * 30):
            answer = client.get("/v1/advice/events", headers={"Last-Event-ID": last})
            assert (answer.status_code, answer.json()["error"]["param"]) == (400, "Last-Event-ID")


def test_the_stream_ends_when_the_gateway_stops(fresh: Callable[..., GatewayServer]) -> None:
    gateway = fresh()
    with gateway.client() as client, client.stream("GET", "/v1/advice/events") as stream:
        lines = stream.iter_lines()
        next(lines)
        gateway.resources.stopping.set()
        gateway.hang_up()
        try:
            assert not [line for line in lines if line.startswith("data")]
        except httpx.RemoteProtocolError:
            pytest.fail("the stream was cut, not ended")
