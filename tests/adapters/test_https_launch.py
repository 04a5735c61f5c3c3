"""A whole launch over HTTPS: the real client, the real issuing, and what the person is told of each fault."""

from datetime import UTC, datetime, timedelta

import attrs
import pytest

from nexuslic import client as app
from nexuslic.rules.license import License, Version
from nexuslic.rules.policy import Policy
from nexuslic.rules.words import Cause, LicenseType, State
from nexuslic.simulation.registry import KEY
from nexuslic.simulation.workstation import Workstation, application, permitted
from nexuslic.simulation.world import World
from nexuslic.testing.faults import WireFault

NOW = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
TERMS = License("Example Survey", LicenseType.CONCURRENT, 5, 30, Version.parse("6.2"), None)


@pytest.fixture
def client(link, proxy, server):
    """An application whose license server is reached over the wire; it was authenticated a day ago."""
    world = World.begin(NOW, TERMS, None, Policy())
    world.add_database(world.add_server("DB1"), "nexus")
    version, offers = application("6.10")
    world.workstations["ws1"] = Workstation(
        "ws1", "ann", world.clock(), "DB1", "nexus", version, offers, permitted("linux")
    )
    simulated = world.client(world.workstations["ws1"])
    server.answer = world.vendor.answer
    client = attrs.evolve(simulated, ports=attrs.evolve(simulated.ports, connectivity=link(proxy.address)))
    assert app.authenticate(client, KEY.digits).state is State.AUTHENTICATED
    world.true.now += timedelta(days=1)
    return client


def test_a_launch_with_contact_confirms_the_license(client):
    decision = app.launch(client).decision
    assert (decision.state, decision.runs, decision.cause) == (State.AUTHENTICATED, True, None)


@pytest.mark.parametrize(
    "fault, cause",
    [
        (WireFault.REFUSES, Cause.REFUSED),
        (WireFault.TLS_1_0, Cause.TLS_PROTOCOL),
        (WireFault.ANOTHER_AUTHORITY, Cause.TLS_CERTIFICATE),
        (WireFault.ASKS_CREDENTIALS, Cause.PROXY),
        (WireFault.UNAVAILABLE, Cause.SERVER_ERROR),
        (WireFault.HTML, Cause.UNTRUSTED_REPLY),
        (WireFault.TRUNCATES, Cause.UNTRUSTED_REPLY),
        (WireFault.ENDLESS, Cause.UNTRUSTED_REPLY),
        (WireFault.GZIP_BOMB, Cause.UNTRUSTED_REPLY),
        (WireFault.REPLAYS, Cause.UNTRUSTED_REPLY),
        (WireFault.REDIRECTS, Cause.UNTRUSTED_REPLY),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_a_launch_in_spite_of_a_fault_runs_on_grace_and_names_the_cause(client, proxy, fault, cause):
    proxy.fault = fault
    decision = app.launch(client).decision
    assert (decision.state, decision.runs, decision.cause) == (State.GRACE, True, cause)
