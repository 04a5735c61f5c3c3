"""Each fault on the wire is really done, as a plain client sees it."""

import http.client
import socket
import ssl

import pytest

from nexuslic.testing.certificates import only_tls_1_0
from nexuslic.testing.faults import ANSWERS, BEFORE, GIGABYTE, HTML, WireFault, bomb
from nexuslic.testing.server import NAME

SHOWN = {WireFault.TLS_1_0, WireFault.ANOTHER_AUTHORITY, WireFault.EXPIRED, WireFault.WRONG_NAME}
VERIFY_CODES = {WireFault.ANOTHER_AUTHORITY: (18, 19, 20), WireFault.EXPIRED: (10,), WireFault.WRONG_NAME: (62,)}
"""OpenSSL's own words for it: X509_V_ERR_... (unknown issuer; expired; hostname mismatch)."""


def test_every_fault_is_done_at_one_stage():
    stages = [{WireFault.REFUSES}, set(BEFORE), SHOWN, set(ANSWERS)]
    assert set().union(*stages) == set(WireFault)
    assert sum(map(len, stages)) == len(WireFault)


def test_without_a_fault_both_sides_are_passed_on(proxy, server, post):
    assert (post(proxy.port).body, server.asked) == (b"answer to request", [b"request"])


def test_what_a_client_sent_is_seen_in_clear(proxy, post):
    post(proxy.port, b"a secret")
    assert b"POST /v1/contact" in proxy.seen
    assert proxy.seen.endswith(b"a secret")


def test_a_license_server_that_is_down_is_a_bad_gateway(proxy, server, post):
    server.refuse()
    assert post(proxy.port).status == 502


def test_faults_stand_in_the_order_of_their_stages(proxy):
    proxy.faults = (WireFault.UNAVAILABLE, WireFault.EXPIRED, WireFault.SILENT)
    assert proxy.faults == (WireFault.SILENT, WireFault.EXPIRED, WireFault.UNAVAILABLE)
    assert proxy.fault is WireFault.SILENT


def test_a_fault_that_is_taken_away_is_gone(proxy, post):
    for fault in (WireFault.REFUSES, WireFault.UNAVAILABLE):
        proxy.fault = fault
        proxy.fault = None
        assert (proxy.fault, post(proxy.port).status) == (None, 200)


def test_nobody_listens(proxy, post):
    proxy.fault = WireFault.REFUSES
    with pytest.raises(ConnectionRefusedError):
        post(proxy.port)


@pytest.mark.parametrize("fault", [WireFault.RESETS_AT_ONCE, WireFault.RESETS_IN_HANDSHAKE])
def test_a_connection_is_reset_before_tls(proxy, fault):
    proxy.fault = fault
    with pytest.raises(ConnectionError), socket.create_connection((NAME, proxy.port), timeout=30) as there:
        there.sendall(b"hello")
        there.recv(1)
        there.recv(1)


def test_a_connection_is_closed_in_the_handshake(proxy, post):
    proxy.fault = WireFault.CLOSES_IN_HANDSHAKE
    with pytest.raises((ssl.SSLEOFError, ConnectionResetError)):
        post(proxy.port)


@pytest.mark.parametrize("fault", [WireFault.SILENT, WireFault.DRIPS_HANDSHAKE])
def test_a_handshake_is_never_completed(proxy, authority, fault):
    proxy.fault = fault
    with socket.create_connection((NAME, proxy.port), timeout=0.2) as there, pytest.raises(TimeoutError):
        authority.client_context().wrap_socket(there, server_hostname=NAME)


def test_an_answer_in_clear_is_no_tls(proxy, post):
    proxy.fault = WireFault.NO_TLS
    with pytest.raises(ssl.SSLError) as failed:
        post(proxy.port)
    assert failed.value.reason in ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE")


@pytest.mark.parametrize("fault", VERIFY_CODES, ids=lambda fault: fault.name)
def test_a_wrong_certificate_is_refused_for_its_own_reason(proxy, post, fault):
    proxy.fault = fault
    with pytest.raises(ssl.SSLCertVerificationError) as failed:
        post(proxy.port)
    assert failed.value.verify_code in VERIFY_CODES[fault]


