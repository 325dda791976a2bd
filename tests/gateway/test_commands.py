"""The commands, as an operator types them."""

import io
import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any
from unittest import mock

import httpx
import pytest
from typer.testing import CliRunner, Result

from gateway.commands.cli import app, main
from gateway.storage import LocalKey, MasterKeys
from tests.free_port import free_port
from tests.gateway_server import PLAIN, POLICIES, PROMPTS, GatewayServer, send_form
from tests.provider_server import Fault, ProviderServer
from tests.waiting import wait_for

ROOT = Path(__file__).parent.parent.parent
COMMAND = [sys.executable, "-c", "from gateway.commands.cli import main; main()"]


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def command(*arguments: object, **environ: str) -> subprocess.CompletedProcess[str]:
    """The whole command, in this process: one of its own would spend seconds on importing alone."""
    words = ["countersign", *map(str, arguments)]
    out, err = io.StringIO(), io.StringIO()
    code: object = 0
    with (
        mock.patch.dict(os.environ, environ),
        mock.patch.object(sys, "argv", words),
        mock.patch("gateway.commands.serving.configure_logs"),  # it is for a whole process, for good
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as end:
            code = end.code
    assert isinstance(code, int)
    return subprocess.CompletedProcess(words, code, out.getvalue(), err.getvalue())


def test_a_process_of_its_own_says_the_same_and_shows_no_traceback(tmp_path: Path) -> None:
    done = subprocess.run(
        [*COMMAND, "keys", "list", "--data", tmp_path / "nowhere"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr == command("keys", "list", "--data", tmp_path / "nowhere").stderr
    assert "Traceback" not in done.stderr


def test_a_master_key_that_is_made_can_be_used() -> None:
    assert MasterKeys.parse(run("keys", "master").output)


def test_keys_are_made_listed_and_revoked_without_a_gateway(tmp_path: Path) -> None:
    made = run("keys", "application", "casebook", "--data", tmp_path)
    token = made.stdout.split()[-1]
    assert token.startswith("cs_app_")
    assert "already" not in made.stderr
    second = run("keys", "application", "casebook", "--data", tmp_path)
    assert "casebook has a key already; both work until you revoke one." in second.stderr
    run("keys", "person", "Ann Lee", "--role", "caseworker", "--role", "reviewer", "--data", tmp_path)
    listed = run("keys", "list", "--data", tmp_path).output
    assert "casebook" in listed
    assert "Ann Lee (caseworker, reviewer)" in listed
    assert token.split("_", 3)[3] not in listed
    assert run("keys", "revoke", "casebook", "--data", tmp_path).exit_code == 0
    assert "revoked 2" in run("keys", "list", "--data", tmp_path).output
    assert "already" not in run("keys", "application", "casebook", "--data", tmp_path).stderr
    assert run("audit", "verify", "--data", tmp_path).exit_code == 0


def test_keys_work_and_stop_at_once_while_the_gateway_runs(gateway: GatewayServer) -> None:
    data = gateway.settings.data
    token = run("keys", "application", "casebook", "--data", data).stdout.split()[-1]
    models = gateway.openai(token).models
    assert models.list()
    credential = token.split("_")[2]
    assert run("keys", "revoke", credential, "--data", data).exit_code == 0
    answer = httpx.get(f"{gateway.url}/v1/models", headers={"Authorization": f"Bearer {token}"}, verify=PLAIN)
    assert answer.status_code == 401
    kinds = [event["type"] for event in gateway.events()]
    assert kinds[-2:] == ["key.created", "key.revoked"]


def test_the_control_file_is_its_owners_alone_and_goes_with_the_gateway(
    fresh: Callable[..., GatewayServer],
) -> None:
    gateway = fresh()
    control = gateway.settings.data / "control.json"
    assert stat.S_IMODE(control.stat().st_mode) == 0o600
    gateway.stop()
    assert not control.exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("keys", "list", "--data", "nowhere"), "--data"),
        (("keys", "revoke", "x", "--data", "nowhere"), "--data"),
        (("rebuild", "--data", "nowhere"), "--data"),
        (("serve", "--config", "nowhere.yaml"), "nowhere.yaml"),
        (("serve", "--data", "nowhere", "--port", "0"), "COUNTERSIGN_MASTER_KEY"),
        (("policy", "check", "--policies", "nowhere"), "nowhere"),
        (("audit", "verify", "--data", "nowhere"), "countersign.db"),
    ],
    ids=lambda value: " ".join(value[:2]) if isinstance(value, tuple) else "",
)
def test_a_mistake_is_one_sentence_with_the_remedy_and_no_traceback(
    tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    shown = [str(tmp_path / word) if word.startswith("nowhere") else word for word in arguments]
    done = command(*shown, COUNTERSIGN_MASTER_KEY="")
    assert done.returncode != 0
    assert said in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("port: high", "port"),
        ("limits: {body_bytes: 3}", "limits.body_bytes"),
        ("colour: red", "colour"),
        ("master_key: x", "COUNTERSIGN_MASTER_KEY"),
        ("models: {a: {model: nothing}}", "models.a.model"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, text: str, said: str) -> None:
    config = tmp_path / "countersign.yaml"
    config.write_text(text)
    done = command("serve", "--config", config)
    assert done.returncode == 2
    assert said in done.stderr


def test_a_provider_without_its_key_ends_the_start_and_says_so(tmp_path: Path) -> None:
    config = tmp_path / "countersign.yaml"
    config.write_text("models: {default: {model: anthropic/claude, api_key_env: NO_SUCH_KEY}}\nport: 0\n")
    key = LocalKey.generate()
    done = command("serve", "--config", config, "--data", tmp_path / "data", COUNTERSIGN_MASTER_KEY=key)
    assert done.returncode == 2
    assert "NO_SUCH_KEY" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_policy_that_does_not_load_keeps_the_gateway_from_starting_and_says_where(tmp_path: Path) -> None:
    policies = tmp_path / "policies"
    policies.mkdir()
    (policies / "bad.yaml").write_text((POLICIES / "held.yaml").read_text().replace("owner:", "ownr:"))
    done = command(
        "serve",
        "--data",
        tmp_path / "data",
        COUNTERSIGN_POLICIES=str(policies),
        COUNTERSIGN_PROMPTS=str(PROMPTS),
        COUNTERSIGN_MASTER_KEY=LocalKey.generate(),
        COUNTERSIGN_PORT="0",
    )
    assert done.returncode == 2
    assert "bad.yaml" in done.stderr
    assert "ownr" in done.stderr


@pytest.mark.xdist_group("shipped rules")  # which are learnt once there
def test_the_shipped_policies_pass_their_examples() -> None:
    result = run("policy", "test")
    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    assert re.fullmatch(r"Passed: \d+ examples of 3 policies\.", lines[-1])
    assert "    It catches of the examples of draft-letter: advice on a plea is refused" in lines


def test_the_last_line_of_a_test_says_what_failed_and_how_many_there_are(tmp_path: Path) -> None:
    policies = tmp_path / "policies"
    policies.mkdir()
    expected = "{name: poems, request: {messages: [{role: user, content: Poem}]}, expect: {outcome: refused}}"
    text = (POLICIES / "held.yaml").read_text()
    (policies / "held.yaml").write_text(f"{text}\nexamples: [{expected}]\n")
    options = ("--policies", policies, "--prompts", PROMPTS)
    failed = run("policy", "test", *options)
    assert failed.exit_code == 1
    assert failed.output.splitlines()[-1] == "Failed: 1 of 1 example of held."
    (policies / "held.yaml").write_text(text)
    none = run("policy", "test", *options)
    assert none.exit_code == 0
    assert none.output.splitlines()[-1] == "Nothing was tried: there is no example of held."


@pytest.mark.xdist_group("demo record")  # long ones begin early
def test_the_demo_shows_the_main_job_and_its_keys_go_on_working(
    tmp_path: Path, provider: ProviderServer
) -> None:
    provider.answer = "Dear <PERSON_1>, please come."
    data = tmp_path / "demo"
    for folder in ("policies", "prompts"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    first = demo(data, provider)
    assert first["two_faults"].startswith("adv_")
    assert stat.S_IMODE((data / "demo.json").stat().st_mode) == 0o600
    assert set(first["people"]) == {"caseworker", "reviewer", "oversight", "admin", "second-admin"}
    assert b"Siobhan" not in provider.received
    assert provider.requests[-1].path.endswith("/chat/completions")
    second = demo(data, provider, COUNTERSIGN_REDACTION='{"name_model": null}')  # which is loaded once above
    assert (second["application_key"], second["people"]) == (first["application_key"], first["people"])
    assert run("audit", "verify", "--data", data).exit_code == 0


@pytest.mark.xdist_group("demo record")  # long ones begin early
def test_the_demo_says_what_failed_and_stays_up_when_the_provider_refuses_the_key(
    tmp_path: Path, provider: ProviderServer
) -> None:
    provider.faults.extend([Fault(status=401)] * 5)
    shutil.copytree(ROOT / "prompts", tmp_path / "prompts")
    shutil.copytree(  # the one whose rules are learnt soonest
        ROOT / "policies", tmp_path / "policies", ignore=shutil.ignore_patterns("case-*", "pre-*")
    )
    watched = free_port()
    process, shown = start_demo(
        tmp_path / "demo",
        provider,
        "--empty",
        COUNTERSIGN_MONITORING__PORT=str(watched),
        COUNTERSIGN_REDACTION='{"name_model": null}',
    )
    found = json.loads((tmp_path / "demo" / "demo.json").read_text())
    assert httpx.get(f"{found['base_url']}/health/ready", verify=PLAIN).status_code == 200
    statuses = [
        httpx.get(f"http://127.0.0.1:{watched}{path}", verify=PLAIN).status_code
        for path in ("/metrics", "/info", "/health/ready", "/v1/models", "/sign-in")
    ]
    assert statuses == [200, 200, 200, 404, 404]
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0
    assert "The model gave no answer" in shown
    assert "provider_failed" in shown
    assert "rehearsal model" in shown
    assert "record of four weeks" not in shown
    assert "two_faults" not in found
    assert "Traceback" not in shown


def start_demo(
    data: Path, provider: ProviderServer, *options: str, **more: str
) -> tuple[subprocess.Popen[str], str]:
    """Start the demo and wait until it has shown everything; the process, and what it printed."""
    environ = {
        **os.environ,
        "OPENAI_API_KEY": "k",
        "OPENAI_API_BASE": provider.base_url,
        "COLUMNS": "100",
        **more,
    }
    port = str(free_port())
    process = subprocess.Popen(
        [*COMMAND, "demo", "--data", str(data), "--port", port, *options],
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=data.parent,
    )
    assert process.stdout is not None
    shown = []
    end = time.monotonic() + 90
    for line in process.stdout:
        shown.append(line)
        if "Ctrl-C ends it." in line or time.monotonic() > end:
            break
    return process, "".join(shown)


def demo(data: Path, provider: ProviderServer, **environ: str) -> dict[str, Any]:
    """Start the demo, look around, end it with Ctrl-C; gives its demo.json."""
    process, text = start_demo(data, provider, **environ)
    found: dict[str, Any] = json.loads((data / "demo.json").read_text())
    answer = httpx.get(f"{found['base_url']}/health/ready", verify=PLAIN)
    for person in found["people"].values():
        with httpx.Client(
            base_url=found["base_url"], headers={"Origin": found["base_url"]}, verify=PLAIN
        ) as client:
            sent = send_form(
                client, "/sign-in", "/sign-in", username=person["username"], password=person["password"]
            )
        assert sent.headers.get("location") == "/", text
    change = data.parent / "policies" / "case-summary.yaml"
    lines = [line for line in change.read_text().splitlines() if not line.startswith("pilot:")]
    change.write_text("\n".join(lines).replace("stage: pilot", "stage: scan"))
    key = {"Authorization": f"Bearer {found['application_key']}"}
    process.send_signal(signal.SIGHUP)
    policy = f"{found['base_url']}/v1/policies/case-summary"
    wait_for(lambda: httpx.get(policy, headers=key, verify=PLAIN).json()["stage"] == "scan")
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0, text
    assert answer.json()["policies"] == found["policies"]
    for part in (
        "What left the building",
        "<PERSON_1>",
        "This advice is held",
        "/decisions",
        "audit verify",
        "http://localhost:",  # where browsers know passkeys
    ):
        assert part in text
    return found


def test_a_code_for_a_password_is_made_beside_a_running_gateway_too(
    fresh: Callable[..., GatewayServer],
) -> None:
    server = fresh()
    person = server.people["ben"][0]
    result = run("keys", "password", person, "--username", "ben", "--data", server.settings.data)
    assert result.exit_code == 0, result.output
    told = dict(
        line.split(maxsplit=1) for line in result.output.splitlines() if line[:5] in ("page ", "code ")
    )
    page, code = told["page"], told["code"]
    assert page == f"{server.url}/set-password"
    fields = {"username": "ben", "code": code, "password": "three random words"}
    with server.browser() as client:
        assert send_form(client, "/set-password", "/set-password", **fields).status_code == 200
    assert run("keys", "password", "p_none", "--data", server.settings.data).exit_code != 0


def test_policy_check_knows_embedding_models_and_says_what_it_can_not_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(POLICIES, tmp_path / "policies")
    shutil.copytree(PROMPTS, tmp_path / "prompts")
    policy = (POLICIES / "use.yaml").read_text().replace("id: use", "id: vectors")
    (tmp_path / "policies" / "vectors.yaml").write_text(f"{policy}embeddings: {{models: [small]}}\n")
    refused = command("policy", "check")
    assert refused.returncode == 2
    assert "vectors.yaml" in refused.stderr
    assert "run this in the gateway's folder" in refused.stderr
    (tmp_path / "countersign.yaml").write_text("embedding_models: {small: {folder: nowhere}}\n")
    done = command("policy", "check", "--data", tmp_path / "none")
    assert done.returncode == 0, done.stderr
    assert "countersign.yaml has no `models`" in done.stdout
    assert f"there is no log in {tmp_path / 'none'}" in done.stdout
