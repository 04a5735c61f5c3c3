"""What stands behind each port, by name: a new adapter is one more line in one of these tables.

A *site* is a customer's database with everything that a test does to it from outside; see `SimulatedSite` for what
one has to offer.
"""

import errno
from datetime import UTC, datetime, timedelta
from functools import cache
from inspect import signature
from types import SimpleNamespace

import attrs
import pytest

from nexuslic.adapters import tls
from nexuslic.adapters.https import HttpsLink
from nexuslic.adapters.network import Network
from nexuslic.adapters.wire import wire
from nexuslic.rules.binding import Binding
from nexuslic.rules.license import Extension, License, LicenseKey, Version
from nexuslic.rules.policy import Policy
from nexuslic.rules.record import NoContact
from nexuslic.rules.words import Cause, LicenseType, earliest
from nexuslic.server import migrate
from nexuslic.server.database import Database
from nexuslic.server.registry_sql import SqlRegistry
from nexuslic.simulation.chance import SeededChance
from nexuslic.simulation.database import Trouble
from nexuslic.simulation.network import Link
from nexuslic.simulation.vendor import MemoryRegistry
from nexuslic.simulation.workstation import MarkFiles, Workstation, application, permitted
from nexuslic.simulation.world import World
from nexuslic.testing.certificates import Authority
from nexuslic.testing.faults import WireFault
from nexuslic.testing.server import NAME, TlsServer
from nexuslic.testing.wire import WireProxy

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
TERMS = License("Example Survey", LicenseType.NAMED, 5, 30, Version.parse("6.2"), NOW + timedelta(days=365))


class SimulatedSite:
    """A database of the simulation, and two workstations that are connected to it."""

    def __init__(self, folder):
        self.world = World.begin(NOW, TERMS, None, Policy())
        self.server = self.world.add_server("DB1")
        self.base = self.world.add_database(self.server, "nexus")
        version, offers = application("6.10")
        for name in ("ws1", "ws2"):
            self.world.workstations[name] = Workstation(
                name, name, self.world.clock(), "DB1", "nexus", version, offers, permitted("linux")
            )

    def connect(self, name="ws1"):
        """The ports of one connection: clock, records, seats, users."""
        return self.world.client(self.world.workstations[name]).ports

    def stop(self):
        """Nobody can reach the database from now on."""
        self.base.stopped = True

    def start(self):
        """It can be reached again."""
        self.base.stopped = False

    def forbid(self, trouble):
        """The database stores nothing: `read-only`, `full` or `locked`."""
        self.base.troubles.append(Trouble(trouble))

    def allow(self):
        """It stores again."""
        self.base.troubles.clear()

    def set_aside(self):
        """What was set aside for support, oldest first."""
        return list(self.base.contents.aside)

    def pass_time(self, span):
        """So much time passes by every clock."""
        self.world.true.now += span

    def set_clock(self, by):
        """Someone moves the database server's clock."""
        self.server.clock.move(by)

    def clock(self):
        """What the database's clock shows."""
        return self.server.clock.wall

    def together(self, *calls):
        """Do all of these at the same moment, as nearly as this site can: the simulation does one after the other."""
        for call in calls:
            call()


class SimulatedComputer:
    """A workstation of the simulation."""

    def __init__(self, folder):
        self.port = SimulatedSite(folder).world.workstations["ws1"]

    def put_dongle(self, *, there):
        """NETHASP.ini is put beside the application, or taken away."""
        self.port.nethasp = there

    def crash(self, session):
        """A session dies without a word."""
        self.port.alive.discard(session)


class SimulatedLink:
    """A link of the simulation: what it carried, and what it will bring."""

    def __init__(self, folder):
        self.asked, self.reply, self.causes = [], b"", frozenset()
        self.port = Link(lambda: self.causes, self._answer)

    def _answer(self, request):
        self.asked.append(request)
        return self.reply

    def answers(self, reply):
        """The license server answers with these bytes."""
        self.reply, self.causes = reply, frozenset()

    def fails(self, *causes):
        """All of these stand in the way."""
        self.causes = frozenset(causes)


@cache
def authority():
    """The vendor's own authority, for all tests."""
    return Authority()


