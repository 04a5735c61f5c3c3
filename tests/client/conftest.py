"""A small ship: one database, two workstations, a license server; and a journal of what is asked of each port."""

from datetime import UTC, datetime, timedelta

import attrs
import pytest

from nexuslic import client as app
from nexuslic.issuing import support
from nexuslic.rules.license import License, Version
from nexuslic.rules.policy import Policy
from nexuslic.rules.words import Cause, LicenseType
from nexuslic.simulation import damage
from nexuslic.simulation.database import Trouble
from nexuslic.simulation.network import Tamper
from nexuslic.simulation.registry import KEY
from nexuslic.simulation.vendor import bundle
from nexuslic.simulation.workstation import Workstation, application, permitted
from nexuslic.simulation.world import World
from nexuslic.trust import sealing, wire
from nexuslic.trust.wire import Ask, Request

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
TERMS = License("Example Survey", LicenseType.CONCURRENT, 2, 30, Version.parse("6.2"), None)


class Noted:
    """A port that writes down every call."""

    def __init__(self, name, inner, journal):
        self.name, self.inner, self.journal = name, inner, journal

    def __getattr__(self, method):
        found = getattr(self.inner, method)

        def call(*args):
            self.journal.append(f"{self.name}.{method}")
            return found(*args)

        return call


class Ship:
    """What a test says of a world, in the words of the rules."""

    key = KEY
    now = NOW

    def __init__(self, policy=None, **terms):
        self.world = World.begin(NOW, attrs.evolve(TERMS, **terms), None, Policy(**(policy or {})))
        self.server = self.world.add_server("DB1", ("db1.example",))
        self.base = self.world.add_database(self.server, "nexus")
        self.journal = []
        version, offers = application("6.10")
        for name in ("ws1", "ws2", "ws3"):
            self.world.workstations[name] = Workstation(
                name, name, self.world.clock(), "DB1", "nexus", version, offers, permitted("linux"), "DB1"
            )

    def ws(self, name="ws1"):
        return self.world.workstations[name]

    def client(self, name="ws1", user=None):
        """The application on a workstation, its ports under a journal."""
        client = self.world.client(self.ws(name), user)
        noted = {
            field.name: Noted(field.name, getattr(client.ports, field.name), self.journal)
            for field in attrs.fields(type(client.ports))
        }
        return attrs.evolve(client, ports=attrs.evolve(client.ports, **noted))

    # -- what people do ---------------------------------------------------------------------------------------------

    def authenticate(self, name="ws1", key=KEY.digits):
        return app.authenticate(self.client(name), key)

    def launch(self, name="ws1", user=None):
        return self.world.launch(name, user, stays=False).decision

    def open(self, name="ws1", until=None):
        """A launch that stays: its session, which the world renews as time passes."""
        return self.world.launch(name, None, stays=True, until=until)

    def renew_by_code(self, name="ws1", how=""):
        return self.world.renew_by_code(self.ws(name), how)

    def answer(self, code):
        """Support's answer to a request code."""
        vendor = self.world.vendor
        return support.answer_code(code, vendor.registry, vendor.signatory, vendor.clock.wall)

    def support(self, what, *args):
        return getattr(support, what)(self.world.vendor.registry, KEY, *args)

    def change(self, **terms):
        return self.support("change", lambda kept: attrs.evolve(kept, **terms))

    # -- the world --------------------------------------------------------------------------------------------------

    def online(self, *names):
        for name in names or self.world.workstations:
            self.ws(name).network.windows = 1
        return self

    def offline(self, *names):
        for name in names or self.world.workstations:
            self.ws(name).network.windows = 0
        return self

    def fault(self, cause, name="ws1"):
        self.ws(name).network.faults.append(Cause(cause))

    def tamper(self, how):
        self.world.vendor.tampers.append(Tamper(how))

    def asking_for_another_key(self, key):
        """A client whose requests arrive with another key than they were sent with."""
        client, vendor = self.client(), self.world.vendor

        class Exchanged:
            def exchange(self, raw):
                request = attrs.evolve(wire.decode(raw, Request), key=key, ask=Ask.AUTHENTICATE)
                return vendor.answer(wire.encode(request))

        return attrs.evolve(client, ports=attrs.evolve(client.ports, connectivity=Exchanged()))

    def sail(self, **span):
        self.world.sessions.advance(self.world.true.now + timedelta(**span))
        self.world.sessions.settle()

    def set_clock(self, **by):
        self.server.clock.move(timedelta(**by))

    def trouble(self, name):
        self.base.troubles[:] = [] if name is None else [Trouble(name)]

    def damage(self, how="bit"):
        self.base.contents = attrs.evolve(self.base.contents, record=damage.damaged(self.blob, how, bundle()))

    # -- what is kept -----------------------------------------------------------------------------------------------

    @property
    def blob(self):
        return self.base.contents.record

    @property
    def record(self):
        """What the record says."""
        blob = self.blob
        return None if blob is None else sealing.unseal_record(blob, bundle().known).value

    def mark(self, name="ws1"):
        """The workstation's mark of this record."""
        blob = self.ws(name).marks.load(self.record.id)
        return None if blob is None else sealing.unseal_mark(blob, bundle().known).value

    def kept(self):
        """Every byte that customers keep: databases and marks."""
        bases = [(base.name, base.contents) for server in self.world.servers for base in server.databases]
        return bases, {name: dict(ws.marks.kept) for name, ws in self.world.workstations.items()}


@pytest.fixture(scope="session")
def make_ship():
    """A ship of other terms: `make_ship(seats=1, policy={...})`."""
    return Ship


@pytest.fixture
def ship():
    """A ship that was authenticated at the quay by ws1 and is offline since."""
    ship = Ship().online()
    ship.authenticate()
    ship.offline().journal.clear()
    return ship


@pytest.fixture
def new_ship():
    """A ship without a record, offline."""
    return Ship()
