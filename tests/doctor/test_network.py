"""The network half of the doctor, over real sockets: every cause really happens, and its step is the bad one."""

import socket

import attrs
import httpx
import pytest

from nexuslic.adapters.network import Network
from nexuslic.doctor.cures import CURES, OLD_TLS, SIGN_IN
from nexuslic.doctor.findings import Level
from nexuslic.rules.words import Cause
from nexuslic.testing.certificates import Authority
from nexuslic.testing.faults import WireFault
from nexuslic.testing.forward import ForwardProxy
from nexuslic.trust.keys import SigningKey

HURRIED = (WireFault.SILENT, WireFault.DRIPS_HANDSHAKE, WireFault.SILENT_AFTER_REQUEST, WireFault.DRIPS)
STEPS = {
    WireFault.REFUSES: "tcp",
    WireFault.SILENT: "tls",
    WireFault.RESETS_AT_ONCE: "tls",
    WireFault.RESETS_IN_HANDSHAKE: "tls",
    WireFault.CLOSES_IN_HANDSHAKE: "tls",
    WireFault.DRIPS_HANDSHAKE: "tls",
    WireFault.NO_TLS: "tls",
    WireFault.TLS_1_0: "tls",
    WireFault.ANOTHER_AUTHORITY: "certificate",
    WireFault.EXPIRED: "certificate",
    WireFault.WRONG_NAME: "certificate",
    WireFault.RESETS_AFTER_REQUEST: "reply",
    WireFault.CLOSES_AFTER_REQUEST: "reply",
    WireFault.ASKS_CREDENTIALS: "reply",
    WireFault.BUSY: "reply",
    WireFault.UNAVAILABLE: "reply",
    WireFault.REDIRECTS: "reply",
    WireFault.HTML: "reply",
    WireFault.TRUNCATES: "reply",
    WireFault.ENDLESS: "reply",
    WireFault.ENDLESS_HEAD: "reply",
    WireFault.GZIP_BOMB: "reply",
    WireFault.REPLAYS: "reply",
}
"""Where each fault stops a contact; where one that waits for the deadline stands then is a matter of time."""


def name(fault):
    return fault.name


@pytest.fixture
def forward(monkeypatch):
    """The system's proxy."""
    with ForwardProxy() as proxy:
        monkeypatch.setenv("no_proxy", "")
        monkeypatch.setenv("https_proxy", proxy.address)
        yield proxy


# -- all is well ------------------------------------------------------------------------------------------------------


def test_every_step_is_good_where_the_license_server_answers(doctor, bundle, levels):
    assert set(levels(doctor.says(bundle)).values()) == {Level.GOOD}


def test_the_steps_stand_in_the_order_of_a_connection(doctor, bundle):
    assert list(doctor.says(bundle)) == ["network", "proxy", "dns", "tcp", "tls", "certificate", "reply"]


def test_the_versions_that_are_offered_accepted_and_agreed_are_told(doctor, bundle):
    assert doctor.says(bundle)["tls"].text == ("offered TLS 1.2, TLS 1.3; accepted TLS 1.2, TLS 1.3; agreed TLS 1.3")


def test_the_certificate_is_told_with_its_days(doctor, bundle):
    said = doctor.says(bundle)["certificate"].text
    assert said.startswith("for localhost, issued by trustme") and said.endswith("verified by the vendor bundle")


def test_the_license_server_is_asked_once_and_never_with_a_license_key(doctor, bundle, server):
    doctor.look(bundle)
    assert [b'"key":"doctor"' in asked for asked in server.asked] == [True]


def test_a_number_that_is_no_license_key_is_answered_signed_as_unknown(doctor, bundle):
    assert doctor.look(bundle).contact.reason.value == "unknown"


def test_the_handshakes_that_probe_send_nothing(doctor, bundle, proxy, server):
    doctor.look(bundle)
    assert (proxy.seen.count(b"POST"), proxy.seen.count(b"HEAD"), len(server.asked)) == (1, 0, 1)


