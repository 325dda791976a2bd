"""One whole gateway a test process; tests that change it for others start their own with `fresh`."""

import io
import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import structlog

from gateway.redaction import RedactionSettings
from gateway.telemetry import configure_logs
from tests.gateway_server import GatewayServer
from tests.postgres_server import PostgresServer
from tests.provider_server import ProviderServer


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """In a module that is marked `ON_BOTH_STORES`, what happens must not depend on the database."""
    if getattr(metafunc.module, "ON_BOTH_STORES", False) and "gateway" in metafunc.fixturenames:
        metafunc.parametrize("gateway", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture(scope="session")
def provider_server() -> Iterator[ProviderServer]:
    with ProviderServer() as server:
        yield server


@pytest.fixture(scope="session")
def gateway_server(
    provider_server: ProviderServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[GatewayServer]:
    """As it comes: on SQLite."""
    with GatewayServer(tmp_path_factory.mktemp("gateway"), provider_server) as server:
        yield server


@pytest.fixture(scope="session")
def postgres_gateway_server(
    postgres: PostgresServer, provider_server: ProviderServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[GatewayServer]:
    """On PostgreSQL, and without the name models, which other tests are about."""
    settings = {
        "database": postgres.address(postgres.database()),
        "redaction": RedactionSettings(name_model=None),
    }
    with GatewayServer(tmp_path_factory.mktemp("gateway"), provider_server, **settings) as server:
        yield server


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """The lines that gateways of this process write, of every level."""
    stream, root = io.StringIO(), logging.getLogger()
    before = root.handlers[:]
    configure_logs("debug", stream)
    structlog.configure(cache_logger_on_first_use=False)  # else the next test's lines go here, too
    root.setLevel(logging.DEBUG)
    yield stream
    structlog.reset_defaults()
    root.handlers[:] = before


@pytest.fixture
def provider(provider_server: ProviderServer) -> ProviderServer:
    provider_server.reset()
    return provider_server


@pytest.fixture
def gateway(request: pytest.FixtureRequest, provider: ProviderServer) -> GatewayServer:
    on_postgresql = getattr(request, "param", "sqlite") == "postgresql"
    server: GatewayServer = request.getfixturevalue(
        "postgres_gateway_server" if on_postgresql else "gateway_server"
    )
    return server


@pytest.fixture
def fresh(tmp_path: Path, provider: ProviderServer) -> Iterator[Callable[..., GatewayServer]]:
    """Starts a gateway of the test's own; without the name model, which takes seconds to load."""
    with ExitStack() as stack:

        def start(**settings: Any) -> GatewayServer:
            patterns = {"redaction": RedactionSettings(name_model=None)}
            server = GatewayServer(tmp_path / "data", provider, **{**patterns, **settings})
            return stack.enter_context(server)

        yield start
