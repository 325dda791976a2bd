"""The port of monitoring, as `countersign serve` opens it: what monitoring reads, and nothing else."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.bench.service.gateways import Service
from tests.bench.service.kills import PATTERNS
from tests.bench.targets import free_port
from tests.forked_gateway import wait_until_ready
from tests.gateway_server import PLAIN
from tests.provider_server import ProviderServer


@pytest.fixture
def addresses(tmp_path: Path, provider: ProviderServer) -> Iterator[tuple[str, str]]:
    """A gateway's own address, and that of its monitoring port."""
    port = free_port()
    service = Service(tmp_path, provider.base_url, settings={**PATTERNS, "monitoring": {"port": port}})
    process, url = service.forked()
    try:
        wait_until_ready(process, url)
        yield url, f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.join()


def test_it_serves_what_monitoring_reads_without_a_credential_and_nothing_else(
    addresses: tuple[str, str],
) -> None:
    own, monitoring = addresses
    with httpx.Client(trust_env=False, verify=PLAIN) as client:
        for path in ("/metrics", "/info", "/health/live", "/health/ready"):
            assert client.get(monitoring + path).status_code == 200
        for path in ("/", "/sign-in", "/v1/models", "/openapi.json", "/audit/checkpoint", "/metrics/"):
            answer = client.get(monitoring + path)
            assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")
        for path in ("/metrics", "/info"):
            assert client.get(own + path).status_code == 401
