"""An application on a real SQLite file, and a vendor in this process that signs as the license server does."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import attrs
import psycopg
import pytest

import nexuslic
from nexuslic.adapters.clocks import SystemClock
from nexuslic.issuing import grant
from nexuslic.issuing.registry import Issued
from nexuslic.rules.license import License, LicenseKey, Version
from nexuslic.rules.license_time import Reading
from nexuslic.rules.record import NoContact
from nexuslic.rules.words import Cause, LicenseType
from nexuslic.simulation.registry import MemoryRegistry
from nexuslic.simulation.vendor import bundle, first_signatory

KEY = LicenseKey.from_number(400638133393)
TERMS = License("Example Survey", LicenseType.CONCURRENT, 2, 30, Version.parse("6.2"), None)


@attrs.define(eq=False)
class Vendor:
    """A license server without a wire; `cause` says why there is no contact."""

    registry: MemoryRegistry = attrs.Factory(MemoryRegistry)
    cause: Cause | None = None
    asked: int = 0

    def exchange(self, request):
        self.asked += 1
        if self.cause is not None:
            return NoContact(self.cause)
        now = SystemClock().read().wall.replace(microsecond=0)
        return grant.answer(request, self.registry, first_signatory(), now)


@attrs.define(eq=False)
class SetClock:
    """A clock that a test sets; running time passes with it as long as it goes forward."""

    wall: datetime = attrs.Factory(lambda: datetime.now(UTC))
    running: timedelta = timedelta(days=1)

    def read(self):
        return Reading(self.wall, self.running)

    def sail(self, **span):
        self.wall += timedelta(**span)
        self.running += timedelta(**span)


@attrs.define(eq=False)
class Customer:
    """A customer with one database: a file, unless `server` is the URL of another one."""

    folder: object
    vendor: Vendor = attrs.Factory(Vendor)
    bundle: object = attrs.Factory(bundle)
    clock: SetClock = attrs.Factory(SetClock)
    file: str = "survey.db"
    server: str = ""
    opened: list = attrs.Factory(list)

    @property
    def path(self):
        return self.folder / self.file

    def run(self, statement, *values):
        """A statement by the engine's own driver, `?` for each value; the rows that it gives."""
        if self.server:
            with psycopg.connect(self.server, autocommit=True) as connection:
                done = connection.execute(statement.replace("?", "%s"), values)
                return done.fetchall() if done.description else []
        with closing(sqlite3.connect(self.path, isolation_level=None)) as connection:
            return connection.execute(statement, values).fetchall()

    def sealed(self):
        """The sealed record, as it lies in the database."""
        ((blob,),) = self.run("SELECT sealed FROM nexuslic_record")
        return bytes(blob)

    def open(self, workstation="ws1", *, bundle=None, connection=None, **more):
        """The application on a workstation, whose state is its own."""
        given = {
            "user": "ann",
            "workstation": workstation,
            "state": self.folder / workstation,
            "clock": self.clock,
            "connectivity": self.vendor,
            **more,
        }
        where = connection or self.server or f"sqlite:///{self.path}"
        self.opened.append(nexuslic.open(bundle or self.bundle, where, **given))
        return self.opened[-1]


@pytest.fixture
def make_customer(tmp_path):
    """A customer whose license has other terms."""
    made = []

    def make(**terms):
        customer = Customer(tmp_path)
        sqlite3.connect(customer.path).close()
        customer.vendor.registry.add(Issued(KEY, attrs.evolve(TERMS, **terms), None))
        made.append(customer)
        return customer

    yield make
    for customer in made:
        for license in customer.opened:
            license.close()


@pytest.fixture
def customer(make_customer):
    """A customer of a license for two at a time."""
    return make_customer()


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request, make_customer):
    """A customer whose license was requested, in a SQLite file and in a PostgreSQL database."""
    customer = make_customer()
    if request.param == "postgresql":
        customer.server = request.getfixturevalue("postgresql_url")
    assert customer.open().authenticate(KEY.digits).stored
    return customer


@pytest.fixture
def license(customer):
    """A license that was requested."""
    license = customer.open()
    assert license.authenticate(KEY.digits).runs
    return license


@pytest.fixture
def key():
    """The customer's license key."""
    return KEY.digits
