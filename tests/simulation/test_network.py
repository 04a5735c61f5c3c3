"""Network causes, their order, and which TLS versions meet (rules: Contact)."""

import pytest

from nexuslic.rules.record import NoContact
from nexuslic.rules.words import Cause
from nexuslic.simulation.network import NEXUS_6_2, Network, Tls
from nexuslic.simulation.registry import KEY
from nexuslic.simulation.workstation import application, permitted
from nexuslic.trust import wire
from nexuslic.trust.wire import Ask, Request


def cause(world, workstation):
    """Why nothing gets through; None where the license server answers."""
    client = world.client(workstation)
    request = Request(Ask.AUTHENTICATE, KEY, client.connection.binding, client.connection.version, "ab" * 16)
    said = client.ports.connectivity.exchange(wire.encode(request))
    return said.cause if isinstance(said, NoContact) else None


def test_without_a_window_it_is_offline():
    assert Network().causes() == {Cause.OFFLINE}


def test_an_open_window_has_no_cause():
    assert Network(windows=1).causes() == frozenset()


def test_of_two_windows_that_overlap_one_may_close():
    network = Network(windows=2)
    network.windows -= 1
    assert network.causes() == frozenset()


def test_a_fault_says_that_there_is_a_network():
    assert Network(faults=[Cause.DNS]).causes() == {Cause.DNS}


def test_offline_hides_what_is_wrong_behind_it(world, crew):
    workstation = crew("ws1", app="nexus-6.2")
    world.vendor.running = False
    assert cause(world, workstation) is Cause.OFFLINE


@pytest.mark.parametrize("fault", list(Cause)[1:], ids=str)
def test_a_fault_is_the_cause(world, crew, fault):
    workstation = crew("ws1")
    workstation.network.faults.append(fault)
    assert cause(world, workstation) is fault


@pytest.mark.parametrize("fault", [Cause.DNS, Cause.REFUSED])
def test_an_early_fault_comes_before_tls(world, crew, fault):
    workstation = crew("ws1", app="nexus-6.2")
    workstation.network.faults.append(fault)
    assert cause(world, workstation) is fault


@pytest.mark.parametrize("fault", [Cause.TLS_CERTIFICATE, Cause.PROXY, Cause.SERVER_ERROR, Cause.UNTRUSTED_REPLY])
def test_tls_comes_before_a_late_fault(world, crew, fault):
    workstation = crew("ws1", app="nexus-6.2")
    workstation.network.faults.append(fault)
    assert cause(world, workstation) is Cause.TLS_PROTOCOL


def test_a_stopped_license_server_refuses_the_connection(world, crew):
    workstation = crew("ws1")
    workstation.network.windows, world.vendor.running = 1, False
    assert cause(world, workstation) is Cause.REFUSED


def test_faults_of_one_workstation_are_its_own(world, crew):
    one, other = crew("ws1"), crew("ws2")
    one.network.windows = other.network.windows = 1
    one.network.faults.append(Cause.TIMEOUT)
    assert (cause(world, one), cause(world, other)) == (Cause.TIMEOUT, None)


@pytest.mark.parametrize(
    ("os", "app", "accepts", "meets"),
    [
        ("windows-10", "6.10", "modern", True),
        ("windows-10", "nexus-6.2", "modern", False),
        ("windows-10", "nexus-6.2", "old", True),
        ("windows-7", "nexus-6.2", "old", False),
        ("windows-7", "6.10", "modern", True),
        ("windows-11", "6.10", "old", False),
        ("linux", "6.10", "modern", True),
    ],
)
def test_offer_permission_and_acceptance_must_have_a_version_in_common(world, crew, os, app, accepts, meets):
    workstation = crew("ws1", os=os, app=app)
    workstation.network.windows = 1
    if accepts == "old":
        world.vendor.accepts = NEXUS_6_2
    assert cause(world, workstation) is (None if meets else Cause.TLS_PROTOCOL)


@pytest.mark.parametrize("version", [Tls.SSL_3_0, Tls.TLS_1_0])
def test_turning_one_old_version_on_cures_windows_7(world, crew, version):
    workstation = crew("ws1", os="windows-7", app="nexus-6.2")
    workstation.network.windows, world.vendor.accepts = 1, NEXUS_6_2
    workstation.permits |= {version}
    assert cause(world, workstation) is None


def test_the_preset_is_version_6_2_and_offers_what_it_did():
    version, offers = application("nexus-6.2")
    assert (str(version), offers) == ("6.2", {Tls.SSL_3_0, Tls.TLS_1_0})


def test_windows_7_has_the_two_old_versions_off():
    assert permitted("windows-10") - permitted("windows-7") == {Tls.SSL_3_0, Tls.TLS_1_0}
