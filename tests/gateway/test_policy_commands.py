"""`countersign policy history`, `show`, `diff`, `rollback` and `retire`, beside a running gateway and without one."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from gateway.commands.cli import app
from gateway.errors import GatewayError
from gateway.policy import PolicySet
from tests.gateway_server import MASTER_KEY, POLICIES, PROMPTS, GatewayServer
from tests.waiting import wait_for


@pytest.fixture
def gateway(
    fresh: Callable[..., GatewayServer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> GatewayServer:
    """Its policies lie in a folder of its own, and the commands find it by the environment."""
    shutil.copytree(POLICIES, tmp_path / "policies")
    shutil.copytree(PROMPTS, tmp_path / "prompts")
    served = fresh(policies=tmp_path / "policies", prompts=tmp_path / "prompts")
    monkeypatch.setenv("COUNTERSIGN_DATA", str(served.settings.data))
    monkeypatch.setenv("COUNTERSIGN_MASTER_KEY", MASTER_KEY)
    monkeypatch.setenv("COUNTERSIGN_POLICIES", str(tmp_path / "policies"))
    monkeypatch.setenv("COUNTERSIGN_PROMPTS", str(tmp_path / "prompts"))
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    return served


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["policy", *words])


def told(result: Result) -> str:
    assert isinstance(result.exception, GatewayError)
    return result.exception.message


def versions(policy: str) -> list[str]:
    """Without the lines that the gateway logs meanwhile."""
    lines = run("history", policy).output.splitlines()
    return [line for line in lines if " [info" not in line]


def test_an_admin_looks_back_goes_back_and_retires(gateway: GatewayServer, tmp_path: Path) -> None:
    file = tmp_path / "policies" / "held.yaml"
    then, before = file.read_text(), gateway.policy("held")["version"]
    file.write_text(then.replace("title: Held", "title: Kept"))
    gateway.hang_up()
    wait_for(lambda: gateway.policy("held")["version"] != before)
    lines = versions("held")
    assert [line.split()[0] for line in lines] == [gateway.policy("held")["version"][:12], before[:12]]
    assert "operator" in lines[0]
    shown = run("show", f"held@{before[:6]}").output
    assert then.strip() in shown
    assert f"# version {before}" in shown
    whole = json.loads(run("show", f"held@{before[:6]}", "--json").output)
    assert whole["policy"]["title"] == "Held"
    assert "review.deciders: 1\n" in shown
    assert shown.count("title: Held") == 1
    changed = run("diff", f"held@{before[:6]}", "held").output
    assert "title: changed\n  - Held\n  + Kept\n" in changed
    assert "-title: Held" not in changed
    assert "-title: Held\n+title: Kept" in run("diff", f"held@{before[:6]}", "held", "--files").output
    assert "  (weaker)" in run("diff", "held", "use").output
    assert "did you mean held?" in told(run("history", "hold"))
    assert "did you mean held?" in told(run("show", "hold"))
    assert "title: changed" in run("diff", f"held@{before[:6]}", "held@disk").output
    back = run("rollback", "held", before[:8])
    assert "held.yaml: written as of" in back.output
    assert "Nothing is in force by that: see /policy-changes, or" in back.output
    assert "is the prompt of" not in back.output  # only the policy's own file differed
    assert file.read_text() == then
    assert "are those of this version already" in run("rollback", "held", before[:8]).output
    gateway.hang_up()
    wait_for(lambda: gateway.policy("held")["version"] == before)
    assert run("retire", "held").exit_code == 0
    assert gateway.ask("Please help.", model="held").status_code == 404
    assert versions("held")[0].startswith("retired")
    assert "held is retired: none of its versions" in run("diff", "held", "held@disk").output
    assert "held is retired: compared with" in run("replay").output
    assert "held stays retired, until an admin chooses" in run("rollback", "held", before[:8]).output
    assert "note: it is retired;" in run("check").output
    file.write_text(then.replace("title: Held", "title: Kept"))
    (tmp_path / "policies" / "two.yaml").write_text(
        (tmp_path / "policies" / "two.yaml").read_text().replace("title: ", "title: Changed ")
    )
    changed_two = gateway.policy("two")["version"]
    gateway.hang_up()
    wait_for(lambda: gateway.policy("two")["version"] != changed_two)
    assert gateway.ask("Please help.", model="held").status_code == 404  # a signal is no admin
    gateway.stop()
    assert run("retire", "two").exit_code == 0
    assert isinstance(run("retire", "two").exception, GatewayError)


def test_a_start_keeps_what_was_in_force_of_weakened_lost_and_broken_files(
    gateway: GatewayServer, fresh: Callable[..., GatewayServer], tmp_path: Path
) -> None:
    folder = tmp_path / "policies"
    before: PolicySet = gateway.resources.policies
    gateway.stop()
    two = (folder / "two.yaml").read_text()
    (folder / "two.yaml").write_text(two.replace("deciders: 2", "deciders: 1"))
    (folder / "use.yaml").write_text("stage: x")
    (folder / "held.yaml").unlink()
    again = GatewayServer(
        gateway.settings.data,
        gateway.provider,
        policies=folder,
        prompts=tmp_path / "prompts",
        redaction=gateway.settings.redaction,
    )
    with again:
        now = {policy.id: policy.version for policy in again.resources.policies}
        assert now == {policy.id: policy.version for policy in before}
        assert not [event for event in again.events() if event["type"] == "policy.retired"]


def test_going_back_to_what_guards_less_says_that_it_takes_two_admins(
    gateway: GatewayServer, tmp_path: Path
) -> None:
    file = tmp_path / "policies" / "held.yaml"
    before = gateway.policy("held")["version"]
    file.write_text(file.read_text() + "retention: {content: 120d}\n")
    gateway.hang_up()
    wait_for(lambda: gateway.policy("held")["version"] != before)
    back = run("rollback", "held", before[:8]).output
    assert "It weakens retention.content, so 2 admins agree to it on /policy-changes" in back
