"""Connectivity over HTTPS, with real sockets: what is delivered, and what is told where nothing can be."""

import errno
import threading
import time
from datetime import timedelta

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nexuslic.adapters import tls
from nexuslic.adapters.https import HttpsLink
from nexuslic.adapters.network import Network
from nexuslic.adapters.wire import wire
from nexuslic.errors import InputError
from nexuslic.rules.record import NoContact
from nexuslic.rules.words import Cause
from nexuslic.testing.certificates import only_tls_1_0
from nexuslic.testing.faults import BEFORE, HTML, WireFault, bomb
from nexuslic.testing.server import NAME, TlsServer
from nexuslic.trust.wire import MAX_BYTES

KEY = b'{"key":"4006381333931"}'
UNVERIFIED = (
    *BEFORE,
    WireFault.REFUSES,
    WireFault.TLS_1_0,
    WireFault.ANOTHER_AUTHORITY,
    WireFault.EXPIRED,
    WireFault.WRONG_NAME,
)
EXPECTED = {
    WireFault.REFUSES: Cause.REFUSED,
    WireFault.SILENT: Cause.TIMEOUT,
    WireFault.RESETS_AT_ONCE: Cause.TLS_PROTOCOL,
    WireFault.RESETS_IN_HANDSHAKE: Cause.TLS_PROTOCOL,
    WireFault.CLOSES_IN_HANDSHAKE: Cause.TLS_PROTOCOL,
    WireFault.DRIPS_HANDSHAKE: Cause.TIMEOUT,
    WireFault.NO_TLS: Cause.TLS_PROTOCOL,
    WireFault.TLS_1_0: Cause.TLS_PROTOCOL,
    WireFault.ANOTHER_AUTHORITY: Cause.TLS_CERTIFICATE,
    WireFault.EXPIRED: Cause.TLS_CERTIFICATE,
    WireFault.WRONG_NAME: Cause.TLS_CERTIFICATE,
    WireFault.SILENT_AFTER_REQUEST: Cause.TIMEOUT,
    WireFault.RESETS_AFTER_REQUEST: Cause.SERVER_ERROR,
    WireFault.CLOSES_AFTER_REQUEST: Cause.SERVER_ERROR,
    WireFault.ASKS_CREDENTIALS: Cause.PROXY,
    WireFault.BUSY: Cause.SERVER_ERROR,
    WireFault.UNAVAILABLE: Cause.SERVER_ERROR,
    WireFault.REDIRECTS: Cause.UNTRUSTED_REPLY,
    WireFault.TRUNCATES: Cause.UNTRUSTED_REPLY,
    WireFault.ENDLESS: Cause.UNTRUSTED_REPLY,
    WireFault.ENDLESS_HEAD: Cause.UNTRUSTED_REPLY,
    WireFault.DRIPS: Cause.TIMEOUT,
}
"""What each fault gives; what is not here is delivered, for the verifier to refuse."""
DELIVERED = {WireFault.HTML: HTML, WireFault.GZIP_BOMB: bomb(), WireFault.REPLAYS: b"reply"}


def contacts():
    """The threads of contacts that are under way."""
    return [thread for thread in threading.enumerate() if thread.name == "nexuslic contact"]


def settle():
    """Wait until none is any more."""
    for thread in contacts():
        thread.join(30)


# -- what goes through ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def echo(authority):
    with TlsServer(authority, answer=bytes) as server:
        yield server


@settings(max_examples=40, deadline=None)
@given(
    data=st.binary(max_size=2000) | st.integers(0, MAX_BYTES).map(lambda size: bytes(size % 251 for _ in range(size)))
)
def test_any_reply_up_to_64_kib_is_delivered_unchanged(authority, echo, data):
    link = HttpsLink(echo.address, authority=authority.pem, span=timedelta(seconds=30))
    assert link.exchange(data) == data


def test_a_reply_of_64_kib_is_delivered_and_one_byte_more_is_not(link, server):
    server.answers(b"A" * MAX_BYTES)
    assert link(server.address).exchange(KEY) == b"A" * MAX_BYTES
    server.answers(b"A" * (MAX_BYTES + 1))
    assert link(server.address).exchange(KEY) == NoContact(Cause.UNTRUSTED_REPLY)


def test_the_request_arrives_where_contacts_go_once_and_as_it_was(link, server):
    link(server.address + "/").exchange(KEY)
    assert server.asked == [KEY]


