"""What each alert asks for is what a running gateway exports once that has come about: names, labels and their values.

`tests/packaging/test_monitoring.py` has Prometheus evaluate the rules on series that are written down.
"""

import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from gateway.providers import ModelRoute
from gateway.redaction import RedactionSettings
from tests.gateway_server import POLICIES, PROMPTS, GatewayServer
from tests.packaging.test_monitoring import ALERTS, DASHBOARD
from tests.provider_server import Fault, ProviderServer
from tests.waiting import wait_for

NOWHERE = "http://127.0.0.1:9"
PATTERNS = RedactionSettings(name_model=None)
OF_PROMETHEUS = {"instance", "job", "le"}
ADDED = {
    "limited": {"limits": {"tokens_per_day": 2_000, "warn_at": 50}},
    "alerting": {
        "review": {"gate": "release", "decide_within": "1h"},
        "alerts": [{"id": "doubt", "over": 10, "when": "decisions.accepted < 0.5", "say": "Look."}],
    },
}
"""Policies beside those of all tests, with what each differs in."""


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Sample]]:
    """All that gateways export after each thing that an alert tells of has come about."""
    folder = tmp_path_factory.mktemp("alerts")
    with ProviderServer() as provider, pytest.MonkeyPatch.context() as patch:
        patch.setattr("gateway.startup.periodic_tasks._METRICS_SECONDS", 0.1)
        policies = Path(shutil.copytree(POLICIES, folder / "policies"))
        for name, differs in ADDED.items():
            policy = yaml.safe_load((POLICIES / "use.yaml").read_text("utf-8")) | differs
            (policies / f"{name}.yaml").write_text(yaml.safe_dump({**policy, "id": name}), "utf-8")
        yield [*_troubled(folder, policies, provider), *_without_analyzer(folder, provider)]


def _troubled(folder: Path, policies: Path, provider: ProviderServer) -> list[Sample]:
    hook = {"url": f"{NOWHERE}/hook", "secret": "whsec_" + "A" * 32}
    route = ModelRoute(model="openai/test-model", api_base=provider.base_url, retries=1, timeout_seconds=5)

    def gateway() -> GatewayServer:
        return GatewayServer(
            folder / "data",
            provider,
            policies=policies,
            prompts=PROMPTS,
            models={"default": route},
            redaction=PATTERNS,
            notices={"webhook": hook, "every_seconds": 0.1},
        )

    with gateway() as first:
        held = _fail(first, provider)
        _be_decided_badly(first)
        (policies / "held.yaml").write_text("id: [", "utf-8")
        first.hang_up()
        wait_for(lambda: value(first, "countersign_policy_problems"))
        for name in (
            "countersign_alerts_total",
            "countersign_notices_failed_total",
            "countersign_overdue_advice",
        ):
            wait_for(lambda name=name: value(first, name))  # type: ignore[misc]
        found = scrape(first)
    shutil.copyfile(POLICIES / "held.yaml", policies / "held.yaml")
    with closing(sqlite3.connect(folder / "data" / "countersign.db")) as database:
        database.execute("DELETE FROM sealed WHERE advice = ? AND kind = 'answer'", (held,))
        database.commit()
    second = gateway()
    second._make_people = lambda: None  # type: ignore[method-assign]
    second.key, second.people = first.key, first.people
    with second:
        admin = second.client("ada")  # known to it before the log has stopped
        second.resources.log.close()
        assert second.ask(model="use").status_code == 503
        wait_for(lambda: not _value(admin.get("/metrics").text, "countersign_ready", check="log"))
        return [*found, *samples(admin.get("/metrics").text)]


def _fail(gateway: GatewayServer, provider: ProviderServer) -> str:
    """Have requests fail, and be answered by a second try; gives the id of advice that waits."""
    provider.faults += [Fault(status=500)] * 2
    assert gateway.ask(model="use").status_code == 502
    provider.faults.append(Fault(status=500))
    held = gateway.ask("Mr John Smith asks, NI AB123456C.", model="held")
    advice = str(held.headers["x-advice-id"])
    gateway.ask(model="due")
    gateway.ask(model="limited", max_tokens=1_200)
    gateway.ask("Again.", model="limited", max_tokens=1_999)
    with gateway.client("ben") as reviewer:
        reported = reviewer.post(f"/v1/advice/{advice}/missed-redactions", json={"value": "John Smith"})
        assert reported.status_code == 201, reported.text
    return advice


