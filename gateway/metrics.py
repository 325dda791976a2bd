"""Prometheus metrics. Labels are ours (routes, policies, entity types, codes), never a caller's words."""

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
        self.content_missing = Gauge(
            "countersign_content_missing",
            "Advice whose content was missing at the start, without an event that explains it",
            registry=self.registry,
        )
