"""Departments reach the outside through a proxy: the environment's is used, and nothing goes past it."""

import pytest

from gateway.providers import ModelRoute, RouteInvalid
from tests.provider_server import ProviderServer
from tests.providers.conftest import REQUEST, Build

OUTSIDE = ModelRoute(model="openai/m", api_base="http://models.example/v1", retries=0)


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
async def test_a_provider_is_asked_through_the_environments_proxy(
    server: ProviderServer, build: Build, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, server.base_url.removesuffix("/v1").replace("//", "//gate:way@"))
    await build(m=OUTSIDE).complete(["m"], REQUEST)
    assert server.requests[0].path == "http://models.example/v1/chat/completions"
    assert server.requests[0].headers["host"] == "models.example"
    assert server.requests[0].headers["proxy-authorization"] == "Basic Z2F0ZTp3YXk="


async def test_a_host_of_no_proxy_is_asked_directly(
    server: ProviderServer, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    local = ModelRoute(model="openai/m", api_base=server.base_url, retries=0)
    await build(m=local).complete(["m"], REQUEST)
    assert server.requests[0].path == "/v1/chat/completions"


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1080", "ftp://127.0.0.1"])
def test_a_proxy_that_can_not_be_used_ends_the_start(
    build: Build, monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    with pytest.raises(RouteInvalid, match="HTTPS_PROXY"):
        build(m=OUTSIDE)
