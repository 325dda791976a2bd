"""What the chart's pods run, run here with their own words on a PostgreSQL: only the folders are other ones."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from tests.free_port import free_port
from tests.gateway.test_commands import COMMAND, command
from tests.gateway_server import MASTER_KEY, PLAIN, POLICIES, PROMPTS
from tests.packaging.test_chart import CHART, EXAMPLES, pods
from tests.packaging.tools import tool
from tests.postgres_server import PostgresServer
from tests.waiting import wait_for

pytestmark = pytest.mark.xdist_group("postgresql commands")


class Cluster(NamedTuple):
    """The folders that stand for what is mounted, and the pods of the chart."""

    folder: Path
    gateway: dict[str, Any]
    job: dict[str, Any]

    def place(self, text: str, pod: str) -> str:
        """A path of a container, in this pod's own folders; secrets are the same for all."""
        for inside, here in (
            ("/run/log", self.folder / "log"),
            ("/run/secrets/countersign", self.folder / "secrets"),
            ("/etc/countersign", self.folder),
            ("/data", self.folder / pod),
        ):
            text = text.replace(inside, str(here))
        return text

    def start_folder(self, pod: str) -> None:
        (self.folder / pod).mkdir()
        (init,) = self.gateway["initContainers"]
        command = [self.place(word, pod) for word in init["command"]]
        subprocess.run(command, check=True, capture_output=True, timeout=60)

    def variables(self, container: dict[str, Any], pod: str) -> dict[str, str]:
        return {one["name"]: self.place(one["value"], pod) for one in container["env"]}

    def command(self, container: dict[str, Any], pod: str) -> list[str]:
        first, *rest = container["args"]
        assert first == "countersign"
        return [*map(str, COMMAND), *(self.place(word, pod) for word in rest)]


@pytest.fixture
def cluster(postgres: PostgresServer, tmp_path: Path) -> Cluster:
    """The first `countersign database prepare` was done at an operator's machine, as the how-to says."""
    rendering = [tool("python"), Path(__file__).with_name("chart_tool.py"), CHART]
    values = {**EXAMPLES["department"], "settings": {"redaction": {"name_model": None}}}
    done = subprocess.run(
        rendering, input=json.dumps({"one": values}), capture_output=True, text=True, check=True
    )
    gateway, job = pods(json.loads(done.stdout)["one"])
    name = postgres.empty_database()
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    (secrets / "COUNTERSIGN_DATABASE").write_text(postgres.address(name))
    (secrets / "COUNTERSIGN_MASTER_KEY").write_text(MASTER_KEY)
    (secrets / "COUNTERSIGN_DATABASE_OWNER").write_text(postgres.address(name, "owner"))
    first = command(
        "database", "prepare", COUNTERSIGN_DATA=str(tmp_path / "log"), COUNTERSIGN_SECRETS=str(secrets)
    )
    assert first.returncode == 0, first.stderr
    (tmp_path / "countersign.yaml").write_text(json.dumps(values["settings"]))
    return Cluster(tmp_path, gateway, job)


@contextmanager
def running(cluster: Cluster, pod: str) -> Iterator[str]:
    """A gateway's pod on loopback; gives its address."""
    cluster.start_folder(pod)
    (container,) = cluster.gateway["containers"]
    port, monitoring = str(free_port()), str(free_port())
    environ = os.environ | cluster.variables(container, pod)
    environ |= {"COUNTERSIGN_HOST": "127.0.0.1", "COUNTERSIGN_PORT": port}
    environ |= {"COUNTERSIGN_MONITORING__HOST": "127.0.0.1", "COUNTERSIGN_MONITORING__PORT": monitoring}
    environ |= {"COUNTERSIGN_POLICIES": str(POLICIES), "COUNTERSIGN_PROMPTS": str(PROMPTS)}
    with subprocess.Popen(cluster.command(container, pod), env=environ, stderr=subprocess.DEVNULL) as process:
        try:
            address = f"http://127.0.0.1:{port}"
            ready = container["readinessProbe"]["httpGet"]["path"]
            wait_for(lambda: answers(address + ready), 60)
            yield address
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def answers(address: str) -> bool:
    try:
        return httpx.get(address, trust_env=False, verify=PLAIN).status_code == 200
    except httpx.TransportError:
        return False


def test_pods_start_on_empty_folders_and_prepare_the_database_again(cluster: Cluster) -> None:
    with running(cluster, "one") as address:
        cluster.start_folder("job")
        (container,) = cluster.job["containers"]
        done = command(*container["args"][1:], **cluster.variables(container, "job"))
        assert done.returncode == 0, done.stderr
        assert "prepared" in done.stdout
        # Events that are newer than the checkpoint in the Secret: another pod starts from that old one all the same.
        made = command("keys", "application", "casebook", **cluster.variables(container, "one"))
        key = {"Authorization": f"Bearer {made.stdout.split()[-1]}"}
        with running(cluster, "two") as other:
            for one in (address, other):
                assert (
                    httpx.get(f"{one}/v1/models", headers=key, trust_env=False, verify=PLAIN).status_code
                    == 200
                )
