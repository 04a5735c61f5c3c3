"""Handshakes that only ask: which versions a server speaks, and that nothing is sent by them."""

import threading
from datetime import timedelta

import pytest

from nexuslic.adapters import probing, tls
from nexuslic.adapters.https import contact_url
from nexuslic.adapters.network import Network
from nexuslic.adapters.probing import Answer, Target
from nexuslic.testing.certificates import Authority, only_tls_1_0
from nexuslic.testing.faults import WireFault
from nexuslic.testing.forward import ForwardProxy

ALL = ("TLS 1.0", "TLS 1.1", "TLS 1.2", "TLS 1.3")


@pytest.fixture
def probed(spans):
    """Asks what stands at an address."""

    def ask(address, proxy=None, span=spans.long):
        return probing.probe(Target(contact_url(address), proxy, Network(has_route=lambda: True), span))

    return ask


def test_a_server_of_today_accepts_tls_1_2_and_1_3(server, probed):
    assert probed(server.address).accepted == ("TLS 1.2", "TLS 1.3")


def test_a_server_of_long_ago_accepts_tls_1_0(server, probed):
    only_tls_1_0(server.context)
    assert probed(server.address).accepted == ("TLS 1.0",)


@pytest.mark.parametrize("version", ["TLSv1_2", "TLSv1_3"])
def test_one_version_alone_is_told_apart(server, probed, version):
    server.context.minimum_version = server.context.maximum_version = getattr(tls.ssl.TLSVersion, version)
    assert probed(server.address).accepted == (version.replace("v1_", " 1."),)


def test_each_version_is_asked_for_in_a_connection_of_its_own_and_nothing_is_sent(server, probed):
    probed(server.address)
    assert (server.accepted, server.asked, server.heads) == (4, [], [])


def test_a_certificate_is_looked_at_whoever_issued_it(server, probed):
    server.context = Authority().server_context("elsewhere.invalid", expired=True)
    assert probed(server.address).peer.certificate


def test_nobody_who_listens_refuses_every_version(server, probed):
    server.refuse()
    assert probed(server.address).answers == dict.fromkeys(ALL, Answer.REFUSED)


def test_after_a_version_that_is_not_answered_no_other_is_asked_for(proxy, probed, spans):
    proxy.fault = WireFault.SILENT
    answers = probed(proxy.address, span=spans.short).answers
    assert answers == {**dict.fromkeys(ALL[:3], Answer.NOT_ASKED), "TLS 1.3": Answer.SILENT}


def test_the_way_through_a_proxy_is_the_same(server, probed, link):
    with ForwardProxy() as forward:
        proxy = link(server.address, proxy=forward.address).proxy
        assert probed(server.address, proxy).accepted == ("TLS 1.2", "TLS 1.3")
    assert forward.asked == [f"localhost:{server.port}"] * 4


@pytest.mark.parametrize("own", [True, False])
def test_what_a_contact_offers_is_tls_1_2_and_1_3(authority, own):
    assert probing.offered(tls.context(authority.pem if own else None)) == ("TLS 1.2", "TLS 1.3")


def test_what_an_application_of_windows_7_offers_is_tls_1_0(authority):
    assert probing.offered(only_tls_1_0(tls.context(authority.pem))) == ("TLS 1.0",)


def test_no_connection_stays_open_after_a_probe(server, probed):
    probed(server.address, span=timedelta(seconds=30))
    server.refuse()
    assert [one for one in threading.enumerate() if one.name == f"loopback {server.port}"] == []


def test_a_contact_that_is_watched_goes_as_it_would_unwatched(link, server):
    watch = probing.Watch()
    there = link(server.address, network=watch.network(Network()), trace=watch.trace)
    assert there.exchange(b"{}") == b"reply"
    assert (watch.stage, watch.status, watch.tried) == (probing.Stage.REPLY, 200, ("127.0.0.1",))
