"""What the license server counts, in the form of Prometheus; one registry an application, no global one."""

from functools import lru_cache

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from nexuslic.server.contacts import Answer, TooMany, reason_of
from nexuslic.trust.wire import Malformed, Request

MOST_VERSIONS = 50
"""Versions that are counted by name; a client could name a million."""


def _labelled(counter: Counter, *labels: str) -> Counter:
    """The counter of these labels: finding it is kept, for it costs more than counting."""
    return counter.labels(*labels)


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
            "nexuslic_contact_seconds", "Seconds until a contact is decided and durable", registry=self.registry
        )
        self.requests = Counter(
            "nexuslic_http_requests", "Requests by route and status", ["route", "status"], registry=self.registry
        )
        self._versions: set[str] = set()
        self.of = lru_cache(maxsize=1024)(_labelled)

    def count(self, request: Request | Malformed, answer: Answer) -> None:
        """One contact and its answer."""
        self.of(self.contacts, self._version(str(request.version))).inc()
        reason = reason_of(answer)
        if isinstance(answer, TooMany):
            self.guesses.inc()
        elif reason is None:
            self.of(self.grants, request.ask.value).inc()
        else:
            self.of(self.denials, request.ask.value, reason.value).inc()

    def _version(self, version: str) -> str:
        if version not in self._versions and len(self._versions) >= MOST_VERSIONS:
            return "other"
        self._versions.add(version)
        return version

    def text(self) -> bytes:
        """All counts as Prometheus reads them."""
        return generate_latest(self.registry)