# -- every fault ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", [one for one in WireFault if one is not WireFault.RESETS_IN_REPLY], ids=name)
def test_the_doctor_names_the_cause_that_a_launch_is_told(doctor, bundle, proxy, spans, fault):
    span = spans.short if fault in HURRIED else spans.long
    doctor.look(bundle)
    proxy.fault = fault
    launched = doctor.launch(bundle, span)
    assert launched is not None and doctor.bad(bundle, span).cause is launched


def test_a_reset_in_the_reply_is_told_as_one_of_the_two_that_a_launch_may_be_told(doctor, bundle, proxy):
    proxy.fault = WireFault.RESETS_IN_REPLY
    assert doctor.bad(bundle).cause in (Cause.SERVER_ERROR, Cause.UNTRUSTED_REPLY)


@pytest.mark.parametrize("fault", STEPS, ids=name)
def test_the_step_at_which_a_fault_stops_a_contact_is_bad(doctor, bundle, proxy, spans, fault):
    doctor.look(bundle)
    proxy.fault = fault
    assert doctor.bad(bundle, spans.short if fault in HURRIED else spans.long).step.value == STEPS[fault]


@pytest.mark.parametrize("fault", [WireFault.REFUSES, WireFault.TLS_1_0, WireFault.EXPIRED], ids=name)
def test_steps_before_the_bad_one_are_good_and_those_after_it_not_reached(doctor, bundle, proxy, levels, fault):
    proxy.fault = fault
    said = list(levels(doctor.says(bundle)).values())
    at = said.index(Level.BAD)
    assert (set(said[:at]), set(said[at + 1 :])) == ({Level.GOOD}, {Level.NOT_REACHED})


# -- the causes, one by one -------------------------------------------------------------------------------------------


def test_offline(doctor, bundle, unplugged):
    bad = doctor.bad(bundle, network=unplugged)
    assert (bad.step.value, bad.cause, bad.text) == ("network", Cause.OFFLINE, "no way leads out of this computer")


def test_no_route_to_this_one_address_is_no_fault_of_the_whole_network(doctor, bundle, unplugged):
    network = Network(dial=unplugged.dial, has_route=lambda: True)
    bad = doctor.bad(bundle, network=network)
    assert (bad.step.value, bad.cause) == ("tcp", Cause.OFFLINE)


def test_dns(doctor, bundle, spans):
    bad = doctor.bad(attrs.evolve(bundle, address="https://license.invalid"), span=spans.short)
    assert (bad.step.value, bad.cause, bad.text) == ("dns", Cause.DNS, "license.invalid is not found")


def test_refused(doctor, bundle, proxy):
    proxy.fault = WireFault.REFUSES
    bad = doctor.bad(bundle)
    assert (bad.cause, bad.text) == (Cause.REFUSED, f"nobody answered at 127.0.0.1, port {proxy.port}")


def test_timeout(doctor, bundle, proxy, spans):
    proxy.fault = WireFault.SILENT
    assert doctor.bad(bundle, spans.short).cause is Cause.TIMEOUT


def test_a_server_that_does_not_answer_one_handshake_is_asked_for_no_other_version(doctor, bundle, proxy, spans):
    proxy.fault = WireFault.SILENT
    assert doctor.bad(bundle, spans.short).text.endswith("accepted none; no answer to TLS 1.3")


def test_tls_protocol(doctor, bundle, proxy):
    proxy.fault = WireFault.TLS_1_0
    bad = doctor.bad(bundle)
    assert (bad.cause, bad.text) == (Cause.TLS_PROTOCOL, "offered TLS 1.2, TLS 1.3; accepted TLS 1.0")


def test_versions_that_are_apart_are_cured_in_the_order_of_the_windows_7_page(doctor, bundle, proxy):
    proxy.fault = WireFault.TLS_1_0
    assert doctor.bad(bundle).cures is OLD_TLS


@pytest.mark.parametrize("fault", [WireFault.RESETS_AT_ONCE, WireFault.CLOSES_IN_HANDSHAKE, WireFault.NO_TLS], ids=name)
def test_a_handshake_that_is_cut_off_is_not_cured_by_other_versions(doctor, bundle, proxy, fault):
    proxy.fault = fault
    bad = doctor.bad(bundle)
    assert bad.cures is not OLD_TLS and "cut off" in bad.why


