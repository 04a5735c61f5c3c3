"""Whoever speaks badly to a server gets an answer or a closed connection, soon; everybody else is served meanwhile."""

import gzip
import resource
import socket
import ssl
import struct
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

import pytest

HEALTH = b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
POST = b"POST /v1/contact HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
BOMB = gzip.compress(bytes(20_000_000))
MEGABYTE = 1024
"""In kB, as the system counts memory."""


def answer(connection: socket.socket) -> bytes:
    """All that comes until the other side has closed; it has to, the wait is bounded by the fixture."""
    parts = []
    with suppress(ConnectionError, ssl.SSLEOFError):
        while part := connection.recv(65536):
            parts.append(part)
    return b"".join(parts)


def said(hasty, *parts: bytes) -> bytes:
    """What is answered to these parts, until the connection is closed."""
    with hasty.connected() as connection:
        with suppress(ConnectionError, ssl.SSLEOFError):
            for part in parts:
                connection.sendall(part)
        return answer(connection)


def is_served(hasty) -> bool:
    """Whether somebody honest is answered."""
    return said(hasty, HEALTH).startswith(b"HTTP/1.1 200 ")


REFUSED = {
    "both lengths": POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + HEALTH,
    "both lengths, turned round": POST + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + HEALTH,
    "two lengths": POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef" + HEALTH,
    "a list of lengths": POST + b"Content-Length: 5, 5\r\n\r\nabcde" + HEALTH,
    "a signed length": POST + b"Content-Length: +5\r\n\r\nabcde" + HEALTH,
    "a negative length": POST + b"Content-Length: -1\r\n\r\n" + HEALTH,
    "an endless number": POST + b"Content-Length: " + b"9" * 400 + b"\r\n\r\n" + HEALTH,
    "a coding that is none": POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + HEALTH,
    "chunked, but not last": POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + HEALTH,
    "a space before the colon": POST + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + HEALTH,
    "a size that is none": CHUNKED + b"0x5\r\nabcde\r\n0\r\n\r\n" + HEALTH,
    "a folded header": POST + b"A: a\r\n b\r\nContent-Length: 2\r\n\r\n{}" + HEALTH,
    "a zero byte": POST + b"A: a\0b\r\nContent-Length: 2\r\n\r\n{}" + HEALTH,
    "bare line feeds": HEALTH.replace(b"\r\n", b"\n") * 2,
    "bytes of chance": bytes(range(256)) * 8,
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "HTTP/9.9": b"GET /health HTTP/9.9\r\n\r\n",
    "a tunnel": b"CONNECT localhost:443 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a packed body": POST + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(BOMB) + BOMB,
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_refused_once_and_nothing_behind_it_is_answered(hasty, name: str):
    found = said(hasty, REFUSED[name])
    assert found.startswith(b"HTTP/1.1 4") and found.count(b"HTTP/1.1 ") == 1


CUT = {
    "a head that does not end": [HEALTH[:20] + b"a" * 1_000_000],
    "headers that do not end": [HEALTH[:-2] + b"A: a\r\n" * 100_000],
    "an address that does not end": [b"GET /" + b"a" * 1_000_000],
    "a hundred thousand requests at once": [HEALTH.replace(b"close", b"keep-alive") * 1000] * 100,
}


@pytest.mark.parametrize("name", CUT)
def test_what_does_not_end_is_cut_off(hasty, name: str):
    assert said(hasty, *CUT[name]).count(b"HTTP/1.1 ") < 1000 and is_served(hasty)


ENDLESS = {
    "a gigabyte": (POST + b"Content-Length: 1000000000\r\n\r\n", b"a" * 65536),
    "chunks": (CHUNKED, b"10000\r\n" + b"a" * 65536 + b"\r\n"),
    "chunks of one byte": (CHUNKED, b"1\r\na\r\n" * 10_000),
    "what stands beside a chunk": (CHUNKED + b"5;", b"a" * 65536),
    "headers behind the body": (CHUNKED + b"0\r\n", b"A: a\r\n" * 10_000),
    "requests whose answers nobody reads": (b"", HEALTH.replace(b"close", b"keep-alive") * 500),
}
A_GIGABYTE = 1_000_000_000


@pytest.mark.parametrize("name", ENDLESS)
def test_what_goes_on_for_ever_is_cut_off_and_takes_no_memory(hasty, name: str):
    before, (head, piece) = hasty.kilobytes(), ENDLESS[name]
    said(hasty, head, *(piece for _ in range(A_GIGABYTE // len(piece))))
    assert hasty.kilobytes() < before + 32 * MEGABYTE and is_served(hasty)


@contextmanager
def many(hasty, count: int, secure: bool) -> Iterator[list[socket.socket]]:
    """So many connections that say nothing."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with ExitStack() as stack:
        context = hasty.trusting()
        yield [stack.enter_context(hasty.connected(context) if secure else hasty.plain()) for _ in range(count)]


def test_a_thousand_handshakes_that_are_never_finished_keep_nobody_out(hasty):
    with many(hasty, 1000, secure=False) as held:
        assert is_served(hasty)
        assert {answer(one) for one in held} == {b""}


def test_more_idle_connections_than_there_may_be_keep_nobody_out(hasty):
    with many(hasty, 1000, secure=True) as held:
        assert is_served(hasty)
        assert {answer(one) for one in held} == {b""}


@pytest.mark.parametrize("sent", [HEALTH, POST, b"", bytes(range(256))])
def test_a_reset_in_the_middle_disturbs_nobody(hasty, sent: bytes):
    for size in range(0, len(sent) + 1, 16):
        connection = hasty.connected()
        connection.sendall(sent[:size])
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
    assert is_served(hasty)


@pytest.mark.parametrize(
    "sent", [HEALTH, b"\x16\x03\x01\xff\xff" + b"\0" * 70_000, b"SSH-2.0-x\r\n", bytes(range(256))]
)
def test_what_is_no_tls_gets_no_answer(hasty, sent: bytes):
    with hasty.plain() as connection:
        with suppress(ConnectionError):
            connection.sendall(sent)
        found = answer(connection)
    assert b"HTTP" not in found and is_served(hasty)


def test_tls_1_0_is_refused(hasty):
    context = hasty.trusting()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
    with pytest.raises((ssl.SSLError, ConnectionError)):
        hasty.connected(context)
    assert is_served(hasty)


def test_http_0_9_is_answered_and_closed(hasty):
    assert said(hasty, b"GET /health\r\n\r\n").endswith(b'\r\n\r\n{"status":"ok"}')


SLOW = {
    "head": (b"", HEALTH * 5),
    "body": (POST + b"Content-Length: 500\r\n\r\n", b" " * 500),
    "chunks": (CHUNKED, b"1\r\na\r\n" * 100),
}


@pytest.mark.parametrize("name", SLOW)
def test_a_byte_now_and_then_does_not_hold_a_connection(hasty, name: str):
    head, rest = SLOW[name]
    with hasty.connected() as connection:
        connection.sendall(head)
        connection.settimeout(0.05)
        assert drip(connection, rest) == b""


def drip(connection: socket.socket, data: bytes) -> bytes:
    """What comes back while bytes go out one by one, each twentieth of a second."""
    for place in range(len(data)):
        try:
            connection.sendall(data[place : place + 1])
            return connection.recv(65536)
        except TimeoutError:
            continue
        except (ConnectionError, ssl.SSLEOFError):
            return b""
    raise AssertionError("every byte was waited for")
