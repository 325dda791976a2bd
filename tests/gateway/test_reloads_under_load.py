"""Policies change again and again while requests come in: each is under exactly one version, from its prompt to its
caveats. `COUNTERSIGN_TEST_RELOADS=1000` makes it a thousand times.
"""

import json
import os
import threading
from collections.abc import Callable
from typing import Any

from gateway.operations import find_version, kept_policy
from tests.gateway_server import GatewayServer
from tests.policy.conftest import POLICY, PROMPT, Folder, folder
from tests.provider_server import ProviderServer
from tests.waiting import wait_for

__all__ = ["folder"]

RELOADS = int(os.environ.get("COUNTERSIGN_TEST_RELOADS", "100"))
CALLERS = 4
NUMBERED = (
    POLICY.replace("stage: scan", "stage: pilot").replace("title: Plain", "title: Number {0}")
    + "review: {{gate: use}}\nlimits: {{requests_per_minute: 1000000}}\n"
    + "caveats: [{{id: number, say: This is number {0}.}}]\n"
)


def write(folder: Folder, number: int) -> str:
    folder.write(NUMBERED.format(number))
    folder.write_prompt(PROMPT.replace("Be plain.", f"Be number {number}."))
    policy = folder.load().get("plain")
    assert policy is not None
    return policy.version


def test_each_request_is_under_exactly_one_version(
    fresh: Callable[..., GatewayServer], provider: ProviderServer, folder: Folder
) -> None:
    versions = [write(folder, 0)]
    # Another wording of a caveat counts as weaker, so one person has to be enough.
    enough = {"approval": {"loosening": 1}}
    gateway = fresh(policies=folder.policies, prompts=folder.prompts, policy=enough)
    answers: dict[str, dict[str, Any]] = {}
    over = threading.Event()

    def call(name: int) -> None:
        with gateway.client() as client:
            number = 0
            while not over.wait(0.005):  # else they leave no processor to the reloads, and all takes longer
                text = f"Question {number} of caller {name}"
                body = {"model": "plain", "messages": [{"role": "user", "content": text}]}
                answers[text] = client.post("/v1/chat/completions", json=body).json()
                number += 1

    callers = [threading.Thread(target=call, args=(name,)) for name in range(CALLERS)]
    for caller in callers:
        caller.start()
    try:
        for number in range(1, RELOADS + 1):
            versions.append(write(folder, number))
            gateway.hang_up()
            wait_for(lambda: gateway.policy("plain")["version"] == versions[-1])
    finally:
        over.set()
        for caller in callers:
            caller.join()
    loaded = [one["policy"]["version"] for one in gateway.events() if one["type"] == "policy.loaded"]
    assert loaded == versions
    asked = {}
    for request in provider.requests:
        system, user = (one["content"] for one in json.loads(request.body)["messages"])
        asked[user] = system
    kept = gateway.resources.database.read(
        lambda connection: {
            version: kept_policy(connection, find_version(connection, "plain", version))
            for version in versions
        }
    )
    on_record: dict[str, set[str]] = {}
    for event in gateway.events():
        if event["type"] in ("advice.requested", "advice.received"):
            on_record.setdefault(event["advice"], set()).add(
                event["policy"]["version"] if "policy" in event else ""
            )
    assert len(answers) > RELOADS
    used = set()
    for text, answer in answers.items():
        support = answer["decision_support"]
        version = support["policy"]["version"]
        policy = kept[version]
        assert policy is not None
        assert on_record[support["advice_id"]] - {""} == {version}
        assert asked[text] == policy.prompt_text
        assert [one["text"] for one in support["caveats"]] == [one.say for one in policy.caveats]
        used.add(version)
    assert len(used) > RELOADS // 2
