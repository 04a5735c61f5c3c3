"""A customer aboard: a real database, a license server over real TLS on loopback, a clock that a test sets, a browser."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import attrs
import pytest

from nexuslic.application.opening import open as open_license
from nexuslic.issuing import grant
from nexuslic.issuing.registry import Issued
from nexuslic.issuing.signatory import Signatory
from nexuslic.issuing.support import answer_code
from nexuslic.rules.license import License, LicenseKey, Version
from nexuslic.rules.license_time import Reading
from nexuslic.rules.words import LicenseType
from nexuslic.simulation.registry import MemoryRegistry
from nexuslic.testing.server import TlsServer
from nexuslic.trust.keys import Bundle, KeySet, SealingKey, SigningKey
from nexuslic.web.app import Desk

SIGNING = SigningKey("signing-1", bytes(range(32)))
SEALING = SealingKey("sealing-1", bytes(32))
TERMS = License("Example Survey", LicenseType.CONCURRENT, 2, 30, Version.parse("6.2"), None)
KEY = LicenseKey.from_number(400638133393)


@pytest.fixture(autouse=True)
def _directly(no_proxy_of_this_machine):
    """No proxy of this machine's stands in the way."""


@attrs.define(eq=False)
class Clock:
    """The database's clock and the license server's."""

    now: datetime = attrs.Factory(lambda: datetime.now(UTC).replace(microsecond=0))

    def read(self):
        return Reading(self.now, timedelta(0))


@attrs.define(eq=False)
class Ship:
    """A workstation aboard, and the vendor ashore; `alias` is how this workstation spells the database's server."""

    folder: Path
    url: str
    server: TlsServer
    bundle: Bundle
    clock: Clock
    registry: MemoryRegistry
    given: dict = attrs.Factory(lambda: {"user": "anna", "workstation": "bridge", "server": "DB1"})
    key: LicenseKey = KEY
    signatory: Signatory = attrs.Factory(lambda: Signatory.of(SIGNING))

    @property
    def desk(self):
        """What the screens work on."""
        return Desk(self.open)

    def open(self, **other):
        """The application's own license check."""
        given = {"version": "6.10", **self.given, **other}
        state = self.folder / f"state-{given['workstation']}"
        return open_license(self.bundle, self.url, clock=self.clock, state=state, **given)

    def authenticate(self):
        """Somebody has entered the key."""
        with self.open() as license:
            assert license.authenticate(self.key.digits).stored

    def change(self, **terms):
        """The vendor changes the terms."""
        self.registry.change(self.key, lambda one: attrs.evolve(one, license=attrs.evolve(one.license, **terms)))

    def answer(self, code):
        """Support's answer to a request code."""
        return answer_code(code, self.registry, self.signatory, self.clock.now)

    def sail(self, **span):
        """Time passes."""
        self.clock.now += timedelta(**span)

    def pull_the_cable(self):
        """Nobody answers any more."""
        self.server.refuse()


@pytest.fixture
def make_ship(authority, tmp_path):
    """Makes a ship over an empty database; the terms of its license may be others."""
    servers = []

    def make(url="", **terms):
        clock, registry = Clock(), MemoryRegistry()
        registry.add(Issued(KEY, attrs.evolve(TERMS, **terms)))
        server = TlsServer(authority, lambda raw: grant.answer(raw, registry, Signatory.of(SIGNING), clock.now))
        servers.append(server)
        bundle = Bundle("Survey", server.address, KeySet((SIGNING.trusted(),)), (SEALING,), authority.pem)
        if not url:
            sqlite3.connect(tmp_path / "survey.db").close()
        return Ship(tmp_path, url or f"sqlite:///{tmp_path / 'survey.db'}", server, bundle, clock, registry)

    yield make
    for server in servers:
        server.close()


@pytest.fixture
def ship(make_ship):
    """A ship whose license was not requested yet."""
    return make_ship()
