"""A customer's database to measure a launch over, and the bare parts of one that it is measured beside."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import attrs
import httpx
import psycopg

from nexuslic import client as app
from nexuslic.adapters import tls
from nexuslic.adapters.clocks import SystemClock
from nexuslic.application.application import Application
from nexuslic.application.opening import open as open_application
from nexuslic.issuing import grant
from nexuslic.issuing.registry import Issued
from nexuslic.ports import Connectivity
from nexuslic.rules.license import License, Version
from nexuslic.rules.record import NoContact, Record
from nexuslic.rules.words import Cause, LicenseType, State
from nexuslic.simulation.registry import KEY, MemoryRegistry
from nexuslic.simulation.vendor import bundle, first_signatory
from nexuslic.trust import sealing, signing

TERMS = License("Example Survey", LicenseType.CONCURRENT, 5, 30, Version.parse("6.2"), None)
Act = Callable[[], object]
_SELECT = "SELECT sealed FROM nexuslic_record"


@attrs.define
class Vendor:
    """The vendor in this process, who answers where there is a way."""

    registry: MemoryRegistry = attrs.Factory(MemoryRegistry)
    away: bool = False

    def __attrs_post_init__(self) -> None:
        self.registry.add(Issued(KEY, TERMS))

    def exchange(self, request: bytes) -> bytes | NoContact:
        """The answer."""
        return NoContact(Cause.OFFLINE) if self.away else self.answer(request)

    def answer(self, request: bytes) -> bytes:
        """What the license server would say."""
        return grant.answer(request, self.registry, first_signatory(), SystemClock().read().wall)


@attrs.frozen
class Site:
    """A licensed database, its workstation's state, and the vendor."""

    url: str
    folder: Path
    named: bool = True
    vendor: Vendor = attrs.Factory(Vendor)

    @property
    def file(self) -> Path:
        """The SQLite file."""
        return Path(self.url.removeprefix("sqlite:///"))

    def open(self, connectivity: Connectivity | None = None) -> Application:
        """The application; its database has names of its own, or (not `named`) those of its URL."""
        names = {"user": "ann", "workstation": "ws1"} | ({"server": "DB1", "database": "nexus"} if self.named else {})
        way = connectivity or self.vendor
        return open_application(bundle(), self.url, **names, connectivity=way, state=self.folder)

    def authenticate(self) -> None:
        """At the quay; there is no way to the vendor from then on."""
        with self.open() as application:
            assert application.authenticate(KEY.digits).stored
        self.vendor.away = True


def sqlite(folder: Path, *, named: bool = True) -> Site:
    """A licensed SQLite file."""
    (folder / "survey.sqlite").touch()
    site = Site(f"sqlite:///{folder / 'survey.sqlite'}", folder, named)
    site.authenticate()
    return site


def on_server(server: str, folder: Path) -> Site:
    """A licensed database of a PostgreSQL server."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE customer")
    site = Site(server.replace("/postgres?", "/customer?"), folder)
    site.authenticate()
    return site


@attrs.define
class Launches:
    """Launches of one application: each is measured up to its answer, and its session is closed after that."""

    application: Application
    wanted: State
    session: app.Session | None = None

    def launch(self) -> None:
        """One launch, as a new process makes it: what this one has verified before is verified anew."""
        signing._opened.cache_clear()
        launched = app.launch(self.application.client())
        decision = launched.decision
        assert (decision.state, decision.stored) == (self.wanted, True), decision
        self.session = launched.session

    def close(self) -> None:
        """What comes after the answer."""
        assert self.session is not None
        app.close(self.application.client(), self.session)


def _opened(blob: bytes) -> tuple[Record, bytes]:
    """The record in a blob, and the same sealed anew."""
    signing._opened.cache_clear()
    record = sealing.unseal_record(blob, bundle().known).value
    return record, sealing.seal(record, bundle().known, os.urandom(sealing.IV_BYTES))


def bare_sqlite(site: Site) -> Act:
    """A file is opened and read, a record unsealed and sealed, and stored in one durable commit."""

    def act() -> None:
        with closing(sqlite3.connect(site.file, isolation_level=None)) as file:
            ((blob,),) = file.execute(_SELECT)
            _, sealed = _opened(blob)
            file.execute("BEGIN IMMEDIATE")
            file.execute("UPDATE nexuslic_record SET sealed = ?", (sealed,))
            file.execute("COMMIT")

    return act


def bare_postgresql(connection: "psycopg.Connection[Any]") -> Act:
    """Two round trips and a commit, over a connection that is there."""

    def act() -> None:
        ((blob,),) = connection.execute(_SELECT).fetchall()
        connection.execute("SELECT clock_timestamp()").fetchall()
        _, sealed = _opened(blob)
        with connection.transaction():
            connection.execute("UPDATE nexuslic_record SET sealed = %s", (sealed,))

    return act


def bare_request(address: str, pem: str, body: bytes) -> Act:
    """One request of httpx over a new connection, verified as a contact is."""

    def act() -> None:
        with httpx.Client(verify=tls.context(pem), trust_env=False) as http:
            reply = http.post(f"{address}/v1/contact", content=body, headers={"Content-Type": "application/json"})
        assert reply.status_code == 200 and reply.content

    return act
