"""Both clients against a real gateway."""

import ast
import asyncio
import re
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import pytest

from countersign_client import AsyncClient, Client, CountersignError, NotDecided, Unreachable
from tests.gateway_server import GatewayServer

ROOT = Path(__file__).parents[2]


class Awaited:
    """An AsyncClient whose methods are awaited to their end, one by one."""

    def __init__(self, url: str, key: str) -> None:
        self._runner = asyncio.Runner()
        self._client = AsyncClient(url, key)

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._client, name)
        return lambda *given, **named: self._runner.run(method(*given, **named))

    def __enter__(self) -> Self:
        self._runner.run(self._client.__aenter__())
        return self

    def __exit__(self, *error: Any) -> None:
        self._runner.run(self._client.__aexit__(*error))
        self._runner.close()


Made = type[Client] | type[Awaited]


@pytest.fixture(params=[Client, Awaited], ids=["Client", "AsyncClient"])
def made(request: pytest.FixtureRequest) -> Made:
    kind: Made = request.param
    return kind


@pytest.fixture
def client(gateway: GatewayServer, made: Made) -> Iterator[Client | Awaited]:
    with made(gateway.url, gateway.key) as opened:
        yield opened


def held(gateway: GatewayServer, text: str = "Ann Lee asks for help.", **body: object) -> str:
    return str(gateway.ask(text, **body).json()["decision_support"]["advice_id"])


def test_it_waits_until_somebody_accepts_and_has_the_answer(
    gateway: GatewayServer, client: Client | Awaited
) -> None:
    advice = held(gateway)
    timer = threading.Timer(1, lambda: gateway.decide("ben", advice))
    timer.start()
    found = client.wait_for_decision(advice, seconds=20)
    timer.join()
    assert (found.id, found.status, found.policy) == (advice, "accepted", "held")
    assert found.text == "Ann Lee asks for help."
    assert [(one.person, one.decision) for one in found.decisions] == [(gateway.people["ben"][0], "accept")]
    assert found.decisions[0].decided_at.tzinfo is not None
    assert gateway.types(advice)[-1] == "advice.released"


def test_what_was_rejected_has_no_text(gateway: GatewayServer, client: Client | Awaited) -> None:
    advice = held(gateway)
    gateway.decide("ben", advice, "reject", reason="Wrong.")
    found = client.wait_for_decision(advice)
    assert (found.status, found.text, found.is_undecided) == ("rejected", None, False)


def test_it_says_that_nobody_decided(gateway: GatewayServer, client: Client | Awaited) -> None:
    advice = held(gateway)
    began = time.monotonic()
    with pytest.raises(NotDecided) as error:
        client.wait_for_decision(advice, seconds=1.5)
    assert (error.value.code, error.value.advice) == ("not_decided", advice)
    assert 1.4 < time.monotonic() - began < 6


def test_what_is_due_comes_with_the_most_urgent_first(
    gateway: GatewayServer, client: Client | Awaited, made: Made
) -> None:
    asked = {held(gateway) for _ in range(3)}
    due = client.list_due()
    assert asked <= {one.id for one in due}
    ends = [one.decide_by for one in due]
    assert ends == sorted(ends, key=lambda one: one or datetime.max.replace(tzinfo=UTC))
    newest = next(one for one in due if one.id in asked)
    assert (newest.policy, newest.application) == ("held", newest.application)
    assert newest.review_url == f"{gateway.url}/advice/{newest.id}"
    with made(gateway.url, gateway.other_key) as other:
        assert not asked & {one.id for one in other.list_due()}


