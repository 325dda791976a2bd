"""Alerts and dashboard: Prometheus reads them, each alert fires, and names only metrics that the gateway has."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from gateway.telemetry import Metrics

ROOT = Path(__file__).parent.parent.parent
MONITORING = ROOT / "packaging" / "monitoring"
ALERTS = yaml.safe_load((MONITORING / "alerts.yaml").read_text("utf-8"))["groups"][0]["rules"]
DASHBOARD: dict[str, Any] = json.loads((MONITORING / "dashboard.json").read_text("utf-8"))


def promtool(*arguments: str) -> subprocess.CompletedProcess[str]:
    found = shutil.which("promtool")
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("promtool is missing; it is in Debian's package prometheus")
        pytest.skip("needs promtool: apt-get install prometheus")
    return subprocess.run([found, *arguments], capture_output=True, text=True, cwd=MONITORING, check=False)


@pytest.mark.parametrize(
    "arguments", [("check", "rules", "alerts.yaml"), ("test", "rules", "alerts_test.yaml")]
)
def test_prometheus_reads_the_rules_and_each_fires(arguments: tuple[str, ...]) -> None:
    done = promtool(*arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "SUCCESS" in done.stdout


def test_each_alert_is_made_to_fire_and_has_a_section_that_says_what_to_do() -> None:
    tests = yaml.safe_load((MONITORING / "alerts_test.yaml").read_text("utf-8"))["tests"]
    fired = [one["alertname"] for test in tests for one in test["alert_rule_test"] if one["exp_alerts"]]
    names = [rule["alert"] for rule in ALERTS]
    assert fired == names
    sections = re.split(r"^## ", (ROOT / "docs" / "alerts.md").read_text("utf-8"), flags=re.MULTILINE)[1:]
    assert [section.split("\n")[0] for section in sections] == names
    assert all("**What to do.**" in section for section in sections)
    assert [rule["annotations"]["runbook"] for rule in ALERTS] == [
        f"docs/alerts.md#{name.lower()}" for name in names
    ]


def known() -> set[str]:
    """The names under which the gateway's metrics are read."""
    metrics = Metrics()
    metrics.watch_witnessing(lambda: None, lambda: None)
    names = set()
    for family in metrics.registry.collect():
        names |= {family.name} | {
            f"{family.name}{suffix}" for suffix in ("_total", "_bucket", "_count", "_sum")
        }
    return names


def expressions() -> list[str]:
    panels = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
    return [rule["expr"] for rule in ALERTS] + panels


@pytest.mark.parametrize("expression", expressions())
def test_only_metrics_that_the_gateway_has_are_asked_for(expression: str) -> None:
    assert set(re.findall(r"countersign_\w+", expression)) <= known()


def test_the_dashboard_is_one_that_grafana_reads() -> None:
    panels = DASHBOARD["panels"]
    assert {"title", "uid", "schemaVersion", "time", "templating", "panels"} <= DASHBOARD.keys()
    assert [panel["id"] for panel in panels] == list(range(1, len(panels) + 1))
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken
        taken |= cells
        assert panel["type"] in ("stat", "timeseries")
        assert panel["datasource"] == {"type": "prometheus", "uid": "${datasource}"}
        references = [target["refId"] for target in panel["targets"]]
        assert len(set(references)) == len(references)