def _be_decided_badly(gateway: GatewayServer) -> None:
    for number in range(10):
        advice = gateway.ask(f"Case {number}.", model="alerting").headers["x-advice-id"]
        assert gateway.decide("ben", advice, "reject", reason="No.").status_code == 201


def _without_analyzer(folder: Path, provider: ProviderServer) -> list[Sample]:
    redaction = RedactionSettings.model_validate(
        {"name_model": None, "analyzer_server": {"url": NOWHERE, "entities": ["PERSON"]}}
    )
    with GatewayServer(folder / "other", provider, redaction=redaction) as gateway:
        assert gateway.ask(model="use").json()["error"]["code"] == "analyzer_unavailable"
        return scrape(gateway)


def samples(text: str) -> list[Sample]:
    return [one for family in text_string_to_metric_families(text) for one in family.samples]


def scrape(gateway: GatewayServer) -> list[Sample]:
    with gateway.client("olu") as client:
        return samples(client.get("/metrics").text)


def value(gateway: GatewayServer, name: str, **labels: str) -> float:
    with gateway.client("olu") as client:
        return _value(client.get("/metrics").text, name, **labels)


def _value(text: str, name: str, **labels: str) -> float:
    return sum(
        one.value for one in samples(text) if one.name == name and labels.items() <= one.labels.items()
    )


_TESTS: dict[str, Callable[[str, str], bool]] = {
    "=": lambda has, wanted: has == wanted,
    "!=": lambda has, wanted: has != wanted,
    "=~": lambda has, wanted: re.fullmatch(wanted, has) is not None,
}


def selected(exported: Sequence[Sample], selector: str, matchers: str) -> list[Sample]:
    """The samples that Prometheus would select."""
    wanted = re.findall(r'(\w+)(=~|!=|=)"([^"]*)"', matchers)
    return [
        one
        for one in exported
        if one.name == selector
        and all(label in one.labels and _TESTS[how](one.labels[label], text) for label, how, text in wanted)
    ]


def assert_exported(exported: Sequence[Sample], expression: str) -> None:
    grouped = {label.strip() for by in re.findall(r"by \(([^)]*)\)", expression) for label in by.split(",")}
    for selector, matchers in re.findall(r"(countersign_\w+)(\{[^}]*\})?", expression):
        found = selected(exported, selector, matchers)
        assert found, f"no gateway exports {selector}{matchers}"
        assert all(grouped - OF_PROMETHEUS <= one.labels.keys() for one in found)


def of_the_gateway() -> list[dict[str, str]]:
    return [alert for alert in ALERTS if "countersign_" in alert["expr"]]


@pytest.mark.parametrize("alert", of_the_gateway(), ids=lambda alert: str(alert["alert"]))
def test_what_an_alert_tells_of_is_exported_where_it_comes_about(
    exported: list[Sample], alert: dict[str, str]
) -> None:
    assert_exported(exported, alert["expr"])


@pytest.mark.parametrize("panel", DASHBOARD["panels"], ids=lambda panel: str(panel["title"]))
def test_what_a_panel_shows_is_exported(
    exported: list[Sample], panel: dict[str, list[dict[str, str]]]
) -> None:
    for target in panel["targets"]:
        assert_exported(exported, target["expr"])


@pytest.mark.parametrize(
    "metric", ["overdue_advice", "oldest_pending_seconds", "content_missing", "policy_problems"]
)
def test_a_state_that_an_alert_tells_of_is_above_nought(exported: list[Sample], metric: str) -> None:
    assert max(one.value for one in exported if one.name == f"countersign_{metric}") > 0


def test_a_log_that_has_stopped_is_shown_as_not_ready(exported: list[Sample]) -> None:
    assert 0 in [one.value for one in selected(exported, "countersign_ready", '{check="log"}')]
