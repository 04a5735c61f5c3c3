"""A registry with one key, and requests as a client makes them."""

from datetime import UTC, datetime
from itertools import count

import attrs
import pytest

from nexuslic.issuing import grant, support
from nexuslic.issuing.registry import Issued
from nexuslic.rules.binding import Binding
from nexuslic.rules.license import License, LicenseKey, Version
from nexuslic.rules.words import LicenseType
from nexuslic.simulation.registry import MemoryRegistry
from nexuslic.trust.wire import Ask, Request


class Vendor:
    """The vendor's side of one key, at a time that a test may change."""

    now = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
    key = LicenseKey.from_number(400638133393)
    terms = License("Example Survey", LicenseType.CONCURRENT, 5, 30, Version.parse("6.2"), None)
    here = Binding("DB1", "nexus")
    there = Binding("DB2", "nexus")

    def __init__(self):
        self.registry = MemoryRegistry()
        self.registry.add(Issued(self.key, self.terms))
        self.nonces = count(1)

    def request(self, ask="authenticate", binding=None, key=None, version="6.10", nonce=None):
        nonce = nonce or f"{next(self.nonces):032x}"
        return Request(Ask(ask), key or self.key, binding or self.here, Version.parse(version), nonce)

    def decide(self, *args, **more):
        return grant.decide(self.request(*args, **more), self.registry, self.now)

    def reason(self, *args, **more):
        """Why it was denied; None for a grant."""
        return getattr(self.decide(*args, **more), "reason", None)

    def change(self, **terms):
        support.change(self.registry, self.key, lambda kept: attrs.evolve(kept, **terms))

    @property
    def issued(self):
        return self.registry.find(self.key)


@pytest.fixture
def vendor():
    return Vendor()
