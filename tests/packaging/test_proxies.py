"""The examples of reverse proxies, run: TLS outside, streams as they come, and nothing for monitoring."""

import os
import re
import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from gateway.redaction import RedactionSettings
from tests.certificates import self_signed
from tests.free_port import free_port
from tests.gateway_server import GatewayServer
from tests.provider_server import ProviderServer
from tests.waiting import wait_for

PROXY = Path(__file__).parent.parent.parent / "packaging" / "proxy"
NAME = "gateway.example"


def tool(name: str) -> str:
    found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin")
    if found is None:
        if os.environ.get("CI"):
            pytest.fail(f"{name} is missing; it is a package of Debian's")
        pytest.skip(f"needs {name}: apt-get install {name}")
    return found


@pytest.fixture(scope="module")
def provider() -> Iterator[ProviderServer]:
    with ProviderServer() as server:
        yield server


@pytest.fixture(scope="module")
def gateway(provider: ProviderServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GatewayServer]:
    folder = tmp_path_factory.mktemp("gateway")
    with GatewayServer(folder, provider, redaction=RedactionSettings(name_model=None)) as server:
        yield server


def nginx(folder: Path, port: int, upstream: int, chain: Path, key: Path) -> list[str]:
    text = (PROXY / "nginx.conf").read_text("utf-8")
    text = re.sub(
        r"    server 10\.0\.0\.11:8080;\n    server 10\.0\.0\.12:8080;",
        f"    server 127.0.0.1:{upstream};",
        text,
    )
    text = text.replace("listen 443 ssl", f"listen 127.0.0.1:{port} ssl")
    text = text.replace("/etc/ssl/gateway.example.pem", str(chain)).replace(
        "/etc/ssl/gateway.example.key", str(key)
    )
    temporary = "".join(
        f"{name}_temp_path {folder}/{name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = f"pid {folder}/pid; error_log {folder}/error.log; daemon off;\nevents {{}}\n"
    (folder / "nginx.conf").write_text(f"{whole}http {{ access_log off;\n{temporary}{text}}}\n", "utf-8")
    return [tool("nginx"), "-p", str(folder), "-c", str(folder / "nginx.conf")]


def caddy(folder: Path, port: int, upstream: int, chain: Path, key: Path) -> list[str]:
    text = (
        (PROXY / "Caddyfile")
        .read_text("utf-8")
        .replace("10.0.0.11:8080 10.0.0.12:8080", f"127.0.0.1:{upstream}")
    )
    text = text.replace(f"{NAME} {{", f"https://{NAME}:{port} {{\n\tbind 127.0.0.1\n\ttls {chain} {key}")
    (folder / "Caddyfile").write_text(f"{{\n\tadmin off\n\tauto_https disable_redirects\n}}\n{text}", "utf-8")
    return [tool("caddy"), "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


@pytest.fixture(scope="module", params=[nginx, caddy], ids=["nginx", "caddy"])
def through(
    request: pytest.FixtureRequest, gateway: GatewayServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    """A client of the gateway by way of the proxy."""
    folder = tmp_path_factory.mktemp("proxy")
    folder.chmod(0o755)
    chain, key = self_signed(folder, NAME)
    trusted = ssl.create_default_context(cafile=str(chain))
    port = free_port()
    command = request.param(folder, port, gateway.settings.port, chain, key)
    home = {**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    process = subprocess.Popen(
        command, cwd=folder, env=home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    client = httpx.Client(
        base_url=f"https://127.0.0.1:{port}",
        verify=trusted,
        timeout=20,
        headers={"Host": NAME, "Authorization": f"Bearer {gateway.key}"},
    )
    try:
        wait_for(lambda: answers(client))
        yield client
    finally:
        client.close()
        process.terminate()
        process.wait(20)


def answers(client: httpx.Client) -> bool:
    try:
        return get(client, "/health/live").status_code == 200
    except httpx.TransportError:
        return False


def get(client: httpx.Client, path: str) -> httpx.Response:
    return client.get(path, extensions={"sni_hostname": NAME})


def test_what_monitoring_reads_stays_inside(through: httpx.Client) -> None:
    for path in ("/metrics", "/info"):
        assert get(through, path).status_code == 404
    assert get(through, "/v1/models").status_code == 200
    assert "max-age" in get(through, "/v1/models").headers["strict-transport-security"]


def test_a_stream_comes_as_the_provider_sends_it(through: httpx.Client, provider: ProviderServer) -> None:
    provider.chunk_seconds = 0.3
    body = {
        "model": "use",
        "stream": True,
        "messages": [{"role": "user", "content": "One two three four five six"}],
    }
    with through.stream(
        "POST", "/v1/chat/completions", json=body, extensions={"sni_hostname": NAME}
    ) as stream:
        assert stream.status_code == 200
        came = [time.monotonic() for line in stream.iter_lines() if line.startswith("data: {")]
    provider.chunk_seconds = 0.0
    assert len(came) > 3
    assert came[-1] - came[0] > 0.5  # they did not wait for each other
