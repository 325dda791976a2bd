"""The image: what can be told of it without a Docker engine, and its health check against a gateway."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from tests.gateway_server import GatewayServer
from tests.packaging.tools import ROOT, tool

DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))


def test_hadolint_finds_nothing() -> None:
    done = subprocess.run(
        [tool("hadolint"), ROOT / "Dockerfile"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_the_base_is_named_by_its_digest_only() -> None:
    assert re.findall(r"^ARG BASE(.*)$", DOCKERFILE, re.MULTILINE) == [""]
    assert set(re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)) == {"${BASE}"}
    assert (
        COMPOSE["x-gateway"]["build"]["args"]["BASE"]
        == "${BASE:?the base image by its digest: see Dockerfile}"
    )


def test_the_image_runs_as_a_number_that_is_not_root_and_checks_itself() -> None:
    last = DOCKERFILE.rpartition("\nFROM ")[2]
    assert "USER 10001:10001" in last
    assert "RUN" not in last
    assert 'CMD ["countersign-health"]' in last


def test_every_file_that_the_image_copies_is_there_and_not_ignored() -> None:
    ignored = set((ROOT / ".dockerignore").read_text("utf-8").split())
    for line in re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE):
        for name in line.split():
            assert (ROOT / name).exists()
            assert name not in ignored


def test_compose_reads_its_file() -> None:
    found = shutil.which("docker-compose")
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("docker-compose is missing; it is in Debian's package of that name")
        pytest.skip("needs docker-compose: apt-get install docker-compose")
    needed = {"BASE": "python@sha256:0", "DATABASE_PASSWORD": "a", "DATABASE_OWNER_PASSWORD": "b"}
    done = subprocess.run(
        [found, "-f", ROOT / "docker-compose.yml", "config"],
        capture_output=True,
        text=True,
        env={**os.environ, **needed},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    gateway = yaml.safe_load(done.stdout)["services"]["gateway-1"]
    assert gateway["read_only"] is True
    assert gateway["cap_drop"] == ["ALL"]


def health(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from gateway.healthcheck import main; main()", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=60, env={**os.environ, **environ}, check=False
    )


def test_the_health_check_tells_a_ready_gateway_from_one_that_is_not(
    fresh: Callable[..., GatewayServer],
) -> None:
    gateway = fresh()
    port = str(gateway.settings.port)
    well = health(COUNTERSIGN_PORT=port, http_proxy="http://127.0.0.1:9")
    assert (well.returncode, '"status":"ready"' in well.stdout) == (0, True)
    assert health(f"{gateway.url}/nowhere").returncode == 1
    gateway.stop()
    gone = health(COUNTERSIGN_PORT=port)
    assert gone.returncode == 1
    assert "no answer" in gone.stdout
