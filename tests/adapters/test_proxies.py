"""A proxy between the client and the license server: given, or set in the system."""

import socket

import pytest

from nexuslic.adapters import proxies
from nexuslic.errors import InputError
from nexuslic.rules.record import NoContact
from nexuslic.rules.words import Cause
from nexuslic.testing.forward import ForwardProxy
from nexuslic.testing.wire import WireFault

KEY = b'{"key":"4006381333931"}'


@pytest.fixture
def forward():
    with ForwardProxy() as proxy:
        yield proxy


@pytest.fixture
def asking():
    with ForwardProxy(credentials=("ann", "secret")) as proxy:
        yield proxy


@pytest.fixture
def system(monkeypatch):
    """Sets the system's proxy, as its environment does."""

    def set_proxy(url, bypass=""):
        monkeypatch.setenv("no_proxy", bypass)
        monkeypatch.setenv("https_proxy", url)

    return set_proxy


def test_a_contact_goes_through_the_proxy_that_was_given(link, server, forward):
    assert link(server.address, proxy=forward.address).exchange(KEY) == b"reply"
    assert forward.asked == [f"localhost:{server.port}"]


def test_a_contact_goes_through_the_proxy_of_the_system(link, server, forward, system):
    system(forward.address)
    assert link(server.address).exchange(KEY) == b"reply"
    assert forward.asked == [f"localhost:{server.port}"]


def test_the_proxy_that_was_given_comes_before_the_systems(link, server, forward, asking, system):
    system(asking.address)
    assert link(server.address, proxy=forward.address).exchange(KEY) == b"reply"


def test_a_host_that_the_system_excepts_is_reached_directly(link, server, forward, system):
    system(forward.address, bypass="localhost")
    assert link(server.address).exchange(KEY) == b"reply"
    assert forward.asked == []


def test_a_proxy_of_the_system_may_stand_there_without_a_scheme(link, server, forward, system):
    system(forward.address.removeprefix("http://"))
    assert link(server.address).exchange(KEY) == b"reply"


def test_the_proxy_never_sees_the_key(link, server, forward):
    link(server.address, proxy=forward.address).exchange(KEY)
    assert len(forward.seen) > 500
    assert KEY not in forward.seen


def test_a_proxy_that_asks_for_credentials_is_in_the_way(link, server, asking):
    assert link(server.address, proxy=asking.address).exchange(KEY) == NoContact(Cause.PROXY)
    assert server.asked == []


def test_a_proxy_that_is_shown_its_credentials_opens_the_way(link, server, asking):
    assert link(server.address, proxy=asking.address_with_credentials).exchange(KEY) == b"reply"


def test_credentials_for_the_proxy_go_no_further(link, server, asking):
    link(server.address, proxy=asking.address_with_credentials).exchange(KEY)
    assert "proxy-authorization" not in server.heads[0]


@pytest.mark.parametrize("how", ["refuses", "hangs_up"])
def test_a_proxy_that_does_not_open_the_way_is_in_the_way(link, server, forward, how):
    setattr(forward, how, True)
    assert link(server.address, proxy=forward.address).exchange(KEY) == NoContact(Cause.PROXY)
    assert server.asked == []


def test_a_proxy_that_is_not_running_refuses(link, server):
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        there = link(server.address, proxy=f"http://127.0.0.1:{held.getsockname()[1]}")
        assert there.exchange(KEY) == NoContact(Cause.REFUSED)


@pytest.mark.parametrize(
    "fault, cause",
    [
        (WireFault.ANOTHER_AUTHORITY, Cause.TLS_CERTIFICATE),
        (WireFault.TLS_1_0, Cause.TLS_PROTOCOL),
        (WireFault.UNAVAILABLE, Cause.SERVER_ERROR),
    ],
)
def test_what_happens_behind_the_proxy_is_not_the_proxys(link, proxy, forward, fault, cause):
    proxy.fault = fault
    assert link(proxy.address, proxy=forward.address).exchange(KEY) == NoContact(cause)


def test_a_proxy_that_never_answers_ends_at_the_deadline(link, server, proxy, spans):
    proxy.fault = WireFault.SILENT
    silent = f"http://127.0.0.1:{proxy.port}"
    assert link(server.address, proxy=silent, span=spans.short).exchange(KEY) == NoContact(Cause.TIMEOUT)


def test_a_proxy_is_reached_over_tls_where_its_address_says_so(link, server, authority, tmp_path, monkeypatch):
    """TLS with the license server then goes through TLS with the proxy, which the system's authorities vouch for."""
    (tmp_path / "system.pem").write_text(authority.pem, "ascii")
    with ForwardProxy(authority=authority) as forward:
        there = link(server.address, proxy=forward.address)
        assert there.exchange(KEY) == NoContact(Cause.TLS_CERTIFICATE)
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "system.pem"))
        server.answers(b"A" * 50_000)
        assert there.exchange(KEY) == b"A" * 50_000
    assert KEY not in forward.seen


@pytest.mark.parametrize("url", ["socks5://127.0.0.1:1080", "ftp://proxy", "http://", "http://a:b:c"])
def test_a_proxy_that_cannot_be_used_is_refused_at_once(link, url):
    with pytest.raises(InputError, match="proxy") as refused:
        link("https://license.example", proxy=url)
    assert "b:c" not in str(refused.value)


def test_a_setting_of_the_system_that_cannot_be_used_is_a_proxy_in_the_way(link, server, system):
    system("socks5://127.0.0.1:1080")
    assert link(server.address).exchange(KEY) == NoContact(Cause.PROXY)


def test_without_a_setting_there_is_no_proxy(system):
    system("")
    assert proxies.of_system("license.example") is None
