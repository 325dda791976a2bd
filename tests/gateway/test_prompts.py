"""Where a policy's prompt stands beside the application's own system messages."""

import pytest

from tests.gateway_server import GatewayServer
from tests.provider_server import ProviderServer

PLAIN = "You help a caseworker. Answer in plain English."
OWN = [
    {"role": "system", "content": "Own rules."},
    {"role": "developer", "content": "More rules."},
    {"role": "user", "content": "Help."},
]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("own-prompt", ["Own rules.", "More rules.", "Help."]),
        ("use", [PLAIN, "Own rules.", "More rules.", "Help."]),
        ("last-word", ["Own rules.", "More rules.", PLAIN, "Help."]),
    ],
)
def test_the_prompt_stands_where_the_policy_says(
    policy: str, expected: list[str], gateway: GatewayServer, provider: ProviderServer
) -> None:
    answer = gateway.ask(model=policy, messages=OWN)
    assert [one["content"] for one in provider.requests[-1].json["messages"]] == expected
    gateway.give_password("ana")
    page = gateway.browser("ana").get(f"/advice/{answer.headers['x-advice-id']}").text
    assert "Own rules." in page
    assert "Help." in page
    assert PLAIN not in page
