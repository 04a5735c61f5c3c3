"""What the license server counts, in the form of Prometheus; one registry an application, no global one."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from nexuslic.server.contacts import Answer, TooMany, reason_of
from nexuslic.trust.wire import Malformed, Request

MOST_VERSIONS = 50
"""Versions that are counted by name; a client could name a million."""


class Metrics:
    """Counts of one server process since it started."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.grants = Counter("nexuslic_grants", "Requests granted", ["ask"], registry=self.registry)
        self.denials = Counter("nexuslic_denials", "Requests denied", ["ask", "reason"], registry=self.registry)
        self.contacts = Counter("nexuslic_contacts", "Contacts by version", ["version"], registry=self.registry)
        self.guesses = Counter(
            "nexuslic_guesses", "Requests that were refused for too many wrong keys", registry=self.registry
        )
        self.guessing = Gauge(
            "nexuslic_guessing_alarm", "1 while more keys are wrong in an hour than the limit", registry=self.registry
        )
        self.contact_seconds = Histogram(
            "nexuslic_contact_seconds",
            "Seconds until a group of contacts is decided and durable",
            registry=self.registry,
        )
        self.requests = Counter(
            "nexuslic_http_requests", "Requests by route and status", ["route", "status"], registry=self.registry
        )
        self._versions: set[str] = set()
        self._counters: dict[tuple[Counter, tuple[str, ...]], Counter] = {}

    def count(self, request: Request | Malformed, answer: Answer) -> None:
        """One contact and its answer."""
        reason = reason_of(answer)
        self._counter(self.contacts, self._version(str(request.version))).inc()
        if isinstance(answer, TooMany):
            self.guesses.inc()
        elif reason is None:
            self._counter(self.grants, request.ask.value).inc()
        else:
            self._counter(self.denials, request.ask.value, reason.value).inc()

    def answered(self, route: str, status: int) -> None:
        """One answer over HTTP."""
        self._counter(self.requests, route, str(status)).inc()

    def _counter(self, family: Counter, *labels: str) -> Counter:
        """The counter of these labels; looking it up in the family costs more than to count."""
        found = self._counters.get((family, labels))
        if found is None:
            found = self._counters[family, labels] = family.labels(*labels)
        return found

    def _version(self, version: str) -> str:
        if version not in self._versions and len(self._versions) >= MOST_VERSIONS:
            return "other"
        self._versions.add(version)
        return version

    def text(self) -> bytes:
        """All counts as Prometheus reads them."""
        return generate_latest(self.registry)
