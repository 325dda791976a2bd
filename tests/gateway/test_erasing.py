"""Erasing from the outside: by command beside a running gateway, over HTTP, by retention; and nothing of it is left."""

import json
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner, Result

from audit import leaf_hash, verify_directory, verify_inclusion
from gateway.commands.cli import app
from tests.gateway.test_http import assert_error
from tests.gateway.test_privacy import spellings
from tests.gateway.test_record import dump
from tests.gateway_server import MASTER_KEY, PLAIN, POLICIES, GatewayServer
from tests.provider_server import ProviderServer

NAME = "Quillfeather"
TEXT = f"{NAME} called; the marmalade was wrong."
REASON = "Marchpane is not marmalade."
CASE = "CASE-QUILLFEATHER-77"
ABOUT = {"case": CASE, "subjects": json.dumps([NAME])}


@pytest.fixture(autouse=True)
def master_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTERSIGN_MASTER_KEY", MASTER_KEY)


def run(*arguments: object, **more: Any) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], **more)


def erase(gateway: GatewayServer, reference: str = CASE, *more: object) -> Result:
    data = gateway.settings.data
    arguments = ("--application", "casebook", "--reason", "subject_request", "--data", data, *more)
    return run("erase", "case", reference, *arguments)


def decided(gateway: GatewayServer, **metadata: str) -> str:
    asked = gateway.ask(TEXT, model="held", metadata={**ABOUT, **metadata})
    advice: str = asked.headers["x-advice-id"]
    gateway.decide("ben", advice, amendment=f"Dear {NAME}.", reason=REASON)
    return advice


def secrets_of(gateway: GatewayServer) -> dict[str, bytes]:
    """Every key, salt, ciphertext and text of all content there is."""
    vault, database = gateway.resources.vault, gateway.resources.database
    found: dict[str, bytes] = {}

    def collect(connection: sqlite3.Connection) -> None:
        for scope, wrapped in connection.execute("SELECT scope, wrapped FROM content_keys").fetchall():
            found[f"wrapped key of {scope}"] = wrapped
            found[f"key of {scope}"] = vault._key(connection, scope, create=False)._secret
        for advice, kind, sealed in connection.execute(
            "SELECT advice, kind, ciphertext FROM sealed"
        ).fetchall():
            opened = vault.open(connection, advice=advice, kind=kind)
            found[f"salt of {kind}"], found[f"text of {kind}"] = opened.salt, opened.content
            found[f"ciphertext of {kind}"] = sealed[:64]
        for text, sealed in connection.execute("SELECT text, ciphertext FROM pseudonyms").fetchall():
            found[f"ciphertext of {text}"] = sealed

    database.read(collect)
    return found


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def proofs(gateway: GatewayServer, size: int) -> list[Any]:
    log = gateway.resources.log
    return [(raw, log.inclusion_proof(index, size)) for index, raw in enumerate(log.read(0, size))]


