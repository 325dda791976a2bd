"""Prometheus metrics. Labels are ours (routes, policies, entity types, codes, witnesses), never a caller's words."""

from collections.abc import Callable, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram


class Metrics:
    """The gateway's metrics, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "countersign_requests_total",
            "HTTP requests by route, status and error code",
            ["route", "status", "code"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "countersign_request_seconds",
            "Time to answer by route; of a stream, to its end",
            ["route"],
            registry=self.registry,
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120),
        )
        self.redactions_missed = Counter(
            "countersign_redactions_missed_total",
            "Values that left unredacted, as people reported them, by policy and type",
            ["policy", "type"],
            registry=self.registry,
        )
        self.alerts = Counter(
            "countersign_alerts_total",
            "Alerts that a policy's thresholds raised, by policy and alert",
            ["policy", "alert"],
            registry=self.registry,
        )
        self.notices_failed = Counter(
            "countersign_notices_failed_total",
            "Tries to send notices that did not arrive, by channel",
            ["channel"],
            registry=self.registry,
        )
        self.content_missing = Gauge(
            "countersign_content_missing",
            "Advice whose content was missing at the start, without an event that explains it",
            registry=self.registry,
        )
        self.policy_problems = Gauge(
            "countersign_policy_problems",
            "What kept changed policies from being put in force when that was last asked for",
            registry=self.registry,
        )
        self.witness_failures = Counter(
            "countersign_witness_failures_total",
            "Checkpoints that a witness did not cosign, by witness",
            ["witness"],
            registry=self.registry,
        )

    def watch_witnessing(
        self, age: Callable[[], float | None], report: Callable[[], Mapping[str, object] | None]
    ) -> None:
        """Show how old the newest witnessed checkpoint is, and how many events are newer; called once."""
        Gauge(
            "countersign_witnessed_checkpoint_age_seconds",
            "Seconds since enough witnesses cosigned a checkpoint; NaN if none ever was, or no policy asks for it",
            registry=self.registry,
        ).set_function(lambda: _number(age()))
        Gauge(
            "countersign_unwitnessed_events",
            "Events that no witnessed checkpoint covers yet; NaN if no policy asks for witnesses",
            registry=self.registry,
        ).set_function(lambda: _number((report() or {}).get("unwitnessed")))


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else float("nan")
