"""From an empty folder to a license aboard: the real server over TLS 1.3, and the application's own client."""

import re
import signal
import ssl
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import attrs
import pytest

from nexuslic import client as app
from nexuslic.adapters.chance import SystemChance
from nexuslic.adapters.clocks import SystemClock
from nexuslic.adapters.https import HttpsLink
from nexuslic.rules.license import License, Version
from nexuslic.rules.policy import Policy
from nexuslic.rules.words import LicenseType, Reason, State
from nexuslic.server import rotating
from nexuslic.server.site import Site
from nexuslic.simulation.workstation import Workstation, application, permitted
from nexuslic.simulation.world import World
from nexuslic.trust import bundles

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
TERMS = License("Example Survey", LicenseType.CONCURRENT, 5, 30, Version.parse("6.2"), None)


class Vendor:
    """A license server that was made by `server init` in an empty folder, and what its administrator asks of it."""

    def __init__(self, start, folder):
        words = [sys.executable, "-m", "nexuslic", "server", "init", str(folder), "--product", "Survey"]
        made = subprocess.run([*words, "--name", "localhost"], check=True, capture_output=True, text=True)
        token = re.search(r"shown this once: (nexuslic_\S+)", made.stdout)
        self.folder, self.running = folder, start(folder, "--listen", "127.0.0.1:0")
        self.http = self.running.http(token[1])
        self.bundle = bundles.read((folder / "bundle.json").read_bytes())

    def ask(self, method, path, **body):
        answer = self.http.request(method, path, json=body or None)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    def issued(self):
        return self.ask("POST", "/v1/licenses", organisation="Example Survey", seats=5)["key"]

    def aboard(self):
        """An application with a database of its own and the bundle that the vendor ships, over TLS 1.3."""
        world = World.begin(NOW, TERMS, None, Policy())
        world.add_database(world.add_server("DB1"), "nexus")
        version, offers = application("6.10")
        station = Workstation("ws1", "ann", world.clock(), "DB1", "nexus", version, offers, permitted("linux"))
        world.workstations["ws1"] = station
        simulated = world.client(station)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.load_verify_locations(cadata=self.bundle.authority)
        address = f"https://localhost:{self.running.port}"
        link = HttpsLink(address, context=context, span=timedelta(seconds=30))
        return attrs.evolve(simulated, bundle=self.bundle, ports=attrs.evolve(simulated.ports, connectivity=link))


@pytest.fixture(scope="module")
def vendor(start_for_module, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("no_proxy", "*")
        made = Vendor(start_for_module, Path(tmp_path_factory.mktemp("end to end")) / "vendor")
        yield made
        made.http.close()


@pytest.fixture
def aboard(vendor):
    """An application whose license was entered."""
    vendor.key, client = vendor.issued(), vendor.aboard()
    assert app.authenticate(client, vendor.key).state is State.AUTHENTICATED
    return client


def launched(client):
    decision = app.launch(client).decision
    return decision.state, decision.runs, decision.reason


def test_a_key_that_was_issued_is_confirmed_at_the_next_launch(vendor, aboard):
    assert launched(aboard) == (State.AUTHENTICATED, True, None)
    acts = [line["act"] for line in vendor.ask("GET", f"/v1/audit?key={vendor.key}")["items"]]
    assert acts == ["issue", "grant", "grant"]


def test_a_key_that_was_never_issued_is_denied(vendor):
    assert app.authenticate(vendor.aboard(), "1234567890124").reason is Reason.UNKNOWN


def test_extra_days_arrive_with_the_next_launch(vendor, aboard):
    assert app.launch(aboard).decision.days_left == 30
    until = SystemClock().read().wall + timedelta(days=7)
    vendor.ask("POST", f"/v1/licenses/{vendor.key}/extend", days=20, until=until.isoformat())
    assert app.launch(aboard).decision.days_left == 50


def test_a_suspension_holds_until_the_license_is_reinstated(vendor, aboard):
    vendor.ask("POST", f"/v1/licenses/{vendor.key}/suspend")
    assert launched(aboard) == (State.EXPIRED, False, Reason.SUSPENDED)
    vendor.ask("POST", f"/v1/licenses/{vendor.key}/reinstate")
    assert launched(aboard) == (State.AUTHENTICATED, True, None)


def test_a_revoked_license_is_removed(vendor, aboard):
    vendor.ask("POST", f"/v1/licenses/{vendor.key}/revoke")
    assert launched(aboard)[:2] == (State.UNLICENSED, False)


def test_a_key_that_moved_leaves_its_old_database_invalid(vendor, aboard):
    other = vendor.aboard()
    moved = attrs.evolve(other.connection, binding=attrs.evolve(other.connection.binding, database="another"))
    assert app.authenticate(attrs.evolve(other, connection=moved), vendor.key).state is State.AUTHENTICATED
    assert launched(aboard)[:2] == (State.INVALID_BINDING, False)


def test_a_code_over_the_radio_is_a_grant(vendor, aboard):
    asked = app.request_code(aboard)
    code = vendor.ask("POST", "/v1/codes", code=asked)["code"]
    assert app.renew_by_code(aboard, code).state is State.AUTHENTICATED


def test_an_application_with_the_old_bundle_goes_on_while_keys_are_rotated(vendor, aboard):
    rotating.rotate(Site.at(vendor.folder, None), SystemClock(), SystemChance())
    vendor.running.process.send_signal(signal.SIGHUP)
    assert vendor.running.told('"keyring"')
    assert launched(aboard) == (State.AUTHENTICATED, True, None)
    assert app.authenticate(vendor.aboard(), vendor.issued()).state is State.AUTHENTICATED
