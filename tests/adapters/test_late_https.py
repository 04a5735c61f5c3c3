"""Contact that brings in the network stack only where a way leads; the causes are those of HttpsLink."""

import socket
import subprocess
import sys
import threading
from datetime import timedelta

import pytest

from nexuslic.adapters.late_https import LateLink
from nexuslic.errors import InputError
from nexuslic.rules.record import NoContact
from nexuslic.rules.words import Cause
from nexuslic.testing.certificates import Authority
from nexuslic.testing.server import NAME, TlsServer


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)


def unknown(host, port):
    raise socket.gaierror(socket.EAI_NONAME, "not known")


@pytest.mark.parametrize(("routed", "cause"), [(True, Cause.DNS), (False, Cause.OFFLINE)])
def test_a_name_that_is_not_found_is_told_from_no_network(routed, cause):
    link = LateLink("https://license.example", look_up=unknown, has_route=lambda: routed)
    assert link.exchange(b"request") == NoContact(cause)


def test_an_address_that_no_way_leads_to_is_no_network(monkeypatch):
    monkeypatch.setattr("nexuslic.adapters.routes.leads_to", lambda found, port: False)
    assert LateLink("https://127.0.0.1:9").exchange(b"request") == NoContact(Cause.OFFLINE)


def test_a_slow_look_up_ends_with_the_contact():
    let_go = threading.Event()

    def slowly(host, port):
        let_go.wait(30)
        return ["127.0.0.1"]

    link = LateLink("https://license.example", span=timedelta(seconds=0.2), look_up=slowly, has_route=lambda: True)
    assert link.exchange(b"request") == NoContact(Cause.DNS)
    let_go.set()


def test_nobody_listens():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert LateLink(f"https://127.0.0.1:{port}").exchange(b"request") == NoContact(Cause.REFUSED)


def test_a_name_is_looked_up_once_and_the_reply_is_delivered():
    authority, asked = Authority(), []

    def look_up(host, port):
        asked.append(host)
        return ["127.0.0.1"]

    with TlsServer(authority) as server:
        server.answers(b"reply")
        link = LateLink(
            f"https://{NAME}:{server.port}", authority.pem, timedelta(seconds=30), look_up, has_route=lambda: True
        )
        assert (link.exchange(b"request"), server.asked) == (b"reply", [b"request"])
    assert asked == [NAME]


def test_where_there_may_be_a_proxy_it_is_asked(monkeypatch):
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    link = LateLink("https://license.example", look_up=lambda host, port: [host])
    assert link.exchange(b"request") == NoContact(Cause.REFUSED)


@pytest.mark.parametrize("address", ["http://license.example", "license.example", "https://", ""])
def test_an_address_that_is_not_https_is_refused(address):
    with pytest.raises(InputError, match="is not https://host"):
        LateLink(address)


def test_without_a_way_nothing_of_the_network_stack_is_imported():
    code = (
        "import sys\n"
        "from nexuslic.adapters.late_https import LateLink\n"
        "def unknown(host, port): raise OSError\n"
        "print(LateLink('https://x.example', look_up=unknown, has_route=lambda: False).exchange(b'').cause)\n"
        "print({'httpx', 'httpcore', 'truststore'} & set(sys.modules))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "offline\nset()\n"
