"""One whole gateway a test process; tests that change it for others start their own with `fresh`."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from gateway.redaction import RedactionSettings
from tests.gateway_server import GatewayServer
from tests.provider_server import ECHO, ProviderServer


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """In a module that is marked `ON_BOTH_STORES`, what happens must not depend on the database."""
    if getattr(metafunc.module, "ON_BOTH_STORES", False) and "gateway_server" in metafunc.fixturenames:
        metafunc.parametrize("gateway_server", ["sqlite", "postgresql"], indirect=True, scope="session")


@pytest.fixture(scope="session")
def provider_server() -> Iterator[ProviderServer]:
    with ProviderServer() as server:
        yield server


@pytest.fixture(scope="session")
def gateway_server(
    request: pytest.FixtureRequest, provider_server: ProviderServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[GatewayServer]:
    """On SQLite as it comes, and in modules that are `ON_BOTH_STORES` on PostgreSQL too, there without name models."""
    settings: dict[str, Any] = {}
    if getattr(request, "param", "sqlite") == "postgresql":
        postgres = request.getfixturevalue("postgres")
        settings = {
            "database": postgres.address(postgres.database()),
            "redaction": RedactionSettings(model=None),
        }
    with GatewayServer(tmp_path_factory.mktemp("gateway"), provider_server, **settings) as server:
        yield server


@pytest.fixture
def provider(provider_server: ProviderServer) -> ProviderServer:
    provider_server.answer = ECHO
    provider_server.tool_calls = []
    provider_server.answers.clear()
    provider_server.faults.clear()
    provider_server.requests.clear()
    provider_server.chunk_characters = 8
    provider_server.latency_seconds = provider_server.chunk_seconds = 0.0
    return provider_server


@pytest.fixture
def gateway(gateway_server: GatewayServer, provider: ProviderServer) -> GatewayServer:
    return gateway_server


@pytest.fixture
def fresh(tmp_path: Path, provider: ProviderServer) -> Iterator[Callable[..., GatewayServer]]:
    """Starts a gateway of the test's own; without the name model, which takes seconds to load."""
    with ExitStack() as stack:

        def start(**settings: Any) -> GatewayServer:
            patterns = {"redaction": RedactionSettings(model=None)}
            server = GatewayServer(tmp_path / "data", provider, **{**patterns, **settings})
            return stack.enter_context(server)

        yield start