def test_what_answers_in_clear_is_told_so(doctor, bundle, proxy):
    proxy.fault = WireFault.NO_TLS
    assert doctor.bad(bundle).text.endswith("what answered does not speak TLS")


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (WireFault.ANOTHER_AUTHORITY, "it was not issued by the authority in the vendor bundle"),
        (WireFault.EXPIRED, "it has expired by this clock, which shows 2026-03-02 08:30 UTC"),
        (WireFault.WRONG_NAME, "for elsewhere.invalid, issued by trustme"),
    ],
    ids=["ANOTHER_AUTHORITY", "EXPIRED", "WRONG_NAME"],
)
def test_tls_certificate_says_what_is_wrong_with_it(doctor, bundle, proxy, fault, said):
    proxy.fault = fault
    bad = doctor.bad(bundle)
    assert bad.cause is Cause.TLS_CERTIFICATE and said in bad.text


def test_a_certificate_that_has_expired_is_cured_by_the_clock_first(doctor, bundle, proxy):
    proxy.fault = WireFault.EXPIRED
    assert doctor.bad(bundle).cures[0] == "Set this computer's clock right, if it is not."


def test_where_the_bundle_has_no_authority_the_system_is_who_does_not_trust(doctor, bundle):
    bad = doctor.bad(attrs.evolve(bundle, authority=""))
    assert bad.text.endswith("it was not issued by an authority that the system trusts")


def test_proxy(doctor, bundle, forward):
    forward.refuses = True
    bad = doctor.bad(bundle)
    assert (bad.step.value, bad.cause, bad.text) == ("way", Cause.PROXY, "the proxy answered 403")


def test_a_proxy_that_asks_for_credentials_is_told_so(doctor, bundle, forward):
    forward.credentials = ("anna", "secret")
    assert doctor.bad(bundle).text == "the proxy answered 407: it asks for a name and a password"


def test_a_proxy_that_hangs_up_did_not_answer(doctor, bundle, forward):
    forward.hangs_up = True
    bad = doctor.bad(bundle)
    assert (bad.step.value, bad.cause, bad.text) == ("way", Cause.PROXY, "the proxy did not answer")


def test_a_proxy_whose_own_certificate_is_not_trusted_is_in_the_way(doctor, bundle, monkeypatch):
    with ForwardProxy(authority=Authority()) as proxy:
        monkeypatch.setenv("no_proxy", "")
        monkeypatch.setenv("https_proxy", proxy.address)
        bad = doctor.bad(bundle)
    assert (bad.step.value, bad.cause, bad.text) == ("way", Cause.TLS_CERTIFICATE, "TLS with the proxy itself failed")


def test_through_a_proxy_every_step_is_good_and_its_way_is_one(doctor, bundle, forward, levels, proxy):
    said = doctor.says(bundle)
    assert set(levels(said).values()) == {Level.GOOD}
    assert said["way"].text == f"the proxy opened the way to localhost:{proxy.port}"


def test_through_a_proxy_the_versions_are_probed_too(doctor, bundle, forward):
    assert doctor.says(bundle)["tls"].text.startswith("offered TLS 1.2, TLS 1.3; accepted TLS 1.2, TLS 1.3")


def test_a_proxys_password_is_never_told(doctor, bundle, forward, monkeypatch):
    forward.credentials = ("anna", "secret")
    monkeypatch.setenv("https_proxy", forward.address_with_credentials)
    said = doctor.says(bundle)
    assert said["reply"].level is Level.GOOD
    assert not [one for one in said.values() if "secret" in str(one) or "anna" in str(one)]


def test_a_proxy_that_is_not_running_is_refused_at_its_port(doctor, bundle, monkeypatch):
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        monkeypatch.setenv("no_proxy", "")
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{held.getsockname()[1]}")
        bad = doctor.bad(bundle)
    assert (bad.step.value, bad.cause) == ("tcp", Cause.REFUSED)


