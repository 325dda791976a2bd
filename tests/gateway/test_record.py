"""The record over HTTP, the state rebuilt from it, and the verifier beside a running gateway."""

import asyncio
import base64
import hashlib
import sqlite3
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner

from audit import approval_to_sign, verify_directory
from gateway.advice import AnswerUsage, TranscriptionRecord, new_transcription_id, record
from gateway.commands.cli import app
from gateway.storage import PROJECTIONS
from tests.gateway_server import GatewayServer
from tests.passkey import SoftPasskey


def dump(data: Path) -> dict[str, list[tuple[object, ...]]]:
    with sqlite3.connect(data / "countersign.db") as connection:
        return {
            table.name: sorted(connection.execute(f"SELECT * FROM {table.name}").fetchall(), key=repr)
            for table in PROJECTIONS
        }


def everything_happens(gateway: GatewayServer) -> None:
    """Each kind of event that the projections know of."""
    accepted = gateway.ask(model="held", metadata={"case": "r-1", "on_behalf_of": gateway.people["ana"][0]})
    gateway.read("ben", accepted.headers["x-advice-id"])
    gateway.decide("ben", accepted.headers["x-advice-id"], amendment="Mine.", reason="Better.")
    gateway.read("application", accepted.headers["x-advice-id"])
    rejected = gateway.ask(model="use")
    gateway.decide("ben", rejected.headers["x-advice-id"], "reject", reason="No.")
    response = gateway.openai().responses.create(model="use", input="Please help.")
    gateway.openai().responses.delete(response.id)
    two = gateway.ask(model="two")
    with gateway.client("ana") as client:
        client.post(f"/v1/advice/{two.headers['x-advice-id']}/view", json={"view": "Yes."})
    gateway.decide("ana", two.headers["x-advice-id"])
    quick = gateway.ask(model="quick")
    gateway.read("application", quick.headers["x-advice-id"], Prefer="wait=10")
    gateway.ask("What sentence?", model="refusing")
    turn = gateway.ask("Look it up.", model="use")
    with gateway.client("ada") as client:
        client.post("/v1/holds", json={"application": "casebook", "case": "r-1", "reason": "inquest"})
        gone = {"advice": rejected.headers["x-advice-id"], "reason": "court_order"}
        assert client.post("/v1/erasures", json=gone).status_code == 200
    doubt = {"advice": two.headers["x-advice-id"], "severity": "minor", "what": "Is that so?"}
    with gateway.client("ben") as client:
        concern = client.post("/v1/concerns", json=doubt).json()["id"]
    answered = {"advice": doubt["advice"], "actor": f"person:{gateway.people['ada'][0]}"}
    [decided] = [
        (index, event["policy"])
        for index, event in enumerate(gateway.events())
        if event["type"] == "decision.recorded" and event["advice"] == rejected.headers["x-advice-id"]
    ]
    version = {"policy": gateway.events(quick.headers["x-advice-id"])[0]["policy"]}
    asked = {"embedding": "emb_1", "redactions": {}, "actor": "application:casebook", **version}
    transcribed(gateway, version["policy"])
    admin, first = gateway.people["ada"][0], SoftPasskey()
    of_admin = {"actor": f"person:{admin}", "holder": f"person:{admin}", **first.members()}
    lost = f"person:{gateway.people['ben'][0]}"
    again = {"actor": lost, "holder": lost, **SoftPasskey().members()}
    approval = first.sign(approval_to_sign(gateway.settings.origin, again, admin))
    for event in (
        {"type": "concern.answered", "concern": concern, "state": "upheld", "number": 1, **answered},
        {
            "type": "alert.raised",
            "alert": "a",
            "say": "b",
            "decisions": 1,
            "upto": decided[0],
            "shares": {},
            "policy": decided[1],
        },
        {
            "type": "check.revealed",
            "advice": quick.headers["x-advice-id"],
            "check": "a",
            **version,
        },
        {
            "type": "advice.passed_on",
            "advice": turn.headers["x-advice-id"],
            "tools": ["look_up"],
            "calls": ["c0ffee"],
        },
        {"type": "embedding.requested", **asked, "models": ["default"], "leaves": True, "inputs": 1},
        {"type": "embedding.received", **asked, "model": "default", "usage": {"prompt_tokens": 7}},
        {
            "type": "limit.reached",
            "whose": "application",
            "application": "casebook",
            "limit": "tokens_per_day",
            "period": "2026-11-29",
            "most": 1,
            "used": 1,
            **version,
        },
        {"type": "policy.retired", "policy": {"id": "gone", "version": "0" * 64}},
        {"type": "policy.approved", **version, "change": "0" * 64, "loosens": [], "retention_for": "new"},
        {"type": "passkey.registered", "trust": "first", **of_admin},
        {"type": "passkey.registered", "trust": "approved", **again},
        {
            "type": "passkey.approved",
            "actor": f"person:{admin}",
            "holder": lost,
            "credential": again["credential"],
            "signature": approval,
        },
    ):
        whole = {"actor": "gateway", **event}
        gateway.resources.log.submit(lambda transaction, whole=whole: record(transaction, whole)).result()


def transcribed(gateway: GatewayServer, policy: Mapping[str, str]) -> None:
    asked = TranscriptionRecord(
        transcription=new_transcription_id(),
        actor="application:casebook",
        policy=policy,
        models=["whisper"],
        retention={"content": 86_400, "pseudonyms": 86_400},
        size=44,
        response_format="text",
        case="case_r-3",
        requester=None,
    )
    recorder = gateway.resources.make_recorder()
    asyncio.run(recorder.append(asked.requested()))
    received = partial(asked.received, [], AnswerUsage("whisper", {"prompt_tokens": 9}), {"PERSON": 1})
    found = [("<PERSON_1>", "PERSON", "Zorblat")]
    kept = recorder.transcribed(asked, received, content="Zorblat.", case="r-3", pseudonyms=found, missed=0)
    asyncio.run(kept)