def test_all_pages_are_read(
    gateway: GatewayServer, client: Client | Awaited, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("countersign_client.requests._PAGE", 2)
    asked = {held(gateway) for _ in range(5)}
    assert asked <= {one.id for one in client.list_due()}


def test_a_person_decides_with_an_amendment(gateway: GatewayServer, client: Client | Awaited) -> None:
    advice = held(gateway)
    person, token = gateway.people["ben"]
    done = client.decide(token, advice, "accept", amendment="Dear Ann Lee,")
    assert (done.advice, done.person, done.decision, done.status) == (advice, person, "accept", "accepted")
    assert client.decide(token, advice, "accept", amendment="Dear Ann Lee,") == done
    assert client.wait_for_decision(advice).text == "Dear Ann Lee,"


def test_a_value_that_left_is_reported(gateway: GatewayServer, client: Client | Awaited) -> None:
    advice = held(gateway, "Zorblat called.", metadata={"case": "client-1"})
    token = gateway.people["ben"][1]
    done = client.report_missed(token, advice, "Zorblat", kind="PERSON")
    assert (done.advice, done.type, done.redacted_in_case) == (advice, "PERSON", True)


def test_a_refusal_has_its_code(gateway: GatewayServer, client: Client | Awaited, made: Made) -> None:
    advice, token = held(gateway), gateway.people["ben"][1]
    with pytest.raises(CountersignError) as refused:
        client.decide(gateway.key, advice, "accept")
    assert (refused.value.code, refused.value.status) == ("person_required", 403)
    with pytest.raises(CountersignError) as refused:
        client.report_missed(token, advice, "x" * 501)
    assert (refused.value.code, refused.value.param) == ("invalid_field", "value")
    client.decide(token, advice, "accept")
    with pytest.raises(CountersignError) as refused:
        client.decide(token, advice, "reject", reason="no")
    assert refused.value.status == 409
    for unknown in ("adv_0", "../models", "a/b?c"):
        with pytest.raises(CountersignError) as refused:
            client.wait_for_decision(unknown, seconds=0)
        assert refused.value.status == 404
    with made(gateway.url, "wrong") as stranger, pytest.raises(CountersignError) as refused:
        stranger.list_due()
    assert refused.value.code == "unknown_credential"


def test_without_a_gateway_it_says_so(made: Made) -> None:
    with made("http://127.0.0.1:9", "secret-key") as nobody:
        with pytest.raises(Unreachable) as error:
            nobody.list_due()
        assert error.value.code == "unreachable"
        assert "secret-key" not in f"{error.value!r}{nobody!r}"
        with pytest.raises(NotDecided):
            nobody.wait_for_decision("adv_1", seconds=0.5)


def test_it_needs_httpx_and_nothing_of_the_gateway() -> None:
    names: set[str] = set()
    for path in (ROOT / "countersign_client").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names.add(node.module.partition(".")[0])
    assert names - set(sys.stdlib_module_names) == {"countersign_client", "httpx"}


def test_one_that_waits_lets_the_others_go_on(gateway: GatewayServer) -> None:
    advice = held(gateway)

    async def run() -> str:
        async with AsyncClient(gateway.url, gateway.key) as client:
            waiting = asyncio.create_task(client.wait_for_decision(advice, seconds=20))
            while advice not in {one.id for one in await client.list_due()}:
                pass
            await client.decide(gateway.people["ben"][1], advice, "accept")
            return (await waiting).status

    assert asyncio.run(run()) == "accepted"


@pytest.mark.parametrize("at", [0, 1], ids=["Client", "AsyncClient"])
def test_the_examples_of_the_guide_work_as_they_stand(
    at: int, gateway: GatewayServer, capsys: pytest.CaptureFixture[str]
) -> None:
    guide = (ROOT / "docs" / "client.md").read_text("utf-8")
    example = re.findall(r"```python\n(.*?)```", guide, re.DOTALL)[at]
    advice = held(gateway)
    for old, new in (
        ("http://127.0.0.1:8080", gateway.url),
        ("THE-KEY", gateway.key),
        ("BENS-TOKEN", gateway.people["ben"][1]),
        ("adv_0123", advice),
    ):
        assert old in example
        example = example.replace(old, new)
    exec(example, {})
    assert "accepted" in capsys.readouterr().out
