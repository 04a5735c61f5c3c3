"""A license server on loopback, what stands before it, and what the doctor says of it."""

import errno
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import attrs
import pytest

from nexuslic.adapters.https import HttpsLink
from nexuslic.adapters.network import Network
from nexuslic.doctor import contact, network, registry_file
from nexuslic.doctor.findings import Level, first_bad
from nexuslic.issuing import grant
from nexuslic.issuing.signatory import Signatory
from nexuslic.rules.binding import Binding
from nexuslic.rules.license import Version
from nexuslic.rules.record import NoContact
from nexuslic.simulation.vendor import MemoryRegistry
from nexuslic.testing.certificates import Authority
from nexuslic.testing.server import NAME, TlsServer
from nexuslic.testing.wire import WireProxy
from nexuslic.trust.keys import Bundle, KeySet, SealingKey, SigningKey

NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
LONG = timedelta(seconds=30)
SHORT = timedelta(seconds=0.3)
SIGNING = SigningKey("signing-1", bytes(range(32)))
SEALING = SealingKey("sealing-1", bytes(32))
BINDING = Binding("DB1", "nexus")


@pytest.fixture(autouse=True)
def no_proxy_of_this_machine(monkeypatch):
    """Nothing that this machine's settings say about proxies counts in a test."""
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.setenv("no_proxy", "*")


@pytest.fixture(scope="session")
def authority():
    """The vendor's own authority."""
    return Authority()


@pytest.fixture
def server(authority):
    """A license server that answers what is asked, signed."""
    registry = MemoryRegistry()
    with TlsServer(authority) as server:
        server.answer = lambda raw: grant.answer(raw, registry, Signatory.of(SIGNING), NOW)
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


GOOD, BAD, NOT_REACHED = Level.GOOD, Level.BAD, Level.NOT_REACHED


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
