"""A license server on loopback, what stands before it, and what the doctor says of it."""

import errno
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import attrs
import pytest

from nexuslic.adapters.https import HttpsLink
from nexuslic.adapters.network import Network
from nexuslic.application.opening import open as open_license
from nexuslic.doctor import contact, network, registry_file
from nexuslic.doctor.findings import first_bad
from nexuslic.doctor.walk import World, walk
from nexuslic.issuing import grant
from nexuslic.issuing.registry import Issued
from nexuslic.issuing.signatory import Signatory
from nexuslic.rules.binding import Binding
from nexuslic.rules.license import License, LicenseKey, Version
from nexuslic.rules.license_time import Reading
from nexuslic.rules.record import NoContact
from nexuslic.rules.words import LicenseType
from nexuslic.simulation.registry import MemoryRegistry
from nexuslic.testing.server import NAME, TlsServer
from nexuslic.testing.wire import WireProxy
from nexuslic.trust.keys import Bundle, KeySet, SealingKey, SigningKey

NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
LONG = timedelta(seconds=30)
SHORT = timedelta(seconds=0.3)
SIGNING = SigningKey("signing-1", bytes(range(32)))
SEALING = SealingKey("sealing-1", bytes(32))
BINDING = Binding("DB1", "nexus")
TERMS = License("Example Survey", LicenseType.CONCURRENT, 2, 30, Version.parse("6.2"), None)
KEY = LicenseKey.from_number(400638133393)


@pytest.fixture(autouse=True)
def _directly(no_proxy_of_this_machine):
    """No proxy stands in the way but the test's own."""


@attrs.define
class Vendor:
    """The license server's inside: one key, and its clock."""

    now: datetime = NOW
    registry: MemoryRegistry = attrs.Factory(MemoryRegistry)
    key: LicenseKey = KEY

    def answer(self, raw):
        return grant.answer(raw, self.registry, Signatory.of(SIGNING), self.now)

    def change(self, **changes):
        """Other terms for the key, or another standing."""
        own = {name: value for name, value in changes.items() if name in ("suspended", "revoked", "history")}
        terms = {name: value for name, value in changes.items() if name not in own}
        self.registry.change(
            self.key, lambda kept: attrs.evolve(kept, license=attrs.evolve(kept.license, **terms), **own)
        )


@pytest.fixture
def vendor():
    """The vendor."""
    made = Vendor()
    made.registry.add(Issued(made.key, TERMS))
    return made


@pytest.fixture
def server(authority, vendor):
    """A license server that answers what is asked, signed."""
    with TlsServer(authority, vendor.answer) as server:
        yield server


@pytest.fixture
def proxy(authority, server):
    """What stands before it."""
    with WireProxy((NAME, server.port), authority) as proxy:
        yield proxy


@pytest.fixture
def bundle(authority, proxy):
    """What the vendor ships."""
    keys = KeySet((SIGNING.trusted(),))
    return Bundle("Survey", proxy.address, keys, (SEALING,), authority.pem)


def _nonces():
    number = 0
    while True:
        number += 1
        yield f"{number:032x}"


@attrs.frozen
class Doctor:
    """What the doctor says about contact with a bundle's license server."""

    nonces: object = attrs.Factory(_nonces)

    def look(self, bundle, span=LONG, network=None):
        asking = contact.stranger(BINDING, Version.parse("6.10"), next(self.nonces), bundle.known)
        return contact.look(bundle, asking, network or Network(has_route=lambda: True), span)

    def says(self, bundle, span=LONG, network=None, now=NOW):
        """The findings by step."""
        return {one.step.value: one for one in self.findings(bundle, span, network, now)}

    def findings(self, bundle, span=LONG, given=None, now=NOW):
        return network.findings(self.look(bundle, span, given), now)

    def bad(self, bundle, span=LONG, network=None, now=NOW):
        """The one to cure first."""
        return first_bad(self.findings(bundle, span, network, now))

    def launch(self, bundle, span=LONG, network=None):
        """The cause that a launch would be told, of the same contact over the plain link."""
        asking = contact.stranger(BINDING, Version.parse("6.10"), next(self.nonces), bundle.known)
        link = HttpsLink(
            bundle.address,
            authority=bundle.authority or None,
            span=span,
            network=network or Network(has_route=lambda: True),
        )
        came = asking(link)
        return came.cause if isinstance(came, NoContact) else None


@pytest.fixture
def doctor():
    """Asks the doctor."""
    return Doctor()


@pytest.fixture
def spans():
    """Plenty of time, and hardly any."""
    return SimpleNamespace(long=LONG, short=SHORT)


@pytest.fixture
def unplugged():
    """A computer without a network, by the error that its operating system raises then."""

    def dial(*given):
        raise OSError(errno.ENETUNREACH, "Network is unreachable")

    return Network(dial=dial, has_route=lambda: False)


@pytest.fixture
def levels():
    """The level of each step."""
    return lambda said: {step: one.level for step, one in said.items()}


@attrs.define
class Still:
    """A clock that a test sets."""

    now: datetime = NOW

    def read(self):
        return Reading(self.now, timedelta(0))


@attrs.define
class Ship:
    """A workstation aboard: its database, its state, its clock, and the doctor who comes aboard."""

    bundle: Bundle
    url: str
    state: Path
    clock: Still = attrs.Factory(Still)
    addresses: dict = attrs.Factory(dict)
    network: Network = attrs.Factory(lambda: Network(has_route=lambda: True))
    given: dict = attrs.Factory(lambda: {"user": "anna", "version": "6.10"})

    def open(self, **other):
        """The application's own license check."""
        given = {**self.given, **other}
        link = HttpsLink(self.bundle.address, authority=self.bundle.authority, span=LONG, network=self.network)
        return open_license(
            self.bundle, self.url, clock=self.clock, state=self.state, **{"connectivity": link, **given}
        )

    def authenticate(self, key, **other):
        """The user enters a key."""
        with self.open(**other) as license:
            return license.authenticate(str(key))

    def launch(self, **other):
        """What a launch decides, and does."""
        with self.open(**other) as license, license.launch() as decision:
            return decision

    def walk(self, **other):
        """What the doctor finds."""
        world = World(lambda name: self.addresses.get(name, frozenset()), self.network, self.clock, LONG)
        given = {**self.given, **other}
        return walk(
            given.pop("bundle", self.bundle), self.url, world=world, clock=self.clock, state=self.state, **given
        )

    def found(self, **other):
        """The findings by step."""
        return {one.step.value: one for one in self.walk(**other).findings}


@pytest.fixture
def ship(bundle, tmp_path):
    """A ship with an empty SQLite database."""
    sqlite3.connect(tmp_path / "survey.sqlite").close()
    return Ship(bundle, f"sqlite:///{tmp_path / 'survey.sqlite'}", tmp_path / "state")


@pytest.fixture
def licensed(ship, vendor):
    """The same, once the key was entered."""
    assert ship.authenticate(vendor.key).stored
    return ship


HEADER = "Windows Registry Editor Version 5.00"


def exported_bytes(text):
    """A file with the usual header, in the usual encoding."""
    return b"\xff\xfe" + f"{HEADER}\n\n{text}\n".replace("\n", "\r\n").encode("utf-16-le")


@pytest.fixture
def exported():
    """The bytes of a file that Windows exports with these keys and values."""
    return exported_bytes


@pytest.fixture
def parsed():
    """Such a file, read."""
    return lambda text: registry_file.parse(exported_bytes(text), "tls.reg")
