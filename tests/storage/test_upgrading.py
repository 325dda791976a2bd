"""A database from before keyrings is brought up: its content opens, its cases are known, it can be erased."""

import hashlib
import hmac
import sqlite3
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import create_engine
from typer.testing import CliRunner

import gateway.storage
from audit import Signer, commit
from gateway.commands.cli import app
from gateway.settings import load_settings
from gateway.storage import SealedMissing
from gateway.storage.ciphers import derive, encrypt
from tests.gateway_server import MASTER_KEY
from tests.ledger import MASTER

EVENT = {"advice": "adv_1", "actor": "gateway", "policy": {"id": "held", "version": "0" * 64}}
REVIEW = {
    "gate": "release",
    "deciders": 1,
    "not_the_requester": True,
    "view_first": False,
    "accept_reason": False,
    "reject_reason": True,
    "decide_within": 60,
    "confirm": [],
}


def old_case() -> str:
    message = b"".join(len(part).to_bytes(4, "big") + part for part in (b"case", b"casebook", b"42"))
    return "case_" + hmac.new(MASTER.reference_before_keyring, message, hashlib.sha256).hexdigest()[:40]


def old_database(data: Path) -> None:
    """As the first release left it: content under its case's key, and that under the master key itself."""
    signer = Signer.generate("countersign.example/log")
    signer.save(data / "log.key")
    (data / "log.vkey").write_text(signer.verifier_key + "\n")
    path = data / "countersign.db"
    config = Config()
    config.set_main_option("script_location", str(Path(gateway.storage.__path__[0]) / "migrations"))
    config.attributes["engine"] = create_engine(f"sqlite:///{path}")
    command.upgrade(config, "0001")
    secret = bytes(range(32, 64))
    key = AESGCM(derive(secret, b"countersign/content/v1"))
    with sqlite3.connect(path) as connection:
        wrapped = encrypt(MASTER.before_keyring, secret, old_case().encode())
        connection.execute("INSERT INTO case_keys VALUES (?, ?)", (old_case(), wrapped))
        for kind in ("request", "sent", "answer"):
            commitment, salt = commit(b'"old text"')
            sealed = encrypt(key, salt + b'"old text"', f"adv_1\0{kind}\0{commitment}".encode())
            row = ("adv_1", kind, old_case(), commitment, sealed)
            connection.execute("INSERT INTO sealed VALUES (?, ?, ?, ?, ?)", row)
        pseudonym = encrypt(key, b"Siobhan", b"<PERSON_1>\0PERSON")
        connection.execute(
            "INSERT INTO pseudonyms VALUES (?, ?, ?, ?)", (old_case(), "<PERSON_1>", "PERSON", pseudonym)
        )
    connection.close()


def record_old_events(data: Path) -> None:
    from gateway.startup.bootstrap import open_log

    log, _ = open_log(load_settings(data=data))
    with sqlite3.connect(data / "countersign.db") as connection:
        stored = dict(connection.execute("SELECT kind, commitment FROM sealed"))
    connection.close()
    sealed = {kind: stored[kind] for kind in ("request", "sent")}
    requested = {"case": old_case(), "review": REVIEW, "redactions": {"PERSON": 1}, "commitments": sealed}
    received = {"caveats": [], "decide_by": "2026-11-24T09:00:00.000000Z", "usage": {}}
    for event in (
        {**EVENT, "type": "advice.requested", **requested, "actor": "application:casebook"},
        {**EVENT, "type": "advice.received", **received, "commitments": {"answer": stored["answer"]}},
        {**EVENT, "type": "advice.rejected"},
    ):
        log.submit(lambda transaction, event=event: transaction.append(event)).result()
    log.close()
    with sqlite3.connect(data / "countersign.db") as connection:
        connection.execute("DELETE FROM projected")  # the events were written by the release before
    connection.close()


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COUNTERSIGN_MASTER_KEY", MASTER_KEY)
    old_database(tmp_path)
    record_old_events(tmp_path)
    return tmp_path


def run(*arguments: object) -> str:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == 0, (result.output, result.exception)
    return result.output


def test_old_content_opens_and_is_moved_and_erased_like_new(data: Path) -> None:
    from gateway.startup.bootstrap import open_log, open_vault
    from gateway.storage import Database

    settings, database = load_settings(data=data), Database(data / "countersign.db")
    log, _ = open_log(settings)
    vault = open_vault(settings, log, database)
    assert f"case_{vault.reference('case', 'casebook', '42')}" == old_case()
    assert database.read(lambda c: vault.open(c, advice="adv_1", kind="answer").content) == b'"old text"'
    assert database.read(lambda c: vault.pseudonyms(c, old_case())) == [("<PERSON_1>", "PERSON", "Siobhan")]
    log.close()

    assert run("check", "--data", data) == "All content is as recorded.\n"
    assert run("keys", "rotate-master", "--data", data).startswith("1 keys")
    assert run("check", "--data", data) == "All content is as recorded.\n"
    about = ("--application", "casebook", "--reason", "subject_request", "--data", data)
    assert "the content of 1 advice and 1 pseudonyms" in run("erase", "case", "42", *about)
    assert run("check", "--data", data) == "All content is as recorded.\n"
    with pytest.raises(SealedMissing):
        database.read(lambda c: vault.open(c, advice="adv_1", kind="answer"))
    wrapped = database.read(lambda c: c.execute("SELECT wrapped FROM content_keys").fetchone())
    assert wrapped == (bytes(61),)
