"""A changed policy put before what was really asked: counted, with the advice in which something would be otherwise."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gateway.commands.cli import app
from gateway.operations import replay
from gateway.policy import Policy, PolicySet
from gateway.redaction import RedactionSettings, Redactor
from tests.gateway_server import MASTER_KEY, GatewayServer
from tests.policy.conftest import POLICY, Folder, folder
from tests.provider_server import ProviderServer

__all__ = ["folder"]

PILOT = POLICY.replace("stage: scan", "stage: pilot")  # a model answers everybody

RULES = """
refuse: [{id: no-songs, when: 'request.text.contains("song")', say: No songs.}]
caveats: [{id: gone, say: Gone.}]
redaction: {keep: [Leeds Court]}
review: {gate: use}
"""
CHANGED = """
refuse: [{id: no-poems, when: 'request.text.contains("poem")', say: Ask for facts.}]
caveats: [{id: come, say: Come., when: 'answer.text.contains("poem")'}]
redaction: {keep: [AB123456C], redact: [DATE_TIME]}
review: {gate: release}
"""


def policy_of(policies: PolicySet) -> Policy:
    found = policies.get("plain")
    assert found is not None
    return found


@pytest.fixture
def gateway(fresh: Callable[..., GatewayServer], folder: Folder) -> GatewayServer:
    folder.write(PILOT + RULES)
    gateway = fresh(policies=folder.policies, prompts=folder.prompts)
    gateway.ask("Write a poem for AB123456C on 3 May 2026.", model="plain")
    gateway.ask("Help with the form of AB123456C.", model="plain")
    assert gateway.ask("Write a song.", model="plain").status_code == 403
    return gateway


def test_every_kind_of_difference_is_counted_with_examples_in_pseudonyms(
    gateway: GatewayServer, folder: Folder
) -> None:
    resources = gateway.resources
    before = policy_of(resources.policies)
    folder.write(PILOT + CHANGED)
    after = policy_of(folder.load())
    redactor = Redactor.load(RedactionSettings(name_model=None))
    found = replay(resources.database, resources.vault, before, after, redactor=redactor)
    assert (found.looked_at, found.refused_looked_at, found.refused_without_text) == (2, 1, 0)
    assert found.admitted == 1
    assert dict(found.refused) == {"no-poems": 1}
    assert (found.held, found.shown) == (1, 0)
    assert dict(found.newly_redacted) == {"DATE_TIME": 1}
    assert dict(found.newly_left) == {"UK_NINO": 2}
    assert (dict(found.caveats_added), dict(found.caveats_removed)) == ({"come": 1}, {"gone": 2})
    texts = "\n".join(one.text for some in found.instances.values() for one in some)
    assert "<UK_NINO_1>" in texts
    assert "AB123456C" not in "\n".join(one.text for one in found.instances["newly_left.UK_NINO"])
    back = replay(resources.database, resources.vault, after, before, redactor=redactor)
    assert (back.admitted, back.shown, dict(back.newly_left)) == (1, 2, {"DATE_TIME": 1})
    later = replay(resources.database, resources.vault, before, after, since="2999-01-01T00:00:00.000000Z")
    assert (later.looked_at, later.refused_looked_at) == (0, 0)


def test_a_new_rule_about_sentences_counts_those_of_answers_in_use(
    fresh: Callable[..., GatewayServer], folder: Folder, provider: ProviderServer
) -> None:
    rules = "review: {gate: use}\ncaveats: [{id: rests, say: Look., when: answer.unsupported_sentences > 0}]"
    folder.write(PILOT + "review: {gate: use}")
    gateway = fresh(policies=folder.policies, prompts=folder.prompts)
    for answer in ("The boiler of the flat failed.", "A psychiatric report has confirmed a diagnosis."):
        provider.answers.append(answer)
        gateway.ask("The boiler of the flat failed on Monday.", model="plain")
    resources = gateway.resources
    before = policy_of(resources.policies)
    folder.write(PILOT + rules)
    found = replay(resources.database, resources.vault, before, policy_of(folder.load()))
    assert (found.looked_at, dict(found.caveats_added)) == (2, {"rests": 1})


def test_the_command_prints_counts_and_never_texts(
    gateway: GatewayServer, folder: Folder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, value in (
        ("DATA", str(gateway.settings.data)),
        ("MASTER_KEY", MASTER_KEY),
        ("POLICIES", str(folder.policies)),
        ("PROMPTS", str(folder.prompts)),
    ):
        monkeypatch.setenv(f"COUNTERSIGN_{name}", value)
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "plain.yaml").write_text(PILOT + CHANGED)
    (elsewhere / "another.yaml").write_text(POLICY.replace("id: plain", "id: another"))

    def run(*words: str) -> str:
        done = CliRunner().invoke(app, ["policy", "replay", *words])
        assert done.exit_code == 0, done.output
        return done.output

    assert "Nothing differs from what is in force." in run()
    told = json.loads(run("--policy", str(elsewhere / "plain.yaml"), "--json"))
    impact = told["plain"]["impact"]
    assert (impact["refused"], impact["admitted"], impact["held"]) == ({"no-poems": 1}, 1, 1)
    assert (impact["refused_looked_at"], impact["refused_without_text"]) == (1, 0)
    assert "refuse.no-songs" in told["plain"]["weakens"]
    said = run("--policy", str(elsewhere / "plain.yaml"), "--since", "12h")
    assert "refused: no-poems (1), such as adv_" in said
    assert "form of" not in said
    assert said.endswith("would have answered is not known.\n")
    new = run("--policy", str(elsewhere / "another.yaml"))
    assert "another: a new policy" in new
    assert "  2 words in the prompt\n" in new
    assert f"{elsewhere / 'another.yaml'} has all that it says." in new
    monkeypatch.delenv("COUNTERSIGN_MASTER_KEY")
    without = CliRunner().invoke(app, ["policy", "replay"])
    assert "COUNTERSIGN_MASTER_KEY is not set; give the key that" in str(without.exception)
