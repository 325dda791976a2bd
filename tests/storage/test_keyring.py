"""Master keys and their exchange: old and new both open meanwhile, an interruption loses nothing, references stay."""

import json
import threading
from base64 import b64decode, b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from typer.testing import CliRunner

from gateway.commands.cli import app
from gateway.errors import GatewayError
from gateway.operations import Retention
from gateway.storage import (
    Keyring,
    KmsKey,
    LocalKey,
    MasterKeyInvalid,
    MasterKeys,
    SealedMissing,
    Vault,
    rotation,
)
from tests.ledger import MASTER, Ledger

NEW = LocalKey(bytes(32))


def seal_some(ledger: Ledger, vault: Vault | None = None, start: int = 0, count: int = 5) -> None:
    def command(transaction: Any) -> None:
        for number in range(start, start + count):
            contents = {"request": f"text {number}".encode()}
            (vault or ledger.vault).seal(transaction.connection, advice=f"adv_{number}", contents=contents)

    ledger.run(command)


def opens_all(ledger: Ledger, vault: Vault, count: int = 5) -> bool:
    return ledger.database.read(
        lambda connection: all(
            vault.open(connection, advice=f"adv_{number}", kind="request").content
            == f"text {number}".encode()
            for number in range(count)
        )
    )


def vault_with(ledger: Ledger, *keys: Any) -> Vault:
    ring = Keyring(MasterKeys(keys))
    assert ledger.database.read(ring.load)
    return Vault(ring)


def ciphertexts(ledger: Ledger) -> list[Any]:
    query = "SELECT * FROM sealed ORDER BY advice, kind"
    return ledger.database.read(lambda connection: connection.execute(query).fetchall())


def rotate(ledger: Ledger, vault: Vault) -> dict[str, Any]:
    return Retention(ledger.log, ledger.database, vault).rotate_master(actor="operator")


def test_another_master_key_opens_nothing_and_says_what_to_do(ledger: Ledger) -> None:
    seal_some(ledger)
    with pytest.raises(MasterKeyInvalid, match="rotate-master"):
        ledger.database.read(Keyring(MasterKeys([NEW])).load)


def test_after_a_rotation_the_new_key_opens_everything_and_the_old_one_nothing(ledger: Ledger) -> None:
    seal_some(ledger)
    before = ciphertexts(ledger)
    assert rotate(ledger, vault_with(ledger, NEW, MASTER)) == {"object": "rotation", "keys_moved": 5}
    assert opens_all(ledger, vault_with(ledger, NEW))
    with pytest.raises(MasterKeyInvalid):
        vault_with(ledger, MASTER)
    assert ciphertexts(ledger) == before, "content is not rewritten"
    assert [event["actor"] for event in ledger.events("master_key.rotated")] == ["operator"]


def test_references_survive_a_rotation(ledger: Ledger) -> None:
    before = ledger.vault.reference("case", "casebook", "42")
    rotate(ledger, vault_with(ledger, NEW, MASTER))
    assert vault_with(ledger, NEW).reference("case", "casebook", "42") == before


@pytest.mark.parametrize("steps", [0, 1, 2])
def test_an_interrupted_rotation_opens_with_both_keys_and_a_second_run_ends_it(
    ledger: Ledger, steps: int
) -> None:
    seal_some(ledger)
    both = vault_with(ledger, NEW, MASTER)
    renewed = both.ring.renewed()
    ledger.run(lambda transaction: rotation.begin(transaction.connection, renewed, transaction.now))
    ledger.database.read(both.ring.load)
    after: str | None = ""
    for _ in range(steps):
        moved, after = ledger.run(
            lambda transaction, after=after: rotation.step(transaction.connection, both.ring, after, 2)
        )
        assert moved == 2
    assert not ledger.run(lambda transaction: rotation.finish(transaction.connection, both.ring))

    again = vault_with(ledger, NEW, MASTER)  # as after a restart
    assert opens_all(ledger, again)
    seal_some(ledger, again, start=5, count=2)
    assert rotate(ledger, again)["keys_moved"] == 5 - 2 * steps
    assert opens_all(ledger, vault_with(ledger, NEW), 7)
    rows = ledger.database.read(
        lambda connection: connection.execute(
            "SELECT count(*) FROM keyring WHERE purpose = 'wrapping'"
        ).fetchone()
    )
    assert rows == (1,), "it went on with the key that was begun"


