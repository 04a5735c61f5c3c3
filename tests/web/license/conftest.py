"""A customer aboard: a real database, a license server over real TLS, a clock that a test sets, a browser."""

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


@attrs.define(eq=False)
class Dialog:
    """The License dialog in a tab, as a person looks at it and works with it."""

    tab: object
    page: object

    def shows(self, where, *words):
        """Wait until all these words stand there; what stands there then."""
        found = self.page.locator(where)
        for word in words:
            found.filter(has_text=word).wait_for()
        return found.inner_text()

    def look_again(self):
        """At once, and not only in a few seconds."""
        self.page.evaluate("htmx.trigger(document.body, 'license-changed')")

    def stands(self, state, *words):
        """Wait until the license stands so; what is said of it."""
        self.look_again()
        self.page.locator("#state", has_text=state).wait_for()
        return self.shows("#standing", *words)

    def request(self, key):
        """Type a key, and request its license."""
        self.page.fill("#key", key)
        self.page.click("#request button.first")
        return self.shows("#key-said", "license")

    def launch(self):
        """Launch once; what came of it."""
        self.page.evaluate("document.getElementById('launch-said').replaceChildren()")
        self.page.click("#launch")
        return self.shows("#launch-said", "un")

    def renew(self, answer):
        """Make a request code, have support answer it, and enter that."""
        self.page.click("#code-make")
        code = self.page.locator(".code-text").inner_text()
        self.page.fill("#answer", answer(code))
        self.page.get_by_role("button", name="Accept the answer").click()
        return self.shows("#answer-said", "license")

    def check(self):
        """Run the check to its end; the level of each step."""
        self.page.evaluate("document.getElementById('checks').replaceChildren()")
        self.page.click("#check-run")
        self.page.wait_for_selector("#checks-off")
        steps = self.page.locator("#checks .step").all()
        return {one.get_attribute("data-step"): one.get_attribute("class").removeprefix("step ") for one in steps}


@pytest.fixture
def open_dialog(serve, open_tab):
    """Opens the dialog of a ship."""

    def opened(ship, **options):
        tab = open_tab(serve(ship.desk), "/license", **{"timezone_id": "Europe/Oslo", **options})
        return Dialog(tab, tab.page)

    return opened
