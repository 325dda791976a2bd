"""Bodies like those of other gateways' bug reports, straight and through: the same, but for `decision_support`."""

import json
from typing import Any

import pytest

from tests.gateway.provider_answers import ANSWERS
from tests.gateway.provider_streams import STREAMS
from tests.gateway.reported_answers import STREAMED, WHOLE
from tests.gateway.reported_requests import REPORTED
from tests.gateway.test_odd_requests import REQUESTS, without_ids
from tests.gateway.test_provider_bodies import ASKED, chunks_of, said_by, straight, through
from tests.gateway.test_provider_bodies import STREAMED as ASKED_STREAMED
from tests.gateway_server import GatewayServer
from tests.provider_server import ProviderServer


def in_order(body: Any) -> str:
    """With members in the order in which they came."""
    return json.dumps(body, ensure_ascii=False)


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_answer_is_the_same_member_by_member(
    gateway: GatewayServer, provider: ProviderServer, name: str
) -> None:
    body = json.dumps(WHOLE[name]).encode()
    plain = straight(provider, ASKED, body, "application/json").json()
    answer = through(gateway, provider, ASKED, body, "application/json")
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found.pop("decision_support")["status"] in ("pending", "passed_on")
    assert in_order(found) == in_order(plain)


@pytest.mark.parametrize("name", STREAMED)
def test_a_stream_says_the_same(gateway: GatewayServer, provider: ProviderServer, name: str) -> None:
    plain = chunks_of(straight(provider, ASKED_STREAMED, STREAMED[name], "text/event-stream"))
    answer = through(gateway, provider, ASKED_STREAMED, STREAMED[name], "text/event-stream")
    found = chunks_of(answer)
    assert answer.status_code == 200, answer.text
    assert answer.text.endswith("data: [DONE]\n\n"), answer.text
    assert sum("decision_support" in chunk for chunk in found) == 1
    assert said_by(found) == said_by(plain)


@pytest.mark.parametrize("name", REPORTED)
def test_a_request_reaches_the_provider_member_by_member(
    gateway: GatewayServer, provider: ProviderServer, name: str
) -> None:
    provider.answer = "Yes."
    answer = gateway.ask(model="own-prompt", **REPORTED[name])
    assert answer.status_code == 200, answer.text
    sent = provider.requests[-1].json
    assert sent.pop("model") == "test-model"
    assert in_order(without_ids(sent)) == in_order(without_ids(REPORTED[name]))


def test_there_are_more_than_two_hundred_bodies_of_three_kinds() -> None:
    assert len(ANSWERS | WHOLE) > 150
    assert len(STREAMS | STREAMED) > 120
    assert len(REQUESTS | REPORTED) > 100
