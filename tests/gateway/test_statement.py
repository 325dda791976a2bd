"""The person whose case it is can be told each time AI was used in it, and nothing about anybody else."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from gateway.commands.cli import app
from tests.gateway_server import MASTER_KEY, POLICIES, PROMPTS, GatewayServer
from tests.provider_server import ProviderServer

ENVIRONMENT = {
    "COUNTERSIGN_MASTER_KEY": MASTER_KEY,
    "COUNTERSIGN_POLICIES": str(POLICIES),
    "COUNTERSIGN_PROMPTS": str(PROMPTS),
    "COUNTERSIGN_MODELS__DEFAULT__MODEL": "openai/test-model",
}


@pytest.fixture(scope="module")
def case(gateway_server: GatewayServer, provider_server: ProviderServer) -> dict[str, str]:
    """Advice by what became of it; one of another case."""
    provider_server.reset()  # this comes before the fixture of each test that does so
    gateway = gateway_server
    secret = "Summarise: Ms Ana Pryce, NI AB123456C."
    mine = {"case": "the-case"}
    asked = {
        name: str(gateway.ask(secret, model="held", metadata=mine).headers["x-advice-id"])
        for name in ("accepted", "rejected", "pending")
    }
    asked["changed"] = str(gateway.ask(secret, model="use", metadata=mine).headers["x-advice-id"])
    other = {"case": "another-case"}
    asked["other"] = str(gateway.ask(secret, model="held", metadata=other).headers["x-advice-id"])
    gateway.decide("ben", asked["accepted"])
    gateway.decide("ben", asked["rejected"], "reject", reason="Not her.")
    gateway.decide("ben", asked["changed"], amendment="Ana was seen.")
    return asked


def written(gateway: GatewayServer, *more: str, case: str = "the-case") -> tuple[int, str]:
    arguments = ["statement", "-", "--application", "casebook", "--data", str(gateway.settings.data), *more]
    result = CliRunner(env=ENVIRONMENT).invoke(app, arguments, input=f"{case}\n")
    if result.exception is not None:
        return result.exit_code, str(result.exception)
    # The gateway runs in this process, and may log the end of a request meanwhile.
    lines = [line for line in result.output.splitlines(keepends=True) if " [info" not in line]
    return result.exit_code, "".join(lines)


def test_it_tells_each_time_what_for_and_what_a_person_decided(
    gateway_server: GatewayServer, case: dict[str, str]
) -> None:
    code, text = written(gateway_server)
    assert code == 0
    assert text.startswith("# How AI was used in your case\n")
    assert "AI was asked for advice 4 times in your case." in text
    parts = {part.partition("Reference: ")[2].split()[0]: part for part in text.split("## ")[1:-1]}
    assert set(parts) == {case[name] for name in ("accepted", "rejected", "pending", "changed")}
    assert "a person read the advice and accepted it, on " in parts[case["accepted"]]
    assert "not to use the advice" in parts[case["rejected"]]
    assert "nothing yet" in parts[case["pending"]]
    assert "accepted it, after changing it" in parts[case["changed"]]
    assert "Exercise the gateway in tests." in parts[case["accepted"]]
    assert "contest it" in text


def test_nothing_of_what_was_asked_and_nobody_is_named_in_it(
    gateway_server: GatewayServer, case: dict[str, str]
) -> None:
    _, text = written(gateway_server)
    for private in ("Pryce", "AB123456C", "Ana was seen", "Not her", "ben", "the-case", case["other"]):
        assert private not in text


def test_it_is_written_as_a_document_too_and_over_nothing(
    gateway_server: GatewayServer, case: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "statement.pdf"
    assert written(gateway_server, "--out", str(file))[0] == 0
    assert file.read_bytes().startswith(b"%PDF-")
    assert written(gateway_server, "--out", str(file))[0] != 0
    assert written(gateway_server, "--out", str(tmp_path / "statement.doc"))[0] != 0


def test_a_case_that_is_not_there_is_told_so(gateway_server: GatewayServer) -> None:
    code, text = written(gateway_server, case="none-such")
    assert code != 0
    assert "unknown_case" in text
