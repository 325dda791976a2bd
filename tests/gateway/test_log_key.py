"""The log's signing key is changed: both sign for a while, and the log verifies from the first event to the last."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from audit import Signer, Verifier, open_checkpoint, verify_directory
from gateway.commands.cli import app
from gateway.errors import GatewayError
from tests.gateway_server import GatewayServer


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def signers(data: Path) -> list[list[bytes]]:
    """The key ids under each checkpoint, in the order of the log."""
    found = []
    keys = [Verifier.parse(line) for line in (data / "log.vkey").read_text().split()]
    with sqlite3.connect(data / "countersign.db") as connection:
        for (note,) in connection.execute("SELECT note FROM checkpoints ORDER BY size"):
            _, opened = open_checkpoint(note.encode(), keys, keys[0].name)
            assert not opened.ignored
            found.append([signature.key_id for signature in opened.verified])
    return found


def key_events(data: Path) -> list[str]:
    with sqlite3.connect(data / "countersign.db") as connection:
        query = (
            "SELECT event ->> 'signing' FROM events WHERE event ->> 'type' = 'log.key_rotated' ORDER BY idx"
        )
        return [row[0] for row in connection.execute(query)]


def test_both_keys_sign_until_the_change_is_finished_and_the_whole_log_verifies(
    fresh: Callable[..., GatewayServer],
) -> None:
    gateway = fresh()
    gateway.ask(model="held")
    gateway.stop()
    data = gateway.settings.data
    old = Signer.load(data / "log.key").verifier

    new_key = run("keys", "rotate-log", "--data", data).output.strip()
    new = Verifier.parse(new_key)
    gateway = fresh()
    gateway.ask(model="held")
    log = gateway.client("olu").get("/info").json()["log"]
    assert log["verifier_keys"] == [old.verifier_key, new_key]
    gateway.stop()
    assert verify_directory(data, verifier_key=old.verifier_key).ok, "the old key alone still does"

    assert run("keys", "rotate-log", "--finish", "--data", data).output.split()[-1] == new_key
    gateway = fresh()
    gateway.ask(model="held")
    gateway.stop()
    order = signers(data)
    assert order[0] == [old.key_id]
    assert [old.key_id, new.key_id] in order
    assert order[-1] == [new.key_id]
    assert order == sorted(order, key=[[old.key_id], [old.key_id, new.key_id], [new.key_id]].index)
    assert key_events(data) == ["both", "new"]
    assert verify_directory(data).ok
    assert not verify_directory(data, verifier_key=old.verifier_key).ok


def test_a_change_that_was_interrupted_goes_on_with_the_same_key_and_one_event(tmp_path: Path) -> None:
    run("keys", "application", "casebook", "--data", tmp_path)
    first = run("keys", "rotate-log", "--data", tmp_path).output
    assert run("keys", "rotate-log", "--data", tmp_path).output == first
    assert key_events(tmp_path) == ["both"]
    assert verify_directory(tmp_path).ok


def test_finishing_what_was_not_begun_is_refused(tmp_path: Path) -> None:
    run("keys", "application", "casebook", "--data", tmp_path)
    refused = run("keys", "rotate-log", "--finish", "--data", tmp_path)
    assert isinstance(refused.exception, GatewayError)
    assert "rotate-log" in refused.exception.message


def test_it_changes_while_a_gateway_runs_and_answers(fresh: Callable[..., GatewayServer]) -> None:
    gateway = fresh()
    data = gateway.settings.data
    old = Signer.load(data / "log.key").verifier
    assert gateway.ask(model="held").status_code == 202
    new_key = run("keys", "rotate-log", "--data", data).output.split()[-1]
    assert gateway.ask(model="held").status_code == 202
    assert run("keys", "rotate-log", "--data", data).output.split()[-1] == new_key, (
        "run again it changes nothing"
    )
    log = gateway.client("olu").get("/info").json()["log"]
    assert log["verifier_keys"] == [old.verifier_key, new_key]
    assert run("keys", "rotate-log", "--finish", "--data", data).output.split()[-1] == new_key
    asked = gateway.ask(model="held")
    assert asked.status_code == 202
    assert gateway.decide("ben", asked.headers["x-advice-id"]).status_code == 201
    gateway.stop()
    new = Verifier.parse(new_key)
    order = signers(data)
    assert order[0] == [old.key_id]
    assert order[-1] == [new.key_id]
    assert order == sorted(order, key=[[old.key_id], [old.key_id, new.key_id], [new.key_id]].index)
    assert key_events(data) == ["both", "new"]
    assert verify_directory(data).ok
    assert fresh().ask(model="held").status_code == 202


def test_nobody_but_the_operator_changes_it(gateway: GatewayServer) -> None:
    with gateway.client("ada") as admin:
        refused = admin.post("/v1/log-key/rotations", json={})
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "role_required")


@pytest.mark.parametrize("name", ["other.example/log"])
def test_keys_of_different_logs_do_not_sign_beside_each_other(name: str) -> None:
    signer = Signer.generate("countersign.example/log")
    with pytest.raises(ValueError, match="one log"):
        signer.with_beside(Signer.generate(name))
