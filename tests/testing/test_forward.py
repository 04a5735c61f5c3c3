"""A system's proxy opens a way, asks for credentials, or refuses."""

import http.client
import socket

import pytest

from nexuslic.testing.forward import ForwardProxy
from nexuslic.testing.server import NAME


def through(forward, authority, server, headers=None):
    """What a contact through the proxy brings back."""
    host, port = forward.address.removeprefix("http://").split(":")
    connection = http.client.HTTPSConnection(host, int(port), context=authority.client_context(), timeout=30)
    connection.set_tunnel(NAME, server.port, headers or {})
    try:
        connection.request("POST", "/v1/contact", b"request")
        return connection.getresponse().read()
    finally:
        connection.close()


def test_a_way_is_opened(authority, server):
    with ForwardProxy() as forward:
        assert through(forward, authority, server) == b"answer to request"
    assert forward.asked == [f"{NAME}:{server.port}"]


def test_what_goes_through_is_seen_as_it_goes(authority, server):
    with ForwardProxy() as forward:
        through(forward, authority, server)
    assert forward.seen.startswith(b"CONNECT ")
    assert b"request" not in forward.seen


def test_credentials_are_asked_for_and_taken(authority, server):
    with ForwardProxy(("ann", "secret")) as forward:
        with pytest.raises(OSError, match="407"):
            through(forward, authority, server)
        shown = {"Proxy-Authorization": "Basic YW5uOnNlY3JldA=="}
        assert through(forward, authority, server, shown) == b"answer to request"
    assert "ann:secret@" in forward.address_with_credentials


def test_nobody_is_let_through(authority, server):
    with ForwardProxy() as forward:
        forward.refuses = True
        with pytest.raises(OSError, match="403"):
            through(forward, authority, server)


def test_nothing_is_said(authority, server):
    with ForwardProxy() as forward:
        forward.hangs_up = True
        with pytest.raises(http.client.HTTPException):
            through(forward, authority, server)


def test_only_ways_are_opened():
    with ForwardProxy() as forward:
        host, port = forward.address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=30) as there:
            there.sendall(b"GET http://license.example/ HTTP/1.1\r\nHost: license.example\r\n\r\n")
            assert there.recv(1000).startswith(b"HTTP/1.1 403 ")
