"""Bad input gets a clear error in OpenAI's shape; bodies are bounded; nothing is lost."""

import socket
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from gateway.errors import CODES
from gateway.redaction import RedactionSettings
from gateway.settings import Limits
from tests.gateway_server import PLAIN, GatewayServer

CHAT = "/v1/chat/completions"
HELLO = [{"role": "user", "content": "Hello"}]


def assert_error(answer: httpx.Response, status: int, code: str, param: str | None = None) -> None:
    """The one shape of every error."""
    assert answer.status_code == status, answer.text
    error = answer.json()["error"]
    assert {"message", "type", "code", "param"} <= set(error)
    assert error["code"] == code
    assert error["code"] in CODES
    assert error["message"]
    if param is not None:
        assert error["param"] == param
    assert answer.headers["x-request-id"]


def post(gateway: GatewayServer, content: bytes, **headers: str) -> httpx.Response:
    with gateway.client() as client:
        return client.post(CHAT, content=content, headers={"Content-Type": "application/json", **headers})


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b'{"model": "use"',
        b'{"model": NaN}',
        "{}".encode("utf-16"),
        b"\xff{}",
    ],
    ids=["empty", "cut", "list", "null", "text", "open", "nan", "utf16", "latin1"],
)
def test_a_body_that_is_no_json_object_is_a_400(gateway: GatewayServer, content: bytes) -> None:
    assert_error(post(gateway, content), 400, "invalid_json")


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"messages": HELLO}, "model"),
        ({"model": 7, "messages": HELLO}, "model"),
        ({"model": "use"}, "messages"),
        ({"model": "use", "messages": "Hello"}, "messages"),
        ({"model": "use", "messages": [1]}, "messages[0]"),
        ({"model": "use", "messages": [{"role": "user", "content": 7}]}, "messages[0].content"),
        ({"model": "use", "messages": HELLO, "metadata": "x"}, "metadata"),
        ({"model": "use", "messages": HELLO, "stream": "yes"}, "stream"),
        ({"model": "use", "messages": HELLO, "n": "two"}, "n"),
        ({"model": "use", "messages": HELLO, "n": 0}, "n"),
        ({"model": "use", "messages": HELLO, "temperature": "hot"}, "temperature"),
        ({"model": "use", "messages": HELLO, "seed": True}, "seed"),
        ({"model": "use", "messages": HELLO, "stop": [7]}, "stop"),
        ({"model": "use", "messages": HELLO, "tools": {}}, "tools"),
        ({"model": "use", "messages": HELLO, "tool_choice": 7}, "tool_choice"),
        ({"model": "use", "messages": HELLO, "response_format": "json"}, "response_format"),
        ({"model": "use", "messages": HELLO, "user": 7}, "user"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_type_is_named(gateway: GatewayServer, body: dict[str, Any], param: str) -> None:
    with gateway.client() as client:
        answer = client.post(CHAT, json=body)
    assert_error(answer, 400, "invalid_request", param)


@pytest.mark.parametrize("model", ["none", "", "gpt-4o", "../held"])
def test_an_unknown_policy_is_a_404(gateway: GatewayServer, model: str) -> None:
    assert_error(gateway.ask(model=model), 404, "unknown_policy", "model")


@pytest.mark.parametrize("path", ["/v2", "/v1", "/v1/completions", "/v1/advice/x/y", "/%2e%2e/etc"])
def test_an_unknown_path_is_a_404(gateway: GatewayServer, path: str) -> None:
    with gateway.client() as client:
        assert_error(client.get(path), 404, "not_found")


def test_a_wrong_method_is_a_405(gateway: GatewayServer) -> None:
    with gateway.client() as client:
        assert_error(client.delete(CHAT), 405, "method_not_allowed")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", CHAT),
        ("GET", "/v1/models"),
        ("GET", "/v1/advice"),
        ("GET", "/v1/advice/adv_1"),
        ("POST", "/v1/advice/adv_1/decisions"),
        ("POST", "/v1/advice/adv_1/view"),
        ("GET", "/v1/policies"),
        ("GET", "/v1/policies/use"),
        ("GET", "/v1/audit/events"),
        ("GET", "/v1/audit/events/0/proof"),
        ("GET", "/audit/checkpoint"),
        ("GET", "/audit/tile/0/000"),
        ("GET", "/v1/credentials"),
        ("POST", "/v1/credentials"),
        ("DELETE", "/v1/credentials/x"),
    ],
)
@pytest.mark.parametrize("token", [None, "cs_app_0000000000000000_" + "A" * 43], ids=["none", "unknown"])
def test_every_route_needs_a_credential(
    gateway: GatewayServer, method: str, path: str, token: str | None
) -> None:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    answer = httpx.request(method, gateway.url + path, headers=headers, verify=PLAIN)
    assert_error(answer, 401, "missing_credential" if token is None else "unknown_credential")


