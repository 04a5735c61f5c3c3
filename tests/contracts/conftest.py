"""What stands behind each port, by name: a new adapter is one more line in one of these tables.

A *site* is a customer's database with everything that a test does to it from outside; see `SimulatedSite` for what
one has to offer.
"""

import errno
import resource
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import cache
from inspect import signature
from types import SimpleNamespace

import attrs
import psycopg
import pytest
from sqlalchemy import event, make_url, select

from nexuslic.adapters import tls
from nexuslic.adapters.chance import SystemChance
from nexuslic.adapters.https import HttpsLink
from nexuslic.adapters.network import Network
from nexuslic.adapters.sql import CustomerDatabase
from nexuslic.adapters.sql_engines import place
from nexuslic.adapters.sql_stores import Records, SeatTable, UserTable
from nexuslic.adapters.sql_tables import aside
from nexuslic.adapters.wire import wire
from nexuslic.adapters.workstation import MarkFiles, ThisComputer
from nexuslic.rules.binding import Binding
from nexuslic.rules.license import Extension, License, LicenseKey, Version
from nexuslic.rules.policy import Policy
from nexuslic.rules.record import NoContact
from nexuslic.rules.words import Cause, LicenseType, earliest
from nexuslic.server import migrate
from nexuslic.server.database import Database
from nexuslic.server.registry_sql import SqlRegistry
from nexuslic.simulation import workstation as simulated
from nexuslic.simulation.chance import SeededChance
from nexuslic.simulation.database import Trouble
from nexuslic.simulation.network import Link
from nexuslic.simulation.registry import MemoryRegistry
from nexuslic.simulation.workstation import Workstation, application, permitted
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


class CustomerSite:
    """A customer's real database; what happens to it from outside is done by its own means, in each subclass."""

    offset = timedelta(0)

    def __init__(self, url):
        self.url, self.connected = url, []

    def connect(self, name="ws1"):
        """The ports of one connection, which has a database object of its own, as each workstation has."""
        base = self.base()
        return SimpleNamespace(
            clock=Shifted(base, self), records=Records(base), seats=ShiftedSeats(base, self), users=UserTable(base)
        )

    def base(self):
        """A database object that is closed with the site."""
        self.connected.append(CustomerDatabase(place(self.url), patience=0.2))
        return self.connected[-1]

    def set_aside(self):
        """What was set aside for support, oldest first."""
        with self.base().reading() as connection:
            if not self.base().tables():
                return []
            return list(connection.execute(select(aside.c.sealed).order_by(aside.c.id)).scalars())

    def pass_time(self, span):
        """So much time passes by every clock: for real."""
        time.sleep(span.total_seconds())

    def set_clock(self, by):
        """Nobody sets a machine's clock for a test: what it shows is shifted on its way."""
        self.offset += by

    def clock(self):
        """What the database's clock shows."""
        return self.base().read().wall + self.offset

    def together(self, *calls):
        """Do all of these at the same moment, in threads."""
        with ThreadPoolExecutor(len(calls)) as pool:
            for done in [pool.submit(call) for call in calls]:
                done.result()

    def close(self):
        for base in self.connected:
            base.close()


class Shifted:
    """A clock that somebody has set."""

    def __init__(self, base, site):
        self.inner, self.site = base, site

    def read(self):
        reading = self.inner.read()
        return attrs.evolve(reading, wall=reading.wall + self.site.offset)


class ShiftedSeats(SeatTable):
    """Seats by that clock."""

    def __init__(self, base, site):
        super().__init__(base)
        object.__setattr__(self, "site", site)

    def update(self, change):
        super().update(lambda seats, now: change(seats, now + self.site.offset))


