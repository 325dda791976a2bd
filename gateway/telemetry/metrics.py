"""Prometheus metrics. Labels are ours (routes, policies, entity types, codes, witnesses), never a caller's words."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from gateway.telemetry.traces import span

_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)


class Metrics:
    """The gateway's metrics, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = self._counter(
            "countersign_requests_total", "HTTP requests by route, status and error code", "route status code"
        )
        self.seconds = self._seconds(
            "countersign_request_seconds", "Time to answer by route; of a stream, to its end", "route"
        )
        self.step_seconds = self._seconds(
            "countersign_step_seconds",
            "Time of one step of a request: redact, record_request, complete, inspect, record_answer",
            "step",
        )
        self.log_seconds = self._seconds(
            "countersign_log_seconds", "Time from an event's being handed to the log until it is on the disk"
        )
        self.events = self._counter(
            "countersign_events_total",
            "Events that this gateway put on record, by type and policy",
            "type policy",
        )
        self.decisions = self._counter(
            "countersign_decisions_total", "Decisions by policy: accept, change or reject", "policy decision"
        )
        self.redactions = self._counter(
            "countersign_redactions_total",
            "Pseudonyms that stood in requests, by policy and type",
            "policy type",
        )
        self.tokens = self._counter(
            "countersign_tokens_total",
            "Tokens as providers counted them, by policy, route and kind",
            "policy model kind",
        )
        self.cost = self._counter(
            "countersign_cost_micro_total",
            "Cost of answers in millionths of the currency's unit, by policy, route and currency",
            "policy model currency",
        )
        self.limits = self._counter(
            "countersign_limits_told_total",
            "Limits of a day or a month that are nearly used up or reached, by policy, whose, limit and state",
            "policy whose limit state",
        )
        self.attempts = self._counter(
            "countersign_provider_attempts_total",
            "Tries at the routes of answered requests, by route and outcome: answered, or why another try followed",
            "model outcome",
        )
        self.failures = self._counter(
            "countersign_failures_total", "Requests that got no answer, by policy and code", "policy code"
        )
        self._add_operation_metrics()

    def _add_operation_metrics(self) -> None:
        self.pending = self._gauge("countersign_pending_advice", "Advice that waits for a decision", "policy")
        self.overdue = self._gauge(
            "countersign_overdue_advice",
            "Advice whose time to decide is over, and on which nobody has decided",
            "policy",
        )
        self.oldest_pending = self._gauge(
            "countersign_oldest_pending_seconds",
            "How long the oldest advice has waited for a decision",
            "policy",
        )
        self.ready = self._gauge(
            "countersign_ready",
            "1 where what the gateway needs can be used, by check: log, disk, policies, master_key, witnesses",
            "check",
        )
        self.redactions_missed = self._counter(
            "countersign_redactions_missed_total",
            "Values that left unredacted, as people reported them, by policy and type",
            "policy type",
        )
        self.alerts = self._counter(
            "countersign_alerts_total",
            "Alerts that a policy's thresholds raised, by policy and alert",
            "policy alert",
        )
        self.notices_failed = self._counter(
            "countersign_notices_failed_total",
            "Tries to send notices that did not arrive, by channel",
            "channel",
        )
        self.content_missing = self._gauge(
            "countersign_content_missing",
            "Advice whose content was missing at the start, without an event that explains it",
        )
        self.policy_problems = self._gauge(
            "countersign_policy_problems",
            "What kept changed policies from being put in force when that was last asked for",
        )
        self.witness_failures = self._counter(
            "countersign_witness_failures_total",
            "Checkpoints that a witness did not cosign, by witness",
            "witness",
        )

    def _counter(self, name: str, text: str, labels: str = "") -> Counter:
        return Counter(name, text, labels.split(), registry=self.registry)

    def _gauge(self, name: str, text: str, labels: str = "") -> Gauge:
        return Gauge(name, text, labels.split(), registry=self.registry)

    def _seconds(self, name: str, text: str, labels: str = "") -> Histogram:
        return Histogram(name, text, labels.split(), registry=self.registry, buckets=_SECONDS)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Measure one step of a request, also where it fails, and trace it."""
        began = time.perf_counter()
        try:
            with span(name):
                yield
        finally:
            self.step_seconds.labels(name).observe(time.perf_counter() - began)

    def count_events(self, events: Iterable[Mapping[str, Any]], seconds: float) -> None:
        """Count what was put on record with one write."""
        self.log_seconds.observe(seconds)
        for event in events:
            self._count(event)

    def _count(self, event: Mapping[str, Any]) -> None:
        kind, policy = event["type"], (event.get("policy") or {}).get("id", "")
        self.events.labels(kind, policy).inc()
        for entity, number in event.get("redactions", {}).items():
            self.redactions.labels(policy, entity).inc(number)
        if kind == "decision.recorded":
            changed = event["decision"] == "accept" and event["text"] > 0
            self.decisions.labels(policy, "change" if changed else event["decision"]).inc()
        if kind in ("advice.failed", "embedding.failed", "transcription.failed"):
            self.failures.labels(policy, event["code"]).inc()
        for name, number in event.get("usage", {}).items():
            self.tokens.labels(policy, event["model"], name).inc(number)
        if "cost" in event:
            cost = event["cost"]
            self.cost.labels(policy, event["model"], cost["currency"]).inc(cost["micro"])
        if kind in ("limit.approached", "limit.reached"):
            state = kind.removeprefix("limit.")
            self.limits.labels(policy, event["whose"], event["limit"], state).inc()
        for attempt in event.get("attempts", ()):
            self.attempts.labels(attempt["model"], attempt["outcome"]).inc()

    def count_missed_redaction(self, policy: str, entity: str) -> None:
        """Count a value that left unredacted, by its type."""
        self.redactions_missed.labels(policy, entity).inc()

    def show_queue(self, rows: Sequence[Mapping[str, Any]], policies: Sequence[str]) -> None:
        """Show how much waits, by policy; `rows` has those with any, `policies` names all."""
        waiting = {row["policy"]: row for row in rows}
        for policy in {*policies, *waiting}:
            row = waiting.get(policy, {"pending": 0, "overdue": 0, "oldest_seconds": 0.0})
            self.pending.labels(policy).set(row["pending"])
            self.overdue.labels(policy).set(row["overdue"])
            self.oldest_pending.labels(policy).set(row["oldest_seconds"])

    def show_ready(self, checks: Mapping[str, bool]) -> None:
        """Show what the gateway can use, by check."""
        for name, well in checks.items():
            self.ready.labels(name).set(well)

    def watch_witnessing(
        self, age: Callable[[], float | None], report: Callable[[], Mapping[str, object] | None]
    ) -> None:
        """Show how old the newest witnessed checkpoint is, and how many events are newer; called once."""
        self._gauge(
            "countersign_witnessed_checkpoint_age_seconds",
            "Seconds since enough witnesses cosigned a checkpoint, or since the first try if they never did; NaN if no"
            " policy asks for it",
        ).set_function(lambda: _number(age()))
        self._gauge(
            "countersign_unwitnessed_events",
            "Events that no witnessed checkpoint covers yet; NaN if no policy asks for witnesses",
        ).set_function(lambda: _number((report() or {}).get("unwitnessed")))


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else float("nan")
