"""Customers' databases with real workstations over them, and a vendor in this process who answers where it may.

A database is a SQLite file or one of a PostgreSQL server. What the customer's database itself says is asked with the
engine's own driver, so that what a test finds wrong is not found with what may be wrong.
"""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import attrs
import psycopg

from nexuslic.adapters.clocks import SystemClock
from nexuslic.application.application import Application
from nexuslic.application.opening import open as open_application
from nexuslic.issuing import grant
from nexuslic.issuing.registry import Issued
from nexuslic.rules.license import License, Version
from nexuslic.rules.license_time import Reading
from nexuslic.rules.policy import Policy
from nexuslic.rules.record import NoContact, Record
from nexuslic.rules.words import Cause, LicenseType
from nexuslic.simulation.registry import KEY, MemoryRegistry
from nexuslic.simulation.vendor import bundle, first_signatory
from nexuslic.trust import sealing

HISTORY = {
    "sqlite": [
        "CREATE TABLE written (n INTEGER PRIMARY KEY AUTOINCREMENT, sealed BLOB)",
        "CREATE TRIGGER written AFTER UPDATE ON nexuslic_record "
        "BEGIN INSERT INTO written (sealed) VALUES (NEW.sealed); END",
    ],
    "postgresql": [
        "CREATE TABLE written (n bigserial PRIMARY KEY, sealed bytea)",
        "CREATE FUNCTION written() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN INSERT INTO written (sealed) VALUES (NEW.sealed); RETURN NULL; END $$",
        "CREATE TRIGGER written AFTER UPDATE ON nexuslic_record FOR EACH ROW EXECUTE FUNCTION written()",
    ],
}
_NAMES = count(1)


def terms(seats: int) -> License:
    """A concurrent license."""
    return License("Example Survey", LicenseType.CONCURRENT, seats, 30, Version.parse("6.2"), None)


@attrs.define
class Way:
    """The way to the vendor: no further than this process, and shut unless it is said otherwise."""

    registry: MemoryRegistry
    open: bool = False
    nonce: str = ""
    """The nonce of the last answer."""
    seconds: float = 0.0
    """How long a contact takes."""

    def exchange(self, request: bytes) -> bytes | NoContact:
        """The vendor's answer, or that there is no network."""
        if not self.open:
            return NoContact(Cause.OFFLINE)
        self.nonce = grant.read(request).nonce
        time.sleep(self.seconds)
        return grant.answer(request, self.registry, first_signatory(), SystemClock().read().wall)


@attrs.frozen
class Later:
    """A clock that runs ahead; the system's own one drives the databases of this machine too."""

    ahead: timedelta
    system: SystemClock = attrs.Factory(SystemClock)

    def read(self) -> Reading:
        """What it shows."""
        reading = self.system.read()
        return attrs.evolve(reading, wall=reading.wall + self.ahead)


@attrs.frozen
class Customer:
    """One database, its license, and a folder in which each workstation has its own state."""

    url: str
    folder: Path
    registry: MemoryRegistry

    @property
    def engine(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.url.partition(":")[0]

    def state(self, workstation: str) -> Path:
        """Where a workstation keeps its marks and its sessions' locks."""
        return self.folder / workstation

    def open(
        self, workstation: str, *, online: bool = False, ahead: timedelta | None = None, policy: Policy | None = None
    ) -> Application:
        """The application on one workstation, whose clock may run `ahead` of everybody's."""
        return open_application(
            bundle(),
            self.url,
            user=f"{workstation}'s",
            workstation=workstation,
            server="DB1",
            database="nexus",
            clock=None if ahead is None else Later(ahead),
            policy=policy or Policy(),
            connectivity=Way(self.registry, online),
            state=self.state(workstation),
        )

    def authenticate(self) -> None:
        """The license is retrieved at the quay."""
        with self.open("quay", online=True) as application:
            assert application.authenticate(KEY.digits).stored

    def keep_history(self) -> None:
        """From now on the database itself writes down each record that is stored."""
        self.run(*HISTORY[self.engine])

    # -- what the database itself says ----------------------------------------------------------------------------

    def run(self, *statements: str) -> None:
        """Run these by the engine's own driver."""
        with self._connected() as connection:
            for statement in statements:
                connection.execute(statement)

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """What it answers."""
        with self._connected() as connection:
            return list(connection.execute(statement).fetchall())

    def blob(self) -> bytes:
        """The sealed record."""
        ((sealed,),) = self.rows("SELECT sealed FROM nexuslic_record")
        return bytes(sealed)

    def history(self) -> list[Record]:
        """Every record that was stored since it is kept, in order."""
        return [unsealed(bytes(blob)) for (blob,) in self.rows("SELECT sealed FROM written ORDER BY n")]

    @contextmanager
    def _connected(self) -> Iterator[Any]:
        if self.engine == "postgresql":
            with psycopg.connect(self.url, autocommit=True) as connection:
                yield connection
        else:
            name = self.url.removeprefix("sqlite:///")
            with closing(sqlite3.connect(name, isolation_level=None, timeout=30)) as file:
                yield file


def unsealed(blob: bytes) -> Record:
    """The record in a blob. Raises Damaged."""
    return sealing.unseal_record(blob, bundle().known).value


def customer(folder: Path, server: str, seats: int) -> Customer:
    """A customer with an empty database, on the PostgreSQL server at a URL or (server: "") in a SQLite file."""
    place = folder / f"customer-{next(_NAMES)}"
    place.mkdir()
    registry = MemoryRegistry()
    registry.add(Issued(KEY, terms(seats)))
    if not server:
        (place / "survey.sqlite").touch()
        return Customer(f"sqlite:///{place / 'survey.sqlite'}", place, registry)
    name = f"customer_{os.getpid()}_{next(_NAMES)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return Customer(server.replace("/postgres?", f"/{name}?"), place, registry)
