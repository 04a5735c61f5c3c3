"""The streams below HTTP: time, TLS in memory, and what counts as an answer."""

import ssl
import threading
from datetime import timedelta

import httpcore
import pytest

from nexuslic.adapters import deadline
from nexuslic.adapters.deadline import within
from nexuslic.adapters.streams import AnswerStream, TimedStream, TlsStream
from nexuslic.testing.certificates import Authority


class Scripted(httpcore.NetworkStream):
    """A connection that brings these pieces, one a read; an exception is raised."""

    def __init__(self, *pieces):
        self.pieces, self.seconds, self.sent, self.closed = list(pieces), [], b"", False

    def read(self, max_bytes, timeout=None):
        self.seconds.append(timeout)
        piece = self.pieces.pop(0)
        if isinstance(piece, Exception):
            raise piece
        return piece

    def write(self, buffer, timeout=None):
        self.seconds.append(timeout)
        self.sent += buffer

    def close(self):
        self.closed = True


class Peer(Scripted):
    """The other end of TLS, in memory: it echoes what it is sent, until it `ends`."""

    def __init__(self, authority, name="localhost"):
        super().__init__()
        self.incoming, self.outgoing, self.heard, self.shaken, self.forged = (
            ssl.MemoryBIO(),
            ssl.MemoryBIO(),
            b"",
            False,
            b"",
        )
        self.tls = authority.server_context(name).wrap_bio(self.incoming, self.outgoing, server_side=True)

    def write(self, buffer, timeout=None):
        super().write(buffer)
        self.incoming.write(buffer)
        try:
            if not self.shaken:
                self.tls.do_handshake()
                self.shaken = True
            while True:
                data = self.tls.read(4096)
                self.heard += data
                self.tls.write(data)
        except ssl.SSLError as error:
            self.told = error.reason

    def read(self, max_bytes, timeout=None):
        return self.forged or self.outgoing.read(max_bytes)

    def ends(self):
        """Says goodbye."""
        with pytest.raises(ssl.SSLWantReadError):
            self.tls.unwrap()


@pytest.fixture
def peer(authority):
    return Peer(authority)


@pytest.fixture
def shaken(peer, authority):
    return TlsStream.shake(peer, authority.client_context(), "localhost")


# -- time -------------------------------------------------------------------------------------------------------------


def test_every_operation_gets_what_is_left_of_the_time():
    scripted = Scripted(b"answer")

    def act():
        stream = TimedStream(scripted)
        stream.write(b"request", timeout=99)
        threading.Event().wait(0.01)
        return stream.read(10, timeout=99)

    assert within(timedelta(seconds=30), act) == b"answer"
    write, read = scripted.seconds
    assert 0 < read < write <= 30


def test_a_connection_whose_time_is_over_before_the_handshake_is_closed(authority):
    scripted = Scripted()

    def act():
        deadline.current().ends = 0.0
        AnswerStream(TimedStream(scripted)).start_tls(authority.client_context(), "localhost")

    with pytest.raises(TimeoutError):
        within(timedelta(seconds=30), act)
    assert (scripted.closed, scripted.sent) == (True, b"")


# -- TLS --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [0, 1, 16384, 16385, 300_000])
def test_what_is_written_arrives_and_what_comes_is_read(shaken, peer, size):
    data = bytes(n % 251 for n in range(size))
    shaken.write(data)
    came = b""
    while len(came) < size:
        came += shaken.read(65536)
    assert (peer.heard, came) == (data, data)
    assert data[:100] not in peer.sent or size < 100


def test_a_goodbye_is_the_end(shaken, peer):
    peer.ends()
    assert shaken.read(10) == b""


def test_hanging_up_without_a_goodbye_is_the_end_too(shaken, peer):
    peer.outgoing.read()
    assert shaken.read(10) == b""


def test_a_record_that_was_changed_is_not_read(shaken, peer):
    peer.forged = b"\x17\x03\x03\x00\x20" + bytes(32)
    with pytest.raises(httpcore.ReadError) as failed:
        shaken.read(10)
    assert isinstance(failed.value.__cause__, ssl.SSLError)


def test_after_a_record_that_was_changed_nothing_is_written(shaken, peer):
    peer.forged = b"\x17\x03\x03\x00\x20" + bytes(32)
    with pytest.raises(httpcore.ReadError):
        shaken.read(10)
    with pytest.raises(httpcore.WriteError):
        shaken.write(b"more")


def test_what_it_is_made_of_can_be_asked(shaken):
    assert shaken.get_extra_info("ssl_object").version() == "TLSv1.3"


@pytest.mark.parametrize(
    "piece, reason",
    [
        (b"", ssl.SSLEOFError),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", ssl.SSLError),
        (httpcore.ReadError(), httpcore.ReadError),
    ],
    ids=["end", "clear", "reset"],
)
def test_without_a_handshake_there_is_no_stream_and_the_connection_is_closed(authority, piece, reason):
    scripted = Scripted(piece)
    with pytest.raises(httpcore.ConnectError) as failed:
        TlsStream.shake(scripted, authority.client_context(), "localhost")
    assert isinstance(failed.value.__cause__, reason)
    assert scripted.closed


def test_a_peer_that_cannot_be_verified_is_told_so_and_sent_nothing_else(peer):
    with pytest.raises(httpcore.ConnectError) as failed:
        TlsStream.shake(peer, Authority().client_context(), "localhost")
    assert isinstance(failed.value.__cause__, ssl.SSLCertVerificationError)
    assert (peer.closed, peer.heard, peer.told) == (True, b"", "TLSV1_ALERT_UNKNOWN_CA")


# -- answers ----------------------------------------------------------------------------------------------------------


def test_a_kept_connection_that_ends_before_the_next_answer_is_no_answer():
    """What was answered before does not make an end in silence the end of an answer."""
    stream = AnswerStream(Scripted(b"answer", b"", b""), secure=True)
    stream.write(b"first")
    assert (stream.read(10), stream.read(10)) == (b"answer", b"")
    stream.write(b"second")
    with pytest.raises(httpcore.ReadError):
        stream.read(10)


@pytest.mark.parametrize("secure, error", [(False, httpcore.ProxyError), (True, httpcore.ReadError)])
@pytest.mark.parametrize("piece", [b"", httpcore.ReadError()], ids=["end", "reset"])
def test_before_tls_only_a_proxy_hangs_up(secure, error, piece):
    with pytest.raises(error):
        AnswerStream(Scripted(piece), secure).read(10)
