"""The vendor's way over HTTPS, with everything that goes wrong on the wire: one sentence, and the token stays here."""

import json
import socket
from datetime import timedelta

import pytest

from nexuslic.adapters import vendor_https
from nexuslic.adapters.network import Network
from nexuslic.adapters.vendor_https import LostReply, Unreachable, VendorHttps
from nexuslic.errors import InputError
from nexuslic.testing.faults import BEFORE, WireFault
from nexuslic.testing.http import read_request, reply
from nexuslic.testing.loopback import Listener

TOKEN = "nexuslic_0123456789ab_secret"
LATE = (WireFault.SILENT, WireFault.DRIPS_HANDSHAKE, WireFault.SILENT_AFTER_REQUEST, WireFault.DRIPS)
NO_TLS = (
    WireFault.RESETS_AT_ONCE,
    WireFault.RESETS_IN_HANDSHAKE,
    WireFault.CLOSES_IN_HANDSHAKE,
    WireFault.NO_TLS,
    WireFault.TLS_1_0,
)
UNTRUSTED = (WireFault.ANOTHER_AUTHORITY, WireFault.EXPIRED, WireFault.WRONG_NAME)
LOST = (
    WireFault.RESETS_AFTER_REQUEST,
    WireFault.CLOSES_AFTER_REQUEST,
    WireFault.TRUNCATES,
    WireFault.RESETS_IN_REPLY,
    WireFault.ENDLESS_HEAD,
)
ANSWERED = {
    WireFault.ASKS_CREDENTIALS: 407,
    WireFault.BUSY: 429,
    WireFault.UNAVAILABLE: 503,
    WireFault.REDIRECTS: 307,
    WireFault.HTML: 200,
    WireFault.GZIP_BOMB: 200,
    WireFault.REPLAYS: 502,
}
SAID = (
    dict.fromkeys(LATE, "no answer within 0.3 seconds: check host and port, try again, or wait longer with --timeout")
    | dict.fromkeys(NO_TLS, "no TLS of version 1.2 or 1.3 there: check host and port")
    | dict.fromkeys(UNTRUSTED, "the certificate is not by a trusted authority for this name, at this time: give")
    | dict.fromkeys(LOST, "the connection broke before the answer was here")
    | {
        WireFault.REFUSES: "nothing accepts connections there: check host and port, and that the server runs",
        WireFault.ENDLESS: "the answer is longer than any of a license server: check the URL",
    }
)


@pytest.fixture
def way(authority, spans):
    def made(address, **options):
        return VendorHttps(address, TOKEN, **{"authority": authority.pem, "span": spans.long, **options})

    return made


def sent(way, method="POST", target="/v1/contact", body=b"{}"):
    return way.send(method, target, {"Idempotency-Key": "1"}, body)


def test_every_fault_has_its_sentence():
    assert set(SAID) | set(ANSWERED) == set(WireFault)


@pytest.mark.parametrize("fault", SAID, ids=lambda fault: fault.name.lower())
def test_a_fault_is_one_sentence_that_names_the_url(fault, proxy, way, spans, monkeypatch):
    monkeypatch.setattr(vendor_https, "MOST_BYTES", 100_000)
    proxy.fault = fault
    with pytest.raises(Unreachable) as caught:
        sent(way(proxy.address, span=spans.short if fault in LATE else spans.long))
    assert str(caught.value).startswith(f"{proxy.address}: {SAID[fault]}")
    assert isinstance(caught.value, LostReply) == (fault in LOST)
    assert caught.value.uncertain == (fault in LOST or fault in LATE)


@pytest.mark.parametrize("fault", ANSWERED, ids=lambda fault: fault.name.lower())
def test_what_is_answered_is_handed_on_with_its_status(fault, proxy, way):
    proxy.fault = fault
    assert sent(way(proxy.address)).status == ANSWERED[fault]


def test_a_redirect_is_not_followed(proxy, way):
    proxy.fault = WireFault.REDIRECTS
    sent(way(proxy.address))
    assert proxy.arrived_elsewhere == 0


@pytest.mark.parametrize("fault", [*BEFORE, *UNTRUSTED, WireFault.TLS_1_0], ids=lambda fault: fault.name.lower())
def test_the_token_stays_here_until_the_peer_is_verified(fault, proxy, way, spans):
    proxy.fault = fault
    with pytest.raises(Unreachable):
        sent(way(proxy.address, span=spans.short if fault in LATE else spans.long))
    assert TOKEN.encode() not in proxy.seen


def test_a_request_arrives_as_it_was_sent(authority, way):
    def serve(connection):
        connection.secure(authority.server_context("localhost"))
        asked = read_request(connection)
        told = {"target": asked.target, "method": asked.method, "body": asked.body.decode(), **asked.headers}
        connection.send(reply(201, json.dumps(told).encode()))

    listener = Listener(serve)
    answer = sent(
        way(f"https://localhost:{listener.port}/base/"), "PATCH", "/v1/licenses?search=a%20b", b'{"seats": 1}'
    )
    listener.close()
    told = json.loads(answer.body)
    assert answer.status == 201
    assert (told["method"], told["target"], told["body"]) == ("PATCH", "/base/v1/licenses?search=a%20b", '{"seats": 1}')
    assert (told["authorization"], told["idempotency-key"]) == (f"Bearer {TOKEN}", "1")


def _no_name(host, port):
    raise socket.gaierror(socket.EAI_NONAME, "unknown")


@pytest.mark.parametrize(("routed", "words"), [(True, "the name cannot be looked up"), (False, "seems to be offline")])
def test_no_network_is_told_from_an_unknown_name(way, routed, words):
    network = Network(look_up=_no_name, has_route=lambda: routed)
    with pytest.raises(Unreachable, match=words):
        sent(way("https://license.invalid", network=network))


def test_a_proxy_that_is_unusable_is_said(way, monkeypatch):
    monkeypatch.setenv("https_proxy", "gopher://nowhere")
    monkeypatch.setenv("no_proxy", "")
    with pytest.raises(Unreachable, match="a proxy on the way does not let it through: see to HTTPS_PROXY"):
        sent(way("https://license.invalid"))


def test_without_an_authority_the_operating_system_decides(proxy, way):
    with pytest.raises(Unreachable, match="not by a trusted authority"):
        sent(way(proxy.address, authority=None))


def test_a_bug_is_no_network_failure(way):
    def broken(host, port):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        sent(way("https://license.invalid", network=Network(look_up=broken)))


@pytest.mark.parametrize(
    "address",
    [
        "",
        "license.example",
        "http://license.example",
        "https://",
        "https://a:b@c",
        "https://a?b",
        "https://a#b",
        "https://a:x",
    ],
)
def test_what_is_no_https_address_is_refused_and_not_repeated(address, way):
    with pytest.raises(InputError, match="is not https://HOST or https://HOST:PORT: correct it") as caught:
        way(address)
    assert "a:b" not in str(caught.value)


def test_what_is_no_authority_is_refused(way):
    with pytest.raises(InputError, match="the authority is no certificate in PEM: give the server"):
        way("https://license.example", authority="nothing")


def test_a_token_is_in_no_text_of_the_way(way):
    assert TOKEN not in repr(way("https://license.example"))
    assert timedelta(seconds=30) == vendor_https.SPAN