def test_nothing_of_an_erased_case_is_left_in_any_file_and_every_proof_still_holds(
    fresh: Callable[..., GatewayServer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    gateway = fresh()
    for _ in range(3):
        decided(gateway)
    marks = secrets_of(gateway)
    assert len(marks) > 20
    assert {"text of evidence", "salt of evidence", "ciphertext of evidence"} <= set(marks)
    assert CASE.encode() in marks["text of request"]
    before = b"".join(files(tmp_path).values())
    assert all(mark in before for name, mark in marks.items() if name.startswith(("wrapped", "cipher")))
    size = gateway.resources.log.size
    proven = proofs(gateway, size)

    result = erase(gateway)
    assert result.exit_code == 0, result.output

    for state in ("running", "stopped"):
        found = {
            (place, name)
            for place, content in files(tmp_path).items()
            for name, mark in marks.items()
            if mark in content
        } | {
            (place, word)
            for place, content in files(tmp_path).items()
            for word in (NAME, CASE, "marmalade", "Marchpane")
            for spelling in spellings(word)
            if spelling in content
        }
        assert not found, state
        if state == "running":
            assert proofs(gateway, size) == proven
            root = gateway.resources.log._writer.state.checkpoint
            log = gateway.resources.log
            for index, raw in enumerate(log.read(0, root.size)):
                verify_inclusion(
                    leaf_hash(raw), index, root.size, log.inclusion_proof(index, root.size), root.root
                )
            gateway.stop()
    assert verify_directory(gateway.settings.data).ok
    assert run("check", "--data", gateway.settings.data).exit_code == 0


def test_erased_advice_is_a_410_that_says_when_and_why(fresh: Callable[..., GatewayServer]) -> None:
    gateway = fresh()
    advice = decided(gateway)
    key = {"Idempotency-Key": "once"}
    again = gateway.ask(TEXT, model="held", metadata=ABOUT, headers=key)
    gateway.decide("ben", again.headers["x-advice-id"])
    assert gateway.read("application", advice).status_code == 200
    assert erase(gateway).exit_code == 0
    for answer in (
        gateway.read("application", advice),
        gateway.read("ben", advice),
        gateway.ask(TEXT, model="held", metadata=ABOUT, headers=key),
        gateway.ask("Another text.", model="held", headers=key),
        gateway.decide("ben", advice, amendment=f"Dear {NAME}.", reason=REASON),
    ):
        assert_error(answer, 410, "advice_erased")
        error = answer.json()["error"]
        assert error["why"] == "subject_request"
        assert error["erased_at"] in error["message"]
        assert "the person concerned asked for it" in error["message"]
    state = gateway.read("olu", advice).json()
    assert (state["status"], state["erased_why"]) == ("accepted", "subject_request")
    assert "completion" not in state
    assert gateway.types(again.headers["x-advice-id"])[-1] == "content.erased", (
        "nothing was released afterwards"
    )


def test_missing_content_that_no_event_explains_is_damage_and_not_an_erasure(
    fresh: Callable[..., GatewayServer],
) -> None:
    gateway = fresh()
    advice = decided(gateway)
    gateway.stop()
    with sqlite3.connect(gateway.settings.data / "countersign.db") as connection:
        connection.execute("DELETE FROM sealed WHERE kind = 'answer'")
    checked = run("check", "--data", gateway.settings.data)
    assert checked.exit_code == 1
    assert f"{advice}: answer: is missing, and no event says that it was erased" in checked.output
    gateway = fresh()
    assert httpx.get(f"{gateway.url}/health/ready", verify=PLAIN).json()["content"] == "missing"
    assert "countersign_content_missing 1.0" in gateway.client("olu").get("/metrics").text
    answer = gateway.read("ben", advice)
    assert_error(answer, 500, "content_damaged")
    assert "countersign check" in answer.json()["error"]["message"]


def test_what_a_policy_keeps_for_a_second_is_gone_after_it_by_itself(
    fresh: Callable[..., GatewayServer], tmp_path: Path
) -> None:
    policies = tmp_path / "policies"
    policies.mkdir()
    held = (POLICIES / "held.yaml").read_text()
    (policies / "held.yaml").write_text(held + "retention: {content: 1s, pseudonyms: 1s}\n")
    gateway = fresh(policies=policies)
    waiting = gateway.ask(TEXT, model="held", metadata=ABOUT | {"case": "other"}).headers["x-advice-id"]
    advice = decided(gateway)
    marks = secrets_of(gateway)
    end = time.monotonic() + 20
    while gateway.read("olu", advice).json()["erased_at"] is None and time.monotonic() < end:
        time.sleep(0.1)
    answer = gateway.read("ben", advice)
    assert_error(answer, 410, "advice_erased")
    assert "its retention time is over" in answer.json()["error"]["message"]
    assert gateway.read("ben", waiting).status_code == 200
    keys = {name: mark for name, mark in marks.items() if name.endswith(f"key of {advice}")}
    assert keys
    while True:
        content = b"".join(files(gateway.settings.data).values())
        if not [name for name, mark in keys.items() if mark in content] or time.monotonic() > end:
            break
        time.sleep(0.1)
    assert not [name for name, mark in keys.items() if mark in content]


def test_a_hold_by_command_stops_the_erasure_until_it_is_lifted(fresh: Callable[..., GatewayServer]) -> None:
    gateway = fresh()
    advice = decided(gateway)
    about = (CASE, "--application", "casebook", "--data", gateway.settings.data)
    assert run("hold", "case", *about, "--reason", "litigation").exit_code == 0
    assert "litigation" in run("hold", "list", "--data", gateway.settings.data).output
    refused = erase(gateway)
    assert refused.exit_code != 0
    assert "hold lift" in getattr(refused.exception, "message", "")
    assert gateway.read("application", advice).status_code == 200
    assert run("hold", "lift", *about, "--reason", "litigation").exit_code == 0
    assert erase(gateway).exit_code == 0
    assert_error(gateway.read("application", advice), 410, "advice_erased")
    kinds = [event["type"] for event in gateway.events() if event["type"].startswith(("hold", "content"))]
    assert kinds == ["hold.placed", "hold.lifted", "content.erased", "content.erased"]


def test_the_same_commands_work_while_no_gateway_runs(fresh: Callable[..., GatewayServer]) -> None:
    gateway = fresh()
    advice = decided(gateway)
    gateway.stop()
    data = gateway.settings.data
    about = ("-", "--application", "casebook", "--data", data)
    held = run("hold", "case", *about, "--reason", "inquest", input=f"{CASE}\n")
    assert held.exit_code == 0, held.output
    assert run("hold", "lift", *about, "--reason", "inquest", input=f"{CASE}\n").exit_code == 0
    result = run("erase", "case", *about, "--reason", "court_order", input=f"{CASE}\n")
    assert "the content of 1 advice" in result.output
    assert run("erase", "advice", advice, "--reason", "court_order", "--data", data).output.startswith(
        "There was"
    )
    assert run("check", "--data", data).output == "All content is as recorded.\n"
    assert verify_directory(data).ok


@pytest.mark.parametrize(
    ("who", "status"), [("application", 403), ("ana", 403), ("ben", 403), ("olu", 403), ("ada", 200)]
)
def test_erasing_is_for_admins(fresh: Callable[..., GatewayServer], who: str, status: int) -> None:
    gateway = fresh()
    advice = decided(gateway)
    with gateway.client(who) as client:
        answer = client.post("/v1/erasures", json={"advice": advice, "reason": "subject_request"})
    assert answer.status_code == status
    kept = gateway.read("application", advice).status_code
    assert kept == (410 if status == 200 else 200)


@pytest.mark.parametrize(("who", "status"), [("application", 403), ("ben", 403), ("olu", 201), ("ada", 201)])
def test_holding_is_for_admins_and_oversight(
    fresh: Callable[..., GatewayServer], who: str, status: int
) -> None:
    gateway = fresh()
    advice = decided(gateway)
    with gateway.client(who) as client:
        answer = client.post("/v1/holds", json={"advice": advice, "reason": "complaint"})
        listed = client.get("/v1/holds")
    assert answer.status_code == status
    if status == 201:
        [hold] = listed.json()["data"]
        assert (hold["advice"], hold["why"]) == (advice, "complaint")


def test_a_request_in_a_case_whose_key_was_lost_fails_and_is_no_new_case(
    fresh: Callable[..., GatewayServer], provider: ProviderServer
) -> None:
    gateway = fresh()
    decided(gateway)
    gateway.resources.log.submit(
        lambda transaction: transaction.connection.execute(
            "DELETE FROM content_keys WHERE scope LIKE 'case_%'"
        )
    ).result()
    provider.requests.clear()
    assert_error(gateway.ask(TEXT, model="held", metadata=ABOUT), 500, "content_damaged")
    assert not provider.requests


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"advice": "adv_x", "reason": f"{NAME} asked"}, "invalid_field"),
        ({"advice": "adv_x", "reason": "retention"}, "invalid_field"),
        ({"advice": "adv_x"}, "invalid_field"),
        ({"case": CASE, "reason": "court_order"}, "invalid_field"),
        ({"case": CASE, "application": "casebook", "advice": "x", "reason": "court_order"}, "invalid_field"),
        ({"advice": "adv_x", "reason": "court_order"}, "unknown_advice"),
        ({"case": "none", "application": "casebook", "reason": "court_order"}, "unknown_case"),
    ],
)
def test_what_can_not_be_erased_is_refused_by_name(
    gateway: GatewayServer, body: dict[str, Any], code: str
) -> None:
    with gateway.client("ada") as client:
        answer = client.post("/v1/erasures", json=body)
    assert_error(answer, {"invalid_field": 422}.get(code, 404), code)
    assert NAME not in answer.text


