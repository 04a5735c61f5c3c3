"""A license server's outside on loopback, and what stands before it."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from nexuslic.adapters.https import HttpsLink
from nexuslic.testing.server import NAME, TlsServer
from nexuslic.testing.wire import WireProxy

LONG = timedelta(seconds=30)
SHORT = timedelta(seconds=0.3)


@pytest.fixture(autouse=True)
def _directly(no_proxy_of_this_machine):
    """No proxy stands in the way but the test's own."""


@pytest.fixture
def server(authority):
    """A license server that answers `reply`."""
    with TlsServer(authority) as server:
        server.answers(b"reply")
        yield server


@pytest.fixture
def proxy(authority, server):
    """What stands before it."""
    with WireProxy((NAME, server.port), authority) as proxy:
        yield proxy


@pytest.fixture
def link(authority):
    """Makes links; they have plenty of time where a test does not take it away."""

    def made(address, **options):
        trusted = {} if "context" in options else {"authority": authority.pem}
        return HttpsLink(address, **{"span": LONG, **trusted, **options})

    return made


@pytest.fixture
def spans():
    """Plenty of time, and hardly any."""
    return SimpleNamespace(long=LONG, short=SHORT)
