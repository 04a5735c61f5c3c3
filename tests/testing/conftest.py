"""The bench itself, looked at from outside with nothing but the standard library."""

import http.client
from types import SimpleNamespace

import pytest

from nexuslic.testing.server import NAME, TlsServer
from nexuslic.testing.wire import WireProxy


@pytest.fixture
def server(authority):
    with TlsServer(authority, answer=lambda request: b"answer to " + request) as server:
        yield server


@pytest.fixture
def proxy(authority, server):
    with WireProxy((NAME, server.port), authority, pace=0.001) as proxy:
        yield proxy


@pytest.fixture
def post(authority):
    """Posts as a contact does: status and body."""

    def post(port, body=b"request", path="/v1/contact"):
        connection = http.client.HTTPSConnection(NAME, port, context=authority.client_context(), timeout=30)
        try:
            connection.request("POST", path, body)
            reply = connection.getresponse()
            return SimpleNamespace(status=reply.status, body=reply.read(), headers=reply.headers)
        finally:
            connection.close()

    return post