@pytest.mark.parametrize(
    ("who", "method", "path"),
    [
        ("application", "GET", "/v1/audit/events"),
        ("application", "GET", "/audit/checkpoint"),
        ("application", "GET", "/v1/credentials"),
        ("ben", "GET", "/audit/tile/0/000"),
        ("ben", "POST", CHAT),
        ("ben", "POST", "/v1/credentials"),
        ("olu", "POST", "/v1/credentials"),
        ("olu", "DELETE", "/v1/credentials/casebook"),
        ("olu", "POST", CHAT),
    ],
)
def test_what_a_role_may_not_do_is_a_403(gateway: GatewayServer, who: str, method: str, path: str) -> None:
    with gateway.client(who) as client:
        answer = client.request(method, path)
    assert answer.status_code == 403
    assert answer.json()["error"]["type"] == "permission_error"


def test_a_body_that_says_it_is_too_large_is_refused_before_it_is_read(gateway: GatewayServer) -> None:
    host, port = "127.0.0.1", gateway.settings.port
    head = f"POST {CHAT} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {gateway.key}\r\nContent-Length: 99999999\r\n\r\n"
    with socket.create_connection((host, port), timeout=10) as connection:
        connection.sendall(head.encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 413")


def test_a_body_that_grows_too_large_is_refused_while_it_is_read(gateway: GatewayServer) -> None:
    def pieces() -> Any:
        for _ in range(40):
            yield b"x" * 50_000

    with gateway.client() as client:
        try:
            answer = client.post(CHAT, content=pieces())
        except httpx.WriteError:
            return  # the gateway closed the connection in the middle of it, which is as good
    assert_error(answer, 413, "body_too_large")


def test_a_body_that_never_ends_is_a_408(fresh: Callable[..., GatewayServer]) -> None:
    gateway = fresh(limits=Limits(body_seconds=0.2))
    head = f"POST {CHAT} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {gateway.key}\r\nContent-Length: 100\r\n\r\n{{"
    with socket.create_connection(("127.0.0.1", gateway.settings.port), timeout=10) as connection:
        connection.sendall(head.encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 408")


@pytest.mark.parametrize("depth", [50, 1_000, 100_000])
def test_deep_nesting_is_refused_or_served_and_never_a_500(gateway: GatewayServer, depth: int) -> None:
    nested = b'{"model": "use", "messages": [], "x": ' + b"[" * depth + b"]" * depth + b"}"
    assert post(gateway, nested).status_code < 500


@pytest.mark.parametrize("field", ["status", "limit", "after"])
def test_a_wrong_query_is_named(gateway: GatewayServer, field: str) -> None:
    with gateway.client("ben") as client:
        assert_error(client.get("/v1/advice", params={field: "é"}), 400, "invalid_request", field)


def test_the_queue_is_paged_without_gaps_or_repeats(gateway: GatewayServer) -> None:
    for _ in range(5):
        gateway.ask(model="held")
    with gateway.client("ben") as client:
        everything = client.get("/v1/advice", params={"limit": 100, "policy": "held"}).json()["data"]
        seen: list[str] = []
        after = None
        while True:
            query = {"limit": 2, "policy": "held"} | ({"after": after} if after else {})
            page = client.get("/v1/advice", params=query).json()
            seen += [entry["id"] for entry in page["data"]]
            after = page["next"]
            if after is None:
                break
    assert seen[: len(everything)] == [entry["id"] for entry in everything]
    assert len(seen) == len(set(seen))


def test_metrics_count_by_route_status_and_code(gateway: GatewayServer) -> None:
    gateway.ask(model="none")
    text = gateway.client("olu").get("/metrics").text
    assert (
        'countersign_requests_total{code="unknown_policy",route="/v1/chat/completions",status="404"}' in text
    )


def test_info_names_the_log_and_its_key(gateway: GatewayServer) -> None:
    info = gateway.client("olu").get("/info").json()
    assert info["log"]["verifier_key"] == (gateway.settings.data / "log.vkey").read_text().strip()


def test_metrics_and_info_are_for_those_who_may_see_the_record(gateway: GatewayServer) -> None:
    for path in ("/metrics", "/info"):
        assert httpx.get(f"{gateway.url}{path}", verify=PLAIN).status_code == 401
        assert gateway.client("application").get(path).status_code == 403
        assert gateway.client("ana").get(path).status_code == 403
        assert gateway.client("ada").get(path).status_code == 200


def test_the_token_of_monitoring_reads_metrics_and_nothing_else(fresh: Callable[..., GatewayServer]) -> None:
    gateway = fresh(monitoring={"token": "watched"}, redaction=RedactionSettings(name_model=None))
    headers = {"Authorization": "Bearer watched"}
    assert httpx.get(f"{gateway.url}/metrics", headers=headers, verify=PLAIN).status_code == 200
    assert httpx.get(f"{gateway.url}/info", headers=headers, verify=PLAIN).status_code == 200
    assert httpx.get(f"{gateway.url}/v1/credentials", headers=headers, verify=PLAIN).status_code == 401