def test_an_erasure_is_not_done_while_an_older_copy_is_being_read(
    fresh: Callable[..., GatewayServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.operations.retention._PURGE_SECONDS", 0.3)
    gateway = fresh()
    advice = decided(gateway)
    reading = sqlite3.connect(gateway.settings.data / "countersign.db")
    reading.execute("BEGIN")
    reading.execute("SELECT count(*) FROM events").fetchone()
    with gateway.client("ada") as client:
        body = {"advice": advice, "reason": "subject_request"}
        answer = client.post("/v1/erasures", json=body)
        assert_error(answer, 503, "erasure_unfinished")
        assert gateway.ask(model="held").status_code == 202, "others go on meanwhile"
        reading.close()
        assert client.post("/v1/erasures", json=body).status_code == 200


def test_after_erasures_and_holds_the_state_is_rebuilt_byte_for_byte(
    fresh: Callable[..., GatewayServer],
) -> None:
    gateway = fresh()
    erased = decided(gateway)
    kept = decided(gateway, case="kept")
    with gateway.client("ada") as client:
        hold = {"application": "casebook", "case": "kept", "reason": "inquest"}
        assert client.post("/v1/holds", json=hold).status_code == 201
        assert client.post("/v1/holds", json={"advice": kept, "reason": "complaint"}).status_code == 201
        lifted = client.post("/v1/holds/lift", json={"advice": kept, "reason": "complaint"})
        assert lifted.status_code == 200
    assert erase(gateway).exit_code == 0
    gateway.stop()
    data = gateway.settings.data
    before = dump(data)
    assert before["holds"]
    with sqlite3.connect(data / "countersign.db") as connection:
        for table in before:
            connection.execute(f"DELETE FROM {table}")
    assert run("rebuild", "--data", data).exit_code == 0
    assert dump(data) == before
    gateway = fresh()
    assert_error(gateway.read("application", erased), 410, "advice_erased")


def test_a_rotated_master_key_opens_what_was_sealed_before_and_the_old_one_no_longer(
    fresh: Callable[..., GatewayServer], provider: ProviderServer
) -> None:
    gateway = fresh()
    advice = decided(gateway)
    gateway.stop()
    data = gateway.settings.data
    new = run("keys", "master").output.strip()
    gateway = fresh(master_key=f"{new} {MASTER_KEY}")
    before = gateway.ask(TEXT, model="held", metadata=ABOUT, headers={"Idempotency-Key": "k"})
    result = run("keys", "rotate-master", "--data", data)
    assert result.exit_code == 0, result.output
    assert gateway.read("ben", advice).status_code == 200
    gateway.stop()
    gateway = fresh(master_key=new)
    assert gateway.read("ben", advice).status_code == 200
    repeated = gateway.ask(TEXT, model="held", metadata=ABOUT, headers={"Idempotency-Key": "k"})
    assert repeated.headers["x-advice-id"] == before.headers["x-advice-id"]
    provider.requests.clear()
    gateway.ask(f"{NAME} again.", model="held", metadata=ABOUT)
    assert "<PERSON_1>" in str(provider.requests[-1].body), "the case is still known by its reference"
    gateway.stop()
    refused = run("check", "--data", data)
    assert "rotate-master" in str(refused.exception)


@pytest.mark.parametrize("place", ["inside", "missing"])
def test_a_master_key_file_that_is_not_safe_or_not_there_is_refused(tmp_path: Path, place: str) -> None:
    data = tmp_path / "data"
    data.mkdir()
    key = data / "master" if place == "inside" else tmp_path / "none"
    if place == "inside":
        key.write_text(MASTER_KEY)
    run("keys", "application", "casebook", "--data", data)
    refused = run("check", "--data", data, env={"COUNTERSIGN_MASTER_KEY_FILE": str(key)})
    assert refused.exit_code != 0
    assert {"inside": "must not lie in the data folder", "missing": "can't be read"}[place] in str(
        refused.exception
    )
