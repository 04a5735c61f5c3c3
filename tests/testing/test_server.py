"""A license server's outside answers what it is told."""

import http.client
import socket
import ssl

import pytest

from nexuslic.testing.certificates import Authority
from nexuslic.testing.server import NAME, TlsServer


def test_it_answers_and_keeps_what_it_was_asked(server, post):
    assert (post(server.port).body, server.asked) == (b"answer to request", [b"request"])


def test_it_answers_what_it_was_told_last(server, post):
    server.answers(b"other", status=503, headers={"Retry-After": "9"})
    reply = post(server.port)
    assert (reply.status, reply.body, reply.headers["Retry-After"]) == (503, b"other", "9")


def test_it_knows_one_place_only(server, post):
    assert (post(server.port, path="/v2/contact").status, server.asked) == (404, [])


def test_a_connection_serves_more_than_one_request(server, authority):
    connection = http.client.HTTPSConnection(NAME, server.port, context=authority.client_context(), timeout=30)
    for word in (b"one", b"two"):
        connection.request("POST", "/v1/contact", word)
        assert connection.getresponse().read() == b"answer to " + word
    connection.close()
    assert server.accepted == 1


def test_nobody_trusts_it_who_does_not_trust_its_authority(server):
    connection = http.client.HTTPSConnection(NAME, server.port, context=Authority().client_context(), timeout=30)
    with pytest.raises(ssl.SSLCertVerificationError):
        connection.request("POST", "/v1/contact", b"")
    connection.close()


@pytest.mark.parametrize(
    "part", [b"", b"POST /v1/con", b"POST /v1/contact HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nab"]
)
def test_a_client_that_hangs_up_in_its_request_is_no_error(authority, part):
    with TlsServer(authority) as server:
        plain = socket.create_connection((NAME, server.port), timeout=30)
        with authority.client_context().wrap_socket(plain, server_hostname=NAME) as there:
            there.sendall(part)
    assert server.asked == []


def test_what_goes_wrong_in_an_answer_is_raised_at_the_end(authority, post):
    server = TlsServer(authority, answer=lambda request: 1 // 0)
    with pytest.raises(http.client.RemoteDisconnected):
        post(server.port)
    with pytest.raises(ZeroDivisionError), server:
        pass