def test_tls_1_0_only_has_nothing_in_common_with_a_modern_client(proxy, post):
    proxy.fault = WireFault.TLS_1_0
    with pytest.raises(ssl.SSLError) as failed:
        post(proxy.port)
    assert failed.value.reason in ("TLSV1_ALERT_PROTOCOL_VERSION", "UNSUPPORTED_PROTOCOL")


def test_tls_1_0_is_really_spoken_with_an_old_client(proxy, authority):
    proxy.fault = WireFault.TLS_1_0
    old = only_tls_1_0(authority.client_context())
    there = socket.create_connection((NAME, proxy.port), timeout=30)
    with old.wrap_socket(there, server_hostname=NAME) as spoken:
        assert spoken.version() == "TLSv1"


@pytest.mark.parametrize(
    "fault, status",
    [(WireFault.ASKS_CREDENTIALS, 407), (WireFault.BUSY, 429), (WireFault.UNAVAILABLE, 503), (WireFault.HTML, 200)],
)
def test_a_page_is_answered_and_the_license_server_is_not_asked(proxy, server, post, fault, status):
    proxy.fault = fault
    reply = post(proxy.port)
    assert (reply.status, reply.body, server.asked) == (status, HTML, [])


def test_a_redirect_leads_where_somebody_listens(proxy, post):
    proxy.fault = WireFault.REDIRECTS
    reply = post(proxy.port)
    port = int(reply.headers["Location"].split(":")[2].split("/")[0])
    assert (reply.status, proxy.arrived_elsewhere) == (307, 0)
    with socket.create_connection((NAME, port), timeout=30) as arrived:
        assert (arrived.recv(1), proxy.arrived_elsewhere) == (b"", 1)


def test_a_reply_ends_in_the_middle(proxy, post):
    proxy.fault = WireFault.TRUNCATES
    with pytest.raises(http.client.IncompleteRead) as failed:
        post(proxy.port)
    assert failed.value.partial == b"answer t"


@pytest.mark.parametrize("fault", [WireFault.RESETS_AFTER_REQUEST, WireFault.CLOSES_AFTER_REQUEST])
def test_a_request_is_taken_and_nothing_comes_back(proxy, server, post, fault):
    proxy.fault = fault
    with pytest.raises(ConnectionError):
        post(proxy.port)
    assert (proxy.seen.count(b"request"), server.asked) == (1, [])


def test_a_reset_in_the_reply_leaves_no_whole_reply(proxy, post):
    proxy.fault = WireFault.RESETS_IN_REPLY
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        post(proxy.port)


def test_a_gigabyte_is_announced_and_what_is_taken_is_counted(proxy, authority):
    proxy.fault = WireFault.ENDLESS
    connection = http.client.HTTPSConnection(NAME, proxy.port, context=authority.client_context(), timeout=30)
    connection.request("POST", "/v1/contact", b"")
    reply = connection.getresponse()
    taken = len(reply.read(3 << 20))
    connection.close()
    reply.close()
    proxy.fault = WireFault.REFUSES
    assert int(reply.headers["Content-Length"]) == GIGABYTE
    assert taken <= proxy.taken < 100 << 20


def test_a_bomb_is_small_on_the_wire_and_is_sent_as_such(proxy, post):
    proxy.fault = WireFault.GZIP_BOMB
    reply = post(proxy.port)
    assert (reply.body, reply.headers["Content-Encoding"]) == (bomb(), "gzip")
    assert len(bomb()) < 64 * 1024


def test_headers_never_end(proxy, post):
    proxy.fault = WireFault.ENDLESS_HEAD
    with pytest.raises(http.client.HTTPException):
        post(proxy.port)


def test_an_old_reply_is_sent_again(proxy, server, post):
    post(proxy.port, b"first")
    post(proxy.port, b"second")
    proxy.fault = WireFault.REPLAYS
    assert post(proxy.port, b"third").body == b"answer to first"
    assert server.asked == [b"first", b"second"]


def test_a_replay_of_nothing_is_a_bad_gateway(proxy, post):
    proxy.fault = WireFault.REPLAYS
    assert post(proxy.port).status == 502