def test_nothing_is_asked_for_but_the_plain_reply(link, server):
    link(server.address).exchange(KEY)
    assert {name: server.heads[0].get(name) for name in ("content-type", "accept-encoding", "cookie")} == {
        "content-type": "application/json",
        "accept-encoding": "identity",
        "cookie": None,
    }


def test_no_cookie_comes_back(link, server, authority):
    server.answers(b"reply", headers={"Set-Cookie": "who=you"})
    with wire(tls.context(authority.pem), kept=1) as transport:
        for _ in range(2):
            link(server.address, transport=transport).exchange(KEY)
    assert ["cookie" in head for head in server.heads] == [False, False]


def test_what_the_server_compressed_although_nobody_asked_is_delivered_as_it_came(link, server):
    server.answers(bomb(), headers={"Content-Encoding": "gzip"})
    assert link(server.address).exchange(KEY) == bomb()


def test_every_contact_is_a_connection_of_its_own(link, server):
    there = link(server.address)
    assert [there.exchange(KEY) for _ in range(3)] == [b"reply"] * 3
    assert server.accepted == 3


def test_a_transport_that_keeps_connections_uses_one_again(link, server, authority):
    with wire(tls.context(authority.pem), kept=1) as transport:
        there = link(server.address, transport=transport)
        assert [there.exchange(KEY) for _ in range(5)] == [b"reply"] * 5
    assert server.accepted == 1


def test_threads_may_share_a_link(link, server):
    server.answer = bytes
    there, replies = link(server.address), {}
    threads = [threading.Thread(target=lambda n=n: replies.update({n: there.exchange(b"%d" % n)})) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert replies == {n: b"%d" % n for n in range(12)}


# -- what stands in the way -------------------------------------------------------------------------------------------


def test_every_fault_has_its_answer_here():
    assert {*EXPECTED, *DELIVERED, WireFault.RESETS_IN_REPLY} == set(WireFault)


@pytest.mark.parametrize("fault", EXPECTED, ids=lambda fault: fault.name)
def test_a_fault_on_the_wire_is_named_rightly(link, proxy, spans, fault):
    span = spans.short if EXPECTED[fault] is Cause.TIMEOUT else spans.long
    proxy.fault = fault
    assert link(proxy.address, span=span).exchange(KEY) == NoContact(EXPECTED[fault])


def test_a_reset_in_the_reply_is_no_reply_or_half_a_reply(link, proxy):
    """How much of what came before a reset still reaches the client is the operating system's choice."""
    proxy.fault = WireFault.RESETS_IN_REPLY
    outcome = link(proxy.address).exchange(KEY)
    assert outcome in (NoContact(Cause.SERVER_ERROR), NoContact(Cause.UNTRUSTED_REPLY))


@pytest.mark.parametrize("fault", DELIVERED, ids=lambda fault: fault.name)
def test_a_reply_that_somebody_made_up_is_delivered_and_not_judged(link, proxy, server, fault):
    link(proxy.address).exchange(KEY)
    server.answers(b"another reply")
    proxy.fault = fault
    assert link(proxy.address).exchange(KEY) == DELIVERED[fault]


@pytest.mark.parametrize("fault", UNVERIFIED, ids=lambda fault: fault.name)
def test_the_key_is_not_sent_before_the_peer_is_verified(link, proxy, server, spans, fault):
    proxy.fault = fault
    span = spans.short if EXPECTED[fault] is Cause.TIMEOUT else spans.long
    link(proxy.address, span=span).exchange(KEY)
    settle()
    assert KEY not in proxy.seen
    assert (proxy.seen.count(b"POST"), server.asked) == (0, [])


def test_what_the_proxy_sees_holds_the_key_where_the_peer_was_verified(link, proxy):
    link(proxy.address).exchange(KEY)
    assert KEY in proxy.seen


@pytest.mark.parametrize(
    "fault", [WireFault.RESETS_AFTER_REQUEST, WireFault.CLOSES_AFTER_REQUEST, WireFault.UNAVAILABLE, WireFault.BUSY]
)
def test_nothing_is_tried_again(link, proxy, fault):
    proxy.fault = fault
    link(proxy.address).exchange(KEY)
    assert proxy.seen.count(KEY) == 1


def test_a_redirect_is_not_followed(link, proxy):
    proxy.fault = WireFault.REDIRECTS
    link(proxy.address).exchange(KEY)
    assert (proxy.arrived_elsewhere, proxy.seen.count(KEY)) == (0, 1)


@pytest.mark.parametrize("fault", [WireFault.ENDLESS, WireFault.ENDLESS_HEAD])
def test_of_a_gigabyte_hardly_anything_is_taken(link, proxy, fault):
    proxy.fault = fault
    link(proxy.address).exchange(KEY)
    assert 0 < proxy.taken < 32 << 20


def test_what_went_wrong_once_does_not_stay(link, proxy):
    there = link(proxy.address)
    for fault in (WireFault.REFUSES, WireFault.ANOTHER_AUTHORITY, WireFault.RESETS_AFTER_REQUEST):
        proxy.fault = fault
        assert isinstance(there.exchange(KEY), NoContact)
        proxy.fault = None
        assert there.exchange(KEY) == b"reply"


# -- TLS --------------------------------------------------------------------------------------------------------------


def test_an_application_of_windows_7_has_no_version_in_common_with_a_modern_server(link, server, authority):
    old = only_tls_1_0(tls.context(authority.pem))
    assert link(server.address, context=old).exchange(KEY) == NoContact(Cause.TLS_PROTOCOL)


def test_an_application_of_windows_7_reaches_a_server_of_its_time(link, proxy, authority):
    proxy.fault = WireFault.TLS_1_0
    old = only_tls_1_0(tls.context(authority.pem))
    assert link(proxy.address, context=old).exchange(KEY) == b"reply"


@pytest.mark.parametrize("version", ["TLSv1_2", "TLSv1_3"])
def test_modern_versions_are_spoken(link, server, version):
    server.context.maximum_version = getattr(tls.ssl.TLSVersion, version)
    assert link(server.address).exchange(KEY) == b"reply"


def test_the_systems_authorities_are_trusted_where_no_other_is_given(server, authority, tmp_path, monkeypatch):
    (tmp_path / "system.pem").write_text(authority.pem, "ascii")
    assert HttpsLink(server.address).exchange(KEY) == NoContact(Cause.TLS_CERTIFICATE)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "system.pem"))
    assert HttpsLink(server.address, span=timedelta(seconds=30)).exchange(KEY) == b"reply"


