"""What this replica counts, for Prometheus.

The law of this file: no label takes a value that a caller chooses: routes are templates, methods,
states, reasons and kinds are words of ours. Nothing says who collects, or where.
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS")
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0)  # long polls: 50


class Figures:
    """Of one application; counters start at 0 with it."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = self._counter(
            "requests",
            "Requests answered; status 0: the caller hung up",
            "method",
            "route",
            "status",
        )
        self._seconds = Histogram(
            "hoso_central_request_seconds",
            "Time to the whole answer, a long poll's wait included",
            ["route"],
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._statements = self._counter("statements", "Journal rows taken in, holes included")
        self._stops = self._counter("journal_stops", "Why rows were not taken", "why")
        self._alarms = self._counter("alarms", "Alarms kept", "kind")
        self.sent = self._counter("notices_sent", "Messages that left")
        self.waiting = self._gauge("waiting", "Long polls that wait now")
        self.notices = self._gauge("notices_waiting", "Messages queued, of all replicas")
        self.late = self._gauge("notices_late", "Messages due for over a minute, of all replicas")
        self.tasks = self._gauge("tasks_open", "Persons whom somebody must phone, of all replicas")
        self.alarms_waiting = self._gauge(
            "alarm_messages_waiting", "Messages to technicians queued, of all replicas"
        )
        self.revoked = self._gauge("kiosks_revoked", "Kiosks that were revoked")
        self.behind = self._gauge(
            "rotation_behind", "Kiosks that have not stated the key that is being rotated in"
        )
        self.connections = self._gauge("database_connections", "Connections in use")
        self.database = self._gauge("database_up", "1: the database answers")
        self.listener = self._gauge("listener_up", "1: other replicas are heard at once")

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """One request; `route` is a template."""
        known = method if method in METHODS else "other"
        self._requests.labels(known, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def took(self, rows: int, stop: str | None) -> None:
        """One delivery of statements, and what stopped it."""
        self._statements.inc(rows)
        if stop is not None:
            self._stops.labels(stop).inc()

    def alarmed(self, kind: str) -> None:
        """An alarm was kept."""
        self._alarms.labels(kind).inc()

    def text(self) -> bytes:
        """As Prometheus reads it."""
        return generate_latest(self._registry)

    def _counter(self, name: str, what: str, *labels: str) -> Counter:
        return Counter(f"hoso_central_{name}", what, labels, registry=self._registry)

    def _gauge(self, name: str, what: str) -> Gauge:
        return Gauge(f"hoso_central_{name}", what, registry=self._registry)