def test_rebuilding_reproduces_the_state_byte_for_byte(fresh: Callable[..., GatewayServer]) -> None:
    gateway = fresh()
    everything_happens(gateway)
    gateway.stop()
    data = gateway.settings.data
    before = dump(data)
    assert all(before.values()), "each projection has rows to lose"
    with sqlite3.connect(data / "countersign.db") as connection:
        for table in PROJECTIONS:
            connection.execute(f"DELETE FROM {table.name}")
    result = CliRunner().invoke(app, ["rebuild", "--data", str(data)])
    assert result.exit_code == 0, result.output
    assert dump(data) == before
    assert verify_directory(data).ok


def test_the_log_verifies_beside_a_running_gateway(gateway: GatewayServer) -> None:
    gateway.ask(model="held")
    result = CliRunner().invoke(app, ["audit", "verify", "--data", str(gateway.settings.data)])
    assert result.exit_code == 0


@pytest.mark.parametrize("change", ["changed", "removed", "swapped", "added"])
def test_a_change_in_the_stored_log_is_found_and_named(
    fresh: Callable[..., GatewayServer], change: str
) -> None:
    gateway = fresh()
    everything_happens(gateway)
    gateway.stop()
    bad = tamper(gateway.settings.data / "countersign.db", change)
    result = CliRunner().invoke(app, ["audit", "verify", "--data", str(gateway.settings.data)])
    assert result.exit_code == 1
    assert str(bad) in result.output.splitlines()[0]


def tamper(database: Path, change: str) -> int:
    """Change the events as anyone who owns the file could, triggers and all; gives the first bad index."""
    with sqlite3.connect(database) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
        size = connection.execute("SELECT count(*) FROM events").fetchone()[0]
        update = "UPDATE events SET event = ? WHERE idx = ?"
        read = "SELECT event FROM events WHERE idx = ?"
        third, fourth = (connection.execute(read, (index,)).fetchone()[0] for index in (3, 4))
        if change == "changed":
            connection.execute(
                update,
                (
                    third.replace(b"operator", b"operatox")
                    if isinstance(third, bytes)
                    else third.replace("operator", "operatox"),
                    3,
                ),
            )
        elif change == "removed":
            connection.execute("DELETE FROM events WHERE idx = 3")
        elif change == "swapped":
            connection.execute(update, (fourth, 3))
            connection.execute(update, (third, 4))
        else:
            connection.execute("INSERT INTO events (idx, event) VALUES (?, ?)", (size, third))
            return int(size)
    return 3


def test_oversight_searches_the_record_and_proves_one_event(gateway: GatewayServer) -> None:
    advice = gateway.ask(model="held").headers["x-advice-id"]
    with gateway.client("olu") as client:
        found = client.get("/v1/audit/events", params={"advice": advice}).json()["data"]
        assert [one["event"]["type"] for one in found] == ["advice.requested", "advice.received"]
        proof = client.get(f"/v1/audit/events/{found[0]['index']}/proof").json()
    assert proof["event"] == found[0]["event"]
    size, root = proof["checkpoint"].split("\n")[1:3]
    assert int(size) == proof["size"]
    hashes = [base64.b64decode(one) for one in proof["proof"]]
    leaf = hashlib.sha256(b"\x00" + base64.b64decode(proof["entry"])).digest()
    assert root_of(leaf, proof["index"], proof["size"], hashes) == base64.b64decode(root)


def root_of(leaf: bytes, index: int, size: int, proof: list[bytes]) -> bytes:
    """RFC 9162, 2.1.3.2, written here on its own: the test must not trust what it tests."""
    number, last, node = index, size - 1, leaf
    for sibling in proof:
        if number & 1 or number == last:
            node = hashlib.sha256(b"\x01" + sibling + node).digest()
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            node = hashlib.sha256(b"\x01" + node + sibling).digest()
        number, last = number >> 1, last >> 1
    return node


def test_the_log_is_served_as_tiles(gateway: GatewayServer) -> None:
    with gateway.client("olu") as client:
        checkpoint = client.get("/audit/checkpoint")
        size = int(checkpoint.text.split("\n")[1])
        part = f".p/{size % 256}" if size < 256 else ""
        tile = client.get(f"/audit/tile/0/000{part}")
        entries = client.get(f"/audit/tile/entries/000{part}")
        missing = client.get("/audit/tile/0/999")
        nonsense = client.get("/audit/tile/x")
    assert len(tile.content) == 32 * min(size, 256)
    length = int.from_bytes(entries.content[:2], "big")
    assert hashlib.sha256(b"\x00" + entries.content[2 : 2 + length]).digest() == tile.content[:32]
    assert (missing.status_code, nonsense.status_code) == (404, 404)


def test_no_event_holds_anything_personal(gateway: GatewayServer) -> None:
    secrets = ("Quillfeather", "quillfeather@example.org", "ZQ-77-CASE", "My own marmalade")
    answer = gateway.ask(
        "Quillfeather, quillfeather@example.org, called.",
        model="held",
        metadata={"case": "ZQ-77-CASE", "subjects": '["Quillfeather"]'},
    )
    gateway.decide("ben", answer.headers["x-advice-id"], amendment="My own marmalade", reason="Quillfeather")
    log = gateway.resources.log
    stored = b"".join(log.read(0, log.size)).decode()
    assert not [secret for secret in secrets if secret in stored]
