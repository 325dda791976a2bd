"""The OpenAPI document says what the gateway takes and answers."""

import json
from pathlib import Path
from typing import Any

import pytest

from gateway.errors import CODES
from gateway.redaction import RedactionSettings
from tests.gateway_server import GatewayServer
from tests.openapi.examples import FILE, examples
from tests.provider_server import ProviderServer


@pytest.fixture(scope="module")
def document(served: GatewayServer) -> dict[str, Any]:
    with served.client() as client:
        found: dict[str, Any] = client.get("/openapi.json").json()
    return found


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder: Path = tmp_path_factory.mktemp("openapi")
    with (
        ProviderServer() as provider,
        GatewayServer(folder, provider, redaction=RedactionSettings(name_model=None)) as server,
    ):
        yield server


def shape(value: Any) -> Any:
    """Members and their kinds; of a list only its first item, of `redactions` nothing."""
    if isinstance(value, dict):
        return {name: shape(one) for name, one in value.items() if name != "redactions"}
    return [shape(one) for one in value[:1]] if isinstance(value, list) else type(value).__name__


def test_examples_have_the_members_of_real_answers(served: GatewayServer) -> None:
    stored = json.loads(FILE.read_text("utf-8"))
    assert shape(examples(served)) == shape(stored)


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    for reference in references(document):
        found: Any = document
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]


def references(value: Any) -> list[str]:
    if isinstance(value, list):
        return [one for item in value for one in references(item)]
    if not isinstance(value, dict):
        return []
    own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
    return own + [one for item in value.values() for one in references(item)]


_BODILESS = ("/rotations", "/retire")


def test_every_post_says_what_it_takes_and_every_path_its_errors(document: dict[str, Any]) -> None:
    statuses = {str(status) for status, _ in CODES.values()}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            assert statuses <= operation["responses"].keys(), path
            assert method != "post" or "requestBody" in operation or path.endswith(_BODILESS), path


def test_every_code_stands_as_an_example_of_its_status(document: dict[str, Any]) -> None:
    responses = document["components"]["responses"]
    for code, (status, _) in CODES.items():
        assert code in responses[f"Error{status}"]["content"]["application/json"]["examples"]


def test_only_what_everybody_may_read_takes_no_credential(document: dict[str, Any]) -> None:
    free = {
        path
        for path, operations in document["paths"].items()
        for one in operations.values()
        if "security" not in one
    }
    assert free == {"/health/live", "/health/ready"}


def test_a_wrong_method_is_told_which_ones_there_are(served: GatewayServer) -> None:
    with served.client() as client:
        answer = client.put("/v1/advice/adv_1")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")


def test_a_number_beyond_the_log_is_refused_by_name(served: GatewayServer) -> None:
    with served.client("olu") as client:
        for path in ("/v1/concerns?before=", "/v1/audit/events?start="):
            answer = client.get(f"{path}{2**63}")
            assert answer.status_code == 400
            assert answer.json()["error"]["param"] in ("before", "start")