FAULTS = {
    Cause.REFUSED: WireFault.REFUSES,
    Cause.TIMEOUT: WireFault.SILENT,
    Cause.TLS_PROTOCOL: WireFault.TLS_1_0,
    Cause.TLS_CERTIFICATE: WireFault.ANOTHER_AUTHORITY,
    Cause.PROXY: WireFault.ASKS_CREDENTIALS,
    Cause.SERVER_ERROR: WireFault.UNAVAILABLE,
    Cause.UNTRUSTED_REPLY: WireFault.REDIRECTS,
}
HURRIED = (Cause.DNS, Cause.TIMEOUT)


class HttpsWire:
    """A license server on loopback behind HTTPS, and a proxy on the wire that does what is in the way.

    Done for real: a name that nobody knows, a port where nobody listens, silence, TLS 1.0, another authority, statuses
    and a redirect. Handed in: that there is no network, as the error that the operating system raises then.
    """

    def __init__(self, folder):
        self.causes = frozenset()
        self.server = TlsServer(authority())
        self.proxy = WireProxy((NAME, self.server.port), authority())

    def close(self):
        self.proxy.__exit__(None, None, None)
        self.server.__exit__(None, None, None)

    @property
    def asked(self):
        """What arrived at the license server."""
        return self.server.asked

    @property
    def port(self):
        """A link that has no proxy of this machine's settings in its way, and little time where it needs little."""
        address = "https://license.invalid" if Cause.DNS in self.causes else self.proxy.address
        span = timedelta(seconds=0.5 if earliest(self.causes) in HURRIED else 30)
        transport = wire(tls.context(authority().pem), network=self._network())
        return HttpsLink(address, network=self._network(), span=span, transport=transport)

    def _network(self):
        if Cause.OFFLINE not in self.causes:
            return Network(has_route=lambda: True)
        return Network(dial=self._unreachable, has_route=lambda: False)

    def _unreachable(self, *given):
        raise OSError(errno.ENETUNREACH, "Network is unreachable")

    def answers(self, reply):
        """The license server answers with these bytes."""
        self.causes, self.proxy.faults = frozenset(), ()
        self.server.answers(reply)

    def fails(self, *causes):
        """All of these stand in the way, each at its own step."""
        self.causes = frozenset(causes)
        self.proxy.faults = tuple(FAULTS[cause] for cause in causes if cause in FAULTS)


class SqlSite:
    """The registry of a license server: each call is a transaction of its own, as each contact and act is."""

    def __init__(self, url):
        self.database = Database.at(url)
        migrate.upgrade(self.database)

    def _within(self, work):
        with self.database.write() as connection:
            return work(SqlRegistry(connection, NOW))

    def find(self, key):
        return self._within(lambda registry: registry.find(key))

    def add(self, issued):
        return self._within(lambda registry: registry.add(issued))

    def change(self, key, act):
        return self._within(lambda registry: registry.change(key, act))

    def close(self):
        self.database.close()


def sqlite_url(folder):
    """An empty SQLite database."""
    (folder / "registry.sqlite").touch()
    return f"sqlite:///{folder / 'registry.sqlite'}"


DATABASES = {"simulation": SimulatedSite}
COMPUTERS = {"simulation": SimulatedComputer}
LINKS = {"simulation": SimulatedLink, "https": HttpsWire}
MARKS = {"simulation": lambda folder: MarkFiles()}
CHANCES = {"simulation": lambda folder: SeededChance(b"contract")}
REGISTRIES = {
    "simulation": lambda folder: MemoryRegistry(),
    "sqlite": lambda folder: SqlSite(sqlite_url(folder)),
    "postgresql": lambda folder, postgresql_url: SqlSite(postgresql_url),
}


def _fixture(name, makers):
    @pytest.fixture(name=name, params=list(makers))
    def made(request, tmp_path):
        maker = makers[request.param]
        one = maker(tmp_path, *map(request.getfixturevalue, list(signature(maker).parameters)[1:]))
        yield one
        if hasattr(one, "close"):
            one.close()

    return made


site = _fixture("site", DATABASES)
computer = _fixture("computer", COMPUTERS)
link = _fixture("link", LINKS)
marks = _fixture("marks", MARKS)
chance = _fixture("chance", CHANCES)
registry = _fixture("registry", REGISTRIES)


@pytest.fixture
def words():
    """Values that several contracts speak of."""
    return SimpleNamespace(
        now=NOW,
        terms=TERMS,
        key=LicenseKey.from_number(400638133393),
        other_key=LicenseKey.from_number(123456789012),
        extension=Extension(20, NOW + timedelta(days=7)),
        binding=Binding("DB1", "nexus", "server-1"),
        no_contact=NoContact,
        cause=Cause,
        evolve=attrs.evolve,
    )