def test_a_proxy_setting_that_is_none_is_the_first_bad_step(doctor, bundle, monkeypatch, levels):
    monkeypatch.setenv("no_proxy", "")
    monkeypatch.setenv("https_proxy", "socks5://anna:secret@proxy.example")
    said = doctor.says(bundle)
    assert said["proxy"].cause is Cause.PROXY and "secret" not in str(said)
    assert levels(said)["dns"] is Level.NOT_REACHED


@pytest.mark.parametrize("fault, status", [(WireFault.UNAVAILABLE, 503), (WireFault.BUSY, 429)], ids=["503", "429"])
def test_server_error(doctor, bundle, proxy, fault, status):
    proxy.fault = fault
    bad = doctor.bad(bundle)
    assert (bad.cause, bad.text) == (Cause.SERVER_ERROR, f"answered with status {status}")


def test_who_was_asked_too_often_is_told_to_wait(doctor, bundle, proxy):
    proxy.fault = WireFault.BUSY
    assert doctor.bad(bundle).cures[0] == "Wait for an hour, then try again."


def test_untrusted_reply(doctor, bundle):
    other = attrs.evolve(bundle, keys=type(bundle.keys)((SigningKey("signing-1", bytes(32)).trusted(),)))
    bad = doctor.bad(other)
    assert (bad.cause, bad.text) == (
        Cause.UNTRUSTED_REPLY,
        "an answer came that no key of the vendor bundle has signed for this request",
    )


def test_an_answer_that_is_cut_short_is_told_so(doctor, bundle, proxy):
    doctor.look(bundle)
    proxy.fault = WireFault.TRUNCATES
    assert doctor.bad(bundle).text == "the answer did not come to its end"


def test_a_replayed_answer_is_not_for_this_request(doctor, bundle, proxy):
    doctor.look(bundle)
    proxy.fault = WireFault.REPLAYS
    assert doctor.bad(bundle).text.endswith("signed for this request")


# -- a captive portal -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", [WireFault.HTML, WireFault.REDIRECTS], ids=name)
def test_a_captive_portal_is_told_to_be_signed_in_to_first(doctor, bundle, proxy, fault):
    proxy.fault = fault
    bad = doctor.bad(bundle)
    assert (bad.cause, bad.cures) == (Cause.UNTRUSTED_REPLY, SIGN_IN)


def test_a_status_that_asks_to_sign_in_is_a_captive_portal(doctor, bundle, server):
    server.status = 511
    bad = doctor.bad(bundle)
    assert (bad.cause, bad.cures) == (Cause.SERVER_ERROR, SIGN_IN)


def test_where_a_redirect_leads_is_told_by_its_host_alone(doctor, bundle, server):
    server.answers(b"", 302, {"Location": "https://anna:secret@portal.example/login?to=here"})
    bundle = attrs.evolve(bundle, address=server.address)
    assert doctor.bad(bundle).text == "answered with status 302, which leads to portal.example"


@pytest.mark.parametrize("place", ["", "/login", "https://[", "\x01"])
def test_a_redirect_that_leads_nowhere_is_told_without_a_place(doctor, bundle, server, place):
    server.answers(b"", 302, {"Location": place})
    assert doctor.bad(attrs.evolve(bundle, address=server.address)).text == "answered with status 302"


# -- what is said -----------------------------------------------------------------------------------------------------


def test_every_cause_has_its_cures():
    assert list(CURES) == list(Cause)


def test_no_cure_tells_nexuslic_itself_that_a_key_of_the_registry_helps():
    (said,) = [cure for cures in CURES.values() for cure in cures if "registry" in cure]
    assert said.startswith("Only for an application") and "nexuslic itself reads no key of the registry" in said


def test_an_authority_of_anybody_else_makes_no_difference_to_the_steps_before(doctor, bundle):
    other = attrs.evolve(bundle, authority=Authority().pem)
    assert doctor.bad(other).step.value == "certificate"


def test_an_address_without_a_port_is_port_443(doctor, bundle, unplugged):
    look = doctor.look(attrs.evolve(bundle, address="https://localhost"), network=unplugged)
    assert (look.port, look.url) == (443, httpx.URL("https://localhost/v1/contact"))