def test_another_gateway_on_the_same_database_reads_what_a_rotation_moved(ledger: Ledger) -> None:
    seal_some(ledger)
    other = vault_with(ledger, NEW, MASTER)
    rotate(ledger, vault_with(ledger, NEW, MASTER))
    assert opens_all(ledger, other)


def test_a_rotation_leaves_destroyed_keys_destroyed(ledger: Ledger) -> None:
    seal_some(ledger)
    ledger.run(lambda transaction: ledger.vault.erase(transaction.connection, "adv_3"))
    rotate(ledger, vault_with(ledger, NEW, MASTER))
    vault = vault_with(ledger, NEW)
    with pytest.raises(SealedMissing):
        ledger.database.read(lambda connection: vault.open(connection, advice="adv_3", kind="request"))
    with pytest.raises(SealedMissing):
        ledger.run(
            lambda transaction: vault.seal(
                transaction.connection, advice="adv_3", contents={"answer": b"late"}
            )
        )


def test_a_rotation_that_cannot_move_a_key_ends_and_says_so(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal_some(ledger)
    monkeypatch.setattr(rotation, "finish", lambda connection, ring: False)  # as a damaged index makes it
    with pytest.raises(GatewayError, match="content_damaged"):
        rotate(ledger, vault_with(ledger, NEW, MASTER))
    assert opens_all(ledger, vault_with(ledger, NEW, MASTER))
    assert not ledger.events("master_key.rotated")


def test_references_differ_by_part_and_not_by_joining(ledger: Ledger) -> None:
    vault = ledger.vault
    assert vault.reference("a", "bc") != vault.reference("ab", "c")
    assert vault.reference("a", "bc") == vault.reference("a", "bc")


@pytest.mark.parametrize("text", ["", "short", "é" * 40, "A" * 43])
def test_a_master_key_that_is_none_is_refused_with_the_remedy(text: str) -> None:
    with pytest.raises(MasterKeyInvalid, match="32 bytes"):
        MasterKeys.parse(text)


def test_a_generated_master_key_is_taken_also_with_older_ones_after_it() -> None:
    assert len(MasterKeys.parse(f"{LocalKey.generate()}\n{LocalKey.generate()}").local) == 2


class FakeKms(BaseHTTPRequestHandler):
    """As much of AWS KMS as is used: what it returns can be opened by it alone, in the same context."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        action = self.headers["X-Amz-Target"].partition(".")[2]
        server: Any = self.server
        server.actions.append(action)
        arn = "arn:aws:kms:eu-west-2:111122223333:key/1234abcd"
        if action == "Encrypt":
            blob = b"kms" + str(len(server.kept)).encode()
            server.kept[blob] = (body["Plaintext"], body["EncryptionContext"])
            answer: dict[str, Any] = {"KeyId": arn, "CiphertextBlob": b64encode(blob).decode()}
        else:
            plain, context = server.kept.get(b64decode(body["CiphertextBlob"]), (None, None))
            if plain is None or context != body["EncryptionContext"] or body["KeyId"] != arn:
                self.answer(400, {"__type": "InvalidCiphertextException", "message": "no"})
                return
            answer = {"KeyId": arn, "Plaintext": plain}
        self.answer(200, answer)

    def answer(self, status: int, body: dict[str, Any]) -> None:
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: Any) -> None:
        """Silence."""


@pytest.fixture
def server() -> Iterator[Any]:
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), FakeKms)
    server.kept, server.actions = {}, []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def kms(server: Any) -> tuple[KmsKey, list[str]]:
    client = boto3.client(
        "kms",
        endpoint_url=f"http://127.0.0.1:{server.server_port}",
        region_name="eu-west-2",
        aws_access_key_id="a",
        aws_secret_access_key="b",
        config=Config(retries={"total_max_attempts": 1}),
    )
    return KmsKey("alias/countersign", client), server.actions


def test_a_key_in_aws_kms_takes_over_and_is_asked_at_start_only(
    ledger: Ledger, kms: tuple[KmsKey, list[str]]
) -> None:
    key, actions = kms
    seal_some(ledger)
    rotate(ledger, vault_with(ledger, key, MASTER))
    actions.clear()
    vault = vault_with(ledger, key)
    assert opens_all(ledger, vault)
    seal_some(ledger, vault, start=5)
    assert actions == ["Decrypt", "Decrypt"]
    with pytest.raises(MasterKeyInvalid):
        vault_with(ledger, MASTER)


def test_a_secret_moved_in_the_keyring_is_refused_by_kms_and_says_what_to_check(
    ledger: Ledger, kms: tuple[KmsKey, list[str]]
) -> None:
    key, _ = kms
    rotate(ledger, vault_with(ledger, key, MASTER))
    moved = "UPDATE keyring SET wrapped = (SELECT wrapped FROM keyring AS other WHERE other.id != keyring.id)"
    ledger.run(lambda transaction: transaction.connection.execute(moved) and None)
    with pytest.raises(MasterKeyInvalid, match="InvalidCiphertextException"):
        vault_with(ledger, key)


def test_a_key_in_aws_kms_is_named_by_a_setting_and_takes_over_by_command(
    server: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*arguments: object) -> str:
        result = CliRunner().invoke(app, [*map(str, arguments), "--data", str(tmp_path)])
        assert result.exit_code == 0, (result.output, result.exception)
        return result.output

    monkeypatch.setenv("COUNTERSIGN_MASTER_KEY", LocalKey.generate())
    run("keys", "application", "casebook")
    run("keys", "rotate-master")
    for name, value in {
        "COUNTERSIGN_MASTER_KEY_KMS": "alias/countersign",
        "AWS_ENDPOINT_URL_KMS": f"http://127.0.0.1:{server.server_port}",
        "AWS_DEFAULT_REGION": "eu-west-2",
        "AWS_ACCESS_KEY_ID": "a",
        "AWS_SECRET_ACCESS_KEY": "b",
    }.items():
        monkeypatch.setenv(name, value)
    run("keys", "rotate-master")
    monkeypatch.delenv("COUNTERSIGN_MASTER_KEY")
    assert run("check") == "All content is as recorded.\n"
    assert set(server.actions) == {"Encrypt", "Decrypt"}


class TestAnotherGateway:
    """Another gateway on the same database exchanged the wrapping key meanwhile."""

    def test_what_is_sealed_from_then_on_lies_under_the_new_key(self, ledger: Ledger) -> None:
        here, other = vault_with(ledger, NEW, MASTER), vault_with(ledger, NEW, MASTER)
        seal_some(ledger, here, 0, 2)
        Retention(ledger.log, ledger.database, other).rotate_master(actor="operator")
        seal_some(ledger, here, 2, 3)
        assert here.ring.newest == other.ring.newest
        assert opens_all(ledger, vault_with(ledger, NEW))

    def test_one_that_was_not_given_the_new_key_seals_nothing_that_would_be_lost(
        self, ledger: Ledger
    ) -> None:
        here, other = vault_with(ledger, MASTER), vault_with(ledger, NEW, MASTER)
        Retention(ledger.log, ledger.database, other).rotate_master(actor="operator")
        with pytest.raises(MasterKeyInvalid):
            seal_some(ledger, here)
        assert ledger.rows("SELECT * FROM sealed") == []

    def test_two_that_exchange_it_at_the_same_time_end_with_one_key(self, ledger: Ledger) -> None:
        seal_some(ledger)
        vaults = [vault_with(ledger, NEW, MASTER) for _ in range(2)]
        with ThreadPoolExecutor(2) as pool:
            keepings = [Retention(ledger.log, ledger.database, vault) for vault in vaults]
            for done in [pool.submit(one.rotate_master, actor="operator") for one in keepings]:
                done.result()
        assert ledger.rows("SELECT count(DISTINCT wrapping) FROM content_keys") == [(1,)]
        assert opens_all(ledger, vault_with(ledger, NEW))
