"""What the threat model says of the gateway itself, where no other test shows it."""

import gzip
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.redaction import RedactionSettings
from tests.gateway_server import MASTER_KEY, PLAIN, GatewayServer
from tests.provider_server import Fault, ProviderServer
from tests.waiting import wait_for

ROOT = Path(__file__).parent.parent.parent
UNKNOWN = {"advice": "adv_" + "0" * 28, "response": "resp_adv_" + "0" * 28, "concern": "con_" + "0" * 20}
PATTERNS = RedactionSettings(name_model=None)


@pytest.fixture
def elsewhere() -> Iterator[ProviderServer]:
    """A server that nothing in the settings names."""
    with ProviderServer() as server:
        yield server


def test_a_caller_can_not_choose_where_a_request_goes(
    gateway: GatewayServer, elsewhere: ProviderServer
) -> None:
    for name in ("api_base", "base_url", "api_key", "extra_headers", "custom_llm_provider", "fallbacks"):
        gateway.ask(model="use", **{name: elsewhere.base_url})
        gateway.ask(model="use", metadata={name: elsewhere.base_url})
    assert elsewhere.requests == []


def test_a_provider_can_not_send_a_request_on_to_another_server(
    gateway: GatewayServer, provider: ProviderServer, elsewhere: ProviderServer
) -> None:
    for status in (301, 302, 307, 308):
        provider.faults.append(
            Fault(status=status, headers={"Location": f"{elsewhere.base_url}/chat/completions"})
        )
        assert gateway.ask(model="use").status_code in (400, 502)
    assert elsewhere.requests == []


def test_a_compressed_body_is_refused_and_not_unpacked(gateway: GatewayServer) -> None:
    body = {"model": "use", "messages": [{"role": "user", "content": "a" * 50_000_000}]}
    packed = gzip.compress(json.dumps(body).encode())
    with gateway.client() as client:
        answer = client.post("/v1/chat/completions", content=packed, headers={"Content-Encoding": "gzip"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid_json")


def routes_with_ids(gateway: GatewayServer) -> list[tuple[str, str]]:
    with gateway.client() as client:
        paths = client.get("/openapi.json").json()["paths"]
    names = tuple(f"{{{name}}}" for name in UNKNOWN)
    return [
        (method.upper(), path)
        for path, operations in paths.items()
        for method in operations
        if any(name in path for name in names)
    ]


def test_an_id_of_another_application_is_as_unknown_as_none_at_every_path(gateway: GatewayServer) -> None:
    advice = gateway.ask(model="held").headers["x-advice-id"]
    with gateway.client("ana") as client:
        concern = client.post("/v1/concerns", json={"policy": "held", "severity": "minor", "what": "Wrong."})
    real = {"advice": advice, "response": f"resp_{advice}", "concern": concern.json()["id"]}
    routes = routes_with_ids(gateway)
    assert len(routes) > 6
    with httpx.Client(
        base_url=gateway.url, headers={"Authorization": f"Bearer {gateway.other_key}"}, verify=PLAIN
    ) as other:
        for method, path in routes:
            answers = [other.request(method, path.format(**ids), json={}) for ids in (real, UNKNOWN)]
            assert answers[0].status_code in (403, 404, 422), path
            told = [re.sub(r"(adv|con)_\w+", "ID", answer.text) for answer in answers]
            assert told[0] == told[1], path


def test_what_a_caller_writes_into_a_path_never_reaches_a_log_line(
    gateway: GatewayServer, logged: io.StringIO
) -> None:
    with gateway.client() as client:
        for path in ("/v1/%0a%1b[31mSmith", "/v1/advice/Smith%0aevent=forged", "/v1/models/Smith?name=Smith"):
            client.get(path, headers={"X-Request-Id": "Smith\tforged", "User-Agent": "Smith"})
    wait_for(
        lambda: logged.getvalue().count('"event": "request"') >= 3
    )  # so that there is something to search
    assert "Smith" not in logged.getvalue()
    assert "forged" not in logged.getvalue()


def test_no_secret_stands_in_the_text_of_what_holds_it(fresh: Callable[..., GatewayServer]) -> None:
    secret = "whsec_" + "QUJD" * 8
    gateway = fresh(
        redaction=PATTERNS,
        monitoring={"token": "watched-token"},
        notices={"webhook": {"url": "http://127.0.0.1:9", "secret": secret}},
    )
    resources = gateway.resources
    secrets = [
        MASTER_KEY,
        "watched-token",
        secret,
        (gateway.settings.data / "log.key").read_text().split("+", 4)[-1],
    ]
    held: list[Any] = [gateway.settings, resources, resources.signer, resources.vault, resources.vault.ring]
    for one in held:
        for text in (repr(one), str(one)):
            assert not [hidden for hidden in secrets if hidden.strip() in text], type(one)


def test_each_threat_names_a_test_that_is_there() -> None:
    page = (ROOT / "docs" / "threat-model.md").read_text("utf-8")
    rows = page.partition("## Threats to the gateway")[2]
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", rows)
    assert len(named) >= 14
    for file, test in named:
        text = (ROOT / file).read_text("utf-8")
        assert not test or f"def {test}(" in text, test