class SqliteSite(CustomerSite):
    """A SQLite file."""

    def __init__(self, folder):
        self.file, self.limits = folder / "survey.sqlite", None
        sqlite3.connect(self.file).close()
        super().__init__(f"sqlite:///{self.file}")

    def stop(self):
        """The disk that it lies on is gone."""
        self.file.rename(self.file.with_suffix(".away"))

    def start(self):
        self.file.with_suffix(".away").rename(self.file)

    def forbid(self, trouble):
        """`read-only`: a guard of SQLite's own; `full`: no file may grow; `locked`: another connection writes."""
        if trouble == "full":
            self.limits = resource.getrlimit(resource.RLIMIT_FSIZE)
            resource.setrlimit(resource.RLIMIT_FSIZE, (0, self.limits[1]))
            return
        self.blocker = sqlite3.connect(self.file, isolation_level=None)
        if trouble == "locked":
            self.blocker.execute("BEGIN IMMEDIATE")
        else:
            for base in self.connected:
                event.listen(base.place.engine, "connect", _read_only)

    def allow(self):
        """It stores again."""
        if self.limits is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, self.limits)
            return
        self.blocker.close()
        for base in self.connected:
            if event.contains(base.place.engine, "connect", _read_only):
                event.remove(base.place.engine, "connect", _read_only)


def _read_only(raw, record):
    raw.execute("PRAGMA query_only = ON")


class PostgresqlSite(CustomerSite):
    """A database of a PostgreSQL server."""

    def __init__(self, folder, postgresql_url, postgresql_server):
        super().__init__(postgresql_url)
        self.server, self.name = postgresql_server, make_url(postgresql_url).database

    def administer(self, *statements, where=None):
        with psycopg.connect(where or self.server, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def stop(self):
        """It takes no connections, and those that there are end."""
        ends = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{self.name}'"
        self.administer(f"ALTER DATABASE {self.name} ALLOW_CONNECTIONS false", ends)

    def start(self):
        self.administer(f"ALTER DATABASE {self.name} ALLOW_CONNECTIONS true")

    def forbid(self, trouble):
        """`read-only` for every new transaction; `locked` by another one; `full`: the server's own error for that."""
        if trouble == "read-only":
            self.administer(f"ALTER DATABASE {self.name} SET default_transaction_read_only = on")
            self._reconnect()
        elif trouble == "locked":
            self.blocker = psycopg.connect(self.url)
            self.blocker.execute("SELECT * FROM nexuslic_record FOR UPDATE")
            self.administer(f"ALTER DATABASE {self.name} SET lock_timeout = '200ms'")
        else:
            self.base().prepare()
            self.administer(*FULL, where=self.url)

    def allow(self):
        """It stores again."""
        if hasattr(self, "blocker"):
            self.blocker.close()
        self.administer(f"ALTER DATABASE {self.name} RESET ALL")
        self.administer("DROP FUNCTION IF EXISTS full_disk() CASCADE", where=self.url)
        self._reconnect()

    def _reconnect(self):
        for base in self.connected:
            base.close()


FULL = (
    "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$",
    *(
        f"CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE OR DELETE ON nexuslic_{table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION full_disk()"
        for table in ("record", "seat", "user", "aside")
    ),
)


class RealComputer:
    """This computer, with a state folder and an application of the test's own."""

    def __init__(self, folder):
        self.ini = folder / "application" / "NetHasp.INI"
        self.ini.parent.mkdir()
        self.port = ThisComputer(folder / "sessions", self.ini.parent)
        self.children = {}

    def put_dongle(self, *, there):
        """NETHASP.ini is put beside the application, or taken away."""
        self.ini.touch() if there else self.ini.unlink()

    def crash(self, session):
        """A session dies without a word: here its lock is let go of, as the system does for a process that dies."""
        self.port._held.pop(session).release()


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


DATABASES = {"simulation": SimulatedSite, "sqlite": SqliteSite, "postgresql": PostgresqlSite}
COMPUTERS = {"simulation": SimulatedComputer, "real": RealComputer}
LINKS = {"simulation": SimulatedLink, "https": HttpsWire}
MARKS = {"simulation": lambda folder: simulated.MarkFiles(), "real": lambda folder: MarkFiles(folder / "marks")}
CHANCES = {"simulation": lambda folder: SeededChance(b"contract"), "real": lambda folder: SystemChance()}
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
