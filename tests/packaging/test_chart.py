"""The Helm chart: rendered by Helm's own code with three sets of values, and held to Kubernetes' schemas."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from gateway.settings import Limits, load_settings
from tests.packaging.tools import ROOT, secret_settings, tool

CHART = ROOT / "packaging" / "helm" / "countersign"
EXAMPLES = {
    file.stem: yaml.safe_load(file.read_text("utf-8"))
    for file in sorted((CHART.parent / "examples").glob("*.yaml"))
}
pytestmark = pytest.mark.xdist_group("chart")

HEADERS = ("Authorization", "api-key", "X-Auth-Token", "Cookie", "Client-Secret")


def changed(values: Mapping[str, Any], *path: str, to: Any) -> dict[str, Any]:
    """The values with another one at `path`."""
    first, *rest = path
    inner = changed(values.get(first, {}), *rest, to=to) if rest else to
    return {**values, first: inner}


REFUSED = {
    **{
        f"secret {'.'.join(where)}": changed(EXAMPLES["small"], "settings", *where, to="hush")
        for where in secret_settings()
    },
    **{
        f"header {name}": changed(
            EXAMPLES["small"], "settings", "models", "default", "headers", name, to="hush"
        )
        for name in HEADERS
    },
    "a tag for an image": changed(EXAMPLES["small"], "image", "digest", to="latest"),
    "no digest": changed(EXAMPLES["small"], "image", "digest", to=""),
    "no secrets": changed(EXAMPLES["small"], "secrets", to=""),
    "no log key": changed(EXAMPLES["small"], "log", to=""),
    "everybody as the provider": changed(EXAMPLES["small"], "network", "provider", "to", to=[]),
    "everybody as the database": changed(EXAMPLES["small"], "network", "database", "to", to=[]),
    "everybody as DNS": changed(EXAMPLES["small"], "network", "dns", to=[]),
    "everybody as another": changed(EXAMPLES["small"], "network", "others", to=[{"to": [], "ports": [443]}]),
    "every port of another": changed(
        EXAMPLES["small"], "network", "others", to=[{"to": [{"podSelector": {}}], "ports": []}]
    ),
    "a value that is not known": changed(EXAMPLES["small"], "replica", to=3),
    "a file outside": changed(EXAMPLES["small"], "files", "../x", to=""),
    "scaled by nothing": changed(
        changed(EXAMPLES["department"], "autoscaling", "cpuPercent", to=0),
        "autoscaling",
        "queueAge",
        "seconds",
        to=0,
    ),
}


PATIENT = {"patient": changed(EXAMPLES["small"], "settings", "limits", "stop_seconds", to=120)}
"""What a gateway may finish when it ends takes minutes here."""
STOP_SECONDS = 10
"""What a gateway takes at most beyond `limits.stop_seconds`: docs/operations.md."""


@pytest.fixture(scope="module")
def rendered() -> dict[str, Any]:
    """All that the tests of this module look at, by one run of Helm."""
    command = [tool("python"), Path(__file__).with_name("chart_tool.py"), CHART]
    done = subprocess.run(
        command, input=json.dumps(EXAMPLES | REFUSED | PATIENT), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def manifests(found: Mapping[str, Any], kind: str) -> list[dict[str, Any]]:
    texts = (text for path, text in found["files"].items() if path.endswith(".yaml"))
    every = [one for text in texts for one in yaml.safe_load_all(text) if one]
    return [one for one in every if one["kind"] == kind]


def pods(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        one["spec"]["template"]["spec"] for kind in ("Deployment", "Job") for one in manifests(found, kind)
    ]


def test_helm_finds_no_mistake(rendered: dict[str, Any]) -> None:
    assert rendered["lint"] == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_kubernetes_would_take_every_manifest(name: str, rendered: dict[str, Any]) -> None:
    assert "error" not in rendered[name], rendered[name]
    assert rendered[name]["mistakes"] == []


@pytest.mark.parametrize("name", REFUSED)
def test_values_that_would_be_unsafe_are_refused(name: str, rendered: dict[str, Any]) -> None:
    assert rendered[name].get("error")


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_pod_has_no_rights_and_no_token(name: str, rendered: dict[str, Any]) -> None:
    for pod in pods(rendered[name]):
        assert pod["automountServiceAccountToken"] is False
        assert pod["enableServiceLinks"] is False
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["runAsUser"] >= 10_000
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        for container in pod["initContainers"] + pod["containers"]:
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }
            assert container["image"].endswith("@" + EXAMPLES[name]["image"]["digest"])


@pytest.mark.parametrize("name", EXAMPLES)
def test_secrets_are_files_and_none_is_a_variable(name: str, rendered: dict[str, Any]) -> None:
    for pod in pods(rendered[name]):
        for container in pod["initContainers"] + pod["containers"]:
            assert "envFrom" not in container
            assert all("valueFrom" not in variable for variable in container.get("env", []))
        environ = {one["name"]: one["value"] for one in pod["containers"][0]["env"]}
        mounted = {one["mountPath"]: one["name"] for one in pod["containers"][0]["volumeMounts"]}
        volume = next(one for one in pod["volumes"] if one["name"] == mounted[environ["COUNTERSIGN_SECRETS"]])
        assert EXAMPLES[name]["secrets"] in json.dumps(volume)
    assert manifests(rendered[name], "Secret") == []


@pytest.mark.parametrize("name", ["department", "inside"])
def test_only_the_job_that_prepares_the_database_has_its_owner(name: str, rendered: dict[str, Any]) -> None:
    gateway, job = pods(rendered[name])
    assert "countersign-owner" not in json.dumps(gateway)
    assert "countersign-owner" in json.dumps(job)
    assert job["containers"][0]["args"] == ["countersign", "database", "prepare"]


def test_whoever_would_kill_a_gateway_waits_until_it_has_ended(rendered: dict[str, Any]) -> None:
    default = Limits().stop_seconds
    for name, seconds in (("small", default), ("patient", 120)):
        pod = pods(rendered[name])[0]
        before = int(pod["containers"][0]["lifecycle"]["preStop"]["exec"]["command"][1])
        assert pod["terminationGracePeriodSeconds"] > before + seconds + STOP_SECONDS
    unit = (ROOT / "packaging" / "systemd" / "countersign.service").read_text("utf-8")
    assert int(unit.partition("TimeoutStopSec=")[2].split()[0]) > default + STOP_SECONDS
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"]
    for name in ("gateway-1", "gateway-2"):
        assert int(services[name]["stop_grace_period"].removesuffix("s")) > default + STOP_SECONDS


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_probes_and_variables_are_those_of_a_gateway(
    name: str, rendered: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    container = pods(rendered[name])[0]["containers"][0]
    paths = {container[f"{kind}Probe"]["httpGet"]["path"] for kind in ("startup", "liveness", "readiness")}
    assert paths == {"/health/live", "/health/ready"}
    config = tmp_path / "countersign.yaml"
    config.write_text(manifests(rendered[name], "ConfigMap")[0]["data"]["countersign.yaml"])
    for variable in container["env"]:
        monkeypatch.setenv(variable["name"], variable["value"])
    monkeypatch.delenv("COUNTERSIGN_SECRETS")
    settings = load_settings(config)
    assert (settings.port, settings.monitoring.port) == tuple(
        one["containerPort"] for one in container["ports"]
    )


@pytest.mark.parametrize("name", EXAMPLES)
def test_only_what_the_values_name_may_be_reached(name: str, rendered: dict[str, Any]) -> None:
    (policy,) = manifests(rendered[name], "NetworkPolicy")
    network = EXAMPLES[name]["network"]
    named = [network["provider"], network["database"], *network.get("others", [])]
    assert policy["spec"]["policyTypes"] == ["Ingress", "Egress"]
    dns, *rest = policy["spec"]["egress"]
    assert {port["port"] for port in dns["ports"]} == {53}
    assert [rule["to"] for rule in rest] == [one["to"] for one in named]
    assert [[port["port"] for port in rule["ports"]] for rule in rest] == [one["ports"] for one in named]
    labels = manifests(rendered[name], "Deployment")[0]["spec"]["template"]["metadata"]["labels"]
    assert policy["spec"]["podSelector"]["matchLabels"].items() <= labels.items()


@pytest.mark.parametrize("name", EXAMPLES)
def test_metrics_are_reached_by_those_who_are_named(name: str, rendered: dict[str, Any]) -> None:
    (policy,) = manifests(rendered[name], "NetworkPolicy")
    ports = {rule["ports"][0]["port"]: rule.get("from") for rule in policy["spec"]["ingress"]}
    assert ports.get(9090) == EXAMPLES[name]["network"].get("monitoring")
    public = [port["targetPort"] for port in manifests(rendered[name], "Service")[0]["spec"]["ports"]]
    assert public == ["http"]


def test_gateways_are_added_by_the_age_of_the_queue_and_the_load(rendered: dict[str, Any]) -> None:
    (scaler,) = manifests(rendered["department"], "HorizontalPodAutoscaler")
    kinds = {metric["type"] for metric in scaler["spec"]["metrics"]}
    assert kinds == {"Resource", "External"}
    assert "replicas" not in manifests(rendered["department"], "Deployment")[0]["spec"]
    assert manifests(rendered["inside"], "HorizontalPodAutoscaler") == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_some_gateway_stays_while_nodes_are_emptied(name: str, rendered: dict[str, Any]) -> None:
    (budget,) = manifests(rendered[name], "PodDisruptionBudget")
    labels = manifests(rendered[name], "Deployment")[0]["spec"]["template"]["metadata"]["labels"]
    assert budget["spec"]["selector"]["matchLabels"].items() <= labels.items()
    assert budget["spec"]["maxUnavailable"] in (1, "34%")


def test_policies_of_ones_own_lie_where_the_gateway_looks(rendered: dict[str, Any]) -> None:
    pod = pods(rendered["inside"])[0]
    (config,) = manifests(rendered["inside"], "ConfigMap")
    items = next(one for one in pod["volumes"] if one["name"] == "settings")["configMap"]["items"]
    files = {item["path"]: config["data"][item["key"]] for item in items}
    assert files["policies/plain.yaml"] == EXAMPLES["inside"]["files"]["policies/plain.yaml"]
    environ = {one["name"]: one["value"] for one in pod["containers"][0]["env"]}
    assert environ["COUNTERSIGN_POLICIES"] == "/etc/countersign/policies"
