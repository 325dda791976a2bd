"""`countersign doctor`: what is wrong on a machine is named, with what to do; what is well is left alone."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from gateway.commands.cli import app
from gateway.redaction import RedactionSettings
from gateway.storage import LocalKey
from tests.gateway_server import MASTER_KEY, POLICIES, PROMPTS, GatewayServer
from tests.provider_server import ProviderServer

Doctor = Callable[..., list[str]]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a gateway that has worked and ended."""
    data = tmp_path_factory.mktemp("written") / "data"
    with (
        ProviderServer() as provider,
        GatewayServer(data, provider, redaction=RedactionSettings(name_model=None)) as gateway,
    ):
        gateway.ask(model="held")
    return data


@pytest.fixture
def data(written: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(written, tmp_path / "data"))


@pytest.fixture
def doctor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Doctor:
    """What is wrong, as the command tells it."""
    monkeypatch.setenv("COUNTERSIGN_MASTER_KEY", MASTER_KEY)

    def run(data: Path, *arguments: str, models: object = None, **settings: object) -> list[str]:
        given = {"policies": str(POLICIES), "prompts": str(PROMPTS), **settings}
        given["models"] = models or {"default": {"model": "rehearsal/extract"}}
        file = tmp_path / "countersign.yaml"
        file.write_text(yaml.safe_dump(given))
        done = CliRunner().invoke(app, ["doctor", "--config", str(file), "--data", str(data), *arguments])
        lines = done.output.splitlines()
        wrong = [line.removeprefix("WRONG  ") for line in lines if line.startswith("WRONG  ")]
        assert done.exit_code == (1 if wrong else 0), done.output
        assert any(line.startswith("ok     ") for line in lines)
        return wrong

    return run


def test_redaction_that_can_t_be_loaded_is_named(data: Path, doctor: Doctor) -> None:
    wrong = doctor(data, "--offline", redaction={"name_model": None, "entities": ["PERSN"]})
    assert wrong[0].startswith("redaction: redaction.entities: nothing finds PERSN")


def test_nothing_is_wrong_before_the_first_start_and_after_a_good_one(
    doctor: Doctor, data: Path, tmp_path: Path
) -> None:
    assert doctor(tmp_path / "nowhere") == []
    assert not (tmp_path / "nowhere").exists()
    begun = CliRunner().invoke(app, ["keys", "application", "casebook", "--data", str(tmp_path / "begun")])
    assert begun.exit_code == 0
    assert doctor(tmp_path / "begun") == [], "no gateway has put a policy in force yet"
    assert doctor(data) == []


def test_a_master_key_that_is_not_the_databases(
    doctor: Doctor, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COUNTERSIGN_MASTER_KEY", LocalKey.generate())
    (wrong,) = doctor(data)
    assert wrong.startswith("database: this master key is not the one")


@pytest.mark.parametrize(
    ("missing", "says"), [("log.key", "no log.key beside it"), ("countersign.db", "restore it")]
)
def test_a_file_of_the_data_folder_that_is_missing(
    doctor: Doctor, data: Path, missing: str, says: str
) -> None:
    for file in data.glob(f"{missing}*"):
        file.unlink()
    (wrong,) = doctor(data)
    assert wrong.startswith("database: ")
    assert says in wrong


def test_a_log_key_that_others_may_read(doctor: Doctor, data: Path) -> None:
    (data / "log.key").chmod(0o644)
    (wrong,) = doctor(data)
    assert "chmod 600" in wrong


def test_a_database_that_is_older_than_the_checkpoint_beside_it(
    doctor: Doctor, data: Path, tmp_path: Path
) -> None:
    with (
        ProviderServer() as provider,
        GatewayServer(data, provider, redaction=RedactionSettings(name_model=None)) as gateway,
    ):
        older = gateway.resources.log.size
        shutil.copytree(data, tmp_path / "older")
        gateway.ask(model="held")
    shutil.copyfile(data / "checkpoint", tmp_path / "older" / "checkpoint")
    (wrong,) = doctor(tmp_path / "older")
    assert "older copy" in wrong
    assert older > 0


def test_policies_that_differ_from_what_is_in_force(doctor: Doctor, data: Path, tmp_path: Path) -> None:
    policies = Path(shutil.copytree(POLICIES, tmp_path / "policies"))
    held = policies / "held.yaml"
    held.write_text(held.read_text().replace("title: ", "title: Another "))
    (wrong,) = doctor(data, policies=str(policies))
    assert wrong.startswith("policies: the files differ from what is in force: held")
    held.write_text("id: [")
    (wrong,) = doctor(data, policies=str(policies))
    assert "held.yaml" in wrong


def test_settings_that_can_not_be_read(tmp_path: Path) -> None:
    file = tmp_path / "countersign.yaml"
    file.write_text("port: many\n")
    done = CliRunner().invoke(app, ["doctor", "--config", str(file)])
    assert done.exit_code == 1
    assert "WRONG  settings" in done.output
    assert "port" in done.output


def test_a_provider_without_its_key_or_out_of_reach(doctor: Doctor, data: Path) -> None:
    route = {"model": "openai/gpt-4o", "api_base": "http://127.0.0.1:9/v1", "api_key_env": "NOT_SET_ANYWHERE"}
    assert "NOT_SET_ANYWHERE" not in os.environ
    key, address = doctor(data, models={"default": route})
    assert key.startswith("model default: key: NOT_SET_ANYWHERE is not set")
    assert address.startswith("model default: address: it can't be reached")
    assert len(doctor(data, "--offline", models={"default": route})) == 1


@pytest.fixture
def late_server() -> Iterator[str]:
    """A server whose clock is a quarter of a century behind."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(404)
            self.end_headers()

        def date_time_string(self, timestamp: float | None = None) -> str:
            return "Sat, 01 Jan 2000 00:00:00 GMT"

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    server.server_close()


def test_a_clock_that_differs_from_the_providers(doctor: Doctor, data: Path, late_server: str) -> None:
    (wrong,) = doctor(data, models={"default": {"model": "openai/gpt-4o", "api_base": late_server}})
    assert "seconds from this machine's" in wrong


def test_people_who_would_come_without_tls(doctor: Doctor, data: Path) -> None:
    (wrong,) = doctor(data, base_url="http://gateway.example")
    assert wrong.startswith("base_url: people and applications reach it without TLS")
