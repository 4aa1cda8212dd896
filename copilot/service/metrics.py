"""Counters of one service, in the Prometheus text format."""

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.registry import Collector

# A method is a word of the client's own choosing: one that we do not know is counted, not quoted.
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Metrics:
    """Requests by route and status, and how long they took."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        labels = ("method", "route", "status")
        self._requests = Counter("copilot_requests", "HTTP requests", labels, registry=self._registry)
        self._seconds = Histogram("copilot_request_seconds", "Time to answer", ("route",), registry=self._registry)

    def add(self, collector: Collector) -> None:
        """Render what this collector tells, too."""
        self._registry.register(collector)

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request; `route` is the pattern, never the path with its ids."""
        self._requests.labels(method if method in _METHODS else "OTHER", route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def render(self) -> bytes:
        """All of them as text."""
        return generate_latest(self._registry)