def test_a_contact_that_hangs_in_its_handshake_holds_up_no_other(proxy, authority, tmp_path, monkeypatch, spans):
    (tmp_path / "system.pem").write_text(authority.pem, "ascii")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "system.pem"))
    there = HttpsLink(proxy.address, span=spans.long)
    proxy.fault, outcome = WireFault.SILENT, []
    hanging = threading.Thread(target=lambda: outcome.append(there.exchange(KEY)))
    hanging.start()
    while not proxy.seen:
        threading.Event().wait(0.005)
    proxy.fault = None
    assert (there.exchange(KEY), outcome) == (b"reply", [])
    proxy.fault = WireFault.REFUSES
    hanging.join()


@pytest.mark.parametrize("off", ["check_hostname", "verify_mode"])
def test_a_context_that_does_not_verify_is_refused(link, authority, off):
    context = authority.client_context()
    context.check_hostname = False
    if off == "verify_mode":
        context.verify_mode = tls.ssl.CERT_NONE
    with pytest.raises(InputError, match="does not verify"):
        link("https://license.example", context=context)


@pytest.mark.parametrize(
    "pem", ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
)
def test_an_authority_that_is_none_is_refused_at_once(pem):
    with pytest.raises(InputError, match="PEM"):
        HttpsLink("https://license.example", authority=pem)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "license.example",
        "http://license.example",
        "https://",
        "https://a@b.example",
        "https://b.example?q=1",
        "https://b.example#f",
        "https://b.example:x",
        "ftp://b.example",
    ],
)
def test_an_address_that_is_none_is_refused_at_once(address):
    with pytest.raises(InputError, match="license server address"):
        HttpsLink(address)


# -- the network ------------------------------------------------------------------------------------------------------


def raising(error):
    def act(*given):
        raise error

    return act


@pytest.mark.parametrize("routed, cause", [(True, Cause.DNS), (False, Cause.OFFLINE)])
def test_a_name_that_nobody_knows(link, routed, cause):
    network = Network(has_route=lambda: routed)
    there = link("https://license.invalid", network=network, span=timedelta(seconds=2))
    assert there.exchange(KEY) == NoContact(cause)


