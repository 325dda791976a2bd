"""The oversight body's whole job against a running gateway: mirror, verify, watch, prove a decision, open a text."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from audit import Checkpoint, Signer, encode_witness_request, main
from audit.cosignature import COSIGNATURE, ML_DSA
from audit.witness.witness_checks import Witness
from audit.witness.witness_server import WitnessServer
from audit.witness.witness_state import State
from gateway.commands.cli import app
from gateway.witnessing import WitnessingSettings
from tests.gateway.test_record import everything_happens
from tests.gateway_server import MASTER_KEY, PLAIN, GatewayServer

Start = Callable[..., GatewayServer]


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main([str(one) for one in arguments])
    told = capsys.readouterr()
    return code, told.out, told.err


def command(*arguments: object) -> Any:
    return CliRunner().invoke(
        app, [str(one) for one in arguments], env={"COUNTERSIGN_MASTER_KEY": MASTER_KEY}
    )


@pytest.fixture
def token(gateway: GatewayServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTERSIGN_AUDIT_TOKEN", gateway.people["olu"][1])


def key_of(gateway: GatewayServer) -> str:
    return gateway.resources.signer.verifier_key


def test_a_mirror_over_http_verifies_and_the_process_was_kept_to(
    fresh: Start, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway = fresh()
    everything_happens(gateway)
    monkeypatch.setenv("COUNTERSIGN_AUDIT_TOKEN", gateway.people["olu"][1])
    mirror, key = tmp_path / "mirror", key_of(gateway)
    assert run(capsys, "mirror", f"{gateway.url}/audit", mirror, "--key", key)[0] == 0
    for where in (mirror, f"{gateway.url}/audit", gateway.settings.data):
        code, out, _ = run(capsys, "verify", where, "--key", key)
        assert code == 0, out
        code, out, _ = run(capsys, "watch", where, "--key", key)
        assert code == 0, out
        assert "The process was kept to" in out


def test_without_the_token_of_an_overseer_there_is_a_sentence(
    gateway: GatewayServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "token").write_text(gateway.key)
    for more in ([], ["--token-file", tmp_path / "token"]):
        code, _, err = run(capsys, "verify", f"{gateway.url}/audit", "--key", key_of(gateway), *more)
        assert code == 2
        assert "COUNTERSIGN_AUDIT_TOKEN" in err
        assert gateway.key not in err


@pytest.mark.usefixtures("token")
def test_one_decision_is_proven_in_a_file_and_checked_without_the_gateway(
    gateway: GatewayServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    advice = gateway.ask(model="held").headers["x-advice-id"]
    gateway.read("ben", advice)
    gateway.decide("ben", advice, reason="Checked.")
    gateway.read("application", advice)
    file = tmp_path / "one.json"
    where = f"{gateway.url}/audit"
    assert run(capsys, "prove", advice, where, "--key", key_of(gateway), "--out", file)[0] == 0
    code, out, _ = run(capsys, "check", file, "--key", key_of(gateway))
    assert code == 0
    assert "accepted the advice" in out
    assert "received the accepted advice" in out
    assert "does not show" in out
    events = [event["type"] for event in gateway.events(advice)]
    shown = json.loads(run(capsys, "check", file, "--key", key_of(gateway), "--json")[1])
    assert [one["event"]["type"] for one in shown["events"]] == events


def test_an_export_is_the_log_as_static_files(
    gateway: GatewayServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gateway.ask(model="held")
    done = command("audit", "export", tmp_path / "public", "--data", gateway.settings.data)
    assert done.exit_code == 0, done.output
    gateway.ask(model="held")
    assert command("audit", "export", tmp_path / "public", "--data", gateway.settings.data).exit_code == 0
    code, out, _ = run(capsys, "verify", tmp_path / "public", "--key", key_of(gateway))
    assert code == 0, out
    assert f"size        {gateway.resources.log.size}" in out


@pytest.mark.usefixtures("token")
def test_what_is_served_may_be_cached_as_c2sp_says(gateway: GatewayServer) -> None:
    with gateway.client("olu") as client:
        size = gateway.resources.log.size
        part = "" if size >= 256 else f".p/{size}"
        tile = client.get(f"/audit/tile/0/000{part}")
        entries = client.get(f"/audit/tile/entries/000{part}")
        checkpoint = client.get("/audit/checkpoint")
        key = client.get("/audit/log.vkey")
    for immutable in (tile, entries):
        assert immutable.headers["content-type"] == "application/octet-stream"
        assert "immutable" in immutable.headers["cache-control"]
    assert entries.headers["content-encoding"] == "gzip"
    assert entries.content == gateway.resources.log.tile(f"tile/entries/000{part}")
    assert checkpoint.headers["cache-control"] == "no-store"
    assert checkpoint.headers["content-type"] == "text/plain; charset=utf-8"
    assert key.text.strip() == key_of(gateway)


class TestDisclosure:
    def asked(self, gateway: GatewayServer) -> str:
        advice: str = gateway.ask("Please summarise. Secret-word.", model="held").headers["x-advice-id"]
        gateway.decide("ben", advice, "reject", reason="Not what I asked.")
        return advice

    def opened(
        self, capsys: Any, gateway: GatewayServer, file: Path, key: str, *more: str
    ) -> tuple[int, str, str]:
        return run(capsys, "open", file, "--key", key, "--log-key", key_of(gateway), *more)

    def disclosed(self, gateway: GatewayServer, advice: str, kind: str, file: Path) -> str:
        done = command("audit", "disclose", advice, kind, "--out", file, "--data", gateway.settings.data)
        assert done.exit_code == 0, done.output
        [key] = [line.removeprefix("key ") for line in done.stdout.splitlines() if line.startswith("key ")]
        return key

    def test_sealed_content_is_opened_with_its_key_and_proven(
        self, gateway: GatewayServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        advice, file = self.asked(gateway), tmp_path / "one.json"
        key = self.disclosed(gateway, advice, "sent", file)
        assert "Secret-word" not in file.read_text()
        code, out, _ = self.opened(capsys, gateway, file, key)
        assert code == 0, out
        assert "Secret-word" in out
        assert "commits to it" in out
        assert gateway.types(advice)[-1] == "content.opened"

    def test_a_reason_is_found_in_the_event_of_its_decision(
        self, gateway: GatewayServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        advice, file = self.asked(gateway), tmp_path / "one.json"
        key = self.disclosed(gateway, advice, f"reason.{gateway.people['ben'][0]}", file)
        code, out, _ = self.opened(capsys, gateway, file, key, "--raw")
        assert (code, out.splitlines()[-1]) == (0, '"Not what I asked."')

    def test_the_same_with_the_gateway_stopped(
        self, fresh: Start, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        gateway = fresh()
        advice, file = self.asked(gateway), tmp_path / "one.json"
        gateway.stop()
        key = self.disclosed(gateway, advice, "answer", file)
        assert self.opened(capsys, gateway, file, key)[0] == 0

    def test_any_change_to_file_or_key_proves_nothing_and_shows_nothing(
        self, gateway: GatewayServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        advice, file = self.asked(gateway), tmp_path / "one.json"
        key = self.disclosed(gateway, advice, "sent", file)
        whole = file.read_bytes()
        for at in range(0, len(whole), max(1, len(whole) // 60)):
            file.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
            code, out, err = self.opened(capsys, gateway, file, key)
            if json_of(file) != json.loads(whole):
                assert code == 1, at
                assert "Secret-word" not in out + err
        # Two spellings in base64 have the same bytes: only one is taken.
        sealed = json.loads(whole)["sealed"]
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        last = sealed.rstrip("=")[-1]
        respelt = sealed.rstrip("=")[:-1] + letters[letters.index(last) ^ 1] + "=" * sealed.count("=")
        file.write_bytes(whole.replace(sealed.encode(), respelt.encode()))
        assert self.opened(capsys, gateway, file, key)[0] == 1
        file.write_bytes(whole)
        for wrong in ("", "x", "é", "A" * 64, "0" * 64, key[:-1], key[1:] + key[0]):
            assert self.opened(capsys, gateway, file, wrong)[0] == 1

    def test_what_is_not_there_or_not_asked_for_by_the_operator_is_refused(
        self, gateway: GatewayServer, tmp_path: Path
    ) -> None:
        advice = self.asked(gateway)
        data = gateway.settings.data
        done = command("audit", "disclose", advice, "nothing", "--out", tmp_path / "x", "--data", data)
        assert done.exit_code != 0
        assert not (tmp_path / "x").exists()
        for who in ("olu", "ada", "ben", "application"):
            with gateway.client(who) as client:
                body = {"advice": advice, "kind": "sent"}
                assert client.post("/v1/audit/disclosures", json=body).status_code == 403
        assert "content.opened" not in gateway.types(advice)


def json_of(file: Path) -> Any:
    try:
        return json.loads(file.read_bytes())
    except ValueError:
        return None


class TestWitnessed:
    @contextmanager
    def witness(self, gateway_key: Any, path: Path, signer: Signer, port: int = 0) -> Iterator[WitnessServer]:
        state = State(path)
        server = WitnessServer(
            "127.0.0.1", port, Witness([signer], [gateway_key], state, lambda: int(time.time()))
        )
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            server.server_close()
            state.close()

    def settings(self, quorum: int, *witnesses: tuple[str, Signer]) -> WitnessingSettings:
        policy = {
            "from": "2026-01-01",
            "quorum": quorum,
            "witnesses": [{"url": url, "keys": [signer.verifier_key]} for url, signer in witnesses],
        }
        return WitnessingSettings.model_validate(
            {"every_seconds": 0.5, "quiet_seconds": 0.1, "timeout_seconds": 1, "policies": [policy]}
        )

    def until(self, condition: Callable[[], bool]) -> None:
        end = time.monotonic() + 20
        while not condition():
            assert time.monotonic() < end
            time.sleep(0.05)

    def ready(self, gateway: GatewayServer) -> Any:
        return httpx.get(f"{gateway.url}/health/ready", verify=PLAIN).json()["witnessed"]

    @pytest.fixture
    def signer(self, fresh: Start, tmp_path: Path) -> Signer:
        """The key of a log that is begun before its witnesses, who must know it."""
        signer = Signer.generate("countersign.example/log")
        (tmp_path / "data").mkdir()
        signer.save(tmp_path / "data" / "log.key")
        (tmp_path / "data" / "log.vkey").write_text(signer.verifier_key + "\n")
        return signer

    def test_two_of_three_witnesses_cosign_though_the_third_is_away(
        self,
        fresh: Start,
        signer: Signer,
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: Any,
    ) -> None:
        keys = [
            Signer.generate(f"witness.example/{n}", kind)
            for n, kind in enumerate((COSIGNATURE, ML_DSA, COSIGNATURE))
        ]
        with (
            self.witness(signer.verifier, tmp_path / "a.db", keys[0]) as first,
            self.witness(signer.verifier, tmp_path / "b.db", keys[1]) as second,
        ):
            urls = [first.url, second.url, "http://127.0.0.1:9"]
            gateway = fresh(witnessing=self.settings(2, *zip(urls, keys, strict=True)))
            advice = gateway.ask(model="held").headers["x-advice-id"]
            gateway.decide("ben", advice)
            self.until(lambda: self.ready(gateway)["unwitnessed"] == 0)
        assert self.ready(gateway)["cosigned"] == 2
        metrics = gateway.client("olu").get("/metrics").text
        assert "countersign_witnessed_checkpoint_age_seconds " in metrics
        assert 'countersign_witness_failures_total{witness="witness.example/2"}' in metrics
        monkeypatch.setenv("COUNTERSIGN_AUDIT_TOKEN", gateway.people["olu"][1])
        mirror = tmp_path / "mirror"
        run(capsys, "mirror", f"{gateway.url}/audit", mirror, "--key", signer.verifier_key)
        asked = [one for key in keys for one in ("--witness-key", key.verifier_key)]
        verified = ("verify", mirror, "--key", signer.verifier_key, *asked, "--quorum")
        assert run(capsys, *verified, 2)[0] == 0
        code, out, _ = run(capsys, *verified, 3)
        assert (code, "2 of the witnesses cosigned it; 3 must" in out) == (1, True)
        run(capsys, "prove", advice, mirror, "--key", signer.verifier_key, "--out", tmp_path / "one")
        checked = ("check", tmp_path / "one", "--key", signer.verifier_key, *asked, "--quorum")
        code, out, _ = run(capsys, *checked, 2)
        assert code == 0
        assert "witness.example/0 at" in out
        assert run(capsys, *checked, 3)[0] == 1

    def test_an_absent_witness_delays_nothing_and_nothing_counts_as_witnessed(
        self, fresh: Start, signer: Signer
    ) -> None:
        key = Signer.generate("witness.example/away", COSIGNATURE)
        gateway = fresh(witnessing=self.settings(1, ("http://127.0.0.1:9", key)))
        advice = gateway.ask(model="held").headers["x-advice-id"]
        assert gateway.decide("ben", advice).status_code == 201
        report = self.ready(gateway)
        assert (report["size"], report["age_seconds"], report["cosigned"]) == (0, None, 0)
        assert report["unwitnessed"] == gateway.resources.log.size
        with gateway.client("olu") as client:
            assert client.get("/audit/witnessed").status_code == 404
            assert client.get("/v1/audit/events/0/proof").json()["witnessed"] is False

    def test_a_witness_that_restarts_elsewhere_and_a_gateway_that_restarts_go_on(
        self, fresh: Start, signer: Signer, tmp_path: Path
    ) -> None:
        key = Signer.generate("witness.example/w", COSIGNATURE)
        with self.witness(signer.verifier, tmp_path / "w.db", key) as witness:
            settings = self.settings(1, (witness.url, key))
            port = witness.server_address[1]
            gateway = fresh(witnessing=settings)
            gateway.ask(model="held")
            self.until(lambda: self.ready(gateway)["unwitnessed"] == 0)
        gateway.ask(model="held")
        assert self.ready(gateway)["unwitnessed"] > 0
        with self.witness(signer.verifier, tmp_path / "w.db", key, int(port)):
            self.until(lambda: self.ready(gateway)["unwitnessed"] == 0)
        gateway.stop()
        again = fresh(witnessing=settings)
        report = self.ready(again)
        assert report["size"] > 0
        assert report["unwitnessed"] > 0

    def test_a_witness_that_lost_its_state_is_told_the_whole_log_again(
        self, fresh: Start, signer: Signer, tmp_path: Path
    ) -> None:
        key = Signer.generate("witness.example/w", COSIGNATURE)
        with self.witness(signer.verifier, tmp_path / "w.db", key) as witness:
            port = witness.server_address[1]
            gateway = fresh(witnessing=self.settings(1, (witness.url, key)))
            gateway.ask(model="held")
            self.until(lambda: self.ready(gateway)["unwitnessed"] == 0)
        (tmp_path / "w.db").unlink()
        with self.witness(signer.verifier, tmp_path / "w.db", key, int(port)):
            gateway.ask(model="held")
            self.until(lambda: self.ready(gateway)["unwitnessed"] == 0)

    def test_a_witness_that_knows_more_than_the_log_does_not_cosign_it(
        self, fresh: Start, signer: Signer, tmp_path: Path
    ) -> None:
        """What a database restored from yesterday's copy looks like to a witness."""
        key = Signer.generate("witness.example/w", COSIGNATURE)
        with self.witness(signer.verifier, tmp_path / "w.db", key) as witness:
            ahead = signer.sign(Checkpoint(signer.origin, 10_000, bytes(32)).body())
            body = encode_witness_request(0, [], ahead)
            assert httpx.post(f"{witness.url}/add-checkpoint", content=body, verify=PLAIN).status_code == 200
            gateway = fresh(witnessing=self.settings(1, (witness.url, key)))
            assert gateway.ask(model="held").status_code == 202
            failures = 'countersign_witness_failures_total{witness="witness.example/w"}'
            self.until(lambda: failures in gateway.client("olu").get("/metrics").text)
            assert self.ready(gateway)["size"] == 0

    def test_a_witness_that_never_answers_holds_nothing_up(self, fresh: Start, signer: Signer) -> None:
        key = Signer.generate("witness.example/w", COSIGNATURE)
        with socket.create_server(("127.0.0.1", 0)) as silent:
            url = f"http://127.0.0.1:{silent.getsockname()[1]}"
            gateway = fresh(witnessing=self.settings(1, (url, key)))
            for _ in range(3):
                advice = gateway.ask(model="held").headers["x-advice-id"]
                assert gateway.decide("ben", advice).status_code == 201
            assert self.ready(gateway)["size"] == 0

    def test_a_witness_that_lies_counts_for_nothing(
        self, fresh: Start, signer: Signer, tmp_path: Path
    ) -> None:
        key, stranger = (Signer.generate("witness.example/w", COSIGNATURE) for _ in range(2))
        with self.witness(signer.verifier, tmp_path / "w.db", stranger) as witness:
            gateway = fresh(witnessing=self.settings(1, (witness.url, key)))
            gateway.ask(model="held")
            self.until(
                lambda: "witness_failures_total{witness=" in gateway.client("olu").get("/metrics").text
            )
            assert self.ready(gateway)["size"] == 0