@pytest.mark.parametrize("number", ["ENETUNREACH", "EHOSTUNREACH", "ENETDOWN"])
def test_no_network_is_what_the_operating_system_says(link, server, number):
    network = Network(dial=raising(OSError(getattr(errno, number), number)))
    assert link(server.address, network=network).exchange(KEY) == NoContact(Cause.OFFLINE)


def test_a_name_that_cannot_exist_is_not_found(link):
    assert link("https://a..example").exchange(KEY) == NoContact(Cause.DNS)


def test_nobody_listens(link, server):
    server.refuse()
    assert link(server.address).exchange(KEY) == NoContact(Cause.REFUSED)


def test_a_bug_is_not_told_as_no_contact(link):
    broken = httpx.MockTransport(raising(ZeroDivisionError()))
    with pytest.raises(ZeroDivisionError):
        link("https://license.example", transport=broken).exchange(KEY)


# -- the deadline -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault", [fault for fault, cause in EXPECTED.items() if cause is Cause.TIMEOUT], ids=lambda fault: fault.name
)
def test_what_would_last_for_hours_ends_at_the_deadline(link, proxy, spans, fault):
    """Without a deadline each of these lasts until the test bench gives up after 30 seconds, or for good."""
    proxy.fault = fault
    began = time.monotonic()
    assert link(proxy.address, span=spans.short).exchange(KEY) == NoContact(Cause.TIMEOUT)
    assert 0.25 < time.monotonic() - began < 10


@pytest.mark.parametrize(
    "fault", [fault for fault, cause in EXPECTED.items() if cause is Cause.TIMEOUT], ids=lambda fault: fault.name
)
def test_nothing_of_a_contact_goes_on_after_its_deadline(link, proxy, spans, fault):
    """Not only the caller is free then: the connection is closed while the fault still lasts."""
    proxy.fault = fault
    link(proxy.address, span=spans.short).exchange(KEY)
    for thread in contacts():
        thread.join(3)
    assert contacts() == []


@pytest.mark.parametrize("routed, cause", [(True, Cause.DNS), (False, Cause.OFFLINE)])
def test_a_slow_look_up_ends_at_the_deadline_and_nothing_is_sent_after_it(link, server, spans, routed, cause):
    answered = threading.Event()

    def slowly(host, port):
        answered.wait(60)
        return ["127.0.0.1"]

    network = Network(look_up=slowly, has_route=lambda: routed)
    assert link(server.address, network=network, span=spans.short).exchange(KEY) == NoContact(cause)
    answered.set()
    settle()
    assert server.accepted == 0


def test_a_name_that_took_almost_all_the_time_leaves_the_connection_only_the_rest(link, proxy):
    proxy.fault, shares = WireFault.SILENT, []

    def look_up(host, port):
        threading.Event().wait(0.2)
        return ["127.0.0.1"]

    def dial(address, port, seconds):
        shares.append(seconds)
        raise TimeoutError

    there = link(proxy.address, network=Network(look_up=look_up, dial=dial), span=timedelta(seconds=10))
    there.exchange(KEY)
    assert 0 < shares[0] <= 9.8


def test_any_transport_that_drips_is_given_up_at_the_deadline(link, spans):
    class Dripping(httpx.SyncByteStream):
        def __iter__(self):
            while True:
                threading.Event().wait(0.01)
                yield b"A"

    transport = httpx.MockTransport(lambda request: httpx.Response(200, stream=Dripping()))
    there = link("https://license.example", transport=transport, span=spans.short)
    assert there.exchange(KEY) == NoContact(Cause.TIMEOUT)
    settle()
    assert contacts() == []


# -- statuses ---------------------------------------------------------------------------------------------------------


def expected_of(status):
    if status == 200:
        return b"body"
    return NoContact(
        Cause.PROXY
        if status == 407
        else Cause.SERVER_ERROR
        if status == 429 or 500 <= status < 600
        else Cause.UNTRUSTED_REPLY
    )


def test_every_status_has_its_outcome(link):
    def outcome(status):
        transport = httpx.MockTransport(lambda request: httpx.Response(status, stream=httpx.ByteStream(b"body")))
        return link("https://license.example", transport=transport).exchange(KEY)

    assert {status: outcome(status) for status in range(200, 600)} == {
        status: expected_of(status) for status in range(200, 600)
    }


def test_a_status_that_http_does_not_have_is_no_reply(link, server):
    server.status = 999
    assert link(server.address).exchange(KEY) == NoContact(Cause.UNTRUSTED_REPLY)
    assert NAME in server.address
